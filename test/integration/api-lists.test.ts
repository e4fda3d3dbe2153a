import { test } from 'tap'
import { createClickHouseOrderLists } from '../../api/adapters/clickhouse-order-lists.ts'
import { createClickHouseStockLevels } from '../../api/adapters/clickhouse-stock-levels.ts'
import { type ClickHouseClient, createClickHouseTarget, migrate } from '../../sinks/index.ts'
import { event, jsonDecoder } from '../sinks/clickhouse/json-events.ts'
import { insertRecords } from '../support/insert-records.ts'
import { ownDatabase } from '../support/own-database.ts'
import { topics } from '../../topology/topics.ts'

async function put (client: ClickHouseClient, topic: string, values: readonly object[]): Promise<void> {
  const target = createClickHouseTarget({ client, decoder: jsonDecoder })
  const records = values.map((value, index) => event(topic, BigInt(index), value, 'sku' in value ? String(value.sku) : 'key'))
  await insertRecords(target, records)
}

test('the lists of orders, stock and reservations are read from the engine page by page', async t => {
  const client = (await ownDatabase(t))?.client
  if (client === undefined) return
  await migrate(client)

  const order = (orderId: string, customerId: string | null, placedAt: number): object => ({ type: 'OrderCreated', orderId, customerId, placedAt, lines: [], total: 1n, currency: 'GBP' })
  await put(client, topics.orders.events.name, [
    order('a', 'ada', 1000), order('b', 'bob', 2000), order('c', 'ada', 3000), order('d', null, 3000), order('e', 'ada', 4000),
    { type: 'OrderConfirmed', orderId: 'c', lines: [], total: 1n, currency: 'GBP' }
  ])
  const { list } = createClickHouseOrderLists(client)
  const idsOf = async (wish: Partial<Parameters<typeof list>[0]>): Promise<string> => (await list({ limit: 10, ...wish })).map(({ orderId }) => orderId).join('')
  t.equal(await idsOf({}), 'edcba', 'the newest first; of one moment the larger id')
  t.equal(await idsOf({ customerId: 'ada' }), 'eca')
  t.equal(await idsOf({ customerId: "ada' OR 1=1 --" }), '')
  t.equal(await idsOf({ state: 'Confirmed' }), 'c')
  t.equal(await idsOf({ state: 'Pending', customerId: 'ada' }), 'ea')
  t.equal(await idsOf({ fromMs: 2000, untilMs: 4000 }), 'dcb')
  const first = await list({ limit: 2 })
  t.same(first, [{ orderId: 'e', placedAtMs: 4000 }, { orderId: 'd', placedAtMs: 3000 }])
  t.equal(await idsOf({ after: { orderId: 'd', placedAtMs: 3000 } }), 'cba', 'none is left out and none comes twice')

  const registered = (sku: string, openingStock: number, reorderLevel: number) => ({ type: 'SkuRegistered', sku, openingStock, reorderLevel, reserved: 0 })
  const moved = (type: string, orderId: string, sku: string, quantity: number, more: object = {}) =>
    ({ type, orderId, sku, quantity, attempt: 1, onHand: 10, reserved: quantity, ...more })
  await put(client, 'inventory.events', [
    registered('A', 10, 9), registered('B', 5, 1),
    moved('StockReserved', 'a', 'A', 3), moved('StockReserved', 'b', 'A', 2), moved('StockReserved', 'b', 'B', 1),
    moved('StockReserved', 'c', 'A', 4), moved('StockReserved', 'd', 'A', 1),
    moved('StockReleased', 'c', 'A', 4, { restored: false }),
    moved('StockDeducted', 'd', 'A', 1), moved('StockReleased', 'd', 'A', 1, { restored: true }),
    { ...moved('StockDeducted', 'a', 'A', 1), reserved: 4 }
  ])
  const levels = createClickHouseStockLevels(client)
  t.same(await levels.list('', 10), [{ sku: 'A', onHand: 10, reserved: 4, reorderLevel: 9 }, { sku: 'B', onHand: 10, reserved: 1, reorderLevel: 1 }])
  t.same((await levels.list('A', 10)).map(({ sku }) => sku), ['B'])
  t.same((await levels.low('', 10)).map(({ sku }) => sku), ['A'])
  const held = await levels.held({ limit: 10 })
  t.same(held.map(({ orderId, sku, quantity }) => `${orderId} ${sku} ${quantity}`), ['a A 2', 'b A 2', 'b B 1'], 'what was given back or taken off is not held')
  t.ok(held.every(({ sinceMs }) => sinceMs > 1_600_000_000_000))
  t.same((await levels.held({ limit: 10, after: { orderId: 'b', sku: 'A' } })).map(({ sku }) => sku), ['B'])
  t.same((await levels.held({ limit: 10, sku: 'B' })).map(({ orderId }) => orderId), ['b'])
  t.same((await levels.held({ limit: 1, orderId: 'b' })).map(({ sku }) => sku), ['A'])
})
