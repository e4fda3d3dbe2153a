import { test } from 'tap'
import { idempotencyKey, stepOfKey } from '../../../topology/payments/payment.ts'
import { PaymentWorld, orderId } from './payment-world.ts'
import { ScriptedGateway } from './scripted-gateway.ts'

const authorised = { step: 'authorise' } as const
const captured = { step: 'capture', captured: 1_000n } as const

async function authorisedPayment (gateway = new ScriptedGateway()): Promise<PaymentWorld> {
  const payment = new PaymentWorld(gateway)
  payment.authorise()
  await payment.settle()
  payment.said()
  return payment
}

test('a callback settles the call that is under way, before its answer', t => {
  const payment = new PaymentWorld(new ScriptedGateway())
  payment.authorise()
  payment.hear(authorised)
  t.match(payment.state, { status: 'authorised', authorised: 1_000n, reference: 'auth_1', operation: null })
  t.same(payment.said(), ['PaymentCreated', 'PaymentAuthorized'])
  t.end()
})

test('a callback settles a call whose answer was lost, and nothing waits to be called again', async t => {
  const payment = new PaymentWorld(new ScriptedGateway(['lost-answer']))
  payment.authorise()
  await payment.call()
  t.type(payment.state.operation?.dueAt, 'number')
  payment.hear(authorised)
  t.match(payment.state, { status: 'authorised', operation: null })
  t.equal(payment.events.filter(({ type }) => type === 'PaymentAuthorized').length, 1)
})

test('a callback that comes twice changes nothing the second time', async t => {
  const payment = await authorisedPayment()
  payment.capture()
  payment.hear(captured)
  const { version } = payment.state
  payment.hear(captured)
  payment.hear({ ...captured, callbackId: 'c2' })
  t.equal(payment.state.version, version)
  t.same(payment.said(), ['PaymentSucceeded'])
})

test('callbacks out of order change nothing: what was settled stays settled', async t => {
  const payment = await authorisedPayment()
  payment.capture()
  payment.hear(captured)
  payment.hear(authorised)
  t.match(payment.state, { status: 'captured', authorised: 1_000n, captured: 1_000n })
  t.same(payment.said(), ['PaymentSucceeded'])
})

test('a callback about a step that has not been asked for does not begin it', async t => {
  const payment = await authorisedPayment()
  payment.hear(captured)
  payment.hear({ step: 'refund', effectId: 'r1', refunded: 500n })
  payment.hear({ step: 'void', voided: 1_000n })
  t.match(payment.state, { status: 'authorised', captured: 0n, refunded: 0n, voided: 0n })
  t.same(payment.said(), [])
})

test('a declined callback fails the payment as its answer would', t => {
  const payment = new PaymentWorld(new ScriptedGateway())
  payment.authorise()
  payment.hear({ step: 'authorise', outcome: 'declined', code: 'card-declined', message: 'no' })
  t.match(payment.state, { status: 'failed', failure: 'card-declined', unresolved: false })
  t.match(payment.events.at(-1), { type: 'PaymentFailed', kind: 'declined' })
  t.end()
})

test('a callback of a refund pays it out once, and the next refund begins', async t => {
  const payment = await authorisedPayment()
  payment.capture()
  await payment.settle()
  payment.refund('r1', 300n)
  payment.refund('r2', 200n)
  payment.hear({ step: 'refund', effectId: 'r2', refunded: 200n })
  t.equal(payment.state.refunded, 0n, 'its turn has not come')
  payment.hear({ step: 'refund', effectId: 'r1', refunded: 300n })
  t.match(payment.state, { refunded: 300n, operation: { effectId: 'r2', inFlight: true } })
  payment.hear({ step: 'refund', effectId: 'r1', refunded: 300n })
  t.equal(payment.state.refunded, 300n)
})

test('a callback that a refund failed is a try that failed: it is made again', async t => {
  const payment = await authorisedPayment()
  payment.capture()
  await payment.settle()
  payment.refund('r1', 300n)
  payment.hear({ step: 'refund', effectId: 'r1', outcome: 'failed', code: 'lost-or-stolen', message: 'the card is gone' })
  t.match(payment.state, { status: 'refunding', operation: { tries: 1, inFlight: false } })
  await payment.settle()
  t.match(payment.state, { status: 'partiallyRefunded', refunded: 300n })
})

test('a refund that was paid and fails at the provider days later raises an alarm, and the books stay', async t => {
  const payment = await authorisedPayment()
  payment.capture()
  await payment.settle()
  payment.refund('r1', 300n)
  await payment.settle()
  payment.said()
  payment.hear({ step: 'refund', effectId: 'r1', outcome: 'failed', code: 'expired-card', message: 'the card has expired' })
  t.match(payment.events, [{ type: 'RefundFailed', effectId: 'r1', message: 'the card has expired' }])
  t.equal(payment.state.refunded, 300n)
})

test('a callback about a payment that nobody asked for is rejected by name', async t => {
  const nobody = new PaymentWorld(new ScriptedGateway())
  nobody.hear(authorised)
  t.same(nobody.rejections, ['unknown-payment'])
  const payment = await authorisedPayment()
  payment.hear({ step: 'authorise', attempt: 2 })
  t.same(payment.rejections, ['unknown-payment'])
})

test('a callback of an attempt that failed without an answer leaves it to the void that asks for it', async t => {
  const gateway = new ScriptedGateway(['lost-answer', 'down', 'down'])
  gateway.find = async () => ({ kind: 'unknown', message: 'no answer' })
  const payment = new PaymentWorld(gateway)
  payment.authorise()
  await payment.settle()
  t.match(payment.state, { status: 'failed', unresolved: true })
  payment.hear(authorised)
  t.match(payment.state, { status: 'failed', unresolved: true })
  payment.void()
  await payment.settle()
  t.match(payment.state, { status: 'voided', authorised: 1_000n, voided: 1_000n })
})

test('a void is settled by its callback, and the money it gave free is told', async t => {
  const payment = await authorisedPayment()
  payment.void()
  payment.hear({ step: 'void', voided: 1_000n })
  t.match(payment.state, { status: 'voided', voided: 1_000n })
  t.same(payment.said(), ['PaymentVoided'])
})

test('a key is read back to the step that it names, and anything else is none', t => {
  const steps = [
    { step: 'authorise', attempt: 1, effectId: '' }, { step: 'capture', attempt: 12, effectId: '' }, { step: 'void', attempt: 3, effectId: '' },
    { step: 'refund', attempt: 2, effectId: 'r/with/slashes' }, { step: 'refund', attempt: 1, effectId: 'void-1' }
  ] as const
  for (const step of steps) t.same(stepOfKey(idempotencyKey(orderId, step)), { orderId, ...step })
  for (const key of ['', 'x', orderId, `${orderId}/authorise`, `${orderId}/steal/1`, `${orderId}/capture/0`, `${orderId}/capture/1/r`, `${orderId}/refund/1`, `${orderId.toUpperCase()}A/void/1`]) {
    t.equal(stepOfKey(key), undefined, key)
  }
  t.end()
})
