import { type CountedOrder, type ProductAddedToCart, type ProductDelta, type ProductFact, type ProductPurchased, type ProductViewed } from '#schemas'
import { type Body } from '../commands/body.ts'

/** What a visitor does with a product, as far as it is counted. */
export type CountedVisit = ProductViewed | ProductAddedToCart

/** What is known of the order of a purchase afterwards, and the fact; none when it was counted before. */
export interface CountedPurchase { readonly row: CountedOrder, readonly fact: Body<ProductFact> | undefined }

/**
 * Under what a visit counts once: the id that the client gave it, within its session. The inbox of the processor remembers it; purchases
 * are known by the row of their order instead, for as long as that is kept.
 */
export function visitIdOf (event: { readonly type: string }): string | undefined {
  if (event.type !== 'ProductViewed' && event.type !== 'ProductAddedToCart') return undefined
  const { sessionId, clientEventId } = event as CountedVisit
  return `${sessionId}/${clientEventId}`
}

/** The fact of one visit: it counts for the day on which it happened, by the clock that the platform believed. Pure. */
export function countVisit (event: CountedVisit): Body<ProductFact> {
  const { sku, at } = event
  return event.type === 'ProductViewed'
    ? { type: 'ProductFact', at, behaviour: 'viewed', times: 1, products: [{ sku, lines: 0, pieces: 0 }] }
    : { type: 'ProductFact', at, behaviour: 'addedToCart', times: 1, products: [{ sku, lines: 0, pieces: event.quantity }] }
}

/**
 * Counts what was bought with an order, once: an order is bought once with each of its products, however many lines they stand in. Pure.
 * It may come before the first event of its order, which is told in another topic: the row is kept either way.
 */
export function countPurchase (before: CountedOrder, { at, lines }: ProductPurchased): CountedPurchase {
  if (before.isPurchaseCounted) return { row: before, fact: undefined }
  const products = new Map<string, ProductDelta>()
  for (const { sku, quantity } of lines) {
    const { lines: many, pieces } = products.get(sku) ?? { lines: 0, pieces: 0 }
    products.set(sku, { sku, lines: many + 1, pieces: pieces + quantity })
  }
  return { row: { ...before, isPurchaseCounted: true }, fact: { type: 'ProductFact', at, behaviour: 'purchased', times: 1, products: [...products.values()] } }
}
