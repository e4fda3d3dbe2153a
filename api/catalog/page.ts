import { type Hit, type SortOrder, compareHits } from './product-index.ts'

/** Where a page begins: behind the last product of the page before. */
export interface Cursor { readonly sort: SortOrder, readonly key: Hit['key'], readonly sku: string }

/** Writes a cursor as an opaque token, safe in URLs. */
export function cursorToken (sort: SortOrder, { key, product: { sku } }: Hit): string {
  return Buffer.from(JSON.stringify([sort, typeof key === 'bigint' ? { e4: String(key) } : key, sku])).toString('base64url')
}

/** Reads a cursor of a list that is sorted like that; undefined when it is none. */
export function parseCursor (token: string, sort: SortOrder): Cursor | undefined {
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(token, 'base64url').toString())
  } catch {
    return undefined
  }
  if (!Array.isArray(parts) || parts.length !== 3 || parts[0] !== sort || typeof parts[2] !== 'string') return undefined
  const key = keyOf(parts[1], sort)
  return key === undefined ? undefined : { sort, key, sku: parts[2] }
}

function keyOf (value: unknown, sort: SortOrder): Hit['key'] | undefined {
  if (sort === 'name') return typeof value === 'string' ? value : undefined
  if (sort === 'relevance') return typeof value === 'number' ? value : undefined
  const e4 = typeof value === 'object' && value !== null && 'e4' in value ? value.e4 : undefined
  return typeof e4 === 'string' && /^-?\d{1,19}$/.test(e4) ? BigInt(e4) : undefined
}

/**
 * A page of sorted hits. The cursor is a place in the order, not a number: what was put or taken before it while somebody reads page after
 * page makes no product come twice.
 */
export function pageOf (hits: readonly Hit[], cursor: Cursor | undefined, limit: number): { readonly items: readonly Hit[], readonly isLast: boolean } {
  let [from, to] = [0, hits.length]
  if (cursor !== undefined) {
    const last = { key: cursor.key, product: { sku: cursor.sku } } as Hit
    while (from < to) {
      const middle = (from + to) >> 1
      const hit = hits[middle] as Hit
      if (hit.product.sku === cursor.sku && hit.key === cursor.key) from = to = middle + 1
      else if (compareHits(hit, last) < 0) from = middle + 1
      else to = middle
    }
  }
  return { items: hits.slice(from, from + limit), isLast: from + limit >= hits.length }
}
