import { test } from 'tap'
import { type StockMove, followStock } from '../../../topology/audit/follow-stock.ts'
import { registered, stockEvent } from './audit-fixtures.ts'

/** Follows events from the first on; the messages of all breaks, and the row. */
function follow (events: readonly StockMove[], isLogWhole = true) {
  let row: ReturnType<typeof followStock>['row'] | undefined
  const breaks = events.flatMap(event => {
    const followed = followStock(row, event, isLogWhole)
    row = followed.row
    return followed.breaks.map(({ message, expected, actual }) => `${message}: ${expected} / ${actual}`)
  })
  return { breaks, row }
}

const reserved = stockEvent('StockReserved', 2, 4, [10, 4])

test('stock that adds up breaks nothing, whatever moves it', t => {
  const { breaks, row } = follow([
    registered(), reserved, stockEvent('StockDeducted', 3, 4, [6, 0]), stockEvent('StockAdjusted', 4, 5, [11, 0]), stockEvent('StockReleased', 5, 4, [15, 0], true),
    stockEvent('StockReserved', 6, 1, [15, 1]), stockEvent('StockReleased', 7, 1, [15, 0]), stockEvent('StockAdjusted', 8, -15, [0, 0])
  ])
  t.same(breaks, [])
  t.same(row, { type: 'StockAudit', version: 8, onHand: 0, reserved: 0, deducted: 0, instead: null })
  t.end()
})

test('an event that does not add up is one break, and the stock goes on from what it says', t => {
  const { breaks, row } = follow([registered(), stockEvent('StockReserved', 2, 4, [9, 4]), stockEvent('StockReleased', 3, 4, [9, 0]), stockEvent('StockAdjusted', 4, 1, [10, 0])])
  t.same(breaks, ['StockReserved does not add up: 10 on hand, 4 reserved / 9 on hand, 4 reserved'])
  t.match(row, { version: 4, onHand: 10, reserved: 0, deducted: null, instead: null })
  t.end()
})

test('an event that does not add up is one break when the next one says that it should have', t => {
  const { breaks, row } = follow([registered(), stockEvent('StockReserved', 2, 4, [9, 4]), stockEvent('StockReleased', 3, 4, [10, 0]), stockEvent('StockAdjusted', 4, 1, [11, 0])])
  t.equal(breaks.length, 1)
  t.match(row, { onHand: 11, reserved: 0, instead: null })
  t.end()
})

test('a second wrong event is a second break', t => {
  t.equal(follow([registered(), stockEvent('StockReserved', 2, 4, [9, 4]), stockEvent('StockReleased', 3, 4, [8, 0])]).breaks.length, 2)
  t.end()
})

test('an event that is missing is one break, even when the figures come out', t => {
  const { breaks } = follow([registered(), reserved, stockEvent('StockReserved', 5, 1, [10, 5]), stockEvent('StockReleased', 6, 1, [10, 4])])
  t.same(breaks, ['events are missing before StockReserved: event 3 / event 5'])
  t.end()
})

test('an event that comes again is one break and moves nothing, however late it is', t => {
  const { breaks, row } = follow([registered(), reserved, stockEvent('StockDeducted', 3, 4, [6, 0]), reserved, stockEvent('StockAdjusted', 4, 1, [7, 0])])
  t.same(breaks, ['StockReserved came before: event 4 / event 2'])
  t.match(row, { onHand: 7, reserved: 0, deducted: 4 })
  t.same(follow([registered(), reserved, registered()]).breaks, ['SkuRegistered came before: event 3 / event 1'])
  t.end()
})

test('selling more than there is is one break, until it is healed', t => {
  const oversold = [registered(), stockEvent('StockReserved', 2, 11, [10, 11]), stockEvent('StockDeducted', 3, 11, [-1, 0])]
  t.same(follow(oversold).breaks, ['more is reserved than there is: at most 10 reserved / 11 reserved'])
  const again = [...oversold, stockEvent('StockAdjusted', 4, 1, [0, 0]), stockEvent('StockAdjusted', 5, -1, [-1, 0])]
  t.same(follow(again).breaks.slice(1), ['stock is below zero: at least 0 on hand / -1 on hand'])
  t.end()
})

test('anything below zero is a break', t => {
  t.match(follow([registered(-1)]).breaks, [/^stock is below zero/])
  t.match(follow([registered(), stockEvent('StockReleased', 2, 1, [10, -1])]).breaks, [/^less than nothing is reserved/])
  t.match(follow([registered(), stockEvent('StockReleased', 2, 1, [11, 0], true)]).breaks, ['more was put back than was sold: at least 0 sold / -1 sold'])
  t.end()
})

test('a SKU without its registration is a break when the log is whole, and followed from there when it is not', t => {
  const events = [reserved, stockEvent('StockDeducted', 3, 4, [6, 0])]
  t.same(follow(events).breaks, ['the SKU was never registered: SkuRegistered / StockReserved'])
  t.same(follow(events, false).breaks, [])
  t.match(follow([...events, stockEvent('StockAdjusted', 4, 1, [8, 0])], false).breaks, [/does not add up/])
  t.end()
})
