import { type FlagChanged } from '#schemas'

/** A flag as it stands, and the offset of its row: a later row of the flag has a higher one. */
export interface FlagRow { readonly flag: FlagChanged, readonly version: number }

/**
 * `reading`: not whole yet, so that nothing can be said. `following`: whole, and as new as the log a moment ago. `stale`: whole, but the log does not
 * answer, or not in time: what it says may be old.
 */
export type FlagTableState = 'reading' | 'following' | 'stale'

/** The table has another state, or other rows. */
export type FlagTableNews =
  | { readonly kind: 'state', readonly state: FlagTableState }
  | { readonly kind: 'changed', readonly names: readonly string[] }

/** Every flag, whole in this process, following the log. Flags that are gone are not in it. */
export interface FlagTable {
  readonly state: FlagTableState
  get (name: string): FlagRow | undefined
  /** Every flag, in the order of their names. */
  list (): readonly FlagRow[]
  /** Resolves when the table is whole for the first time; rejects when it is closed before. */
  whole (): Promise<void>
  /**
   * Resolves when the table holds everything that the log held at the time of the call.
   *
   * @throws {StreamsError} STR_BROKER_UNAVAILABLE when that takes too long.
   */
  catchUp (): Promise<void>
  /** Tells what happens; returns what ends that. */
  listen (listener: (news: FlagTableNews) => void): () => void
  close (): Promise<void>
}
