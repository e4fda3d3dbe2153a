import { StreamsError } from '../errors.ts'
import { type Kafka } from '../kafka/port.ts'
import { type FetchedRecord } from '../record.ts'
import { Wakeup } from '../runtime/wakeup.ts'
import { decodeOwnership, OWNER_KEY } from './changelog.ts'

export interface ReplayOptions {
  readonly kafka: Pick<Kafka, 'openReader'>
  readonly topic: string
  readonly partition: number
  /** First offset wanted. */
  readonly from: bigint
  /** Offset of the reader's own ownership record: read back, it is the end of the replay. */
  readonly until: bigint
  /** The incarnation in that record. */
  readonly incarnation: string
  /** Every committed record with an offset ≤ `until`, in order, ownership records included. Bytes are views: copy what stays. */
  readonly onRecord: (record: FetchedRecord) => void
  /** Called after each batch of records, to write what was collected; the replay waits for it. */
  readonly onBatch?: (position: bigint) => void | Promise<void>
  readonly signal?: AbortSignal
  /** Records per batch. @default 5000 */
  readonly batchRecords?: number
}

/**
 * Replays one changelog partition, read-committed, up to the caller's own ownership record.
 *
 * Guarantee: ends when the position, moved by batch headers, has passed `until`: aborted tails, control and empty batches cannot
 * hang it. Resolves with the number of records seen.
 *
 * @throws {StreamsError} STR_TXN_FENCED when an ownership record of somebody else follows: the caller is the zombie.
 * @throws {StreamsError} STR_TXN_UNKNOWN when the record at `until` is not the caller's: the log changed under it.
 * @throws {StreamsError} STR_OFFSET_OUT_OF_RANGE and the other failures of a reader. The signal's reason when it aborts.
 */
export async function replay (options: ReplayOptions): Promise<{ readonly records: number }> {
  const { kafka, topic, partition, from, until, incarnation, signal } = options
  const wakeup = new Wakeup()
  const reader = kafka.openReader({ topic, partition, offset: from, onReadable: wakeup.wake })
  signal?.addEventListener('abort', wakeup.wake)
  let records = 0
  let isOwnSeen = false
  try {
    while (true) {
      signal?.throwIfAborted()
      const batch = reader.take(options.batchRecords ?? 5000)
      for (const record of batch) {
        const isOwner = record.key !== null && OWNER_KEY.equals(record.key)
        if (record.offset > until) {
          if (isOwner) throw new StreamsError('STR_TXN_FENCED', { topic, partition, token: until, newer: record.offset })
          continue
        }
        if (record.offset === until) isOwnSeen = isOwner && record.value !== null && decodeOwnership(record.value).incarnation === incarnation
        records++
        options.onRecord(record)
      }
      if (batch.length > 0) await options.onBatch?.(reader.position)
      if (reader.position > until) {
        if (!isOwnSeen) throw new StreamsError('STR_TXN_UNKNOWN', { topic, partition, token: until, reason: 'the ownership record is not in the log' })
        return { records }
      }
      if (batch.length === 0) await wakeup.wait()
    }
  } finally {
    signal?.removeEventListener('abort', wakeup.wake)
    reader.close()
  }
}
