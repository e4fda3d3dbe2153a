import { type Test, test } from 'tap'
import { type ProductView } from '#schemas'
import { createTestDriver } from '../../../streams/testing/index.ts'
import { type Fact } from '../../../topology/orders/facts.ts'
import { catalogTable, orderStore, ordersProcessor, viewStore } from '../../../topology/orders/process-orders.ts'
import { type ValueOf, topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'
import { catalog, commandMeta, eventMeta, line, orderId, placeOrder, reply } from './order-fixtures.ts'

await bindMemoryCodec()

const rows = [...catalog.values()].map((product): [string, ProductView] => [product.sku, product])
const two = [line('P0-mug'), line('POST', { lineNo: 2 })]

/** Where an answer arrives; typed as one of the three topics, as all facts are piped alike. */
function topicOf (fact: Fact): typeof topics.payments.events {
  if (fact.type.startsWith('Lines')) return topics.inventory.replies as unknown as typeof topics.payments.events
  if (fact.type.startsWith('Risk')) return topics.risk.decisions as unknown as typeof topics.payments.events
  if (fact.type.startsWith('Shipment')) return topics.shipping.events as unknown as typeof topics.payments.events
  return topics.payments.events
}

/** A driver of the orders processor alone: the test answers for everybody else. */
async function start (t: Test) {
  const driver = await createTestDriver({ nodes: [ordersProcessor], globals: [[catalogTable, rows]] })
  t.teardown(async () => { await driver.close() })
  let events = 0
  return {
    driver,
    /** Answers one after the other, each after what the one before led to. */
    answer: async (...facts: readonly Fact[]) => {
      for (const fact of facts) {
        const value = { ...fact, meta: { ...eventMeta, eventId: `e-${++events}` } } as ValueOf<typeof topics.payments.events>
        await driver.pipe(topicOf(fact), orderId, value)
        await driver.run()
      }
    },
    view: async () => await driver.store(ordersProcessor, viewStore).get(orderId),
    saga: async () => await driver.store(ordersProcessor, orderStore).get(orderId)
  }
}

test('the orders processor writes events, state and commands with metadata when an order is placed', async t => {
  const { driver, view } = await start(t)
  await driver.pipe(topics.orders.commands, orderId, placeOrder({ lines: two }))
  const [created, ...more] = await driver.read(topics.orders.events)
  t.same(more, [])
  t.match(created, { key: orderId, value: { type: 'OrderCreated', total: 400_000n } })
  t.match(created?.value.meta, { correlationId: 'correlation', causationId: 'c1', aggregateVersion: 1, tenant: 'default', occurredAt: driver.nowMs })
  const [reserve] = await driver.read(topics.inventory.commands)
  t.match(reserve, { key: orderId, value: { type: 'ReserveStock', lines: [{ lineNo: 1, sku: 'P0-mug', quantity: 2 }] } })
  t.equal(reserve?.partition, (reserve?.value as { partition: number }).partition)
  t.match(reserve?.value.meta, { correlationId: 'correlation', commandId: /^[0-9a-f]{64}$/ })
  const [state] = await driver.read(topics.orders.state)
  t.same(state?.value, await view())
  t.match((await driver.read(topics.notifications.requests)).map(record => [record.key, record.value.template]), [['customer-1', 'order-created']])
})

test('the orders processor takes an order to confirmed when everybody answers', async t => {
  const { driver, answer, view, saga } = await start(t)
  await driver.pipe(topics.orders.commands, orderId, placeOrder())
  await driver.run()
  const partition = (await saga())?.parts[0]?.partition ?? -1
  await answer(reply.reserved(partition), reply.riskApproved(), reply.authorised(), reply.confirmed(partition), reply.captured(), reply.shipped())
  t.match(await view(), { state: 'Confirmed', captured: 200_000n, carrier: 'USPS', version: 6 })
  const events = await driver.read(topics.orders.events)
  t.same(events.map(({ value }) => [value.type, value.meta.aggregateVersion]), [
    ['OrderCreated', 1], ['OrderInventoryReserved', 2], ['OrderPaymentInitiated', 3], ['OrderPaymentAuthorized', 4], ['OrderPaymentCompleted', 5],
    ['OrderConfirmed', 6]
  ])
  t.equal(new Set(events.map(({ value }) => value.meta.eventId)).size, 6)
  t.ok(events.slice(1).every(({ value }) => value.meta.correlationId === 'correlation' && value.meta.causationId.startsWith('e-')))
  t.same((await driver.read(topics.payments.commands)).map(({ value }) => value.type), ['AuthorizePayment', 'CapturePayment'])
  t.match((await driver.read(topics.shipping.commands)).map(({ value }) => value), [{ type: 'CreateShipment', orderTotal: 200_000n }])
  t.same(await driver.deadLetters(), [])
})

test('a rejected PlaceOrder is answered with code and field when a rule is broken', async t => {
  const { driver, view } = await start(t)
  await driver.pipe(topics.orders.commands, orderId, placeOrder({ lines: [line('NOPE')] }))
  t.match((await driver.read(topics.orders.rejections))[0], {
    key: orderId,
    value: { type: 'CommandRejected', command: 'PlaceOrder', commandId: 'c1', code: 'sku-unknown', field: '/lines/0/sku', orderId }
  })
  t.match((await driver.read(topics.orders.events)).map(({ value }) => value), [{ type: 'OrderRejected', code: 'sku-unknown' }])
  t.match(await view(), { state: 'Rejected', outcome: 'Rejected' })
  t.same(await driver.read(topics.inventory.commands), [])
})

test('a command without an id is known by its place in the log when it is rejected', async t => {
  const { driver } = await start(t)
  const command = { type: 'CancelOrder', meta: { ...commandMeta, commandId: '' }, orderId, reason: 'late' } as const
  await driver.pipe(topics.orders.commands, orderId, command)
  await driver.pipe(topics.orders.commands, orderId, command)
  const rejections = (await driver.read(topics.orders.rejections)).map(({ value }) => value)
  t.match(rejections, [{ code: 'unknown-order' }, { code: 'unknown-order' }])
  t.not(rejections[0]?.commandId, rejections[1]?.commandId)
  t.match(rejections[0]?.commandId, /^[0-9a-f]{64}$/)
})

test('quoted prices count when the command comes by the trusted topic, and only then', async t => {
  const { driver } = await start(t)
  const other = '0b8e3c1a-5d0e-4c0e-9c54-0a6f0f7f8a02'
  const lines = [line('P0-mug', { quotedUnitPrice: 7n })]
  await driver.pipe(topics.orders.commandsTrusted, orderId, placeOrder({ lines }))
  await driver.pipe(topics.orders.commands, other, placeOrder({ lines, orderId: other }))
  const created = new Map((await driver.read(topics.orders.events)).map(({ key, value }) => [key, value]))
  t.match(created.get(orderId), { total: 14n, quotedIgnored: false, lines: [{ priceSource: 'quoted' }] })
  t.match(created.get(other), { total: 200_000n, quotedIgnored: true, lines: [{ priceSource: 'catalog' }] })
})

test('a repeated PlaceOrder emits nothing when it has the same body, and a rejection when it has another', async t => {
  const { driver, view, saga } = await start(t)
  for (const command of [placeOrder(), placeOrder(), placeOrder({ lines: two })]) await driver.pipe(topics.orders.commands, orderId, command)
  t.equal((await driver.read(topics.orders.events)).length, 1)
  t.equal((await driver.read(topics.orders.state)).length, 1)
  t.equal((await driver.read(topics.inventory.commands)).length, 1)
  t.match((await driver.read(topics.orders.rejections)).map(({ value }) => value.code), ['order-id-reused'])
  t.match([await view(), await saga()], [{ state: 'Pending', total: 200_000n }, { repeats: 1 }])
})

test('a record under a foreign key is a dead letter when its order id is another', async t => {
  const { driver, view } = await start(t)
  await driver.pipe(topics.orders.commands, 'another-key', placeOrder())
  t.match(await driver.deadLetters(), [{ reason: 'STR_RECORD_REFUSED', processor: 'orders', parked: undefined }])
  t.equal(await view(), undefined)
})

test('an answer that nobody asked for is a dead letter when it comes, and the order goes on', async t => {
  const { driver, answer, view, saga } = await start(t)
  await answer(reply.authorised())
  t.equal((await driver.deadLetters()).length, 1)
  await driver.pipe(topics.orders.commands, orderId, placeOrder())
  await answer(reply.captured())
  t.equal((await driver.deadLetters()).length, 1)
  await answer(reply.reserved((await saga())?.parts[0]?.partition))
  t.match(await view(), { state: 'InventoryReserved', captured: 0n })
})

test('a silent step times out after 30 s when nobody answers, and is compensated again and again', async t => {
  const { driver, view, answer, saga } = await start(t)
  await driver.pipe(topics.orders.commands, orderId, placeOrder())
  await driver.advance(29_000)
  t.match(await view(), { state: 'Pending' })
  await driver.advance(2_000)
  t.match(await view(), { state: 'Compensating' })
  t.equal((await driver.read(topics.compensations.inventory)).length, 1)
  await driver.advance(11_000)
  t.equal((await driver.read(topics.compensations.inventory)).length, 1)
  await driver.advance(21_000)
  t.equal((await driver.read(topics.compensations.inventory)).length, 1)
  await answer(reply.released((await saga())?.parts[0]?.partition))
  t.match(await view(), { state: 'TimedOut', outcome: 'TimedOut' })
  await driver.advance(3_600_000)
  t.same(await driver.read(topics.compensations.inventory), [])
  t.same((await driver.read(topics.orders.events)).map(({ value }) => value.type), ['OrderCreated', 'OrderCompensationStarted', 'OrderTimedOut'])
})

test('a step has its whole time again when its task is taken over, and times out when that is over', async t => {
  const { driver, view, answer, saga } = await start(t)
  await driver.pipe(topics.orders.commands, orderId, placeOrder())
  await driver.advance(20_000)
  await driver.restart()
  await driver.advance(25_000)
  t.match(await view(), { state: 'Pending' }, 'it is 45 s old, but its task only 25 s')
  await answer(reply.reserved((await saga())?.parts[0]?.partition))
  t.match(await view(), { state: 'InventoryReserved' })
  await driver.advance(31_000)
  t.match(await view(), { state: 'Compensating', outcome: null })
})

test('a confirmed order never times out when time goes by', async t => {
  const { driver, answer, view, saga } = await start(t)
  await driver.pipe(topics.orders.commands, orderId, placeOrder())
  await driver.run()
  const partition = (await saga())?.parts[0]?.partition ?? -1
  await answer(reply.reserved(partition), reply.riskApproved(), reply.authorised(), reply.confirmed(partition), reply.captured())
  await driver.advance(3_600_000)
  t.match(await view(), { state: 'Confirmed', outcome: null })
})

test('an order goes on where it was when every task is lost and acquired anew', async t => {
  const { driver, answer, view, saga } = await start(t)
  await driver.pipe(topics.orders.commands, orderId, placeOrder())
  await driver.run()
  const partition = (await saga())?.parts[0]?.partition ?? -1
  await answer(reply.reserved(partition))
  await driver.restart()
  await answer(reply.riskApproved(), reply.authorised(), reply.confirmed(partition))
  await driver.restart()
  await answer(reply.captured())
  t.match(await view(), { state: 'Confirmed', version: 6 })
  t.equal((await driver.read(topics.orders.events)).length, 6)
})

test('CompensateOrder compensates once when it is repeated', async t => {
  const { driver, answer, view, saga } = await start(t)
  await driver.pipe(topics.orders.commands, orderId, placeOrder())
  await driver.run()
  const partition = (await saga())?.parts[0]?.partition ?? -1
  const command = { type: 'CompensateOrder', meta: { ...commandMeta, commandId: 'operator-1' }, orderId, cause: 'technical', reason: 'by hand' } as const
  await driver.pipe(topics.compensations.order, orderId, command)
  await driver.pipe(topics.compensations.order, orderId, command)
  await answer(reply.released(partition))
  t.match(await view(), { state: 'Failed', outcomeCause: 'technical', reason: 'by hand' })
  t.equal((await driver.read(topics.compensations.inventory)).length, 1)
  t.equal((await saga())?.repeats, 1)
})
