import { ProductIndex, type ProductQuery } from '../../api/catalog/product-index.ts'
import { productQuery } from '../support/catalog-search.ts'
import { percentiles } from './hop/figures.ts'
import { benchProducts } from './products.ts'

/**
 * Searching and browsing the catalog in memory, as the API does it, without HTTP. `--products N` (5,000). Each question is asked of a
 * catalog that has just changed, so that nothing is answered from what was asked before; `kept` is the same question again.
 */
const at = process.argv.indexOf('--products')
const count = at < 0 ? 5_000 : Number(process.argv[at + 1])
const ROUNDS = 200

const products = benchProducts(count)

const questions: Readonly<Record<string, ProductQuery>> = {
  browse: productQuery(),
  category: productQuery({ categoryIds: new Set(['lighting']), currency: 'GBP', sort: 'price' }),
  oneWord: productQuery({ words: 'lantern', sort: 'relevance' }),
  twoWords: productQuery({ words: 'red lant', sort: 'relevance' }),
  misspelt: productQuery({ words: 'buntimg', sort: 'relevance' }),
  facets: productQuery({ words: 'mug', attributes: [['colour', 'red']], currency: 'GBP', minPrice: 50_000n, maxPrice: 300_000n, sort: 'price' })
}

const index = new ProductIndex()
const before = process.memoryUsage().heapUsed
const startMs = performance.now()
for (const product of products) index.put(product.sku, product)
const indexMs = performance.now() - startMs
const heapMiB = (process.memoryUsage().heapUsed - before) / 1024 / 1024

const timed = (act: () => void): number => {
  const fromMs = performance.now()
  act()
  return performance.now() - fromMs
}
const figures = Object.fromEntries(Object.entries(questions).map(([name, query]) => {
  const fresh: number[] = []
  const kept: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const product = products[round % count]!
    index.put(product.sku, { ...product, availability: round % 2 === 0 ? 'low' : 'inStock' })
    fresh.push(timed(() => { index.search(query) }))
    kept.push(timed(() => { index.search(query) }))
  }
  const { total } = index.search(query).facets
  return [name, { found: total, freshMs: percentiles(fresh), keptMs: percentiles(kept) }]
}))
process.stdout.write(JSON.stringify({ products: count, indexMs: Math.round(indexMs), heapMiB: Number(heapMiB.toFixed(1)), questions: figures }) + '\n')
