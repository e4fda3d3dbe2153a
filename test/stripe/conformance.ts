import { test } from 'tap'
import { type GatewayAnswer } from '../../topology/payments/gateway.ts'
import { createStripeGateway } from '../../topology/payments/stripe/stripe-gateway.ts'
import { startStripeMock } from './stripe-mock.ts'

/*
 * Every request of the adapter against Stripe's own mock, which refuses what the published description of the API does not allow:
 * `npm run test:stripe`. It has no state, so what a step leads to is tested elsewhere (test/topology/payments/stripe).
 */

const signal = new AbortController().signal
const orderId = '00000000-0000-4000-8000-000000000001'
const key = `${orderId}/authorise/1`
const authorisation = { key, orderId, amount: 123_400n, currency: 'GBP', method: 'card', token: 'pm_card_visa' } as const

/** Understood: the request was allowed, whatever state the payment of the fixtures is in. */
function isUnderstood (answer: GatewayAnswer | null): boolean {
  if (answer === null || answer.kind === 'done') return true
  if (answer.kind === 'declined') return answer.code === 'card-declined'
  return answer.kind === 'unknown' && answer.message.startsWith('the payment is ')
}

test('every request of the adapter is one that Stripe describes', async t => {
  const mock = await startStripeMock()
  t.teardown(mock.stop)
  const gateway = createStripeGateway({ key: 'sk_test_123', url: mock.url })
  const about = { authorisationKey: key, reference: 'pi_123', authorisation }
  const money = { authorisationKey: key, reference: 'pi_123', amount: 123_400n, currency: 'GBP' }
  const steps: Readonly<Record<string, () => Promise<GatewayAnswer | null>>> = {
    authorise: async () => await gateway.authorise(authorisation, signal),
    capture: async () => await gateway.capture({ ...money, key: `${orderId}/capture/1` }, signal),
    refund: async () => await gateway.refund({ ...money, key: `${orderId}/refund/1/r1` }, signal),
    void: async () => await gateway.void({ ...about, key: `${orderId}/void/1` }, signal),
    'void of an unknown authorisation': async () => await gateway.void({ ...about, reference: '', key: `${orderId}/void/1` }, signal),
    'find an authorisation': async () => await gateway.find({ ...about, reference: '', step: 'authorise', key }, signal),
    'find a capture': async () => await gateway.find({ ...about, step: 'capture', key: `${orderId}/capture/1` }, signal),
    'find a void': async () => await gateway.find({ ...about, step: 'void', key: `${orderId}/void/1` }, signal),
    'find a refund': async () => await gateway.find({ ...about, step: 'refund', key: `${orderId}/refund/1/r1` }, signal)
  }
  for (const [name, step] of Object.entries(steps)) {
    const answer = await step()
    t.ok(isUnderstood(answer), `${name}: ${JSON.stringify(answer, (_name, value: unknown) => typeof value === 'bigint' ? String(value) : value)}`)
  }
  t.match(await createStripeGateway({ key: 'nonsense', url: mock.url }).authorise(authorisation, signal), { kind: 'unavailable', code: 'key-refused' })
})
