import { type ProductView } from '#schemas'

/** A value that products can be narrowed down by, with how many of them have it. */
export interface FacetCount { readonly value: string, readonly count: number }

/** What a list of products can be narrowed down by. */
export interface Facets {
  readonly total: number
  /** By category id, largest first. */
  readonly categories: readonly FacetCount[]
  readonly availability: readonly FacetCount[]
  /** By attribute, the most common first, each with its most common values. */
  readonly attributes: ReadonlyArray<{ readonly name: string, readonly values: readonly FacetCount[] }>
  /** Lowest and highest price in the asked currency, in 1/10,000 of the unit; null = none was asked, or nothing has one. */
  readonly price: { readonly currency: string, readonly lowest: bigint, readonly highest: bigint } | null
}

/** Attributes, and values of each, that are told at most. */
const maxAttributes = 20
const maxValues = 50

/** Counts what a list of products can be narrowed down by. */
export function countFacets (products: readonly ProductView[], currency: string | undefined): Facets {
  const [categories, availability] = [new Map<string, number>(), new Map<string, number>()]
  const attributes = new Map<string, Map<string, number>>()
  const amounts: bigint[] = []
  for (const product of products) {
    for (const id of product.categoryIds) count(categories, id)
    count(availability, product.availability)
    for (const { name, value } of product.attributes) {
      let values = attributes.get(name)
      if (values === undefined) attributes.set(name, values = new Map())
      count(values, value)
    }
    const amount = product.prices.find(each => each.currency === currency)?.amount
    if (amount !== undefined) amounts.push(amount)
  }
  const named = [...attributes].map(([name, values]) => ({ name, count: sum(values), values: largest(values, maxValues) }))
  return {
    total: products.length,
    categories: largest(categories, maxValues),
    availability: largest(availability, maxValues),
    attributes: named.toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)).slice(0, maxAttributes).map(({ name, values }) => ({ name, values })),
    price: currency === undefined || amounts.length === 0
      ? null
      : { currency, lowest: amounts.reduce((a, b) => a < b ? a : b), highest: amounts.reduce((a, b) => a > b ? a : b) }
  }
}

function count (counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1)
}

function sum (counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, each) => total + each, 0)
}

function largest (counts: ReadonlyMap<string, number>, limit: number): readonly FacetCount[] {
  return [...counts].map(([value, count]) => ({ value, count })).toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, limit)
}
