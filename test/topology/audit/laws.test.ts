import { test } from 'tap'
import { describeViolation, joinReports, type LawReport } from '../../../topology/audit/law.ts'
import {
  type OrderSnapshot, type PaymentSnapshot, type ReservationSnapshot, type StockSnapshot, checkCounts, checkMoney, checkOutcomes, checkStock
} from '../../../topology/audit/laws.ts'

const stock = (change: Partial<StockSnapshot> = {}): StockSnapshot =>
  ({ sku: 'A', opening: 10, in: 2, out: 1, deducted: 4, onHand: 7, reserved: 3, waiting: 0, ...change })
const line = (sku: string, quantity: number) => ({ lineNo: 1, sku, quantity })
const reservation = (change: Partial<ReservationSnapshot> = {}): ReservationSnapshot =>
  ({ orderId: 'o1', attempt: 1, status: 'reserved', lines: [line('A', 2), line('A', 1)], ...change })
const sold = reservation({ orderId: 'o2', status: 'confirmed', lines: [line('A', 4)] })
const payment = (change: Partial<PaymentSnapshot> = {}): PaymentSnapshot => ({
  orderId: 'o1', status: 'captured', authorised: 10n, captured: 10n, voided: 0n, refunded: 0n, refunds: [], operation: null, waiting: [], ...change
})
const order = (change: Partial<OrderSnapshot> = {}): OrderSnapshot => ({
  orderId: 'o1', state: 'Confirmed', outcome: null, total: 10n, authorised: 10n, captured: 10n, voided: 0n, refunded: 0n, everConfirmed: true, lines: [], progress: [], returns: [], ...change
})
const orderLine = (sku: string, quantity: number, stocked = true) =>
  ({ lineNo: 1, sku, quantity, unitPrice: 1n, lineTotal: 1n, priceSource: 'catalog', catalogVersion: 1, stocked } as const)
const messages = (report: LawReport): string[] => report.violations.map(violation => violation.message)

test('the stock law holds for stock that adds up, several lines of a SKU included', t => {
  t.same(checkStock([stock()], [reservation(), sold, reservation({ orderId: 'o3', status: 'released' })], new Map([['A', 4]])), { checked: 1, violations: [] })
  t.end()
})

test('the stock law is broken by a count that does not add up', t => {
  t.match(messages(checkStock([stock({ onHand: 8 })], [reservation(), sold])), [/opening \+ in - out - deducted = on hand: 7 expected, 8 found/])
  t.end()
})

test('the stock law is broken by a reservation without stock behind it, and by stock held for nobody', t => {
  t.match(messages(checkStock([stock()], [sold])), [/open reservations = reserved: 0 expected, 3 found/])
  t.match(messages(checkStock([stock()], [reservation()])), [/confirmed reservations = deducted: 0 expected, 4 found/])
  t.match(messages(checkStock([], [sold])), [/held by reservations, but has no stock/])
  t.end()
})

test('the stock law is broken by anything below zero and by more reserved than there is', t => {
  const below = stock({ opening: 0, in: 0, out: 0, deducted: 0, onHand: 0, reserved: 3 })
  t.ok(messages(checkStock([below], [reservation()])).includes('3 reserved of 0 on hand'))
  t.ok(messages(checkStock([stock({ deducted: 13, onHand: -2, reserved: 0 })], [])).includes('onHand is -2, below zero'))
  t.end()
})

test('the stock law is broken when the events tell another deduction than the rows', t => {
  t.match(messages(checkStock([stock()], [reservation(), sold], new Map([['A', 3]]))), [/deducted by events = deducted: 3 expected, 4 found/])
  t.match(messages(checkStock([stock()], [reservation(), sold], new Map())), [/0 expected, 4 found/])
  t.end()
})

test('the money law holds for every state of a payment that adds up', t => {
  const rows = [
    payment(),
    payment({ orderId: 'o2', status: 'authorised', captured: 0n }),
    payment({ orderId: 'o3', status: 'voided', captured: 0n, voided: 10n }),
    payment({ orderId: 'o4', status: 'refunded', refunded: 10n, refunds: [{ effectId: 'r', requested: null, refunded: 10n, done: true, reason: '', refusal: '' }] }),
    payment({ orderId: 'o5', status: 'failed', captured: 0n }),
    payment({ orderId: 'o6', status: 'fenced', authorised: 0n, captured: 0n })
  ]
  t.same(checkMoney(rows, { gateway: rows, orders: rows.map(row => order({ ...row, state: 'Confirmed' })) }), { checked: 6, violations: [] })
  t.end()
})

test('the money law is broken by money from nowhere, by money left open, and by refunds that do not add up', t => {
  t.match(messages(checkMoney([payment({ captured: 11n })])), [/11 captured and 0 voided of 10 authorised/])
  t.match(messages(checkMoney([payment({ captured: 9n })])), [/1 is open though the payment is captured/])
  t.match(messages(checkMoney([payment({ refunded: 11n, refunds: [{ effectId: 'r', requested: null, refunded: 11n, done: true, reason: '', refusal: '' }] })])), [/11 refunded of 10 captured/])
  t.match(messages(checkMoney([payment({ refunded: 4n })])), [/refunds = refunded: 0 expected, 4 found/])
  t.match(messages(checkMoney([payment({ status: 'failed', authorised: -1n, captured: 0n })])), [/authorised is -1, below zero/, /of -1 authorised/])
  t.end()
})

test('the money law compares with the gateway, over all authorisations of an order', t => {
  const half = { orderId: 'o1', authorised: 5n, captured: 5n, voided: 0n, refunded: 0n }
  t.same(messages(checkMoney([payment()], { gateway: [half, half] })), [])
  t.match(messages(checkMoney([payment()], { gateway: [half] })), [/authorised at the gateway: 10 expected, 5 found/, /captured at the gateway/])
  t.match(messages(checkMoney([], { gateway: [half] })), [/has money at the gateway, but no payment/])
  t.match(messages(checkMoney([payment()], { gateway: [] })), [/authorised at the gateway: 10 expected, 0 found/, /captured/])
  t.end()
})

test('the money law compares with the books of the order', t => {
  t.match(messages(checkMoney([payment()], { orders: [order({ captured: 9n })] })), [/captured in the order: 10 expected, 9 found/])
  t.match(messages(checkMoney([], { orders: [order()] })), [/has money in the order, but no payment/])
  t.end()
})

test('the money law leaves a payment with a step under way to itself', t => {
  const operation = {
    step: 'capture', attempt: 1, effectId: '', amount: 10n, reason: '', answersVoid: false, tries: 0, unknown: false, inFlight: true, dueAt: null, ceiling: null, capped: false
  } as const
  t.same(messages(checkMoney([payment({ status: 'capturing', captured: 0n, operation })], { gateway: [payment()] })), [])
  t.end()
})

test('the outcome law holds for orders that ended once and for those that did not', t => {
  const free = { captured: 0n, authorised: 0n, everConfirmed: false }
  const orders = [
    order(),
    order({ orderId: 'o2', state: 'Cancelled', outcome: 'Cancelled', ...free }),
    order({ orderId: 'o3', state: 'Rejected', outcome: 'Rejected', ...free }),
    order({ orderId: 'o4', state: 'Delivered', outcome: 'Fulfilled' }),
    order({ orderId: 'o5', state: 'Cancelled', outcome: 'Cancelled', refunded: 10n }),
    order({ orderId: 'o6', state: 'InventoryReserved', captured: 0n, everConfirmed: false })
  ]
  const events = [
    { orderId: 'o2', type: 'OrderCancelled' }, { orderId: 'o3', type: 'OrderRejected' }, { orderId: 'o4', type: 'OrderDelivered' },
    { orderId: 'o5', type: 'OrderCancelled' }
  ] as const
  t.same(checkOutcomes(orders, events, [reservation({ orderId: 'o6' }), reservation({ orderId: 'o5', status: 'unconfirmed' })]), { checked: 6, violations: [] })
  t.end()
})

test('the outcome law is broken by two outcomes, and by a state that says another than the events', t => {
  const cancelled = order({ state: 'Cancelled', outcome: 'Cancelled', refunded: 10n })
  const ends = (...types: readonly ('OrderCancelled' | 'OrderTimedOut')[]) => types.map(type => ({ orderId: 'o1', type }))
  t.match(messages(checkOutcomes([cancelled], ends('OrderCancelled', 'OrderTimedOut'), [])), [/has 2 outcomes: OrderCancelled, OrderTimedOut/])
  t.match(messages(checkOutcomes([cancelled], ends('OrderTimedOut'), [])), [/ended as TimedOut by its events, its state says Cancelled/])
  t.match(messages(checkOutcomes([cancelled], [], [])), [/ended as nothing/])
  t.match(messages(checkOutcomes([order()], ends('OrderCancelled'), [])), [/ended as Cancelled by its events, its state says nothing/])
  t.match(messages(checkOutcomes([order({ state: 'Delivered', outcome: 'Fulfilled' })], ends('OrderCancelled'), [])), [/as Cancelled by its events, its state says Fulfilled/])
  t.end()
})

const delivered = (change: Partial<OrderSnapshot> = {}) => order({
  state: 'Delivered',
  outcome: 'Fulfilled',
  lines: [orderLine('A', 4)],
  progress: [{ lineNo: 1, shipped: 4, cancelled: 0, delivered: 4, returned: 0 }],
  ...change
})
const soldPart = reservation({ status: 'confirmed', lines: [line('A', 4)] })
const outcomesOf = (change: Partial<OrderSnapshot>) => messages(checkOutcomes([delivered(change)], [{ orderId: 'o1', type: 'OrderDelivered' }], [soldPart]))
const progress = (shipped: number, cancelled: number, delivered: number, returned: number) =>
  ({ progress: [{ lineNo: 1, shipped, cancelled, delivered, returned }] })

test('the outcome law holds for orders that were delivered, in part, in whole, and given back', t => {
  t.same(outcomesOf({}), [])
  t.same(outcomesOf({ state: 'PartiallyReturned', ...progress(4, 0, 4, 1), refunded: 1n }), [])
  t.same(outcomesOf({ ...progress(3, 1, 3, 0), refunded: 1n }), [])
  t.same(outcomesOf({ state: 'Returned', ...progress(4, 0, 4, 4), refunded: 10n }), [], 'no more is given back than was taken')
  t.end()
})

test('the outcome law is broken by pieces that come from nowhere, at every step of an order', t => {
  t.match(outcomesOf(progress(4, 1, 4, 0)), [/line 1: 4 shipped and 1 cancelled of 4/, /0 refunded/])
  t.match(outcomesOf(progress(3, 0, 4, 0)), [/line 1: 4 delivered of 3 shipped/])
  t.match(outcomesOf({ ...progress(4, 0, 4, 5), state: 'Returned', refunded: 10n }), [/line 1: 5 given back of 4 delivered/])
  t.match(outcomesOf({ progress: [{ lineNo: 9, shipped: 1, cancelled: 0, delivered: 1, returned: 0 }] }), [/line 9: 1 shipped and 0 cancelled of 0/])
  t.end()
})

test('the outcome law is broken by a delivery that is not the outcome, and by goods whose money was kept', t => {
  t.match(outcomesOf({ state: 'Shipped' }), [/is Shipped, and its outcome is Fulfilled/])
  t.match(outcomesOf({ outcome: null }), [/ended as Fulfilled by its events, its state says nothing/, /is Delivered, and its outcome is open/])
  t.match(outcomesOf({ ...progress(4, 0, 4, 2), state: 'PartiallyReturned' }), [/0 refunded, though 2 were cancelled or given back/])
  t.end()
})

test('the outcome law holds for an ended order whose goods were put back one by one, and for no other that keeps stock', t => {
  const lost = delivered({ state: 'Cancelled', outcome: 'Cancelled', refunded: 10n, ...progress(0, 4, 0, 0) })
  const ended = [{ orderId: 'o1', type: 'OrderCancelled' }] as const
  t.same(messages(checkOutcomes([lost], ended, [soldPart])), [])
  t.match(messages(checkOutcomes([{ ...lost, ...progress(0, 3, 0, 0) }], ended, [soldPart])), [/still holds stock \(confirmed\)/])
  t.end()
})

test('the outcome law is broken by an ended order that still holds stock or money', t => {
  const failed = order({ state: 'Failed', outcome: 'Failed' })
  const ended = [{ orderId: 'o1', type: 'OrderFailed' }] as const
  t.match(messages(checkOutcomes([failed], ended, [])), [/Failed orders keep no money: 0 expected, 10 found/])
  t.match(messages(checkOutcomes([{ ...failed, captured: 0n }], ended, [])), [/leave nothing authorised: 0 expected, 10 found/])
  t.match(messages(checkOutcomes([{ ...failed, refunded: 10n }], ended, [reservation()])), [/still holds stock \(reserved\)/])
  t.match(messages(checkOutcomes([{ ...failed, refunded: 10n }], ended, [reservation({ status: 'confirmed' })])), [/still holds stock \(confirmed\)/])
  t.end()
})

test('the outcome law is broken by a confirmed order whose lines are not deducted or whose total is not captured', t => {
  const confirmed = order({ lines: [orderLine('A', 4), orderLine('POST', 1, false)] })
  const part = reservation({ status: 'confirmed', lines: [line('A', 4)] })
  t.same(messages(checkOutcomes([confirmed], [], [part])), [])
  t.match(messages(checkOutcomes([confirmed], [], [{ ...part, status: 'reserved' }])), [/pieces of A sold = deducted: 4 expected, 0 found/])
  t.match(messages(checkOutcomes([confirmed], [], [{ ...part, lines: [line('A', 3), line('B', 1)] }])), [/of A/, /of B sold = deducted: 0 expected, 1 found/])
  t.match(messages(checkOutcomes([{ ...confirmed, captured: 9n }], [], [part])), [/total of a confirmed order = captured: 10 expected, 9 found/])
  t.same(messages(checkOutcomes([{ ...confirmed, state: 'Compensating' }], [], [])), [], 'not while it is being undone')
  t.end()
})

test('the count law is broken by a row too few, and by a row twice', t => {
  t.same(checkCounts([{ topic: 'a', records: 3n, rows: 3n, distinct: 3n }]), { checked: 1, violations: [] })
  t.match(messages(checkCounts([{ topic: 'a', records: 3n, rows: 2n }])), [/records in the topic = rows: 3 expected, 2 found/])
  t.match(messages(checkCounts([{ topic: 'a', records: 3n, rows: 3n, distinct: 2n }])), [/different offsets = rows: 2 expected, 3 found/])
  t.end()
})

test('reports are joined, and violations read as lines', t => {
  const report = joinReports([checkStock([stock()], [sold]), checkCounts([{ topic: 'a', records: 1n, rows: 1n }])])
  t.equal(report.checked, 2)
  t.same(report.violations.map(describeViolation), ['stock law: A: open reservations = reserved: 0 expected, 3 found'])
  t.same(joinReports([]), { checked: 0, violations: [] })
  t.end()
})
