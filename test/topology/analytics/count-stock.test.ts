import { test } from 'tap'
import { type CountedStockEvent, countStock, uncountedSku } from '../../../topology/analytics/count-stock.ts'
import { meta } from './analytics-fixtures.ts'

const registered: CountedStockEvent = { type: 'SkuRegistered', meta: meta(1), sku: 'MUG', openingStock: 10, reorderLevel: 2 }
const adjusted = (delta: number, version = 2): CountedStockEvent =>
  ({ type: 'StockAdjusted', meta: meta(version), sku: 'MUG', delta, reason: 'stocktaking', onHand: 10 + delta, reserved: 3 })

test('a SKU that is registered opens its stock', t => {
  const { fact } = countStock(uncountedSku, registered)
  t.same(fact, { type: 'StockFact', sku: 'MUG', at: 1_000, movement: 'opened', reason: '', received: 0, writtenOff: 0, onHandDelta: 10, onHand: 10, reserved: 0 })
  t.end()
})

test('a correction counts what came in or was written off, and the level that it leads to', t => {
  t.match(countStock(uncountedSku, adjusted(5)).fact, { movement: 'received', received: 5, writtenOff: 0, onHandDelta: 5, onHand: 15, reserved: 3, reason: 'stocktaking' })
  t.match(countStock(uncountedSku, adjusted(-4)).fact, { movement: 'writtenOff', received: 0, writtenOff: 4, onHandDelta: -4, onHand: 6 })
  t.end()
})

test('a correction that comes again, or after a newer one, counts nothing', t => {
  const { row } = countStock(uncountedSku, adjusted(5, 4))
  for (const version of [4, 3]) t.same([countStock(row, adjusted(5, version)).row === row, countStock(row, adjusted(5, version)).fact], [true, undefined])
  t.end()
})
