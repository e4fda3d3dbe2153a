import { type FetchedRecord } from '../record.ts'
import { type TopicDef } from '../topic.ts'

/** One exact offset range of one topic-partition, planned before it is written (design: plan, fence, insert, prove). */
export interface PlannedRange {
  readonly topic: string
  readonly partition: number
  /** First offset of the range, inclusive, and last, inclusive: offsets of records that are there. */
  readonly from: bigint
  readonly to: bigint
  readonly rows: number
  /** Hex hash over the records (offsets, keys, values), not over their rows: the same after an upgrade that encodes rows in another way. */
  readonly hash: string
  /** Changed only by a repair: a new salt makes old deduplication tokens void. */
  readonly salt: string
  /** Deduplication token: of one plan each range has the same, whatever becomes of the others; see `planToken`. */
  readonly token: string
  /** Rows acknowledged below `from`, all plans so far, and the offset of the last of them (−1 = none). */
  readonly rowsBefore: bigint
  readonly lastOffsetBefore: bigint
}

/** Frozen rows of a range: the very bytes of every retry. */
export interface FrozenRows { readonly bytes: Buffer, readonly rows: number }

/** A range with its rows: ready to be inserted. */
export interface RangeRows { readonly range: PlannedRange, readonly rows: FrozenRows }

/**
 * The narrow port of a sink target; sinks/clickhouse implements it. No call may keep state that a crash would lose.
 *
 * A rejection with a StreamsError of disposition `fatal` stops the task with that reason; every other one is taken for an outage
 * and repeated for ever.
 */
export interface SinkTarget {
  readonly name: string
  /** Rejects with STR_SINK_UNFIT when the target is not what the protocol needs: missing tables, wrong engine settings. */
  check (): Promise<void>
  /** Cuts a batch: how many of these records may share one plan (border of an offset bucket, row and byte limits). ≥ 1. */
  cut (records: readonly FetchedRecord[]): number
  /** Turns records into rows, one per record, never dropping one: unreadable records keep their bytes and a decode error. */
  freeze (records: readonly FetchedRecord[], from: { readonly topic: string, readonly partition: number, readonly planFrom: bigint }): Promise<FrozenRows>
  /**
   * Where in the target a range lies: ranges of one token and place are inserted together. Of the same range always the same. A token
   * is remembered by place.
   */
  place (range: PlannedRange): string
  /**
   * Inserts exactly these ranges, at least one, all of one token and place, in one step: all of their rows or none, and those of a
   * token and place at most once, however often they are repeated within the target's memory of tokens. A rejection means: unknown,
   * prove it.
   */
  insert (ranges: readonly RangeRows[]): Promise<void>
  /** Rows and distinct offsets present in [from, to]. */
  count (range: PlannedRange): Promise<{ readonly rows: number, readonly distinct: number }>
  /** Rows below `from` and beyond `to`, and the largest offset below `from`, of one topic-partition: detects a restored or emptied target. */
  bounds (topic: string, partition: number, from: bigint, to: bigint): Promise<SinkBounds>
  /** Removes the rows of one topic-partition from that offset on, for a repair; resolves when they are gone. */
  clear (topic: string, partition: number, from: bigint): Promise<void>
}

/** `last` is the largest offset below `from` (−1 = none). */
export interface SinkBounds { readonly below: bigint, readonly beyond: bigint, readonly last: bigint }

/** A sink node: consumes partition p of all its topics as one task; stateless but for the plan in its changelog. */
export interface SinkDef {
  readonly kind: 'sink'
  readonly name: string
  /** Topics with delete or keep policy only, all with the same partition count. */
  readonly topics: readonly TopicDef[]
  readonly target: SinkTarget
  /** Insert when this many rows or bytes wait, or the oldest waits this long. */
  readonly maxRows: number
  readonly maxBytes: number
  readonly maxWaitMs: number
  /**
   * Makes the target equal to the log again before the task runs: rows from the start of the log on are removed and inserted
   * anew, under a new salt. `refill` is allowed when rows are missing, `replay` when there are too many. @default none
   */
  readonly repair?: SinkRepair
}

export type SinkRepair = 'refill' | 'replay'

export function defineSink (def: Omit<SinkDef, 'kind'>): SinkDef {
  return Object.freeze({ kind: 'sink', ...def })
}
