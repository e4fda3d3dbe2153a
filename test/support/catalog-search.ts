import { type ProductQuery } from '../../api/catalog/product-index.ts'

/** A question about published products, by name, that filters nothing unless the test says otherwise. */
export function productQuery (change: Partial<ProductQuery> = {}): ProductQuery {
  return {
    words: undefined,
    categoryIds: undefined,
    attributes: [],
    status: new Set(['published']),
    availability: undefined,
    featured: undefined,
    currency: undefined,
    minPrice: undefined,
    maxPrice: undefined,
    sort: 'name',
    ...change
  }
}
