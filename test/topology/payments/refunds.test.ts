import { test } from 'tap'
import { alertTries } from '../../../topology/payments/backoff.ts'
import { attemptAuthorised } from '../../../topology/payments/payment.ts'
import { PaymentWorld } from './payment-world.ts'
import { type Fault, ScriptedGateway } from './scripted-gateway.ts'

async function captured (): Promise<{ readonly payment: PaymentWorld, readonly gateway: ScriptedGateway }> {
  const gateway = new ScriptedGateway()
  const payment = new PaymentWorld(gateway)
  payment.authorise()
  await payment.settle()
  payment.capture()
  await payment.settle()
  payment.said()
  return { payment, gateway }
}

test('a second partial refund of the same amount for the same reason is another refund', async t => {
  const { payment, gateway } = await captured()
  payment.refund('line-1-first', 250n)
  await payment.settle()
  payment.refund('line-1-second', 250n)
  await payment.settle()
  t.same(payment.said(), ['PaymentPartiallyRefunded', 'PaymentPartiallyRefunded'])
  t.match(payment.state, { status: 'partiallyRefunded', refunded: 500n })
  t.equal([...gateway.ledger.authorisations()][0]?.refunded, 500n)
})

test('partial refunds end in a whole one, and one more is refused with its reason', async t => {
  const { payment } = await captured()
  for (const id of ['a', 'b', 'c']) payment.refund(id, 300n)
  payment.refund('d', 100n)
  payment.refund('e', 1n)
  await payment.settle()
  t.same(payment.said(), ['PaymentPartiallyRefunded', 'PaymentPartiallyRefunded', 'PaymentPartiallyRefunded', 'PaymentRefunded'])
  t.match(payment.state, { status: 'refunded', refunded: 1_000n })
  t.same(payment.rejections, ['refund-exceeds-captured'])
  t.match(payment.state.refunds.at(-1), { effectId: 'e', refunded: 0n, done: false, refusal: 'refund-exceeds-captured' })
})

test('refunds that are asked for at once never come to more than was captured', async t => {
  const { payment, gateway } = await captured()
  payment.refund('a', 700n)
  payment.refund('b', 700n)
  await payment.settle()
  t.equal(payment.state.refunded, 700n)
  t.same(payment.rejections, ['refund-exceeds-captured'])
  t.equal([...gateway.ledger.authorisations()][0]?.refunded, 700n)
})

test('a refund beyond what its sender may give back is refused, also when others are under way', async t => {
  const { payment } = await captured()
  payment.refund('a', 150n, 200n)
  payment.refund('b', 150n, 200n)
  await payment.settle()
  t.equal(payment.state.refunded, 150n)
  t.same(payment.rejections, ['refund-exceeds-limit'])
  payment.refund('c', 150n)
  await payment.settle()
  t.equal(payment.state.refunded, 300n, 'others have no such limit')
  payment.refund('d', null, 200n)
  t.same(payment.rejections.at(-1), 'refund-exceeds-limit', 'all that is left is an amount, too')
})

test('a capped refund gives back what is left of what it asks for, and is known by what it asked', async t => {
  const { payment, gateway } = await captured()
  payment.refund('a', 700n)
  payment.refund('b', 700n, null, true)
  payment.refund('b', 700n, null, true)
  payment.refund('b', 300n, null, true)
  await payment.settle()
  t.same(payment.said(), ['PaymentPartiallyRefunded', 'PaymentRefunded'])
  t.same(payment.rejections, ['effect-id-reused'])
  t.match(payment.state, { refunded: 1_000n, refunds: [{ effectId: 'a', refunded: 700n }, { effectId: 'b', requested: 700n, refunded: 300n, done: true }] })
  t.equal([...gateway.ledger.authorisations()][0]?.refunded, 1_000n)
})

test('a capped refund that finds nothing left is answered with nothing, and calls nobody', async t => {
  const { payment, gateway } = await captured()
  payment.refund('a')
  await payment.settle()
  const calls = gateway.calls.length
  payment.refund('b', 10n, null, true)
  t.match(payment.events.at(-1), { type: 'PaymentRefunded', effectId: 'b', amount: 0n, totalRefunded: 1_000n })
  t.same(payment.rejections, [])
  t.equal(gateway.calls.length, calls)
  const untouched = new PaymentWorld(new ScriptedGateway())
  untouched.refund('c', 10n, null, true)
  t.match(untouched.events, [{ type: 'PaymentRefunded', amount: 0n }], 'nor is anything captured')
})

test('a capped refund keeps within the ceiling of its sender, too', async t => {
  const { payment } = await captured()
  payment.refund('a', 2_000n, 500n, true)
  await payment.settle()
  t.same(payment.rejections, ['refund-exceeds-limit'])
  t.equal(payment.state.refunded, 0n)
})

test('a refused refund is answered the same way when it comes again', async t => {
  const { payment } = await captured()
  payment.refund('a', 1_001n)
  payment.refund('a', 1_001n)
  payment.refund('a', 1n)
  t.same(payment.rejections, ['refund-exceeds-captured', 'refund-exceeds-captured', 'effect-id-reused'])
  t.equal(payment.state.refunds.length, 1)
})

test('a refund is tried until it is done, and raises its alarm with every tenth try', async t => {
  const { payment, gateway } = await captured()
  gateway.plan(...new Array<Fault>(2 * alertTries + 3).fill('down'))
  payment.refund('a', 300n)
  await payment.settle()
  t.same(payment.events.filter(({ type }) => type === 'RefundFailed').map(event => 'tries' in event && event.tries), [alertTries, 2 * alertTries])
  t.match(payment.events.at(-1), { type: 'PaymentPartiallyRefunded', amount: 300n })
})

test('a refund that the provider refuses is no end: it is tried again', async t => {
  const { payment, gateway } = await captured()
  payment.refund('a', 300n)
  const refund = gateway.refund
  gateway.refund = async () => ({ kind: 'refused', code: 'insufficient-funds', message: 'the balance is too low' })
  for (let tries = 0; tries < alertTries; tries++) {
    await payment.call()
    payment.wait()
  }
  t.match(payment.events.at(-1), { type: 'RefundFailed', message: 'the balance is too low', tries: alertTries })
  gateway.refund = refund
  await payment.settle()
  t.equal(payment.state.refunded, 300n)
})

test('earlier attempts stay with the payment: how they ended, and what they held', async t => {
  const payment = new PaymentWorld(new ScriptedGateway())
  payment.authorise(1, 1_000n, 'tok_declined')
  await payment.settle()
  payment.authorise(2, 900n)
  await payment.settle()
  payment.void(2)
  await payment.settle()
  payment.authorise(3, 800n)
  await payment.settle()
  t.match(payment.state.earlier, [
    { attempt: 1, status: 'failed', amount: 1_000n, authorised: 0n, failure: 'card-declined' },
    { attempt: 2, status: 'voided', amount: 900n, authorised: 900n, failure: '' }
  ])
  t.match(payment.state, { attempt: 3, amount: 800n, authorised: 1_700n, failure: '' })
  t.equal(attemptAuthorised(payment.state), 800n)
})

test('a void whose authorisation was never answered carries all that was asked for then', async t => {
  const payment = new PaymentWorld(new ScriptedGateway())
  payment.authorise(1, 1_000n, 'tok_ok')
  t.match(payment.request(), { step: 'authorise', token: 'tok_ok', amount: 1_000n, reference: '' })
  await payment.settle()
  payment.void()
  t.match(payment.request(), { step: 'void', token: '', amount: 1_000n, reference: /^auth_/ })
})
