import assert from 'node:assert/strict'
import fc from 'fast-check'
import { test } from 'tap'
import { type CountedPaymentEvent } from '../../../topology/analytics/count-payment.ts'
import { type CountedOrderEvent } from '../../../topology/analytics/counted-status.ts'
import { captured, confirmed, count, created, delivered, ended, opened, refunded, refused, sums } from './analytics-fixtures.ts'

const orderLife = fc.constantFrom<readonly CountedOrderEvent[]>(
  [created()], [created(), confirmed()], [created(), confirmed(), delivered()], [created(), ended('OrderCancelled', 3)],
  [created(), ended('OrderTimedOut', 3)], [created(), confirmed(), ended('OrderCancelled', 8)], [created(), ended('OrderFailed', 4)]
)
const paymentLife = fc.constantFrom<readonly CountedPaymentEvent[]>(
  [], [opened()], [opened(), captured()], [opened(), refused(3)], [opened(), refused(3, 'fenced')], [opened(), refused(3), opened(4, 'card'), captured(6)],
  [opened(), captured(), refunded(6, 100n)], [opened(), captured(), refunded(6, 100n), refunded(8, 300n, 'PaymentRefunded')]
)

/** One way in which two logs may be read: `true` = the next record is one of payments. Repeats come anywhere after their first time. */
interface Reading { readonly turns: readonly boolean[], readonly repeats: readonly number[] }
const reading: fc.Arbitrary<Reading> = fc.record({ turns: fc.array(fc.boolean(), { maxLength: 12 }), repeats: fc.array(fc.nat(20), { maxLength: 8 }) })

function read (orders: readonly CountedOrderEvent[], payments: readonly CountedPaymentEvent[], { turns, repeats }: Reading) {
  const [left, right] = [[...orders], [...payments]]
  const all: Array<CountedOrderEvent | CountedPaymentEvent> = []
  for (const isPayment of turns) {
    const next = (isPayment ? right : left).shift()
    if (next !== undefined) all.push(next)
  }
  all.push(...right, ...left)
  for (const place of repeats) {
    const again = all[place]
    if (again !== undefined) all.push(again)
  }
  return all
}

test('the figures of an order are those of its events, however two topics are read and whatever comes again', t => {
  fc.assert(fc.property(orderLife, paymentLife, reading, (orders, payments, how) => {
    const plain = count([...orders, ...payments])
    const found = count(read(orders, payments, how))
    assert.deepEqual(sums(found.facts), sums(plain.facts))
    assert.deepEqual(found.row.held, [])
    const figures = sums(found.facts)
    const last = orders.at(-1)?.type
    const placesOf = ['pending', 'confirmed', 'fulfilled', 'cancelled', 'failed', 'timedOut']
    assert.equal(placesOf.reduce((sum, place) => sum + Number(figures[place] ?? 0), 0), 1, last)
    const sold = orders.some(({ type }) => type === 'OrderConfirmed')
    const back = payments.reduce((sum, event) => 'effectId' in event ? sum + event.amount : sum, 0n)
    assert.equal(BigInt(figures['refunded'] ?? 0n), back)
    assert.equal(BigInt(figures['refunds'] ?? 0n), sold ? back : 0n)
  }), { numRuns: 500 })
  t.pass('500 readings')
  t.end()
})

test('there is never more than one fact an event', t => {
  fc.assert(fc.property(orderLife, paymentLife, reading, (orders, payments, how) => {
    assert.ok(count(read(orders, payments, how)).facts.length <= orders.length + payments.length)
  }))
  t.pass()
  t.end()
})
