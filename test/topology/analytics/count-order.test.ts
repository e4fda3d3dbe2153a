import { test } from 'tap'
import { countOrder, uncounted } from '../../../topology/analytics/count-order.ts'
import { countedOrderEvents, countedStatus, statusDeltas } from '../../../topology/analytics/counted-status.ts'
import { confirmed, count, created, delivered, ended, orderId, placedAt, sums, total } from './analytics-fixtures.ts'

const places = ['pending', 'confirmed', 'fulfilled', 'cancelled', 'failed', 'timedOut'] as const

test('an accepted order is pending, on its own day', t => {
  const { facts } = count([created()])
  t.match(facts, [{ type: 'OrderFact', orderId, placedAt, at: 1_000, currency: 'GBP', channel: 'storefront', country: 'GB', customerId: 'anna', status: 'pending' }])
  t.same(sums(facts), { orders: 1, pending: 1 })
  t.end()
})

test('a confirmed order is a sale, with its lines, its pieces and its total', t => {
  const { facts } = count([created(), confirmed()])
  t.match(facts[1], { placedAt, at: 6_000, channel: 'storefront', country: 'GB', status: 'confirmed', pending: -1, confirmed: 1 })
  t.same(sums(facts), { confirmed: 1, gross: total, lines: 2, orders: 1, sales: 1, units: 7 })
  t.end()
})

test('a delivered order is fulfilled, and its sale is counted once', t => {
  t.same(sums(count([created(), confirmed(), delivered()]).facts), { fulfilled: 1, gross: total, lines: 2, orders: 1, sales: 1, units: 7 })
  t.end()
})

test('an order that ends is counted there, and no longer where it was', t => {
  for (const [type, place] of [['OrderCancelled', 'cancelled'], ['OrderFailed', 'failed'], ['OrderTimedOut', 'timedOut']] as const) {
    t.same(sums(count([created(), ended(type, 3)]).facts), { orders: 1, [place]: 1 }, `${type} of a pending order`)
    t.same(sums(count([created(), confirmed(), ended(type, 8)]).facts), { [place]: 1, gross: total, lines: 2, orders: 1, sales: 1, units: 7 }, `${type} of a sold order`)
  }
  t.end()
})

test('an event that comes again counts nothing, and leaves the row as it is', t => {
  const events = [created(), confirmed(), delivered()]
  const { row } = count(events)
  for (const event of events) t.same([countOrder(row, event).row === row, countOrder(row, event).facts], [true, []], event.type)
  t.end()
})

test('every event of the table moves one order to its place, whatever the place before', t => {
  for (const type of countedOrderEvents) {
    for (const from of [null, ...places]) {
      const deltas = statusDeltas(from, countedStatus[type])
      t.equal(places.reduce((sum, place) => sum + deltas[place], 0), deltas.orders, `${from ?? 'nowhere'} → ${type}`)
      t.equal(deltas.orders, from === null ? 1 : 0)
    }
  }
  t.end()
})

test('an order of a guest without a country is counted as such', t => {
  t.match(count([created({ customerId: null, country: null })]).facts, [{ customerId: null, country: null }])
  t.end()
})

test('an order whose first event is missing is not counted by guessing', t => {
  t.throws(() => countOrder(uncounted, confirmed()), /OrderConfirmed is the first event of order/)
  t.end()
})
