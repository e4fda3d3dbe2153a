import { test } from 'tap'
import { available, crossedReorderLevel, evolveStock, moveStock, openStock } from '../../../topology/inventory/stock.ts'
import { decideStock } from '../../../topology/inventory/decide-stock.ts'

const stock = openStock('A', 10, 2)

test('a movement and its way back leave the counters as they were', t => {
  const pairs = [['reserve', 'release']] as const
  for (const [there, back] of pairs) {
    const again = moveStock(moveStock(stock, there, 3), back, 3)
    t.match(again, { onHand: 10, reserved: 0, deducted: 0, in: 0, out: 0 })
  }
  const sold = moveStock(moveStock(stock, 'reserve', 4), 'deduct', 4)
  t.match(sold, { onHand: 6, reserved: 0, deducted: 4 })
  t.match(moveStock(sold, 'restore', 4), { onHand: 10, reserved: 0, deducted: 0 })
  t.end()
})

test('a movement throws when it would take a counter below zero or reserve more than is on hand', t => {
  t.throws(() => moveStock(stock, 'reserve', 11), RangeError)
  t.throws(() => moveStock(stock, 'release', 1), RangeError)
  t.throws(() => moveStock(stock, 'deduct', 1), RangeError)
  t.throws(() => moveStock(stock, 'restore', 1), RangeError)
  t.throws(() => moveStock(moveStock(stock, 'reserve', 9), 'writeOff', 2), RangeError)
  t.end()
})

test('every movement makes a new version of the stock', t => {
  t.equal(moveStock(stock, 'receive', 1).version, 2)
  t.equal(moveStock(moveStock(stock, 'receive', 1), 'writeOff', 1).version, 3)
  t.end()
})

test('registering opens a SKU once and passes over an equal repeat', t => {
  const command = { type: 'RegisterSku', sku: 'A', openingStock: 10, reorderLevel: 2 } as const
  const first = decideStock(undefined, command)
  t.same(first.events, [{ type: 'SkuRegistered', sku: 'A', openingStock: 10, reorderLevel: 2 }])
  t.same(first.stock, stock)
  const again = decideStock(first.stock, command)
  t.same(again.events, [])
  t.equal(again.rejection, undefined)
  t.end()
})

test('registering a known SKU with another opening stock is rejected and changes nothing', t => {
  const decision = decideStock(stock, { type: 'RegisterSku', sku: 'A', openingStock: 11, reorderLevel: 2 })
  t.equal(decision.rejection?.code, 'sku-known')
  t.same(decision.events, [])
  t.end()
})

test('registering with bad values is rejected with the field', t => {
  t.match(decideStock(undefined, { type: 'RegisterSku', sku: 'A', openingStock: -1, reorderLevel: 0 }).rejection, { field: 'openingStock' })
  t.match(decideStock(undefined, { type: 'RegisterSku', sku: 'A', openingStock: 1, reorderLevel: -1 }).rejection, { field: 'reorderLevel' })
  t.match(decideStock(undefined, { type: 'RegisterSku', sku: '', openingStock: 1, reorderLevel: 1 }).rejection, { field: 'sku' })
  t.end()
})

test('a delivery adds to the stock on hand', t => {
  const { events, stock: after } = decideStock(stock, { type: 'Restock', sku: 'A', quantity: 5 })
  t.same(events, [{ type: 'StockAdjusted', sku: 'A', delta: 5, reason: 'restock', onHand: 15, reserved: 0 }])
  t.match(after, { onHand: 15, in: 5, version: 2 })
  t.end()
})

test('a delivery of nothing, of less than nothing or beyond the range is rejected', t => {
  for (const quantity of [0, -3, 2_147_483_647, 0.5]) {
    t.equal(decideStock(stock, { type: 'Restock', sku: 'A', quantity }).rejection?.code, 'invalid-quantity')
  }
  t.end()
})

test('an adjustment of an unknown SKU is rejected', t => {
  t.equal(decideStock(undefined, { type: 'AdjustStock', sku: 'Z', delta: 1, reason: '', expectedVersion: null }).rejection?.code, 'unknown-sku')
  t.equal(decideStock(undefined, { type: 'Restock', sku: 'Z', quantity: 1 }).rejection?.code, 'unknown-sku')
  t.end()
})

test('an adjustment is rejected when it was decided on another version', t => {
  const command = { type: 'AdjustStock', sku: 'A', delta: -1, reason: 'broken', expectedVersion: 1 } as const
  t.equal(decideStock(stock, command).rejection, undefined)
  t.equal(decideStock(moveStock(stock, 'receive', 1), command).rejection?.code, 'version-mismatch')
  t.end()
})

test('a write-off never takes pieces that are reserved', t => {
  const held = moveStock(stock, 'reserve', 8)
  const command = { type: 'AdjustStock', sku: 'A', delta: -3, reason: 'broken', expectedVersion: null } as const
  t.equal(decideStock(held, command).rejection?.code, 'short-stock')
  t.match(decideStock(held, { ...command, delta: -2 }).stock, { onHand: 8, reserved: 8, out: 2 })
  t.end()
})

test('low stock is told once, at the crossing of the reorder level', t => {
  const before = moveStock(stock, 'reserve', 7)
  const at = moveStock(before, 'reserve', 1)
  t.equal(available(at), 2)
  t.equal(crossedReorderLevel(before, at), true)
  t.equal(crossedReorderLevel(at, moveStock(at, 'reserve', 1)), false)
  t.equal(crossedReorderLevel(at, moveStock(at, 'receive', 5)), false)
  t.end()
})

test('folding the events of a SKU gives its row', t => {
  const bought = decideStock(stock, { type: 'Restock', sku: 'A', quantity: 5 })
  const lost = decideStock(bought.stock, { type: 'AdjustStock', sku: 'A', delta: -2, reason: 'lost', expectedVersion: null })
  const events = [{ type: 'SkuRegistered', sku: 'A', openingStock: 10, reorderLevel: 2 } as const, ...bought.events, ...lost.events]
  const folded = events.reduce<ReturnType<typeof evolveStock>>((row, event) => evolveStock(row, event), undefined)
  t.same(folded, lost.stock)
  t.end()
})
