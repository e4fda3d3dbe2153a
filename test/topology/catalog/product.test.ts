import { type CreateProduct, type ProductState, type UpdateProduct } from '#schemas'
import { test } from 'tap'
import { catalogLimits } from '../../../topology/catalog/limits.ts'
import { type ProductRequest, decideProduct, evolveProduct, viewOf } from '../../../topology/catalog/product.ts'
import { changePrice, createProduct, updateProduct } from '../../support/catalog.ts'

const nowMs = 1_700_000_000_000
const categories = new Map([['mugs', { archived: false }], ['old', { archived: true }]])
const env = { category: (id: string) => categories.get(id), nowMs }
const decide = (product: ProductState | undefined, command: ProductRequest) => decideProduct(product, command, env)

const create = createProduct('A', {
  name: 'mug', prices: [{ currency: 'GBP', amount: 25_500n }, { currency: 'EUR', amount: 30_000n }], weightGrams: 300, volumeCm3: 1_200
})
const made = decide(undefined, create).product as ProductState
const archived: ProductState = { ...made, status: 'archived' }

test('creating a product tells its content, prices in order of the currency', t => {
  const { event, product } = decide(undefined, create)
  t.match(event, { type: 'ProductCreated', sku: 'A', status: 'published', prices: [{ currency: 'EUR' }, { currency: 'GBP' }] })
  const view = viewOf(product as ProductState, 'low')
  t.match(view, { type: 'ProductView', sku: 'A', version: 1, stocked: true, weightGrams: 300, status: 'published', availability: 'low', updatedAt: nowMs })
  t.notOk('createdHash' in view)
  t.end()
})

test('creating a product again with the same content is a repeat, also in another order and after a price change', t => {
  t.same(decide(made, create), {})
  t.same(decide(made, { ...create, prices: create.prices.toReversed() }), {})
  t.same(decide(decide(made, changePrice('A', 1n)).product, create), {})
  t.end()
})

test('a product that tells nothing new has the fingerprint that it had before there was anything new to tell', t => {
  // Recorded from the build before products had descriptions, categories and a status.
  t.equal(decide(undefined, createProduct('A', { name: 'mug', weightGrams: 1 })).product?.createdHash, 'abdb2466b6389ceff727524f450a9340d9c38349feaf9bcc506ec923fd70a3d2')
  t.not(decide(undefined, { ...create, description: 'large' }).product?.createdHash, made.createdHash)
  t.not(decide(undefined, { ...create, status: 'draft' }).product?.createdHash, made.createdHash)
  t.end()
})

test('creating a known product with other content is rejected', t => {
  t.equal(decide(made, { ...create, name: 'cup' }).rejection?.code, 'product-exists')
  t.equal(decide(made, { ...create, featured: true }).rejection?.code, 'product-exists')
  t.end()
})

const attribute = (name: string, value = 'red') => ({ name, value })
const image = (url: string, alt = '') => ({ url, alt })

/** What a content may not be, with the code and the field of the rejection: the same for a new product and a changed one. */
const badContent: ReadonlyArray<readonly [name: string, change: Partial<UpdateProduct> & Partial<CreateProduct>, code: string, field: string]> = [
  ['a blank name', { name: ' ' }, 'invalid-name', 'name'],
  ['a long name', { name: 'x'.repeat(catalogLimits.nameLength + 1) }, 'invalid-name', 'name'],
  ['a long description', { description: 'x'.repeat(catalogLimits.descriptionLength + 1) }, 'invalid-description', 'description'],
  ['a weight below zero', { weightGrams: -1 }, 'invalid-weight', 'weightGrams'],
  ['a volume below zero', { volumeCm3: -1 }, 'invalid-volume', 'volumeCm3'],
  ['a category that is not there', { categoryIds: ['mugs', 'cups'] }, 'unknown-category', 'categoryIds'],
  ['an archived category', { categoryIds: ['old'] }, 'category-archived', 'categoryIds'],
  ['a category twice', { categoryIds: ['mugs', 'mugs'] }, 'category-repeated', 'categoryIds'],
  ['too many categories', { categoryIds: Array.from({ length: catalogLimits.categories + 1 }, (_, i) => `c${i}`) }, 'too-many-categories', 'categoryIds'],
  ['an attribute in capitals', { attributes: [attribute('Colour')] }, 'invalid-attribute', 'attributes'],
  ['an attribute without a value', { attributes: [attribute('colour', ' ')] }, 'invalid-attribute', 'attributes'],
  ['an attribute twice', { attributes: [attribute('colour'), attribute('colour', 'blue')] }, 'attribute-repeated', 'attributes'],
  ['too many attributes', { attributes: Array.from({ length: catalogLimits.attributes + 1 }, (_, i) => attribute(`a${i}`)) }, 'too-many-attributes', 'attributes'],
  ['an image that is not safe', { images: [image('http://a.example/x.png')] }, 'invalid-image', 'images'],
  ['an image that is a script', { images: [image('javascript:alert(1)')] }, 'invalid-image', 'images'],
  ['an image with a long text', { images: [image('https://a.example/x.png', 'x'.repeat(catalogLimits.imageAltLength + 1))] }, 'invalid-image', 'images'],
  ['too many images', { images: Array.from({ length: catalogLimits.images + 1 }, () => image('https://a.example/x.png')) }, 'too-many-images', 'images']
]

for (const [name, change, code, field] of badContent) {
  test(`a product is rejected with code and field when it has ${name}`, t => {
    t.match(decide(undefined, { ...create, ...change } as CreateProduct).rejection, { code, field })
    t.match(decide(made, updateProduct('A', change as Partial<UpdateProduct>)).rejection, { code, field })
    t.end()
  })
}

test('creating a product with bad values of its own is rejected with the field', t => {
  const field = (change: Partial<CreateProduct>) => decide(undefined, { ...create, ...change }).rejection?.field
  t.equal(field({ sku: '' }), 'sku')
  t.equal(field({ prices: [{ currency: 'GBP', amount: -1n }] }), 'amount')
  t.equal(field({ prices: [{ currency: 'pounds', amount: 1n }] }), 'currency')
  t.equal(field({ prices: [{ currency: 'GBP', amount: 1n }, { currency: 'GBP', amount: 2n }] }), 'prices')
  t.equal(field({ status: 'archived' }), 'status')
  t.equal(field({ status: 'unpublished' }), 'status')
  t.equal(field({ prices: [] }), undefined, 'a product without a price may be created')
  t.end()
})

test('an update changes what it names, and tells all of the content', t => {
  const { event, product } = decide(made, updateProduct('A', { description: 'large', categoryIds: ['mugs'], attributes: [attribute('colour')], featured: true }))
  t.match(event, { type: 'ProductUpdated', name: 'mug', description: 'large', categoryIds: ['mugs'], featured: true, weightGrams: 300 })
  t.match(product, { version: 2, name: 'mug', description: 'large', attributes: [attribute('colour')], prices: made.prices, status: 'published' })
  t.end()
})

test('an update that changes nothing is a repeat', t => {
  t.same(decide(made, updateProduct('A')), {})
  t.same(decide(made, updateProduct('A', { name: 'mug', weightGrams: 300, categoryIds: [] })), {})
  t.end()
})

test('an update keeps a category that was archived since, and takes no other archived one', t => {
  const inOld: ProductState = { ...made, categoryIds: ['old'] }
  t.equal(decide(inOld, updateProduct('A', { name: 'cup' })).rejection, undefined)
  t.equal(decide(made, updateProduct('A', { categoryIds: ['old'] })).rejection?.code, 'category-archived')
  t.end()
})

test('a command with the version that it has seen is rejected when the product has another one', t => {
  const { product } = decide(made, changePrice('A', 1n))
  for (const command of [updateProduct('A', { name: 'cup', expectedVersion: 1 }), changePrice('A', 2n, { expectedVersion: 1 })]) {
    t.match(decide(product, command).rejection, { code: 'version-mismatch', field: 'expectedVersion' })
    t.equal(decide(made, command).rejection, undefined)
  }
  t.end()
})

test('an archived product is changed no more', t => {
  for (const command of [updateProduct('A', { name: 'cup' }), changePrice('A', 1n)]) t.equal(decide(archived, command).rejection?.code, 'state-forbids')
  t.end()
})

test('a price change makes a new version and leaves the other currencies', t => {
  const { event, product } = decide(made, changePrice('A', 26_000n))
  t.match(event, { type: 'ProductPriceChanged', currency: 'GBP', oldAmount: 25_500n, newAmount: 26_000n })
  t.match(product, { version: 2, prices: [{ currency: 'EUR', amount: 30_000n }, { currency: 'GBP', amount: 26_000n }] })
  t.end()
})

test('a price in a new currency has no price before', t => {
  t.match(decide(made, changePrice('A', 1n, { currency: 'USD' })).event, { oldAmount: null, newAmount: 1n })
  t.end()
})

test('a price change to the same price is a repeat; of an unknown product or to a bad price it is rejected', t => {
  t.same(decide(made, changePrice('A', 25_500n)), {})
  t.equal(decide(undefined, changePrice('A', 1n)).rejection?.code, 'unknown-product')
  t.equal(decide(made, changePrice('A', -1n)).rejection?.code, 'invalid-price')
  t.end()
})

test('an event that creates a product, or tells of its stock, changes none that is there', t => {
  const { meta, ...content } = create
  t.equal(evolveProduct(made, { ...content, type: 'ProductCreated' }, nowMs), made)
  t.equal(evolveProduct(made, { type: 'ProductInventoryUpdated', sku: 'A', availability: 'out' }, nowMs), made)
  t.end()
})

test('folding the events of a product gives the product that was decided', t => {
  const commands = [updateProduct('A', { description: 'large', images: [image('https://a.example/x.png', 'a mug')] }), changePrice('A', 1n), changePrice('A', 2n, { currency: 'USD' })]
  let [decided, folded] = [made, made]
  for (const command of commands) {
    const { event, product } = decide(decided, command)
    folded = evolveProduct(folded, event!, nowMs)
    decided = product!
  }
  t.same(folded, decided)
  t.equal(folded.version, 4)
  t.end()
})
