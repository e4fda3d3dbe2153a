import { type CreateProduct, type ProductState } from '#schemas'
import { test } from 'tap'
import { decideProduct, evolveProduct, viewOf } from '../../../topology/catalog/product.ts'

const create = {
  type: 'CreateProduct', sku: 'A', name: 'mug', prices: [{ currency: 'GBP', amount: 25_500n }, { currency: 'EUR', amount: 30_000n }], stocked: true, weightGrams: 300, volumeCm3: 1_200
} as const satisfies Omit<CreateProduct, 'meta'>
const made = decideProduct(undefined, create).product as ProductState

test('creating a product tells its content, prices in order of the currency', t => {
  const { event, product } = decideProduct(undefined, create)
  t.match(event, { type: 'ProductCreated', sku: 'A', prices: [{ currency: 'EUR' }, { currency: 'GBP' }] })
  t.match(viewOf(product as ProductState), { type: 'ProductView', sku: 'A', version: 1, stocked: true, weightGrams: 300 })
  t.notOk('createdHash' in viewOf(product as ProductState))
  t.end()
})

test('creating a product again with the same content is a repeat, also in another order and after a price change', t => {
  t.same(decideProduct(made, create), {})
  t.same(decideProduct(made, { ...create, prices: create.prices.toReversed() }), {})
  const changed = decideProduct(made, { type: 'ChangePrice', sku: 'A', currency: 'GBP', amount: 1n }).product
  t.same(decideProduct(changed, create), {})
  t.end()
})

test('creating a known product with other content is rejected', t => {
  t.equal(decideProduct(made, { ...create, name: 'cup' }).rejection?.code, 'product-exists')
  t.end()
})

test('creating a product with bad values is rejected with the field', t => {
  const field = (change: Partial<CreateProduct>) => decideProduct(undefined, { ...create, ...change }).rejection?.field
  t.equal(field({ sku: '' }), 'sku')
  t.equal(field({ name: ' ' }), 'name')
  t.equal(field({ weightGrams: -1 }), 'weightGrams')
  t.equal(field({ prices: [{ currency: 'GBP', amount: -1n }] }), 'amount')
  t.equal(field({ prices: [{ currency: 'pounds', amount: 1n }] }), 'currency')
  t.equal(field({ prices: [{ currency: 'GBP', amount: 1n }, { currency: 'GBP', amount: 2n }] }), 'prices')
  t.equal(field({ prices: [] }), undefined, 'a product without a price may be created')
  t.end()
})

test('a price change makes a new version and leaves the other currencies', t => {
  const { event, product } = decideProduct(made, { type: 'ChangePrice', sku: 'A', currency: 'GBP', amount: 26_000n })
  t.match(event, { type: 'ProductPriceChanged', currency: 'GBP', oldAmount: 25_500n, newAmount: 26_000n })
  t.match(product, { version: 2, prices: [{ currency: 'EUR', amount: 30_000n }, { currency: 'GBP', amount: 26_000n }] })
  t.end()
})

test('a price in a new currency has no price before', t => {
  t.match(decideProduct(made, { type: 'ChangePrice', sku: 'A', currency: 'USD', amount: 1n }).event, { oldAmount: null, newAmount: 1n })
  t.end()
})

test('a price change to the same price is a repeat; of an unknown product or to a bad price it is rejected', t => {
  t.same(decideProduct(made, { type: 'ChangePrice', sku: 'A', currency: 'GBP', amount: 25_500n }), {})
  t.equal(decideProduct(undefined, { type: 'ChangePrice', sku: 'A', currency: 'GBP', amount: 1n }).rejection?.code, 'unknown-product')
  t.equal(decideProduct(made, { type: 'ChangePrice', sku: 'A', currency: 'GBP', amount: -1n }).rejection?.code, 'invalid-price')
  t.end()
})

test('an event that creates a product changes none that is there', t => {
  t.equal(evolveProduct(made, { ...create, type: 'ProductCreated' }), made)
  t.end()
})
