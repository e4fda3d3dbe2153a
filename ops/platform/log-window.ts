import { setImmediate as turn } from 'node:timers/promises'
import { type FetchedRecord, type Kafka, type TopicPartition } from '#streams'
import { Wakeup } from '../../streams/runtime/wakeup.ts'
import { type BucketCount, bucketOf, bucketStart, checksum } from '../../sinks/index.ts'

/** Records taken at a time: a few milliseconds of work before others have their turn. */
const TAKE_RECORDS = 1000

/**
 * What one topic-partition holds from some offset on, by offset bucket: counted as a read-committed reader sees it, piece by piece
 * as far as the caller lets it, and forgotten bucket by bucket.
 */
export class LogWindow {
  readonly #at: TopicPartition
  /** A sum of a million checksums is below 2^53: exact. */
  readonly #counts = new Map<bigint, { rows: number, checksum: number }>()
  #from: bigint
  #position: bigint

  constructor (at: TopicPartition, from: bigint) {
    this.#at = at
    this.#from = this.#position = from
  }

  /** First offset that is counted. */
  get from (): bigint { return this.#from }
  /** First offset that is not counted yet. */
  get position (): bigint { return this.#position }

  counts (): BucketCount[] {
    const { topic, partition } = this.#at
    return [...this.#counts].map(([bucket, { rows, checksum }]) => ({ topic, partition, bucket, rows, distinct: rows, checksum: BigInt(checksum) }))
  }

  /** Counts on, up to `before` (exclusive), which is below the end of the log. Rejects with the reader's failure, or when the signal aborts. */
  async countUpTo (kafka: Pick<Kafka, 'openReader'>, before: bigint, signal: AbortSignal): Promise<void> {
    if (before <= this.#position) return
    const wakeup = new Wakeup()
    const reader = kafka.openReader({ ...this.#at, offset: this.#position, onReadable: wakeup.wake })
    signal.addEventListener('abort', wakeup.wake)
    try {
      while (reader.position < before) {
        signal.throwIfAborted()
        const records = reader.take(TAKE_RECORDS)
        for (const record of records) if (record.offset < before) this.#add(record)
        await (records.length === 0 && reader.position < before ? wakeup.wait() : turn())
      }
      this.#position = before
    } finally {
      signal.removeEventListener('abort', wakeup.wake)
      reader.close()
    }
  }

  /** Begins at the bucket of the newest offset: what lies before it does not change any more. */
  forgetClosed (): void {
    const start = bucketStart(bucketOf(this.#position))
    if (start <= this.#from) return
    this.#from = start
    for (const bucket of this.#counts.keys()) if (bucketStart(bucket) < start) this.#counts.delete(bucket)
  }

  #add (record: FetchedRecord): void {
    const bucket = bucketOf(record.offset)
    const count = this.#counts.get(bucket) ?? { rows: 0, checksum: 0 }
    count.rows++
    count.checksum += checksum(record)
    this.#counts.set(bucket, count)
    this.#position = record.offset + 1n
  }
}
