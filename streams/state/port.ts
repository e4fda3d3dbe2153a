import { type KeyRange } from './key-range.ts'

/**
 * Where the state of a task is materialised: a cache of its changelog that is never ahead of it. Two implementations pass one
 * conformance suite (test/conformance/state.ts): Redis (one hash slot per task, few big keys, Lua) and memory.
 *
 * All calls of one TaskState travel on one connection, in the order they were made: a read asked after an apply sees it.
 */
export interface StateBackend {
  /** Rejects with STR_STATE_EVICTING when the backend may drop keys, STR_STATE_UNAVAILABLE when it does not answer. */
  check (): Promise<void>
  /** `taskKey` names the hash slot, e.g. `commerce:orders:3`; `ordered` the stores whose keys are kept in order, for scans. */
  open (taskKey: string, ordered?: readonly string[]): TaskState
  close (): Promise<void>
}

/** What is stored beside the data of a task, read back at the end of every read. */
export interface StateMeta {
  /** Offset of the owner's ownership record: grows with the log, never with the backend. */
  readonly token: bigint
  /** Random id of the owner's incarnation, so that a repeated claim of mine is not taken for another's. */
  readonly incarnation: string
  /** Exclusive changelog position applied so far: last offset of the transaction + 1. */
  readonly position: bigint
  /** Sequence of the last applied cycle. */
  readonly sequence: bigint
  /** The progress record (encoded), with the changelog offset it has. Empty buffer = none. */
  readonly progress: Buffer
  readonly progressOffset: bigint
  /** Wall-clock time of the last apply or touch, epoch ms. */
  readonly appliedAtMs: number
  /**
   * True from the claim of an empty state, and from the first rows that a replay puts into one that is there, until the restore ends: queries
   * answer 503. A state that is claimed and whole stays readable: it is a moment of before, and says of which.
   */
  readonly restoring: boolean
  /** True between the first and last chunk of a large apply: readers may see a torn moment. */
  readonly applying: boolean
  /** The ordered stores when this state was begun, as of `layoutOf`. With another list it must be rebuilt: an order would have gaps. */
  readonly layout: string
}

/** What `StateMeta.layout` says of a list of ordered stores. */
export function layoutOf (ordered: readonly string[]): string {
  return [...ordered].sort().join(',')
}

/** A null value deletes. */
export interface StateWrite { readonly store: string, readonly key: string, readonly value: Buffer | null }
/** A null due time removes the timer from the index. The timer's row itself is an ordinary write. */
export interface TimerWrite { readonly key: string, readonly dueMs: number | null }

export type ClaimAnswer =
  /** Claimed; `before` is the meta found (null = empty). Position, data and `restoring` are untouched; an empty state is now restoring. */
  | { readonly kind: 'claimed', readonly before: StateMeta | null }
  /** Stored token ≥ mine (and not my own incarnation), or the stored position is beyond my ownership record: nothing was changed. */
  | { readonly kind: 'refused', readonly stored: StateMeta }

export interface ReadRequest {
  /** Keys wanted, by store. */
  readonly keys: ReadonlyArray<{ readonly store: string, readonly key: string }>
  /** Timers due at or before this time, at most `limit`; also returns the next due time after them. Absent = not asked. */
  readonly timers?: { readonly dueMs: number, readonly limit: number }
  readonly scans?: readonly ScanRequest[]
  /**
   * Everything in the answer is of one moment, whatever others apply meanwhile: for those who do not own the task. An owner needs
   * it not: it uses no answer whose meta is another than its own.
   */
  readonly isOneMoment?: boolean
}

/** Rows of an ordered store, in the order of their keys. Of a store that is not ordered there are none. */
export interface ScanRequest extends KeyRange {
  readonly store: string
  /** Rows at most; at least 1. */
  readonly limit: number
}

/** `isWhole`: there are no further rows in the range. A page ends early at about `SCAN_BYTES`, but holds a row if there is one. */
export interface ScanAnswer {
  readonly rows: ReadonlyArray<readonly [key: string, value: Buffer]>
  readonly isWhole: boolean
}

/** Bytes of keys and values after which a page of a scan ends: it blocks the backend, and is held in memory. */
export const SCAN_BYTES = 1024 * 1024

export interface ReadAnswer {
  /** One per asked key, in order. */
  readonly values: ReadonlyArray<Buffer | null>
  readonly timers: ReadonlyArray<{ readonly key: string, readonly dueMs: number }>
  /** Smallest due time in the index that was not returned; null = none. */
  readonly nextDueMs: number | null
  /** One per asked scan, in order. */
  readonly scans: readonly ScanAnswer[]
  /** Read last, on the same connection: decides whether the answer may be used. null = the task has no meta (flushed). */
  readonly meta: StateMeta | null
}

export interface ApplyRequest {
  readonly token: bigint
  readonly incarnation: string
  /** Must equal the stored position. */
  readonly expectedPosition: bigint
  readonly position: bigint
  readonly sequence: bigint
  readonly progress: Buffer
  readonly progressOffset: bigint
  readonly nowMs: number
  readonly writes: readonly StateWrite[]
  readonly timers: readonly TimerWrite[]
  /** Value of the `restoring` flag after this apply. */
  readonly restoring: boolean
}

/**
 * applied: done. already: this very sequence was applied before (a resend). behind: the stored position is older than expected
 * (data was lost): Acquire. lost: another token or no meta: nothing was written.
 */
export type ApplyAnswer = 'applied' | 'already' | 'behind' | 'lost'

export interface TaskState {
  /** The layout that this user of the state keeps; the meta tells the one that it has. */
  readonly layout: string
  meta (): Promise<StateMeta | null>
  claim (request: { readonly token: bigint, readonly incarnation: string, readonly nowMs: number }): Promise<ClaimAnswer>
  read (request: ReadRequest): Promise<ReadAnswer>
  /** All or nothing up to a size; larger ones go in chunks with `applying` set and the position moved last. */
  apply (request: ApplyRequest): Promise<ApplyAnswer>
  /** Every row of one store, with the meta read after them. For small stores (open effects). */
  rows (store: string): Promise<{ readonly rows: ReadonlyArray<readonly [key: string, value: Buffer]>, readonly meta: StateMeta | null }>
  /** Removes everything of the task, only if token and position are still these; null expects no meta. Keeps nothing. */
  wipe (expected: { readonly token: bigint, readonly position: bigint } | null): Promise<boolean>
}
