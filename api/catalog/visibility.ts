import { Type } from 'typebox'
import { partitionOf } from '../../streams/kafka/murmur2.ts'
import { categoriesKey } from '../../topology/catalog/routing.ts'
import { topics } from '../../topology/topics.ts'
import { ApiError } from '../errors.ts'
import { type LogPosition, parsePosition, positionPattern } from '../position.ts'
import { type CatalogKey, type CatalogReader } from './ports.ts'

/** How long a reader waits for the position it asks for, ms. */
const positionWaitMs = 1_000

/** A position token in a query. */
export const Position = Type.Optional(Type.String({
  pattern: positionPattern, description: 'Position token from the Location of an accepted change: waits up to a second until it is visible.'
}))

/**
 * Waits until the reader can see what it asks for: the position that it names, else what this instance wrote about the same thing.
 *
 * @throws {ApiError} API_POSITION_INVALID; API_PRODUCT_NOT_VISIBLE or API_CATALOG_BEHIND when the position is not reached in time, by
 * whether there is something to read (`isThere`).
 */
export async function waitVisible (catalog: CatalogReader, key: CatalogKey, token: string | undefined, isThere: () => boolean): Promise<void> {
  if (token === undefined) return await catalog.settle(nameOf(key))
  if (await catalog.reach(positionOf(token, key), { timeoutMs: positionWaitMs })) return
  throw new ApiError(isThere() ? 'API_CATALOG_BEHIND' : 'API_PRODUCT_NOT_VISIBLE')
}

/** Waits until a list shows what was written at that position. @throws {ApiError} API_POSITION_INVALID, API_CATALOG_BEHIND */
export async function waitListed (catalog: CatalogReader, token: string | undefined): Promise<void> {
  if (token === undefined) return
  if (!await catalog.reach(positionOf(token), { timeoutMs: positionWaitMs })) throw new ApiError('API_CATALOG_BEHIND')
}

/** What writes are remembered by for the readers that come next. */
export function nameOf (key: CatalogKey): string {
  return 'sku' in key ? key.sku : `${categoriesKey}/${key.categoryId}`
}

/** A token of another product would make the wait meaningless, or endless: it is refused. */
function positionOf (token: string, key?: CatalogKey): LogPosition {
  const { name, partitions } = topics.catalog.commands
  const position = parsePosition(token)
  const isMine = key === undefined || position?.partition === partitionOf('sku' in key ? key.sku : categoriesKey, partitions)
  if (position?.topic !== name || position.partition >= partitions || !isMine) throw new ApiError('API_POSITION_INVALID')
  return position
}
