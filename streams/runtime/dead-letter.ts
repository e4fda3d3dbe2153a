import { isStreamsError, StreamsError } from '../errors.ts'
import { type OutgoingRecord, type RecordHeader } from '../record.ts'
import { type FailureOrigin } from '../handlers.ts'

/** Names of the headers of a dead letter. Values are UTF-8; the original headers precede them. */
export const DEAD_LETTER_HEADERS = {
  /** Error code. */
  reason: 'dlq.reason',
  message: 'dlq.message',
  topic: 'dlq.topic',
  partition: 'dlq.partition',
  /** −1 for timers and effects. */
  offset: 'dlq.offset',
  processor: 'dlq.processor',
  /** Context time, epoch ms. */
  at: 'dlq.at',
  /** `record`, `timer` or `effect`. */
  kind: 'dlq.kind',
  /** Failures so far: more than 1 when it was redriven or retried. */
  attempts: 'dlq.attempts',
  /** The ordering key that is parked until this letter is redriven or discarded; absent when its key goes on. */
  parked: 'dlq.parked',
  /** Bytes of the original key and value, when they were too large to be copied: they are still at the origin. */
  omitted: 'dlq.omitted'
} as const

/** Longest message kept. */
const MAX_MESSAGE = 1024
/** Room for batch header and lengths. */
const OVERHEAD_BYTES = 128

export interface DeadLetterTarget { readonly topic: string, readonly partitions: number, readonly maxMessageBytes: number }

export interface Rejected {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly RecordHeader[]
}

export interface LetterDetails {
  /** Its ordering key, when that is parked. */
  readonly parkedKey?: string | undefined
  /** The whole letter was refused: leave key and value out. */
  readonly isOmitted?: boolean
}

/** What an error is called in `dlq.reason`. */
export function reasonOf (error: Error): string {
  return isStreamsError(error) ? error.code : 'STR_HANDLER_FAILED'
}

/** What an error says, with its cause: at most so much that it fits everywhere. */
export function messageOf (error: Error): string {
  const cause = error instanceof StreamsError && error.cause instanceof Error ? error.cause : undefined
  return (cause === undefined ? error.message : `${error.message}: ${cause.message}`).slice(0, MAX_MESSAGE).toWellFormed()
}

/**
 * The dead letter of an input: original bytes and headers, with reason and origin added, in the original partition (modulo the
 * topic's count). One that the topic would not take carries no key and value, but `dlq.omitted`.
 */
export function deadLetter (
  target: DeadLetterTarget, rejected: Rejected, error: Error, origin: FailureOrigin, nowMs: number, { parkedKey, isOmitted = false }: LetterDetails = {}
): OutgoingRecord {
  const headers: RecordHeader[] = [...rejected.headers]
  const add = (name: string, value: string): void => { headers.push([name, Buffer.from(value)]) }
  add(DEAD_LETTER_HEADERS.reason, reasonOf(error))
  add(DEAD_LETTER_HEADERS.message, messageOf(error))
  add(DEAD_LETTER_HEADERS.topic, origin.topic)
  add(DEAD_LETTER_HEADERS.partition, String(origin.partition))
  add(DEAD_LETTER_HEADERS.offset, String(origin.offset))
  add(DEAD_LETTER_HEADERS.processor, origin.processor)
  add(DEAD_LETTER_HEADERS.at, String(nowMs))
  add(DEAD_LETTER_HEADERS.kind, origin.kind)
  add(DEAD_LETTER_HEADERS.attempts, String(origin.attempts))
  if (parkedKey !== undefined) add(DEAD_LETTER_HEADERS.parked, parkedKey)
  const partition = origin.partition % target.partitions
  const payload = (rejected.key?.length ?? 0) + (rejected.value?.length ?? 0)
  const size = headers.reduce((sum, [name, value]) => sum + name.length + (value?.length ?? 0) + 10, payload + OVERHEAD_BYTES)
  if (!isOmitted && size <= target.maxMessageBytes) return { topic: target.topic, partition, key: rejected.key, value: rejected.value, headers }
  const own = headers.slice(rejected.headers.length)
  own.push([DEAD_LETTER_HEADERS.omitted, Buffer.from(String(payload))])
  return { topic: target.topic, partition, key: null, value: null, headers: own }
}
