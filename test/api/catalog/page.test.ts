import { test } from 'tap'
import { cursorToken, pageOf, parseCursor } from '../../../api/catalog/page.ts'
import { type ProductQuery, type SortOrder, ProductIndex, sortOrders } from '../../../api/catalog/product-index.ts'
import { productQuery } from '../../support/catalog-search.ts'
import { productView } from '../../support/catalog.ts'

function shop (count: number): ProductIndex {
  const index = new ProductIndex()
  for (let i = 0; i < count; i++) {
    const sku = `P-${String(i * 7 % count).padStart(3, '0')}`
    index.put(sku, productView(sku, { name: `mug ${i % 5}`, prices: i % 4 === 0 ? [] : [{ currency: 'GBP', amount: BigInt(i % 3) }] }))
  }
  return index
}

const asked = (sort: SortOrder): ProductQuery => productQuery({ sort, currency: 'GBP', ...(sort === 'relevance' ? { words: 'mug' } : {}) })

/** SKUs page by page, `meanwhile` after each page. */
function read (index: ProductIndex, sort: SortOrder, limit: number, meanwhile: (page: number) => void = () => {}): string[] {
  const skus: string[] = []
  for (let page = 0, after: string | undefined; ; page++) {
    const { items, isLast } = pageOf(index.search(asked(sort)).hits, after === undefined ? undefined : parseCursor(after, sort), limit)
    skus.push(...items.map(({ product }) => product.sku))
    const last = items.at(-1)
    if (isLast || last === undefined) return skus
    after = cursorToken(sort, last)
    meanwhile(page)
  }
}

for (const sort of sortOrders) {
  test(`pages hold every product once, in order, when they are sorted by ${sort}`, t => {
    const index = shop(50)
    for (const limit of [1, 7, 50, 100]) t.same(read(index, sort, limit), index.search(asked(sort)).hits.map(({ product }) => product.sku))
    t.end()
  })
}

test('no product comes twice when others are put and taken between two pages', t => {
  const index = shop(50)
  const skus = read(index, 'name', 10, page => {
    index.put(`A-${page}`, productView(`A-${page}`, { name: 'a first one' }))
    index.put(index.search(productQuery()).hits[0]!.product.sku, undefined)
    index.put(`Z-${page}`, productView(`Z-${page}`, { name: 'z last one' }))
  })
  t.equal(new Set(skus).size, skus.length)
  t.ok(skus.includes('Z-0'), 'what comes behind the page is found')
  t.end()
})

test('a cursor that is none, or of another order, is refused', t => {
  const [hit] = shop(1).search(asked('name')).hits
  t.ok(parseCursor(cursorToken('name', hit!), 'name'))
  t.equal(parseCursor(cursorToken('name', hit!), 'price'), undefined)
  for (const text of ['', 'x', '[]', 'null', '["price",1,"A"]', '["price",{"e4":"x"},"A"]', '["price",{"e4":"1"},2]', '["price",null,"A"]']) {
    t.equal(parseCursor(Buffer.from(text).toString('base64url'), 'price'), undefined, text)
  }
  t.end()
})
