import { type ProductView } from '#schemas'
import { type Category } from '../../topology/catalog/category.ts'
import { type Rejection } from '../../topology/commands/processed-command.ts'
import { type LogPosition } from '../position.ts'
import { type ProductQuery, type SearchResult } from './product-index.ts'

/** What became of a command: decided (and perhaps refused), or not yet. */
export type CommandOutcome = { readonly kind: 'pending' } | { readonly kind: 'done', readonly rejection: Rejection | undefined }

/** How long to wait for something, ms, and who may end the wait. */
export interface CatalogWait { readonly timeoutMs: number, readonly signal?: AbortSignal }

/**
 * The catalog as this instance of the API has it: whole in memory, a moment behind the log. Everything that reads it throws
 * {StreamsError} STR_STATE_UNAVAILABLE while it is not read to the end that it had at the start.
 */
export interface CatalogReader {
  /** True once the catalog was read whole, and as long as it is followed. */
  readonly isReady: boolean
  /** What every answer about more than one product derives from: the same content gives the same text, in every instance. */
  readonly fingerprint: string
  product (sku: string): ProductView | undefined
  /** Every category that ever was, in the order of their ids. */
  categories (): readonly Category[]
  search (query: ProductQuery): SearchResult
  /** The next reads about that SKU or category come after the command at that position, or after a second: see `settle`. */
  wrote (key: string, position: LogPosition): void
  /** Resolves once what this instance wrote about that SKU or category can be read, or after a second at the latest. */
  settle (key: string): Promise<void>
  /** True once everything is here that the command at that position led to; false when the time is over before. */
  reach (position: LogPosition, wait: CatalogWait): Promise<boolean>
}

/** Knows what became of commands: from the state of the catalog's tasks. Rejects like OrderQueries. */
export interface CatalogOutcomes {
  /** The outcome of a command that lies at that position. */
  outcome (command: CatalogKey, commandId: string, position: LogPosition | undefined, wait: CatalogWait): Promise<CommandOutcome>
  /** Hash of the body of a command that was decided; undefined = not known, or forgotten. */
  commandHash (command: CatalogKey, commandId: string): Promise<string | undefined>
}

/** What a command is about: a product or a category. */
export type CatalogKey = { readonly sku: string } | { readonly categoryId: string }

/** One change of prices, oldest first by its place in the log. Amounts are decimal text; null before = there was no price. */
export interface PriceChange {
  readonly offset: bigint
  /** Epoch ms. */
  readonly changedAtMs: number
  readonly currency: string
  readonly before: string | null
  readonly after: string
}

/** Reads what products cost at which time. */
export interface PriceHistory {
  /** At most `limit` events of the product after that offset of its partition, each with the prices that it set. */
  list (sku: string, after: bigint, limit: number): Promise<ReadonlyArray<readonly [offset: bigint, changes: readonly PriceChange[]]>>
}
