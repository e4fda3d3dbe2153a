import { test } from 'tap'
import { type OrderAudit } from '#schemas'
import { type OrderEvent } from '../../../topology/topics.ts'
import { judgeAfterMs, judgeSides, planJudgement } from '../../../topology/audit/compare-sides.ts'
import { followOrder } from '../../../topology/audit/follow-order.ts'
import { type MoneyMove, followPayment, moneyMoves } from '../../../topology/audit/follow-payment.ts'
import { unseen } from '../../../topology/audit/order-audit.ts'
import {
  authorised, cancelled, captured, compensating, completed, created, delivered, refunded, reserved, returnedAll, returnedPart, timedOut, voided
} from './audit-fixtures.ts'

type Event = OrderEvent | MoneyMove
const isMoney = (event: Event): event is MoneyMove => (moneyMoves as readonly string[]).includes(event.type)

/** Follows events in the order given; the breaks as text, what became of the timer, and the row. */
function follow (...events: readonly Event[]) {
  let row: OrderAudit = unseen
  const timers: string[] = []
  const breaks = events.flatMap(event => {
    const followed = isMoney(event) ? followPayment(row, event) : followOrder(row, event)
    const planned = planJudgement(row, followed.row)
    row = planned.row
    if (planned.judgement.kind !== 'keep') timers.push(planned.judgement.kind === 'set' ? `set ${planned.judgement.afterMs}` : 'cancel')
    return followed.breaks.map(({ law, message, expected, actual }) => `${law}: ${message}: ${expected} / ${actual}`)
  })
  return { breaks, timers, row, judged: judgeSides(row).breaks.map(({ law, message }) => `${law}: ${message}`) }
}

const paidOrder = [created(), authorised(3), captured(5), completed(2)]

test('money that is taken, kept or given back breaks nothing', t => {
  const lives: ReadonlyArray<readonly Event[]> = [
    paidOrder,
    [...paidOrder, refunded(6, 300n, 300n), refunded(7, 700n, 1_000n), compensating(3), cancelled(4, 1_000n)],
    [created(), authorised(2), voided(3), compensating(2), cancelled(3), voided(3, 0n)],
    [created(0n), completed(2, 0n)],
    [created(), cancelled(2)]
  ]
  for (const life of lives) t.match(follow(...life), { breaks: [], judged: [] })
  t.end()
})

test('the timer is set while the sides differ, anew at a new claim, and cancelled when they agree', t => {
  const { none, paid, ended } = judgeAfterMs
  t.same(follow(...paidOrder).timers, [])
  t.same(follow(created(), completed(2), authorised(3), captured(5)).timers, [`set ${paid}`, 'cancel'])
  t.same(follow(created(), completed(2), cancelled(3, 1_000n), authorised(3), captured(5), refunded(7, 1_000n, 1_000n)).timers, [`set ${paid}`, `set ${ended}`, 'cancel'])
  t.same(follow(authorised(3), created(), captured(5)).timers, [`set ${none}`, 'cancel'])
  t.same(follow(created(), authorised(3), compensating(2), voided(4)).timers, [], 'a compensation may take as long as it likes')
  t.end()
})

test('the money law is broken when a payment moves what is not there', t => {
  t.same(follow(created(), captured(2)).breaks, ['money: more is captured than is open: at most 0.0000 / 0.1000'])
  t.same(follow(created(), authorised(2), voided(3), captured(4)).breaks, ['money: more is captured than is open: at most 0.0000 / 0.1000'])
  t.same(follow(created(), authorised(2), authorised(4)).breaks, ['money: money is authorised twice: 0.0000 open / 0.1000 open'])
  t.match(follow(created(), authorised(2), voided(3, 900n)).breaks, [/^money: the void gives up something else/])
  t.match(follow(...paidOrder, refunded(6, 300n, 400n)).breaks, ['money: the refunds do not add up: 0.0300 / 0.0400'])
  t.match(follow(...paidOrder, refunded(6, 1_100n, 1_100n)).breaks, [/^money: more is refunded than was captured/])
  t.match(follow(created(), authorised(2, -1n)).breaks, [/^money: PaymentAuthorized moves less than nothing/])
  t.match(follow(created(), authorised(2), authorised(2)).breaks, [/^money: PaymentAuthorized came before/])
  t.end()
})

test('the money law is broken when the sides differ and nothing more can come', t => {
  t.same(follow(created(), completed(2)).judged, ['money: the order says that it is paid, the payment says something else'])
  t.same(follow(created(), authorised(3, 1_100n), captured(4), completed(2)).judged, ['money: the order says that it is paid, the payment says something else'])
  const kept = ['money: an ended order keeps no money, and gave back what it says']
  t.same(follow(created(), authorised(2), cancelled(2)).judged, kept)
  t.same(follow(...paidOrder, cancelled(3, 1_000n)).judged, kept)
  t.same(follow(...paidOrder, refunded(6, 1_000n, 1_000n), cancelled(3, 900n)).judged, kept)
  t.same(follow(authorised(3)).judged, ['money: money moves for an order that never began'])
  t.end()
})

test('the money law is broken when two events of an order name two prices', t => {
  t.same(follow(created(), completed(2, 900n), authorised(3), captured(4)).breaks, ['money: OrderPaymentCompleted names another price than the events before: 0.1000 / 0.0900'])
  t.same(follow(created(), cancelled(2, 0n, 1_001n)).breaks.length, 1)
  t.end()
})

test('the money of an order is reported once', t => {
  const { breaks, judged, timers, row } = follow(created(), captured(2), captured(3), completed(2), cancelled(3, 0n))
  t.equal(breaks.length, 1)
  t.same(judged, [])
  t.same(timers, [])
  t.match(row, { moneyBroken: true, outcomeBroken: false })
  t.end()
})

test('the outcome law is broken by a second end, and by anything after the first', t => {
  t.same(follow(created(), cancelled(2), timedOut(3)).breaks, ['outcome: OrderTimedOut follows the end of the order: no event / event 3'])
  t.match(follow(created(), cancelled(2), compensating(3), timedOut(4)).breaks, [/^outcome: OrderCompensationStarted follows/])
  t.end()
})

test('a delivered order breaks nothing when it is given back, in parts or in whole', t => {
  const events = [delivered(3, 2, 1), returnedPart(4, 1), refunded(6, 100n, 100n), returnedAll(5, 2)]
  t.match(follow(...paidOrder, ...events), { breaks: [], judged: [], row: { delivered: 3, returned: 3 } })
  t.end()
})

test('the outcome law is broken by anything that undoes a delivered order, and by a second delivery', t => {
  const after = (event: Event) => follow(...paidOrder, delivered(3, 2), event).breaks
  t.same(after(compensating(4)), ['outcome: OrderCompensationStarted follows the delivery: the order stays fulfilled / OrderCompensationStarted'])
  t.match(after(cancelled(4, 1_000n)), [/^outcome: OrderCancelled follows the delivery/])
  t.match(after(delivered(4, 2)), [/^outcome: OrderDelivered follows a delivery/])
  t.end()
})

test('the outcome law is broken by more that comes back than was delivered, and by a return that is called whole and is not', t => {
  t.same(follow(...paidOrder, delivered(3, 2), returnedPart(4, 3)).breaks, ['outcome: OrderPartiallyReturned does not fit what was delivered: 2 delivered / 3 given back'])
  t.match(follow(...paidOrder, returnedPart(3, 1)).breaks, [/0 delivered \/ 1 given back/])
  t.match(follow(...paidOrder, delivered(3, 2), returnedAll(4, 1)).breaks, [/^outcome: OrderReturned does not fit/])
  t.match(follow(...paidOrder, delivered(3, 2), returnedPart(4, 2)).breaks, [/^outcome: OrderPartiallyReturned does not fit/])
  t.end()
})

test('the outcome law is broken once by events that are missing or come again', t => {
  t.same(follow(created(), reserved(4), compensating(7)).breaks, ['outcome: events are missing before OrderInventoryReserved: event 2 / event 4'])
  t.same(follow(reserved(2)).breaks.length, 1)
  t.same(follow(created(), reserved(2), created(), reserved(2)).breaks, ['outcome: OrderCreated came before: event 3 / event 1'])
  t.end()
})

test('a row is the same object when nothing changes', t => {
  const { row } = follow(...paidOrder)
  t.equal(followPayment(row, voided(5, 0n)).row, row, 'an answer that moves nothing')
  const broken = follow(created(), reserved(2), created()).row
  t.equal(followOrder(broken, created()).row, broken, 'an event again, reported before')
  t.equal(followPayment(follow(created(), captured(2)).row, captured(3)).breaks.length, 0)
  t.end()
})
