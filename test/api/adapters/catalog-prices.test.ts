import { test } from 'tap'
import { changesOf } from '../../../api/adapters/catalog-prices.ts'

test('the creation of a product sets its first prices, one a currency', t => {
  const prices = [{ currency: 'EUR', amount: '2.0000' }, { currency: 'GBP', amount: '1.5000' }]
  t.same(changesOf({ offset: 4n, type: 'ProductCreated', occurredAtMs: 7, payload: { prices } }), [
    { offset: 4n, changedAtMs: 7, currency: 'EUR', before: null, after: '2.0000' }, { offset: 4n, changedAtMs: 7, currency: 'GBP', before: null, after: '1.5000' }
  ])
  t.end()
})

test('a price change tells the price before, or that there was none', t => {
  const change = (oldAmount: string | null) => changesOf({ offset: 9n, type: 'ProductPriceChanged', occurredAtMs: 8, payload: { currency: 'GBP', oldAmount, newAmount: '3.0000' } })
  t.same(change('1.5000'), [{ offset: 9n, changedAtMs: 8, currency: 'GBP', before: '1.5000', after: '3.0000' }])
  t.match(change(null), [{ before: null }])
  t.end()
})
