import { hash } from 'node:crypto'
import MiniSearch from 'minisearch'
import { type Availability, type ProductStatus, type ProductView } from '#schemas'
import { type Facets, countFacets } from './facets.ts'

/** How a list is sorted: by how well it fits the words, by name, or by price upwards or downwards. */
export const sortOrders = ['relevance', 'name', 'price', '-price'] as const
export type SortOrder = (typeof sortOrders)[number]

export interface ProductQuery {
  /** Words that every product found has in its name, SKU, description or attributes; the last letters may be missing, or one wrong. */
  readonly words: string | undefined
  /** Any of these categories. */
  readonly categoryIds: ReadonlySet<string> | undefined
  readonly attributes: ReadonlyArray<readonly [name: string, value: string]>
  readonly status: ReadonlySet<ProductStatus>
  readonly availability: Availability | undefined
  readonly featured: boolean | undefined
  /** Currency of prices that are compared; products without a price in it are not found when a bound is given. */
  readonly currency: string | undefined
  readonly minPrice: bigint | undefined
  readonly maxPrice: bigint | undefined
  readonly sort: SortOrder
}

/** A product found, with what the list is sorted by: texts by code unit, numbers upwards. */
export interface Hit { readonly product: ProductView, readonly key: string | number | bigint }

export interface SearchResult { readonly hits: readonly Hit[], readonly facets: Facets }

interface Document { readonly sku: string, readonly name: string, readonly description: string, readonly attributes: string }

/** Products in the answers that are kept until the catalog changes, in all at most. */
const maxKeptHits = 200_000
/** Words of a question that count. */
const maxWords = 8
const tokenize = MiniSearch.getDefault('tokenize') as (text: string) => string[]

/**
 * The products of a catalog in memory, with an index of their words. Archived ones are known and not found. What was asked before is
 * answered from memory until a product changes.
 */
export class ProductIndex {
  readonly #products = new Map<string, ProductView>()
  readonly #words = new MiniSearch<Document>({
    idField: 'sku',
    fields: ['name', 'sku', 'description', 'attributes'],
    searchOptions: {
      boost: { name: 3, sku: 5, attributes: 2 },
      prefix: true,
      fuzzy: term => term.length > 3 ? 0.2 : false,
      combineWith: 'AND',
      tokenize: text => [...new Set(tokenize(text))].slice(0, maxWords)
    }
  })

  /** SKUs in the order of names, as long as no name changes: what a shop is browsed in. */
  #byName: readonly string[] | undefined
  readonly #kept = new Map<string, SearchResult>()
  #keptHits = 0

  get size (): number { return this.#products.size }

  get (sku: string): ProductView | undefined { return this.#products.get(sku) }

  /** Puts a product; undefined removes it. */
  put (sku: string, product: ProductView | undefined): void {
    const before = this.#products.get(sku)
    const [old, now] = [documentOf(before), documentOf(product)]
    // Prices and stock change far more often than words.
    if (JSON.stringify(old) !== JSON.stringify(now)) {
      if (old !== undefined) this.#words.discard(sku)
      if (now !== undefined) this.#words.add(now)
    }
    if (before?.name !== product?.name) this.#byName = undefined
    if (product === undefined) this.#products.delete(sku)
    else this.#products.set(sku, product)
    this.#forget()
  }

  clear (): void {
    this.#products.clear()
    this.#words.removeAll()
    this.#byName = undefined
    this.#forget()
  }

  /** Every product that fits, sorted, with what they can be narrowed down by. */
  search (query: ProductQuery): SearchResult {
    const question = hash('sha1', JSON.stringify(query, (_name, value: unknown) =>
      value instanceof Set ? [...value].toSorted() : typeof value === 'bigint' ? String(value) : value))
    const kept = this.#kept.get(question)
    if (kept !== undefined) return kept
    const hits = query.words === undefined && query.sort === 'name' ? this.#browse(query) : this.#find(query).toSorted(compareHits)
    const result = { hits, facets: countFacets(hits.map(({ product }) => product), query.currency) }
    this.#keep(question, result)
    return result
  }

  /** Keeps an answer, in the place of the oldest ones. */
  #keep (question: string, result: SearchResult): void {
    this.#kept.set(question, result)
    // One counts for an answer without any: there are no more answers than hits.
    this.#keptHits += result.hits.length + 1
    for (const [oldest, { hits }] of this.#kept) {
      if (this.#keptHits <= maxKeptHits) return
      this.#kept.delete(oldest)
      this.#keptHits -= hits.length + 1
    }
  }

  #forget (): void {
    this.#kept.clear()
    this.#keptHits = 0
  }

  /** What fits, by name: sorting anew is left out as long as names stay. */
  #browse (query: ProductQuery): Hit[] {
    const all = (skus: readonly string[]): Hit[] => skus.map(sku => {
      const product = this.#products.get(sku) as ProductView
      return { product, key: keyOf(product, 'name', undefined, 0) }
    })
    this.#byName ??= all([...this.#products.keys()]).sort(compareHits).map(({ product }) => product.sku)
    return all(this.#byName.filter(sku => fits(this.#products.get(sku) as ProductView, query)))
  }

  #find (query: ProductQuery): Hit[] {
    const { words, sort, currency } = query
    const scored: Iterable<readonly [sku: string, score: number]> = words === undefined
      ? [...this.#products.keys()].map(sku => [sku, 0] as const)
      : this.#words.search(words).map(({ id, score }) => [String(id), score] as const)
    const hits: Hit[] = []
    for (const [sku, score] of scored) {
      const product = this.#products.get(sku)
      if (product !== undefined && fits(product, query)) hits.push({ product, key: keyOf(product, sort, currency, score) })
    }
    return hits
  }
}

/** Hits in the order of a list: by key, and by SKU where the keys are the same. */
export function compareHits (a: Hit, b: Hit): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1
  return a.product.sku < b.product.sku ? -1 : 1
}

/** What a product costs in that currency, in 1/10,000 of the unit; undefined = it has no price in it. */
export function priceIn ({ prices }: Pick<ProductView, 'prices'>, currency: string | undefined): bigint | undefined {
  return prices.find(price => price.currency === currency)?.amount
}

function keyOf (product: ProductView, sort: SortOrder, currency: string | undefined, score: number): Hit['key'] {
  switch (sort) {
    case 'relevance': return -score
    case 'name': return product.name.toLowerCase()
    // What has no price comes last, either way.
    case 'price': return priceIn(product, currency) ?? 10n ** 18n
    case '-price': return -(priceIn(product, currency) ?? -(10n ** 18n))
  }
}

function fits (product: ProductView, query: ProductQuery): boolean {
  const { categoryIds, attributes, status, availability, featured, minPrice, maxPrice } = query
  if (!status.has(product.status)) return false
  if (featured !== undefined && product.featured !== featured) return false
  if (availability !== undefined && product.availability !== availability) return false
  if (categoryIds !== undefined && !product.categoryIds.some(id => categoryIds.has(id))) return false
  if (!attributes.every(([name, value]) => product.attributes.some(attribute => attribute.name === name && attribute.value === value))) return false
  if (minPrice === undefined && maxPrice === undefined) return true
  const price = priceIn(product, query.currency)
  return price !== undefined && price >= (minPrice ?? price) && price <= (maxPrice ?? price)
}

function documentOf (product: ProductView | undefined): Document | undefined {
  if (product === undefined || product.status === 'archived') return undefined
  const { sku, name, description, attributes } = product
  return { sku, name, description, attributes: attributes.map(({ value }) => value).join(' ') }
}
