import { type ToldEvent } from '../parking/event.ts'
import { type FetchedRecord, headerText, type RecordHeader, type TopicPartition } from '../record.ts'
import { DEAD_LETTER_HEADERS } from '../runtime/dead-letter.ts'

/** A committed record of a topic, decoded. */
export interface TestRecord<V> extends TopicPartition {
  readonly offset: bigint
  readonly timestampMs: number
  readonly key: string
  readonly value: V
  readonly headers: readonly RecordHeader[]
}

/** A dead letter: its bytes, and what its headers say. */
export interface TestDeadLetter {
  readonly reason: string
  readonly message: string
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  readonly processor: string
  readonly kind: string
  readonly attempts: number
  /** The ordering key that waits for it; undefined = none does. */
  readonly parked: string | undefined
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly RecordHeader[]
}

/** What a task answered to a Redrive or Discard. */
export type CommandReport = Extract<ToldEvent, { readonly type: 'CommandReport' }>

export interface DiscardOptions {
  /** @default 'head' */
  readonly scope?: 'head' | 'all'
  /** @default false */
  readonly dryRun?: boolean
}

export interface PipeOptions {
  /** @default where the topology expects it: the input's `route`, else murmur2 of the key */
  readonly partition?: number
  readonly headers?: readonly RecordHeader[]
}

/** Rows of one store as they are in the state backend, over all partitions. */
export interface TestStore<V> {
  get (key: string): Promise<V | undefined>
  rows (): Promise<ReadonlyMap<string, V>>
}

export function readDeadLetter (record: FetchedRecord): TestDeadLetter {
  const text = (name: string): string => headerText(record.headers, name) ?? ''
  return {
    reason: text(DEAD_LETTER_HEADERS.reason),
    message: text(DEAD_LETTER_HEADERS.message),
    topic: text(DEAD_LETTER_HEADERS.topic),
    partition: Number(text(DEAD_LETTER_HEADERS.partition)),
    offset: BigInt(text(DEAD_LETTER_HEADERS.offset)),
    processor: text(DEAD_LETTER_HEADERS.processor),
    kind: text(DEAD_LETTER_HEADERS.kind),
    attempts: Number(text(DEAD_LETTER_HEADERS.attempts)),
    parked: headerText(record.headers, DEAD_LETTER_HEADERS.parked),
    key: record.key,
    value: record.value,
    headers: record.headers
  }
}
