/**
 * The records that travel through the runtime, before and after they are in a log.
 *
 * Units everywhere in `streams/`: offsets are `bigint`; time is epoch milliseconds as `number`; sizes are bytes.
 */

/** One record header: a name and bytes or null. Names may repeat, order is kept, as on the wire. */
export type RecordHeader = readonly [name: string, value: Buffer | null]

/** The shared empty header list: allocate nothing for the common case. */
export const NO_HEADERS: readonly RecordHeader[] = Object.freeze([])

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** A record as read from a log. Bytes are views into the fetched batch: copy them to keep them past the cycle. */
export interface FetchedRecord extends TopicPartition {
  readonly offset: bigint
  /** Append time of the broker (LogAppendTime), epoch ms. Event time lives in the payload. */
  readonly timestampMs: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly RecordHeader[]
}

/** A record to be written. The partition is always explicit: a retry can never move a record. */
export interface OutgoingRecord extends TopicPartition {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly RecordHeader[]
}

/** `topic-partition`, the key used in every map by partition. */
export function partitionKey (topic: string, partition: number): string {
  return `${topic}-${partition}`
}

/** The first header of that name as UTF-8, or undefined. */
export function headerText (headers: readonly RecordHeader[], name: string): string | undefined {
  for (const [key, value] of headers) if (key === name) return value?.toString()
  return undefined
}
