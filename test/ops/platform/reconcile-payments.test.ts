import { test } from 'tap'
import { PaymentReconciler, type ProviderBooks } from '../../../ops/platform/reconcile-payments.ts'
import { newOperation } from '../../../topology/payments/payment-draft.ts'
import { stripeBooks } from '../../../topology/payments/stripe/stripe-books.ts'
import { createStripeGateway } from '../../../topology/payments/stripe/stripe-gateway.ts'
import { capturedPayment, orderId, paid } from '../../api/payment-fixtures.ts'
import { buildApi } from '../../support/build-app.ts'
import { StripeDouble } from '../../topology/payments/stripe/stripe-double.ts'

const taken = { orderId, authorised: 5_000_000n, captured: 5_000_000n, voided: 0n, refunded: 0n }

async function start (t: Parameters<typeof buildApi>[0], state = capturedPayment()) {
  const api = await buildApi(t)
  await api.storePayment(state)
  const side: { books: ProviderBooks } = { books: { isWhole: true, entries: [taken] } }
  return { api, side, reconciler: new PaymentReconciler(api.state, async () => side.books) }
}

test('books that agree are compared and found equal', async t => {
  const { reconciler } = await start(t)
  t.match(await reconciler.look(), { compared: 1, violations: [], confirmed: [], failing: 0 })
})

test('a difference counts when two looks in a row find it, and is confirmed until it is told', async t => {
  const { side, reconciler } = await start(t)
  side.books = { isWhole: true, entries: [{ ...taken, refunded: 100n }] }
  t.match(await reconciler.look(), { violations: [{ law: 'money', subject: orderId, message: /refunded at the gateway/ }], confirmed: [] })
  t.match((await reconciler.look()).confirmed, [{ subject: orderId }])
  const { confirmed: [violation] } = await reconciler.look()
  if (violation === undefined) return t.fail('what could not be told is lost')
  reconciler.told(violation)
  t.same((await reconciler.look()).confirmed, [])
})

test('a difference that is over by the next look is not told', async t => {
  const { side, reconciler } = await start(t)
  side.books = { isWhole: true, entries: [{ ...taken, captured: 0n }] }
  await reconciler.look()
  side.books = { isWhole: true, entries: [taken] }
  t.match(await reconciler.look(), { violations: [], confirmed: [] })
})

test('money that only one side knows of is a difference, unless the books do not go back that far', async t => {
  const { side, reconciler } = await start(t)
  side.books = { isWhole: true, entries: [] }
  t.ok((await reconciler.look()).violations.length > 0, 'the provider lacks it')
  side.books = { isWhole: false, entries: [] }
  t.same((await reconciler.look()).violations, [])
  side.books = { isWhole: false, entries: [taken, { ...taken, orderId: '0198c0de-0000-8000-8000-0000000000ee' }] }
  t.match((await reconciler.look()).violations, [{ message: 'has money at the gateway, but no payment' }])
})

test('a payment with a step under way is left to itself, and one whose refund fails again and again is counted', async t => {
  const refund = { ...newOperation('refund', 2, { effectId: 'r1', amount: 100n }), inFlight: true }
  const { side, reconciler } = await start(t, capturedPayment({ type: 'CallStarted', operation: refund }, { type: 'CallFailed', tries: 10, unknown: true }))
  side.books = { isWhole: true, entries: [{ ...taken, refunded: 100n }] }
  t.match(await reconciler.look(), { violations: [], failing: 1 })
})

test('nothing is concluded from state that is being restored, or a provider that does not answer', async t => {
  const api = await buildApi(t, { noState: true })
  await t.rejects(new PaymentReconciler(api.state, async () => ({ isWhole: true, entries: [taken] })).look())
  const { reconciler, api: other } = await start(t)
  await t.rejects(new PaymentReconciler(other.state, async () => { throw new Error('down') }).look(), { message: 'down' })
  t.match(await reconciler.look(), { violations: [] })
})

test('the books of Stripe are compared like any other', async t => {
  const stripe = await StripeDouble.start(t)
  const options = { key: 'sk_test_1', url: stripe.url }
  const gateway = createStripeGateway(options)
  const { signal } = new AbortController()
  const key = `${orderId}/authorise/2`
  await gateway.authorise({ key, orderId, amount: 5_000_000n, currency: 'GBP', method: 'card', token: 'pm_card_visa' }, signal)
  const money = { authorisationKey: key, reference: 'pi_1', currency: 'GBP' }
  await gateway.capture({ ...money, key: `${orderId}/capture/2`, amount: 5_000_000n }, signal)
  await gateway.refund({ ...money, key: `${orderId}/refund/2/r1`, amount: 200_000n }, signal)
  const { side, reconciler } = await start(t, capturedPayment(...paid('r1', 200_000n, 200_000n)))
  side.books = { isWhole: false, entries: await stripeBooks(options, 0) }
  t.match(await reconciler.look(), { compared: 1, violations: [] })
  await gateway.refund({ ...money, key: `${orderId}/refund/2/by-hand`, amount: 100n }, signal)
  side.books = { isWhole: false, entries: await stripeBooks(options, 0) }
  t.match((await reconciler.look()).violations, [{ subject: orderId, message: /refunded at the gateway/ }])
})
