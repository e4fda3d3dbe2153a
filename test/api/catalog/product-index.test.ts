import { test } from 'tap'
import { type ProductQuery, ProductIndex } from '../../../api/catalog/product-index.ts'
import { productQuery } from '../../support/catalog-search.ts'
import { productView } from '../../support/catalog.ts'

const gbp = (amount: bigint) => [{ currency: 'GBP', amount }]
const colour = (value: string) => [{ name: 'colour', value }]

function shop (): ProductIndex {
  const index = new ProductIndex()
  const products = [
    productView('MUG-1', { name: 'red mug', description: 'holds a large coffee', prices: gbp(50_000n), attributes: colour('red'), categoryIds: ['tableware'], featured: true }),
    productView('MUG-2', { name: 'blue mug', prices: gbp(70_000n), attributes: colour('blue'), categoryIds: ['tableware'], availability: 'out' }),
    productView('LAMP-1', { name: 'red lantern', description: 'gives a warm light', prices: gbp(120_000n), attributes: colour('red'), categoryIds: ['lighting'] }),
    productView('DRAFT-1', { name: 'red draft', status: 'draft', attributes: colour('red') }),
    productView('OLD-1', { name: 'red relic', status: 'archived', attributes: colour('red') }),
    productView('FREE-1', { name: 'catalogue', prices: [] })
  ]
  for (const product of products) index.put(product.sku, product)
  return index
}

const skus = (index: ProductIndex, change: Partial<ProductQuery> = {}): string[] => index.search(productQuery(change)).hits.map(({ product }) => product.sku)
const words = (text: string) => ({ words: text, sort: 'relevance' as const })

const questions: ReadonlyArray<readonly [name: string, change: Partial<ProductQuery>, found: readonly string[]]> = [
  ['nothing is asked: by name', {}, ['MUG-2', 'FREE-1', 'LAMP-1', 'MUG-1']],
  ['a word of a name is asked', words('mug'), ['MUG-1', 'MUG-2']],
  ['two words are asked: both are there', words('red mug'), ['MUG-1']],
  ['the beginning of a word is asked', words('lant'), ['LAMP-1']],
  ['a letter is wrong', words('lanterm'), ['LAMP-1']],
  ['a word of a description is asked', words('coffee'), ['MUG-1']],
  ['a SKU is asked', words('LAMP-1'), ['LAMP-1']],
  ['the value of an attribute is asked', words('blue'), ['MUG-2']],
  ['a word that is nowhere is asked', words('submarine'), []],
  ['one category is asked', { categoryIds: new Set(['lighting']) }, ['LAMP-1']],
  ['one of two categories is asked', { categoryIds: new Set(['lighting', 'tableware']) }, ['MUG-2', 'LAMP-1', 'MUG-1']],
  ['no category is asked', { categoryIds: new Set<string>() }, []],
  ['an attribute is asked', { attributes: [['colour', 'red']] }, ['LAMP-1', 'MUG-1']],
  ['an attribute has to have two values', { attributes: [['colour', 'red'], ['colour', 'blue']] }, []],
  ['what is out is asked', { availability: 'out' }, ['MUG-2']],
  ['what is featured is asked', { featured: true }, ['MUG-1']],
  ['drafts are asked', { status: new Set(['draft'] as const) }, ['DRAFT-1']],
  ['prices have bounds, which count', { currency: 'GBP', minPrice: 50_000n, maxPrice: 70_000n }, ['MUG-2', 'MUG-1']],
  ['prices are asked in another currency', { currency: 'EUR', minPrice: 0n }, []],
  ['cheapest first: what has no price is last', { currency: 'GBP', sort: 'price' }, ['MUG-1', 'MUG-2', 'LAMP-1', 'FREE-1']],
  ['dearest first: what has no price is last', { currency: 'GBP', sort: '-price' }, ['LAMP-1', 'MUG-2', 'MUG-1', 'FREE-1']]
]

for (const [name, change, found] of questions) {
  test(`a search finds the right products when ${name}`, t => {
    t.same(skus(shop(), change), found)
    t.end()
  })
}

test('a search finds a product by its new words, and no more by its old ones, when it is renamed', t => {
  const index = shop()
  index.put('MUG-1', productView('MUG-1', { name: 'green cup' }))
  t.same(skus(index, words('green')), ['MUG-1'])
  t.same(skus(index, words('coffee')), [])
  t.end()
})

test('a list by name is in order when a product is put, renamed or removed', t => {
  const index = shop()
  skus(index)
  index.put('APRON-1', productView('APRON-1', { name: 'apron' }))
  t.same(skus(index), ['APRON-1', 'MUG-2', 'FREE-1', 'LAMP-1', 'MUG-1'])
  index.put('MUG-2', productView('MUG-2', { name: 'violet mug' }))
  t.same(skus(index), ['APRON-1', 'FREE-1', 'LAMP-1', 'MUG-1', 'MUG-2'])
  index.put('FREE-1', undefined)
  t.same(skus(index), ['APRON-1', 'LAMP-1', 'MUG-1', 'MUG-2'])
  t.end()
})

test('a search shows a new price and a new stock at once', t => {
  const index = shop()
  const dear = { currency: 'GBP', minPrice: 900_000n }
  t.same(skus(index, dear), [])
  index.put('MUG-2', productView('MUG-2', { name: 'blue mug', prices: gbp(900_000n), availability: 'inStock' }))
  t.same(skus(index, dear), ['MUG-2'])
  t.same(skus(index, { availability: 'out' }), [])
  t.end()
})

test('an archived product is known and not found, and a removed one is neither', t => {
  const index = shop()
  t.equal(index.get('OLD-1')?.status, 'archived')
  t.same(skus(index, { ...words('relic'), status: new Set(['archived'] as const) }), [])
  index.put('MUG-1', undefined)
  t.equal(index.get('MUG-1'), undefined)
  t.same(skus(index, words('mug')), ['MUG-2'])
  t.end()
})

test('facets count the whole list', t => {
  const { facets } = shop().search(productQuery({ currency: 'GBP' }))
  t.same(facets, {
    total: 4,
    categories: [{ value: 'tableware', count: 2 }, { value: 'lighting', count: 1 }],
    availability: [{ value: 'inStock', count: 3 }, { value: 'out', count: 1 }],
    attributes: [{ name: 'colour', values: [{ value: 'red', count: 2 }, { value: 'blue', count: 1 }] }],
    price: { currency: 'GBP', lowest: 50_000n, highest: 120_000n }
  })
  t.end()
})

test('an answer is the same object until a product changes', t => {
  const index = shop()
  const first = index.search(productQuery())
  t.equal(index.search(productQuery()), first)
  t.not(index.search(productQuery({ sort: 'price' })), first)
  index.put('MUG-1', productView('MUG-1'))
  t.not(index.search(productQuery()), first)
  t.end()
})

test('only the first eight words of a question count', t => {
  t.same(skus(shop(), words('red red mug holds a large coffee red mug')), ['MUG-1'])
  t.same(skus(shop(), words('red mug holds a large coffee re mu submarine')), ['MUG-1'], 'the ninth word is none of them')
  t.same(skus(shop(), words('red mug holds a large coffee submarine')), [])
  t.end()
})
