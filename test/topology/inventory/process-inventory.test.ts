import { type CommandMeta } from '#schemas'
import { type Test, test } from 'tap'
import { partitionOf } from '../../../streams/kafka/murmur2.ts'
import { createTestDriver } from '../../../streams/testing/index.ts'
import { retentionMs } from '../../../topology/commands/retention.ts'
import { inventoryProcessor } from '../../../topology/inventory/process-inventory.ts'
import { memoryMs, processedStore, reservationStore, stockStore } from '../../../topology/inventory/stores.ts'
import { routeInventory } from '../../../topology/inventory/routing.ts'
import { stockPartitions, topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'

await bindMemoryCodec()

const orderId = '00000000-0000-4000-8000-000000000001'
const meta: CommandMeta = { commandId: '', bodyHash: null, issuedAt: 0, correlationId: 'corr', principal: null, tenant: 'default' }
const { commands, events, replies } = topics.inventory
const minuteMs = 60_000

/** SKUs by the partition they live in. */
const skuIn = (partition: number, nth = 0): string =>
  Array.from({ length: 100 }, (_, at) => `SKU-${at}`).filter(sku => partitionOf(sku, stockPartitions) === partition)[nth] as string

const [a, b, other] = [skuIn(0), skuIn(0, 1), skuIn(1)]
const partition = 0

async function shop (t: Test, opening: Readonly<Record<string, number>> = { [a]: 10, [b]: 5, [other]: 3 }) {
  const driver = await createTestDriver({ nodes: [inventoryProcessor] })
  t.teardown(() => driver.close())
  for (const [sku, openingStock] of Object.entries(opening)) {
    await driver.pipe(commands, sku, { type: 'RegisterSku', meta, sku, openingStock, reorderLevel: 1 })
  }
  await driver.read(events)
  const expiresAt = () => driver.nowMs + 45 * minuteMs
  const ask = async (type: 'ConfirmReservation' | 'ReleaseReservation' | 'UnconfirmReservation' | 'ExtendReservation', attempt = 1) => {
    const base = { meta, orderId, attempt, partition }
    if (type === 'ConfirmReservation') await driver.pipe(commands, orderId, { type, ...base })
    else if (type === 'ExtendReservation') await driver.pipe(commands, orderId, { type, ...base, expiresAt: expiresAt() })
    else await driver.pipe(topics.compensations.inventory, orderId, { type, ...base, reason: 'test' })
  }
  return {
    driver,
    ask,
    reserve: (lines: readonly { lineNo: number, sku: string, quantity: number }[], attempt = 1) =>
      driver.pipe(commands, orderId, { type: 'ReserveStock', meta, orderId, attempt, partition, lines, expiresAt: expiresAt(), waitsSince: null }),
    stock: (sku: string) => driver.store(inventoryProcessor, stockStore).get(sku),
    row: (attempt = 1) => driver.store(inventoryProcessor, reservationStore).get(`${orderId}/${attempt}/${partition}`),
    replies: async () => (await driver.read(replies)).map(record => record.value),
    events: async () => (await driver.read(events)).map(record => record.value)
  }
}

const lines = [{ lineNo: 1, sku: a, quantity: 2 }, { lineNo: 2, sku: b, quantity: 1 }, { lineNo: 3, sku: a, quantity: 1 }]

test('inventory reserves, confirms and answers, with events by SKU and replies by order', async t => {
  const s = await shop(t)
  await s.reserve(lines)
  await s.ask('ConfirmReservation')
  const published = await s.driver.read(events)
  t.match(published.map(record => [record.key, record.value.type]), [
    [a, 'StockReserved'], [b, 'StockReserved'], [a, 'StockDeducted'], [b, 'StockDeducted'], [a, 'ReservationConfirmed']
  ])
  t.match(published[0]?.value, { quantity: 3, onHand: 10, reserved: 3, meta: { correlationId: 'corr', aggregateVersion: 2 } })
  const answered = await s.driver.read(replies)
  t.match(answered.map(record => [record.key, record.value.type]), [[orderId, 'LinesReserved'], [orderId, 'LinesConfirmed']])
  t.equal(answered[0]?.value.meta.correlationId, 'corr')
  t.match(await s.stock(a), { onHand: 7, reserved: 0, deducted: 3 })
  t.same(await s.driver.deadLetters(), [])
})

test('every event id of inventory is its own, repeats of the answer included', async t => {
  const s = await shop(t)
  await s.reserve(lines)
  await s.reserve(lines)
  await s.ask('ReleaseReservation')
  const ids = [...await s.events(), ...await s.replies()].map(value => value.meta.eventId)
  t.equal(new Set(ids).size, ids.length)
})

test('inventory rejects a reservation with the shortage, and takes nothing', async t => {
  const s = await shop(t, { [a]: 2, [b]: 5 })
  await s.reserve(lines)
  t.match(await s.replies(), [{ type: 'LinesRejected', code: 'short-stock', shortages: [{ sku: a, requested: 3, available: 2 }] }])
  t.match(await s.events(), [{ type: 'StockReservationRejected', sku: a }])
  t.match(await s.stock(b), { reserved: 0 })
})

test('a release that overtakes its reservation leaves a fence that refuses it', async t => {
  const s = await shop(t)
  await s.ask('ReleaseReservation')
  await s.driver.run()
  await s.reserve(lines)
  t.match(await s.replies(), [{ type: 'LinesReleased' }, { type: 'LinesRejected', code: 'fenced' }])
  t.match(await s.stock(a), { reserved: 0 })
})

test('a fence outlives the topic that the late command could come from, then goes', async t => {
  t.ok(memoryMs > retentionMs(commands))
  const s = await shop(t)
  await s.ask('ReleaseReservation')
  await s.driver.advance(retentionMs(commands))
  t.match(await s.row(), { status: 'fence' })
  await s.driver.advance(86_400_001)
  t.equal(await s.row(), undefined)
})

test('a reservation expires after 45 minutes, tells the order, and refuses the late confirmation', async t => {
  const s = await shop(t)
  await s.reserve(lines)
  await s.driver.advance(45 * minuteMs - 1)
  t.match(await s.replies(), [{ type: 'LinesReserved' }])
  await s.driver.advance(1)
  t.match(await s.replies(), [{ type: 'LinesExpired', orderId, attempt: 1, partition, meta: { correlationId: 'corr' } }])
  t.ok((await s.events()).some(event => event.type === 'ReservationExpired'))
  await s.ask('ConfirmReservation')
  t.match(await s.replies(), [{ type: 'LinesConfirmRejected', code: 'expired' }])
  t.match(await s.stock(a), { onHand: 10, reserved: 0 })
})

test('a reservation that was asked for before a long outage lives its whole time after it, and then expires', async t => {
  const s = await shop(t)
  await s.driver.pipe(commands, orderId, { type: 'ReserveStock', meta, orderId, attempt: 1, partition, lines, expiresAt: s.driver.nowMs - 60 * minuteMs, waitsSince: null })
  t.match((await s.replies()).map(reply => reply.type), ['LinesReserved'], 'it is not expired at once')
  await s.driver.advance(44 * minuteMs)
  t.match(await s.row(), { status: 'reserved' })
  await s.driver.advance(2 * minuteMs)
  t.match(await s.row(), { status: 'expired' })
})

test('an extension moves the expiry', async t => {
  const s = await shop(t)
  await s.reserve(lines)
  await s.driver.advance(30 * minuteMs)
  await s.ask('ExtendReservation')
  await s.driver.advance(44 * minuteMs)
  t.match(await s.row(), { status: 'reserved' })
  await s.driver.advance(minuteMs)
  t.match(await s.row(), { status: 'expired' })
})

test('the expiry of a confirmed reservation does nothing, and its row stays for a later cancellation', async t => {
  const s = await shop(t)
  await s.reserve(lines)
  await s.ask('ConfirmReservation')
  await s.driver.advance(30 * 86_400_000)
  t.match(await s.row(), { status: 'confirmed' })
  t.same((await s.replies()).map(reply => reply.type), ['LinesReserved', 'LinesConfirmed'])
  await s.ask('UnconfirmReservation')
  t.match(await s.replies(), [{ type: 'LinesUnconfirmed' }])
  t.match(await s.stock(a), { onHand: 10, deducted: 0 })
  await s.driver.advance(memoryMs + 1)
  t.equal(await s.row(), undefined, 'what is undone is forgotten in time')
})

test('an ended reservation refuses its repeat until it is forgotten', async t => {
  const s = await shop(t)
  await s.reserve(lines)
  await s.ask('ReleaseReservation')
  await s.driver.advance(memoryMs - 1)
  await s.reserve(lines)
  t.match(await s.replies(), [{}, {}, { type: 'LinesRejected', code: 'released' }])
  await s.driver.advance(1)
  t.equal(await s.row(), undefined)
})

test('a record in the wrong partition is processed where its SKUs live', async t => {
  const s = await shop(t)
  const base = { type: 'ReserveStock' as const, meta, orderId, attempt: 1, partition, lines, expiresAt: s.driver.nowMs + minuteMs, waitsSince: null }
  await s.driver.pipe(commands, orderId, base, { partition: 1 })
  t.match(await s.replies(), [{ type: 'LinesReserved', partition: 0 }])
  t.match(await s.stock(a), { reserved: 3 })
})

test('a reservation whose SKUs live in several partitions is a dead letter', async t => {
  const s = await shop(t)
  await s.reserve([{ lineNo: 1, sku: a, quantity: 1 }, { lineNo: 2, sku: other, quantity: 1 }])
  t.same(await s.replies(), [])
  t.match(await s.driver.deadLetters(), [{ reason: 'STR_ROUTE_MIXED' }])
  t.match(await s.stock(a), { reserved: 0 })
})

test('a reservation that names another partition than that of its SKUs is refused', async t => {
  const s = await shop(t)
  const value = { type: 'ReserveStock' as const, meta, orderId, attempt: 1, partition: 1, lines, expiresAt: s.driver.nowMs + minuteMs, waitsSince: null }
  await s.driver.pipe(commands, orderId, value)
  t.match(await s.replies(), [{ type: 'LinesRejected', code: 'wrong-partition', partition: 1 }])
})

test('bad quantities are refused and the pipeline goes on', async t => {
  const s = await shop(t)
  await s.reserve([{ lineNo: 1, sku: a, quantity: 0 }])
  await s.reserve([{ lineNo: 1, sku: a, quantity: -1 }], 2)
  await s.reserve(lines, 3)
  t.match(await s.replies(), [{ code: 'invalid-quantity' }, { code: 'invalid-quantity' }, { type: 'LinesReserved', attempt: 3 }])
  t.same(await s.driver.deadLetters(), [])
})

test('refused stock commands lie on orders.rejections under their SKU', async t => {
  const s = await shop(t)
  await s.driver.pipe(commands, a, { type: 'RegisterSku', meta, sku: a, openingStock: 99, reorderLevel: 1 })
  await s.driver.pipe(commands, 'none', { type: 'Restock', meta: { ...meta, commandId: 'id1' }, sku: 'none', quantity: 1 })
  const rejected = await s.driver.read(topics.orders.rejections)
  t.match(rejected.map(record => [record.key, record.value]).sort(), [
    [a, { type: 'CommandRejected', command: 'RegisterSku', code: 'sku-known', orderId: a }],
    ['none', { command: 'Restock', code: 'unknown-sku', commandId: 'id1', field: 'sku' }]
  ].sort())
})

test('an adjustment with a command id is carried out once, however often it comes', async t => {
  const s = await shop(t)
  const adjust = { type: 'AdjustStock' as const, meta: { ...meta, commandId: 'id1' }, sku: a, delta: -2, reason: 'broken', expectedVersion: 1 }
  await s.driver.pipe(commands, a, adjust)
  await s.driver.pipe(commands, a, adjust)
  t.match(await s.events(), [{ type: 'StockAdjusted', delta: -2, onHand: 8 }])
  t.same(await s.driver.read(topics.orders.rejections), [])
  await s.driver.pipe(commands, a, { ...adjust, delta: -3 })
  t.match((await s.driver.read(topics.orders.rejections)).map(record => record.value), [{ code: 'command-id-reused' }])
  t.match(await s.stock(a), { onHand: 8 })
  await s.driver.advance(memoryMs)
  t.equal((await s.driver.store(inventoryProcessor, processedStore).rows()).size, 0)
})

test('a rejected adjustment is rejected alike when it is repeated', async t => {
  const s = await shop(t)
  const adjust = { type: 'AdjustStock' as const, meta: { ...meta, commandId: 'id1' }, sku: a, delta: -11, reason: 'broken', expectedVersion: null }
  await s.driver.pipe(commands, a, adjust)
  await s.driver.pipe(commands, a, { type: 'Restock', meta, sku: a, quantity: 5 })
  await s.driver.pipe(commands, a, adjust)
  t.match((await s.driver.read(topics.orders.rejections)).map(record => record.value), [{ code: 'short-stock' }, { code: 'short-stock' }])
  t.match(await s.stock(a), { onHand: 15 })
})

test('inventory goes on where it was after a restart without goodbye', async t => {
  const s = await shop(t)
  await s.reserve(lines)
  await s.driver.run()
  await s.driver.restart()
  await s.reserve(lines)
  await s.ask('ConfirmReservation')
  await s.driver.restart()
  await s.driver.advance(46 * minuteMs)
  t.same((await s.replies()).map(reply => reply.type), ['LinesReserved', 'LinesReserved', 'LinesConfirmed'])
  t.match(await s.stock(a), { onHand: 7, reserved: 0, deducted: 3 })
})

test('a hundred orders for a stock of ten reserve ten pieces', async t => {
  const s = await shop(t, { [a]: 10 })
  for (let order = 0; order < 100; order++) {
    const id = `00000000-0000-4000-8000-${String(order).padStart(12, '0')}`
    const wanted = [{ lineNo: 1, sku: a, quantity: 1 }]
    const value = { type: 'ReserveStock' as const, meta, orderId: id, attempt: 1, partition, lines: wanted, expiresAt: s.driver.nowMs + minuteMs, waitsSince: null }
    await s.driver.pipe(commands, id, value)
  }
  const answers = await s.replies()
  t.equal(answers.filter(reply => reply.type === 'LinesReserved').length, 10)
  t.equal(answers.filter(reply => reply.type === 'LinesRejected').length, 90)
})

test('the route of a record never leaves the topic, whatever partition it names', t => {
  const base = { meta, orderId, attempt: 1 }
  for (const named of [-1, 2, 1_000]) {
    const [target] = routeInventory({ type: 'ConfirmReservation', ...base, partition: named } as never, orderId, stockPartitions)
    t.ok(target !== undefined && target >= 0 && target < stockPartitions)
  }
  t.same(routeInventory({ type: 'ConfirmReservation', ...base, partition: 1 } as never, orderId, stockPartitions), [1])
  t.same(routeInventory({ type: 'Restock', meta, sku: other, quantity: 1 } as never, 'whatever', stockPartitions), [1])
  t.end()
})
