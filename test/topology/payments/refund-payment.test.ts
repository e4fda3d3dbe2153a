import { test } from 'tap'
import { captured, world } from './paid-worlds.ts'
import { type Fault } from './scripted-gateway.ts'

test('refunds are paid once per id, partly and then in full', async t => {
  const { gateway, payment } = await captured()
  payment.refund('r1', 300n)
  await payment.settle()
  payment.refund('r1', 300n)
  t.match(payment.events.splice(0), [{ type: 'PaymentPartiallyRefunded', effectId: 'r1', amount: 300n, totalRefunded: 300n }])
  payment.refund('r2')
  await payment.settle()
  t.match(payment.events, [{ type: 'PaymentRefunded', effectId: 'r2', amount: 700n, totalRefunded: 1_000n }])
  t.same(payment.state.refunds.map(({ effectId, requested, done }) => [effectId, requested, done]), [['r1', 300n, true], ['r2', null, true]])
  t.equal(gateway.calls.filter(call => call.startsWith('refund')).length, 2)
})

test('refunds that come together wait for each other', async t => {
  const { payment } = await captured()
  payment.refund('r1', 300n)
  payment.refund('r2', 200n)
  payment.refund('r2', 200n)
  t.equal(payment.state.waiting.length, 1)
  await payment.settle()
  t.match(payment.events, [{ effectId: 'r1' }, { effectId: 'r2', totalRefunded: 500n }])
})

test('a refund that cannot be is rejected with its code', async t => {
  const { payment } = await captured()
  payment.refund('r1', 1_001n)
  payment.refund('r2', 0n)
  payment.refund('r3', -1n)
  payment.refund('', 1n)
  payment.refund('r4', 100n)
  payment.refund('r4', 200n)
  t.same(payment.rejections, ['refund-exceeds-captured', 'invalid-amount', 'invalid-amount', 'invalid-effect-id', 'effect-id-reused'])
  await payment.settle()
  t.equal(payment.state.refunded, 100n)
})

test('a refund of an amount where nothing was captured is rejected, one of everything is answered with zero', t => {
  const { payment } = world()
  payment.refund('r1', 10n)
  t.same(payment.rejections, ['nothing-captured'])
  payment.refund('r2')
  t.match(payment.events, [{ type: 'PaymentRefunded', effectId: 'r2', amount: 0n, totalRefunded: 0n }])
  t.end()
})

test('a refund never gives up, raises an alert after ten tries, and is paid in the end', async t => {
  const { payment } = await captured(...new Array<Fault>(23).fill('down'))
  payment.refund('r1')
  await payment.settle()
  const alerts = payment.events.filter(event => event.type === 'RefundFailed')
  t.match(alerts, [{ effectId: 'r1', tries: 10 }, { effectId: 'r1', tries: 20 }])
  t.match(payment.events.at(-1), { type: 'PaymentRefunded', amount: 1_000n })
})

test('waits of a refund grow to five minutes and no further', async t => {
  const { payment } = await captured(...new Array<Fault>(15).fill('down'))
  payment.refund('r1')
  const waits: number[] = []
  while (payment.state.operation !== null) {
    await payment.call()
    const before = payment.nowMs
    if (payment.state.operation === null) break
    payment.wait()
    waits.push(payment.nowMs - before)
  }
  t.equal(waits.length, 15)
  t.ok(waits.every(wait => wait <= 300_000))
  t.ok(waits.slice(10).every(wait => wait >= 225_000))
})

test('a refund asked for during the capture is done after it', async t => {
  const { payment } = world()
  payment.authorise()
  await payment.settle()
  payment.capture()
  payment.refund('r1')
  await payment.settle()
  t.same(payment.said().slice(2), ['PaymentSucceeded', 'PaymentRefunded'])
})
