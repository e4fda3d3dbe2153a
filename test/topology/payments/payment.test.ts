import { test } from 'tap'
import { netAmount, openAmount, paymentTransitions } from '../../../topology/payments/payment.ts'
import { orderId } from './payment-world.ts'
import { world } from './paid-worlds.ts'
import { type Fault } from './scripted-gateway.ts'

test('a payment is authorised and captured once each, with its key at the gateway', async t => {
  const { gateway, payment } = world()
  payment.authorise()
  await payment.settle()
  t.same(payment.said(), ['PaymentCreated', 'PaymentAuthorized'])
  t.equal(openAmount(payment.state), 1_000n)
  payment.capture()
  await payment.settle()
  t.match(payment.events, [{ type: 'PaymentSucceeded', amount: 1_000n, attempt: 1 }])
  t.same(gateway.calls, [`authorise ${orderId}/authorise/1`, `capture ${orderId}/capture/1`])
  t.match(payment.state, { status: 'captured', authorised: 1_000n, captured: 1_000n, voided: 0n })
})

test('a repeat of a forward command changes nothing and calls nobody', async t => {
  const { gateway, payment } = world()
  payment.authorise()
  payment.authorise()
  await payment.settle()
  payment.authorise()
  payment.capture()
  payment.capture()
  await payment.settle()
  payment.capture()
  t.same(payment.said(), ['PaymentCreated', 'PaymentAuthorized', 'PaymentSucceeded'])
  t.equal(gateway.calls.length, 2)
})

test('an attempt that comes again with another amount is rejected', async t => {
  const { payment } = world()
  payment.authorise(1, 1_000n)
  payment.authorise(1, 999n)
  t.same(payment.rejections, ['attempt-reused'])
})

test('a declined card fails at once', async t => {
  const { payment } = world()
  payment.authorise(1, 1_000n, 'tok_declined')
  await payment.call()
  t.match(payment.events.at(-1), { type: 'PaymentFailed', step: 'authorise', kind: 'declined', code: 'card-declined' })
  t.match(payment.state, { status: 'failed', unresolved: false, operation: null })
})

test('a new attempt may follow a declined one, an older one is rejected', async t => {
  const { payment } = world()
  payment.authorise(1, 1_000n, 'tok_declined')
  await payment.settle()
  payment.authorise(2)
  await payment.settle()
  t.match(payment.state, { status: 'authorised', attempt: 2, authorised: 1_000n })
  payment.authorise(1)
  t.same(payment.rejections, ['stale-attempt'])
})

test('an unreachable gateway is tried three times with a growing wait, then the payment fails as technical', async t => {
  const { gateway, payment } = world('down', 'down', 'down')
  payment.authorise()
  const waits: number[] = []
  for (let tries = 1; tries <= 3; tries++) {
    await payment.call()
    if (tries === 3) break
    const before = payment.nowMs
    payment.wait()
    waits.push(payment.nowMs - before)
  }
  t.match(payment.events.at(-1), { type: 'PaymentFailed', kind: 'technical', code: 'unreachable' })
  t.equal(gateway.calls.length, 3)
  t.ok(waits[0] as number >= 750 && waits[0] as number <= 1_250, `first wait ${waits[0]}`)
  t.ok(waits[1] as number >= 1_500 && waits[1] as number <= 2_500, `second wait ${waits[1]}`)
  t.equal(payment.state.unresolved, false)
})

test('a lost answer is asked for under the same key before the call is repeated', async t => {
  const { gateway, payment } = world('lost-answer')
  payment.authorise()
  await payment.settle()
  t.same(gateway.calls, [`authorise ${orderId}/authorise/1`, `find ${orderId}/authorise/1`])
  t.same(payment.said(), ['PaymentCreated', 'PaymentAuthorized'])
})

test('a lost request is repeated with the same key when the gateway knows nothing of it', async t => {
  const { gateway, payment } = world('lost-request')
  payment.authorise()
  await payment.settle()
  t.same(gateway.calls.map(call => call.split(' ')[0]), ['authorise', 'find', 'authorise'])
  t.equal(payment.state.status, 'authorised')
})

test('a flaky gateway is tried until it works', async t => {
  const { payment } = world()
  payment.authorise(1, 1_000n, 'tok_flaky')
  await payment.settle()
  t.equal(payment.state.status, 'authorised')
})

test('an open breaker defers the payment as often as needed and counts as no try', async t => {
  const { payment } = world(...new Array<Fault>(7).fill('held-back'))
  payment.authorise()
  await payment.settle()
  t.same(payment.said(), ['PaymentCreated', ...new Array(7).fill('PaymentDeferred'), 'PaymentAuthorized'])
})

test('a void that comes before the payment leaves a fence, and the late payment is answered as fenced', async t => {
  const { gateway, payment } = world()
  payment.void()
  t.match(payment.events, [{ type: 'PaymentVoided', attempt: 1, nothingToVoid: true, amount: 0n }])
  t.match(payment.state, { status: 'fenced', fencedThrough: 1 })
  payment.authorise()
  t.match(payment.events.at(-1), { type: 'PaymentFailed', kind: 'fenced', attempt: 1 })
  t.same(gateway.calls, [])
  payment.authorise(2)
  await payment.settle()
  t.equal(payment.state.status, 'authorised', 'the next attempt is not hindered')
})

test('a void of an authorised payment gives up what is open', async t => {
  const { gateway, payment } = world()
  payment.authorise()
  await payment.settle()
  payment.void()
  await payment.settle()
  t.match(payment.events.at(-1), { type: 'PaymentVoided', amount: 1_000n, nothingToVoid: false })
  t.equal(openAmount(payment.state), 0n)
  t.match(gateway.ledger.authorisation(`${orderId}/authorise/1`), { voided: 1_000n })
  payment.said()
  payment.void()
  t.match(payment.events, [{ type: 'PaymentVoided', amount: 0n, nothingToVoid: true }], 'a repeat is answered without an amount')
})

test('a void that meets a running authorisation waits for it', async t => {
  const { payment } = world()
  payment.authorise()
  payment.void()
  payment.void()
  t.equal(payment.state.waiting.length, 1)
  await payment.settle()
  t.same(payment.said(), ['PaymentCreated', 'PaymentAuthorized', 'PaymentVoided'])
})

test('a void that meets a running authorisation which is declined finds nothing to void', async t => {
  const { payment } = world()
  payment.authorise(1, 1_000n, 'tok_declined')
  payment.void()
  await payment.settle()
  t.same(payment.said(), ['PaymentCreated', 'PaymentFailed', 'PaymentVoided'])
})

test('a void ends a deferred authorisation at once', async t => {
  const { gateway, payment } = world('held-back')
  payment.authorise()
  await payment.call()
  payment.void()
  t.equal(payment.state.operation, null)
  t.same(payment.said(), ['PaymentCreated', 'PaymentDeferred', 'PaymentFailed', 'PaymentVoided'])
  t.equal(gateway.ledger.size, 0)
})

test('a void does not trust a lost request: the outcome is found out first', async t => {
  const { gateway, payment } = world('lost-answer')
  payment.authorise()
  await payment.call()
  payment.void()
  t.not(payment.state.operation, null)
  await payment.settle()
  t.same(payment.said(), ['PaymentCreated', 'PaymentAuthorized', 'PaymentVoided'])
  t.match(gateway.ledger.authorisation(`${orderId}/authorise/1`), { voided: 1_000n })
})

test('a void of captured money is a full refund', async t => {
  const { gateway, payment } = world()
  payment.authorise()
  await payment.settle()
  payment.capture()
  await payment.settle()
  payment.said()
  payment.void()
  await payment.settle()
  t.same(payment.events.map(event => event.type), ['PaymentRefunded', 'PaymentVoided'])
  t.match(payment.events, [{ effectId: 'void-1', amount: 1_000n, totalRefunded: 1_000n }, { amount: 0n, nothingToVoid: true }])
  t.equal(netAmount(payment.state), 0n)
  t.match(gateway.ledger.authorisation(`${orderId}/authorise/1`), { refunded: 1_000n })
})

test('a capture whose outcome stays unknown is found out by the void that follows, and refunded', async t => {
  const { gateway, payment } = world('none', 'lost-answer')
  gateway.find = async key => ({ kind: 'unknown', message: `${key} cannot be looked up` })
  payment.authorise()
  await payment.settle()
  payment.capture()
  await payment.settle()
  t.match(payment.events.at(-1), { type: 'PaymentFailed', step: 'capture', code: 'outcome-unknown' })
  t.match(payment.state, { status: 'failed', unresolved: true })
  payment.said()
  payment.void()
  await payment.settle()
  t.same(payment.said(), ['PaymentSucceeded', 'PaymentRefunded', 'PaymentVoided'])
  t.match(payment.state, { status: 'refunded', captured: 1_000n, refunded: 1_000n })
})

test('an authorisation whose outcome stays unknown is found out by the void that follows, and voided', async t => {
  const { gateway, payment } = world('lost-answer')
  gateway.find = async () => ({ kind: 'unknown', message: 'cannot be looked up' })
  payment.authorise()
  await payment.settle()
  t.match(payment.state, { status: 'failed', unresolved: true, authorised: 0n })
  payment.said()
  payment.authorise(2)
  t.match(payment.events.splice(0), [{ type: 'PaymentFailed', attempt: 2, code: 'payment-open' }], 'no second authorisation beside it')
  payment.void()
  await payment.settle()
  t.same(payment.said(), ['PaymentAuthorized', 'PaymentVoided'])
  t.match(payment.state, { authorised: 1_000n, voided: 1_000n })
})

test('a capture that comes after the void is answered as fenced', async t => {
  const { payment } = world()
  payment.authorise()
  await payment.settle()
  payment.void()
  payment.capture()
  t.match(payment.events.at(-1), { type: 'PaymentFailed', step: 'capture', kind: 'fenced' })
  await payment.settle()
  payment.capture()
  t.match(payment.events.at(-1), { type: 'PaymentFailed', step: 'capture', kind: 'fenced' })
})

test('a capture without authorisation, beyond it, or in another currency is answered as technical', async t => {
  const { payment } = world()
  payment.capture()
  t.match(payment.events.at(-1), { type: 'PaymentFailed', step: 'capture', kind: 'technical', code: 'not-authorised' })
  payment.authorise()
  await payment.settle()
  payment.capture(1, 1_001n)
  t.match(payment.events.at(-1), { type: 'PaymentFailed', code: 'invalid-amount' })
  payment.ask({ type: 'CapturePayment', orderId, attempt: 1, amount: 1n, currency: 'USD' })
  t.match(payment.events.at(-1), { type: 'PaymentFailed', code: 'invalid-currency' })
  t.equal(payment.state.status, 'authorised')
})

test('a smaller capture gives up the rest', async t => {
  const { gateway, payment } = world()
  payment.authorise()
  await payment.settle()
  payment.capture(1, 400n)
  await payment.settle()
  t.match(payment.state, { captured: 400n, voided: 600n })
  t.match(gateway.ledger.authorisation(`${orderId}/authorise/1`), { captured: 400n, voided: 600n })
})

test('an authorisation with bad values is answered as technical', t => {
  const { payment } = world()
  payment.authorise(1, -1n)
  t.match(payment.events.at(-1), { kind: 'technical', code: 'invalid-amount' })
  payment.ask({ type: 'AuthorizePayment', orderId, attempt: 1, amount: 1n, currency: 'XXX', method: 'card', token: 'tok_ok' })
  t.match(payment.events.at(-1), { kind: 'technical', code: 'invalid-currency' })
  payment.authorise(0)
  t.match(payment.events.at(-1), { kind: 'technical', code: 'invalid-attempt' })
  t.equal(payment.state.status, 'none')
  t.end()
})

test('the state table lets no failure or compensation end in a dead end while money is open', t => {
  for (const status of ['authorised', 'failed'] as const) t.equal(paymentTransitions[status].voidStarted, 'voiding', status)
  for (const status of ['captured', 'partiallyRefunded'] as const) t.equal(paymentTransitions[status].refundStarted, 'refunding', status)
  t.ok(Object.values(paymentTransitions).every(row => row.AttemptFenced !== undefined), 'a fence can be left in every state')
  t.end()
})
