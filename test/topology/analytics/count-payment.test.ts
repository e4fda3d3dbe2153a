import { test } from 'tap'
import { countPayment } from '../../../topology/analytics/count-payment.ts'
import { captured, confirmed, count, created, ended, opened, placedAt, refunded, refused, sums, total } from './analytics-fixtures.ts'

test('money that is taken counts by the method that it was opened with', t => {
  const { facts } = count([created(), opened(), captured()])
  t.match(facts[1], { type: 'PaymentFact', placedAt, at: 4_000, paymentId: 'pay-1', method: 'paypal', currency: 'GBP', customerId: 'anna', failure: null, refunds: 0n })
  t.same(sums(facts.slice(1)), { captured: total, succeeded: 1 })
  t.end()
})

test('a payment that is opened again with another method counts by the newer one', t => {
  const { facts } = count([created(), opened(1, 'card'), refused(3), opened(4, 'invoice'), captured(6)])
  t.match(facts.slice(1), [{ method: 'card', declined: 1 }, { method: 'invoice', succeeded: 1 }])
  t.end()
})

test('a payment that fails counts by who said no; one that was fenced before it began is no attempt', t => {
  t.match(count([created(), opened(), refused(3, 'declined')]).facts[1], { declined: 1, failed: 0, failure: 'declined', failureCode: 'CARD_DECLINED' })
  t.match(count([created(), opened(), refused(3, 'technical')]).facts[1], { declined: 0, failed: 1, failure: 'technical' })
  t.same(count([created(), opened(), refused(3, 'fenced')]).facts.length, 1)
  t.end()
})

test('money that goes back counts against the revenue of the day of its order', t => {
  const { facts } = count([created(), opened(), captured(), confirmed(), refunded(6, 100n), refunded(8, 300n, 'PaymentRefunded')])
  t.match(facts.slice(3), [{ placedAt, refunded: 100n, refunds: 100n }, { placedAt, refunded: 300n, refunds: 300n }])
  t.end()
})

test('money of an order that was never sold goes back without touching the revenue', t => {
  t.same(sums(count([created(), opened(), captured(), refunded(6, total, 'PaymentRefunded'), ended('OrderCancelled', 5)]).facts), {
    cancelled: 1, captured: total, orders: 1, refunded: total, succeeded: 1
  })
  t.end()
})

test('money that went back before the sale was counted is given back of the revenue with the sale', t => {
  const { facts, row } = count([created(), opened(), captured(), refunded(6, 100n), confirmed(6)])
  t.match(facts.slice(2), [{ type: 'PaymentFact', refunds: 0n, refunded: 100n }, { type: 'OrderFact', gross: total, refunds: 100n }])
  t.equal(row.refundedUnsold, 0n)
  t.end()
})

test('what payments tell before the first event of their order is held until it comes, and then tells its day', t => {
  const early = count([opened(), captured(), refunded(6, 100n)])
  t.same(early.facts, [])
  t.equal(early.row.held.length, 2)
  const { facts, row } = count([created()], early.row)
  t.match(facts, [{ type: 'OrderFact', orders: 1 }, { type: 'PaymentFact', placedAt, method: 'paypal', at: 4_000, captured: total }, { at: 6_000, refunded: 100n, refunds: 0n }])
  t.same(row.held, [])
  t.same(sums(count([confirmed()], row).facts), { confirmed: 1, gross: total, lines: 2, pending: -1, refunds: 100n, sales: 1, units: 7 })
  t.end()
})

test('a payment event that comes again counts nothing, held or told', t => {
  const events = [opened(), captured(), refunded()]
  for (const { row } of [count(events), count([created(), ...events])]) {
    for (const event of events) t.same([countPayment(row, event).row === row, countPayment(row, event).facts], [true, []], event.type)
  }
  t.end()
})

test('a refund of nothing is no fact', t => {
  t.equal(count([created(), refunded(6, 0n)]).facts.length, 1)
  t.end()
})
