import { type Test, test } from 'tap'
import { createTestDriver } from '../../../streams/testing/index.ts'
import { auditOrdersProcessor, orderAuditStore } from '../../../topology/audit/audit-orders.ts'
import { auditStockProcessor, stockAuditStore } from '../../../topology/audit/audit-stock.ts'
import { judgeAfterMs } from '../../../topology/audit/compare-sides.ts'
import { topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'
import { Platform, orderIdOf, skus } from '../platform.ts'
import { authorised, cancelled, captured, completed, created, failed, orderId, refunded, registered, stockEvent, voided } from './audit-fixtures.ts'

await bindMemoryCodec()

async function startAudits (t: Test) {
  const driver = await createTestDriver({ nodes: [auditStockProcessor, auditOrdersProcessor] })
  t.teardown(async () => { await driver.close() })
  const orders = async (...events: ReadonlyArray<ReturnType<typeof created>>): Promise<void> => {
    for (const event of events) await driver.pipe(topics.orders.events, orderId, event)
  }
  const payments = async (...events: ReadonlyArray<ReturnType<typeof captured> | ReturnType<typeof failed>>): Promise<void> => {
    for (const event of events) await driver.pipe(topics.payments.events, orderId, event)
  }
  const violations = async () => (await driver.read(topics.audit.invariants)).map(record => record.value)
  return { driver, orders, payments, violations }
}

async function turns (): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await new Promise(resolve => { setImmediate(resolve) })
}

test('a broken stock law is told with what showed it when an event does not add up', async t => {
  const { driver, violations } = await startAudits(t)
  await driver.pipe(topics.inventory.events, 'A', registered())
  const { partition, offset } = await driver.pipe(topics.inventory.events, 'A', stockEvent('StockReserved', 2, 1, [10, 2]))
  await driver.pipe(topics.inventory.events, 'A', stockEvent('StockReleased', 3, 1, [10, 1]))
  const [told, ...more] = await driver.read(topics.audit.invariants)
  t.same(more, [])
  t.equal(told?.key, 'A')
  t.match(told?.value, {
    law: 'stock',
    subject: 'A',
    expected: '10 on hand, 1 reserved',
    actual: '10 on hand, 2 reserved',
    topic: 'commerce.inventory.events',
    partition,
    offset: Number(offset),
    meta: { causationId: 'e1', correlationId: 'correlation' }
  })
  await driver.restart()
  t.same(await violations(), [], 'and not again after a takeover')
  t.match(await driver.store(auditStockProcessor, stockAuditStore).get('A'), { version: 3, onHand: 10, reserved: 1 })
})

test('a SKU without its registration is told when the log is whole, and not when its beginning is gone', async t => {
  const event = stockEvent('StockReserved', 7, 1, [10, 1])
  const whole = await startAudits(t)
  await whole.driver.pipe(topics.inventory.events, 'A', event)
  t.match(await whole.violations(), [{ law: 'stock', message: 'the SKU was never registered' }])
  const cut = await startAudits(t)
  const { partition } = await cut.driver.pipe(topics.inventory.events, 'A', { type: 'LowStockDetected', meta: event.meta, sku: 'A', available: 1, reorderLevel: 2 })
  await cut.driver.pipe(topics.inventory.events, 'A', event)
  await cut.driver.pipe(topics.inventory.events, 'A', stockEvent('StockReleased', 8, 1, [10, 0]), { partition })
  t.same(await cut.violations(), [])
})

test('an order that keeps money is told when its sides are judged, once, with the record that claims', async t => {
  const { driver, orders, payments, violations } = await startAudits(t)
  await payments(authorised(3), captured(4))
  await orders(created(), completed(2))
  const { partition, offset } = await driver.pipe(topics.orders.events, orderId, cancelled(3))
  await driver.run()
  t.same(await violations(), [], 'not before')
  await driver.advance(judgeAfterMs.ended)
  t.match(await violations(), [{
    law: 'money',
    subject: orderId,
    topic: 'commerce.orders.events',
    partition,
    offset: Number(offset),
    expected: '0.0000 open, 0.0000 captured, 0.0000 refunded',
    actual: '0.0000 open, 0.1000 captured, 0.0000 refunded',
    meta: { correlationId: 'correlation' }
  }])
  await driver.restart()
  await driver.advance(3_600_000)
  t.same(await violations(), [])
})

test('nothing is told when the payment is read long after the order, and tasks are lost meanwhile', async t => {
  const { driver, orders, payments, violations } = await startAudits(t)
  const back = Promise.withResolvers<void>()
  driver.broker.faults.intercept((call, phase) => call.api === 'fetch' && call.topic === topics.payments.events.name && phase === 'request' ? back.promise : undefined)
  await payments(authorised(3), captured(4), refunded(6, 1_000n, 1_000n))
  await orders(created(), completed(2), cancelled(3, 1_000n))
  await driver.run()
  await driver.clock.advance(20 * judgeAfterMs.ended)
  await turns()
  t.match(await driver.store(auditOrdersProcessor, orderAuditStore).get(orderId), { claim: 'ended', captured: 0n, isTimed: true }, 'the timer is due and waits')
  const takenOver = driver.restart()
  await turns()
  driver.broker.faults.clear()
  back.resolve()
  await takenOver
  await driver.advance(20 * judgeAfterMs.ended)
  t.match(await driver.store(auditOrdersProcessor, orderAuditStore).get(orderId), { claim: 'ended', captured: 1_000n, isTimed: false })
  t.same(await violations(), [])
})

test('the same order is told when the payment never comes, however late the timer is', async t => {
  const { driver, orders, violations } = await startAudits(t)
  await orders(created(), completed(2))
  await driver.run()
  await driver.clock.advance(3_600_000)
  await driver.restart()
  await driver.advance(1_000)
  t.match(await violations(), [{ law: 'money', message: 'the order says that it is paid, the payment says something else' }])
})

test('money is told of an order that never began, and not of one whose beginning is read minutes later', async t => {
  const lone = await startAudits(t)
  await lone.payments(failed(1), authorised(3))
  await lone.driver.advance(judgeAfterMs.none)
  t.match(await lone.violations(), [{ law: 'money', message: 'money moves for an order that never began', topic: 'commerce.payments.events' }])
  const late = await startAudits(t)
  await late.payments(authorised(3))
  await late.driver.advance(judgeAfterMs.none - 1)
  await late.orders(created())
  await late.driver.advance(2 * judgeAfterMs.none)
  t.same(await late.violations(), [])
})

test('a compensation that takes days is no violation, and its end is judged', async t => {
  const { driver, orders, payments, violations } = await startAudits(t)
  await orders(created())
  await payments(authorised(3))
  await driver.advance(3 * 86_400_000)
  await payments(voided(5))
  await orders(cancelled(2))
  await driver.advance(86_400_000)
  t.same(await violations(), [])
})

test('an order takes one row of at most 40 bytes, and no timer, when its payment is read before its claims', async t => {
  const { driver, orders, payments } = await startAudits(t)
  await orders(created())
  await payments(authorised(3), captured(4))
  await driver.run()
  await orders(completed(2))
  const changelog = await driver.readRaw('driver-audit-orders-changelog')
  const keys = new Set(changelog.map(record => record.key?.toString() ?? '').filter(key => key.includes('/')))
  t.same([...keys], [`s/orders/${orderId}`])
  const size = changelog.findLast(record => keys.has(record.key?.toString() ?? ''))?.value?.length ?? 0
  t.ok(size > 0 && size <= 40, `${size} bytes`)
})

test('the audits find what is forged into the topics of a platform that is well', async t => {
  const platform = await Platform.start(t)
  const { driver } = platform
  await platform.place(orderIdOf(1))
  await driver.run()
  await driver.advance(60_000)
  t.same(await driver.read(topics.audit.invariants), [])
  const sku = skus[0] as string
  const forged = (await driver.read(topics.inventory.events)).filter(({ key, value }) => key === sku && value.type === 'StockDeducted')[0]
  if (forged === undefined) throw new Error('nothing was sold')
  await driver.pipe(topics.inventory.events, sku, forged.value)
  const [end] = (await driver.read(topics.orders.events)).filter(({ value }) => value.type === 'OrderConfirmed')
  if (end === undefined) throw new Error('nothing was confirmed')
  const kept = { ...cancelled(end.value.meta.aggregateVersion + 1, 0n, 1_000_000n), orderId: orderIdOf(1) }
  await driver.pipe(topics.orders.events, orderIdOf(1), kept as ReturnType<typeof created>)
  await driver.advance(60_000)
  t.same((await driver.read(topics.audit.invariants)).map(({ value }) => `${value.law} ${value.subject}`).sort(), [`money ${orderIdOf(1)}`, `stock ${sku}`])
})
