import { type Test, test } from 'tap'
import { type AuthoriseRequest, type FindRequest, type PaymentGateway } from '../../../../topology/payments/gateway.ts'
import { createStripeGateway } from '../../../../topology/payments/stripe/stripe-gateway.ts'
import { orderId } from '../payment-world.ts'
import { StripeDouble, stripeError } from './stripe-double.ts'

const signal = new AbortController().signal
const authoriseKey = `${orderId}/authorise/1`
const order = (given: Partial<AuthoriseRequest> = {}): AuthoriseRequest =>
  ({ key: authoriseKey, orderId, amount: 123_400n, currency: 'GBP', method: 'card', token: 'pm_card_visa', ...given })
const follow = (step: string, reference: string, amount = 123_400n) =>
  ({ key: `${orderId}/${step}`, authorisationKey: authoriseKey, reference, amount, currency: 'GBP' })
const giveUp = (reference = '') => ({ key: `${orderId}/void/1`, authorisationKey: authoriseKey, reference, authorisation: order() })
const lost = (step: FindRequest['step'], key: string, reference = ''): FindRequest => ({ ...giveUp(reference), step, key })

/** The library repeats a request itself, once and under its key, when the connection is closed on it. */
const lostAnswer = ['lost-answer', 'lost-answer'] as const

async function shop (t: Test) {
  const stripe = await StripeDouble.start(t)
  return { stripe, gateway: createStripeGateway({ key: 'sk_test_123', url: stripe.url, timeoutMs: 2_000 }) }
}

async function referenceOf (gateway: PaymentGateway): Promise<string> {
  const answer = await gateway.authorise(order(), signal)
  return answer.kind === 'done' ? answer.view.reference : ''
}

test('Stripe authorises, captures and gives back in parts', async t => {
  const { stripe, gateway } = await shop(t)
  const authorised = await gateway.authorise(order(), signal)
  t.match(authorised, { kind: 'done', view: { reference: 'pi_1', currency: 'GBP', authorised: 123_400n, captured: 0n, voided: 0n } })
  t.match(await gateway.capture(follow('capture/1', 'pi_1'), signal), { kind: 'done', view: { captured: 123_400n, voided: 0n, refunded: 0n } })
  t.match(await gateway.refund(follow('refund/1/a', 'pi_1', 20_000n), signal), { kind: 'done', view: { refunded: 20_000n } })
  t.match(await gateway.refund(follow('refund/1/b', 'pi_1', 20_000n), signal), { kind: 'done', view: { refunded: 40_000n } })
  t.match(await gateway.refund(follow('refund/1/c', 'pi_1', 83_500n), signal), { kind: 'refused', code: 'refund-exceeds-captured' })
  t.equal(stripe.intents.size, 1)
})

test('Stripe carries out a repeated key once', async t => {
  const { stripe, gateway } = await shop(t)
  await gateway.authorise(order(), signal)
  t.match(await gateway.authorise(order(), signal), { kind: 'done', view: { reference: 'pi_1' } })
  await gateway.capture(follow('capture/1', 'pi_1'), signal)
  t.match(await gateway.capture(follow('capture/1', 'pi_1'), signal), { kind: 'done' })
  await gateway.refund(follow('refund/1/a', 'pi_1', 100n), signal)
  await gateway.refund(follow('refund/1/a', 'pi_1', 100n), signal)
  t.same([stripe.intents.size, stripe.refunds.size], [1, 1])
})

test('Stripe refuses a key that comes with other content', async t => {
  const { gateway } = await shop(t)
  await gateway.authorise(order(), signal)
  t.match(await gateway.authorise(order({ amount: 100n }), signal), { kind: 'refused', code: 'idempotency-key-reused' })
})

test('a card that Stripe declines is declined, with the reason of the bank', async t => {
  const { gateway } = await shop(t)
  t.match(await gateway.authorise(order({ token: 'pm_card_chargeDeclined' }), signal), { kind: 'declined', code: 'generic-decline', message: 'Your card was declined.' })
  t.match(await gateway.find({ ...lost('authorise', authoriseKey), authorisation: order({ token: 'pm_card_chargeDeclined' }) }, signal), { kind: 'declined', code: 'generic-decline' })
  t.match(await gateway.authorise(order({ key: `${orderId}/authorise/2`, token: 'pm_nobody' }), signal), { kind: 'declined', code: 'unknown-token' })
})

test('an authorisation that was lost before its confirmation was never carried out, and is made under the same key', async t => {
  const { stripe, gateway } = await shop(t)
  stripe.plan(...lostAnswer)
  t.match(await gateway.authorise(order(), signal), { kind: 'unknown' })
  t.equal(await gateway.find(lost('authorise', authoriseKey), signal), null)
  t.match(await gateway.authorise(order(), signal), { kind: 'done', view: { reference: 'pi_1' } })
  t.equal(stripe.intents.size, 1)
})

test('an authorisation whose confirmation was not answered is found', async t => {
  const { stripe, gateway } = await shop(t)
  stripe.plan(undefined, ...lostAnswer)
  t.match(await gateway.authorise(order(), signal), { kind: 'unknown' })
  t.match(await gateway.find(lost('authorise', authoriseKey), signal), { kind: 'done', view: { reference: 'pi_1', authorised: 123_400n } })
  t.match(await gateway.authorise(order(), signal), { kind: 'done', view: { reference: 'pi_1' } })
  t.equal(stripe.intents.size, 1)
})

test('an authorisation of yesterday is found when its key is forgotten', async t => {
  const { stripe, gateway } = await shop(t)
  await gateway.authorise(order(), signal)
  stripe.forgetKeys()
  t.match(await gateway.find(lost('authorise', authoriseKey), signal), { kind: 'done', view: { reference: 'pi_1' } })
  t.match(await gateway.void(giveUp(), signal), { kind: 'done', view: { authorised: 123_400n, voided: 123_400n } })
  t.equal(stripe.intents.size, 1)
})

test('a void sets free what is held, once', async t => {
  const { gateway } = await shop(t)
  const reference = await referenceOf(gateway)
  t.match(await gateway.void(giveUp(reference), signal), { kind: 'done', view: { authorised: 123_400n, captured: 0n, voided: 123_400n } })
  t.match(await gateway.void({ ...giveUp(reference), key: 'again' }, signal), { kind: 'done', view: { voided: 123_400n } })
  t.match(await gateway.capture(follow('capture/1', reference), signal), { kind: 'refused', code: 'voided-before' })
})

test('a void before its authorisation fences it: the late confirmation is refused', async t => {
  const { stripe, gateway } = await shop(t)
  t.match(await gateway.void(giveUp(), signal), { kind: 'done', view: { authorised: 0n, voided: 0n } })
  t.match(await gateway.authorise(order(), signal), { kind: 'refused', code: 'voided-before' })
  t.ok([...stripe.intents.values()].every(intent => !intent.held))
})

test('a void of captured money says what was captured, and changes nothing', async t => {
  const { gateway } = await shop(t)
  const reference = await referenceOf(gateway)
  await gateway.capture(follow('capture/1', reference), signal)
  t.match(await gateway.void(giveUp(reference), signal), { kind: 'done', view: { captured: 123_400n, voided: 0n } })
})

test('a capture whose answer was lost is found by the state of its payment', async t => {
  const { stripe, gateway } = await shop(t)
  const reference = await referenceOf(gateway)
  t.equal(await gateway.find(lost('capture', `${orderId}/capture/1`, reference), signal), null)
  stripe.plan(...lostAnswer)
  t.match(await gateway.capture(follow('capture/1', reference), signal), { kind: 'unknown' })
  t.match(await gateway.find(lost('capture', `${orderId}/capture/1`, reference), signal), { kind: 'done', view: { captured: 123_400n } })
  stripe.forgetKeys()
  t.match(await gateway.capture(follow('capture/1', reference), signal), { kind: 'done', view: { captured: 123_400n } }, 'also when its key is forgotten')
})

test('a refund whose answer was lost is found by its key, and only by its own', async t => {
  const { stripe, gateway } = await shop(t)
  const reference = await referenceOf(gateway)
  await gateway.capture(follow('capture/1', reference), signal)
  stripe.plan(...lostAnswer)
  t.match(await gateway.refund(follow('refund/1/a', reference, 20_000n), signal), { kind: 'unknown' })
  stripe.forgetKeys()
  t.match(await gateway.find(lost('refund', `${orderId}/refund/1/a`, reference), signal), { kind: 'done', view: { refunded: 20_000n } })
  t.equal(await gateway.find(lost('refund', `${orderId}/refund/1/b`, reference), signal), null)
})

test('a refund that failed at the bank is made again under the next key, and is paid once', async t => {
  const { stripe, gateway } = await shop(t)
  const reference = await referenceOf(gateway)
  await gateway.capture(follow('capture/1', reference), signal)
  stripe.refundStatuses = ['failed', 'failed']
  const refund = follow('refund/1/a', reference, 20_000n)
  t.match(await gateway.refund(refund, signal), { kind: 'unavailable', code: 'refund-failed' })
  t.match(await gateway.refund(refund, signal), { kind: 'done', view: { refunded: 20_000n } })
  t.match(await gateway.refund(refund, signal), { kind: 'done', view: { refunded: 20_000n } })
  t.same([...stripe.refunds.values()].map(({ status }) => status), ['failed', 'failed', 'succeeded'])
})

test('a refund on its way counts as given back', async t => {
  const { stripe, gateway } = await shop(t)
  const reference = await referenceOf(gateway)
  await gateway.capture(follow('capture/1', reference), signal)
  stripe.refundStatuses = ['pending']
  t.match(await gateway.refund(follow('refund/1/a', reference, 20_000n), signal), { kind: 'done' })
})

test('an amount that Stripe cannot move exactly is refused before anything is asked', async t => {
  const { stripe, gateway } = await shop(t)
  t.match(await gateway.authorise(order({ amount: 123_450n + 1n }), signal), { kind: 'refused', code: 'amount-not-representable' })
  t.match(await gateway.authorise(order({ amount: 5_000n, currency: 'JPY' }), signal), { kind: 'refused', code: 'amount-not-representable' })
  t.same(stripe.requests, [])
  t.match(await gateway.authorise(order({ amount: 50_000n, currency: 'JPY' }), signal), { kind: 'done', view: { authorised: 50_000n } })
  t.equal(stripe.intents.get('pi_1')?.amount, 5)
})

test('an order of nothing needs nobody', async t => {
  const { stripe, gateway } = await shop(t)
  const answer = await gateway.authorise(order({ amount: 0n }), signal)
  const reference = answer.kind === 'done' ? answer.view.reference : ''
  t.ok(reference !== '')
  t.match(await gateway.capture(follow('capture/1', reference, 0n), signal), { kind: 'done', view: { captured: 0n } })
  t.match(await gateway.void({ ...giveUp(reference), authorisation: order({ amount: 0n }) }, signal), { kind: 'done', view: { voided: 0n } })
  t.same(stripe.requests, [])
})

test('what Stripe answers wrongly is told apart: not done, perhaps done, not for us', async t => {
  const { stripe, gateway } = await shop(t)
  const ask = async () => await gateway.authorise(order(), signal)
  stripe.plan(
    stripeError(429, 'invalid_request_error', 'rate_limit', 'Too many requests'), stripeError(500, 'api_error', undefined, 'sorry'), stripeError(401, 'invalid_request_error', undefined, 'Invalid API Key provided: sk_test_***'),
    stripeError(409, 'idempotency_error', 'idempotency_key_in_use', 'busy'), stripeError(400, 'invalid_request_error', 'amount_too_small', 'too small'), ...lostAnswer
  )
  t.match(await ask(), { kind: 'unavailable', code: 'rate-limited' })
  t.match(await ask(), { kind: 'unknown' })
  t.match(await ask(), { kind: 'unavailable', code: 'key-refused', message: /COMMERCE_STRIPE_KEY/ })
  t.match(await ask(), { kind: 'unknown' })
  t.match(await ask(), { kind: 'refused', code: 'amount-too-small' })
  t.match(await ask(), { kind: 'unknown' })
  t.match(await ask(), { kind: 'done' }, 'and the same key works in the end')
})

test('Stripe out of reach is unavailable: certainly nothing was done', async t => {
  const gateway = createStripeGateway({ key: 'sk_test_123', url: 'http://127.0.0.1:1' })
  t.match(await gateway.authorise(order(), signal), { kind: 'unavailable', code: 'unreachable' })
})
