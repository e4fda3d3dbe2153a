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
  /** Hex hash over the frozen rows. */
  readonly hash: string
  /** Changed only by a repair: a new salt makes old deduplication tokens void. */
  readonly salt: string
  /** Rows acknowledged below `from`, all plans so far, and the offset of the last of them (−1 = none). */
  readonly rowsBefore: bigint
  readonly lastOffsetBefore: bigint
}

/** Frozen rows of a range: the very bytes of every retry. */
export interface FrozenRows { readonly bytes: Buffer, readonly rows: number, readonly hash: string }

/** The narrow port of a sink target; sinks/clickhouse implements it. No call may keep state that a crash would lose. */
export interface SinkTarget {
  readonly name: string
  /** Rejects (fatal) when the target is not what the protocol needs: missing tables, wrong engine settings. */
  check (): Promise<void>
  /** Cuts a batch: how many of these records may share one plan (border of an offset bucket, row and byte limits). ≥ 1. */
  cut (records: readonly FetchedRecord[]): number
  /** Turns records into rows, one per record, never dropping one: unreadable records keep their bytes and a decode error. */
  freeze (records: readonly FetchedRecord[], from: { readonly topic: string, readonly partition: number, readonly planFrom: bigint }): Promise<FrozenRows>
  /** Inserts exactly this range under its token. A rejection means: unknown, prove it. */
  insert (range: PlannedRange, rows: FrozenRows): Promise<void>
  /** Rows and distinct offsets present in [from, to]. */
  count (range: PlannedRange): Promise<{ readonly rows: number, readonly distinct: number }>
  /** Rows below `from` and beyond `to`, and the largest offset, of one topic-partition: detects a restored or emptied target. */
  bounds (topic: string, partition: number, from: bigint, to: bigint): Promise<{ readonly below: bigint, readonly beyond: bigint, readonly last: bigint }>
}

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
}

export function defineSink (def: Omit<SinkDef, 'kind'>): SinkDef {
  return Object.freeze({ kind: 'sink', ...def })
}
