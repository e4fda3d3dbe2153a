import { test } from 'tap'
import { uncounted } from '../../../topology/analytics/count-order.ts'
import { countPurchase, countVisit, visitIdOf } from '../../../topology/analytics/count-product.ts'
import { addedToCart, confirmed, count, created, delivered, placedAt, purchased, viewed } from './analytics-fixtures.ts'

test('a view and an addition to a cart count for their product, on the day on which they happened', t => {
  t.same(countVisit(viewed('v-1')), { type: 'ProductFact', at: placedAt, behaviour: 'viewed', times: 1, products: [{ sku: 'S1', lines: 0, pieces: 0 }] })
  t.same(countVisit(addedToCart('v-2', 3)), { type: 'ProductFact', at: placedAt, behaviour: 'addedToCart', times: 1, products: [{ sku: 'S1', lines: 0, pieces: 3 }] })
  t.end()
})

test('an order is bought once with each of its products, however many lines they stand in', t => {
  const { fact } = countPurchase(uncounted, purchased([['S1', 2], ['S2', 5], ['S1', 4]]))
  t.same(fact, {
    type: 'ProductFact', at: placedAt, behaviour: 'purchased', times: 1, products: [{ sku: 'S1', lines: 2, pieces: 6 }, { sku: 'S2', lines: 1, pieces: 5 }]
  })
  t.end()
})

test('a purchase that comes again counts nothing, before its order was heard of and after', t => {
  const early = countPurchase(uncounted, purchased())
  t.same([countPurchase(early.row, purchased()).row === early.row, countPurchase(early.row, purchased()).fact], [true, undefined])
  const { row } = count([created(), confirmed(), delivered()], early.row)
  t.equal(countPurchase(row, purchased()).fact, undefined, 'the row of the order remembers it')
  t.match(row, { status: 'fulfilled', isSold: true })
  t.end()
})

test('a visit counts under the id of the client within its session, a purchase under its order', t => {
  t.same([viewed('v-1'), addedToCart('v-1'), purchased()].map(visitIdOf), ['session-1/v-1', 'session-1/v-1', undefined])
  t.end()
})
