import { type FetchedRecord, type Kafka, type SinkDef, partitionKey } from '#streams'
import { Wakeup } from '../../streams/runtime/wakeup.ts'
import { type Bucket, type TableRebuild, bucketOf, bucketStart, checksum } from '../../sinks/index.ts'
import { OpsError } from '../errors.ts'
import { readSinkMarks } from './sink-marks.ts'

/** Records taken at a time, and value bytes gathered before they become rows. */
const TAKE_RECORDS = 2000
const GATHER_BYTES = 8 * 1024 * 1024

export interface RebuildOptions {
  readonly kafka: Pick<Kafka, 'openReader' | 'startOffsets' | 'endOffsets'>
  readonly applicationId: string
  readonly sinks: readonly SinkDef[]
  readonly table: TableRebuild
  readonly signal: AbortSignal
  /** Told of each bucket that was put in place. */
  readonly onBucket?: (bucket: Bucket, rows: number) => void
}

/**
 * Makes the rows of these buckets anew from the log, while everything runs, and puts each in place in one step. Rows whose records the log
 * does not hold any more stay as they are. Buckets that the sinks have left behind are switched at once; for those that they write to the
 * table is closed to writers for the moment in which the newest rows are copied. Returns the rows that were put in place.
 *
 * Whatever ends it early: each bucket is as it was or as it is to be, and a sink finds everything that it has acknowledged.
 *
 * @throws {OpsError} OPS_REBUILD_UNPROVEN when a copy does not hold what the log holds; nothing of it was put in place.
 */
export async function rebuildBuckets (options: RebuildOptions, buckets: readonly Bucket[]): Promise<number> {
  const { kafka, table } = options
  await table.begin()
  try {
    const places = buckets.map(({ topic, partition }) => ({ topic, partition }))
    const starts = await kafka.startOffsets(places)
    const copies = buckets.map(bucket => new Copy(options, bucket, starts.get(partitionKey(bucket.topic, bucket.partition)) ?? 0n)).filter(copy => copy.isInLog)
    let marks = await marksOf(options)
    for (const copy of copies) await copy.growTo(marks.get(copy.key) ?? 0n)
    for (const copy of copies.filter(copy => copy.isWhole)) await copy.switch()
    const open = copies.filter(copy => !copy.isWhole)
    if (open.length === 0) return rowsOf(copies)
    marks = await marksOf(options)
    for (const copy of open) await copy.growTo(marks.get(copy.key) ?? 0n)
    await table.fence()
    try {
      marks = await marksOf(options)
      const ends = await kafka.endOffsets(open.map(({ bucket: { topic, partition } }) => ({ topic, partition })))
      for (const copy of open) {
        const landed = await table.nextOffset(copy.bucket.topic, copy.bucket.partition)
        const [mark, end] = [marks.get(copy.key) ?? 0n, ends.get(copy.key) ?? 0n]
        // A range that landed and is not acknowledged yet counts as well; rows behind the end of the log do not.
        await copy.growTo(landed < mark ? mark : landed < end ? landed : end)
      }
      for (const copy of open) await copy.switch()
    } finally {
      await table.lift()
    }
    return rowsOf(copies)
  } finally {
    await table.end()
  }
}

function rowsOf (copies: readonly Copy[]): number {
  return copies.reduce((sum, { rows }) => sum + rows, 0)
}

async function marksOf ({ kafka, applicationId, sinks, signal }: RebuildOptions): Promise<ReadonlyMap<string, bigint>> {
  const marks = await Promise.all(sinks.map(async sink => await readSinkMarks(kafka as Kafka, applicationId, sink, signal)))
  return new Map(marks.flatMap(some => [...some]))
}

/** The copy of one bucket: read from the log, piece by piece, and counted on the way. */
class Copy {
  readonly bucket: Bucket
  readonly key: string
  readonly #options: RebuildOptions
  readonly #from: bigint
  readonly #end: bigint
  #position: bigint
  #checksum = 0n
  rows = 0

  constructor (options: RebuildOptions, bucket: Bucket, logStart: bigint) {
    const first = bucketStart(bucket.bucket)
    this.bucket = bucket
    this.key = partitionKey(bucket.topic, bucket.partition)
    this.#options = options
    this.#from = this.#position = logStart > first ? logStart : first
    this.#end = bucketStart(bucket.bucket + 1n)
  }

  /** False: the log holds none of its records any more, and its rows are left alone. */
  get isInLog (): boolean { return bucketOf(this.#from) === this.bucket.bucket }
  /** The sinks are beyond it: nothing is written to it any more. */
  get isWhole (): boolean { return this.#position === this.#end }

  /** Copies on, up to `before` or the end of the bucket. */
  async growTo (before: bigint): Promise<void> {
    const end = before < this.#end ? before : this.#end
    if (end <= this.#position) return
    const { kafka, signal } = this.#options
    const { topic, partition } = this.bucket
    const wakeup = new Wakeup()
    const reader = kafka.openReader({ topic, partition, offset: this.#position, onReadable: wakeup.wake })
    signal.addEventListener('abort', wakeup.wake)
    try {
      let gathered: FetchedRecord[] = []
      let bytes = 0
      while (reader.position < end) {
        signal.throwIfAborted()
        const records = reader.take(TAKE_RECORDS).filter(({ offset }) => offset < end)
        for (const record of records) bytes += record.value?.length ?? 0
        gathered.push(...records)
        if (bytes >= GATHER_BYTES) {
          await this.#add(gathered)
          gathered = []
          bytes = 0
        }
        if (records.length === 0 && reader.position < end) await wakeup.wait()
      }
      await this.#add(gathered)
      this.#position = end
    } finally {
      signal.removeEventListener('abort', wakeup.wake)
      reader.close()
    }
  }

  async #add (records: readonly FetchedRecord[]): Promise<void> {
    await this.#options.table.add(records)
    for (const record of records) this.#checksum += BigInt(checksum(record))
    this.rows += records.length
  }

  /** Proves the copy, and puts it in place. */
  async switch (): Promise<void> {
    const { table, onBucket } = this.#options
    const found = await table.counts(this.bucket, this.#from)
    if (found.rows !== this.rows || found.distinct !== this.rows || found.checksum !== this.#checksum) {
      throw new OpsError('OPS_REBUILD_UNPROVEN', { bucket: `${this.key}/${this.bucket.bucket}`, log: this.rows, copy: found.rows, distinct: found.distinct })
    }
    await table.keepBelow(this.bucket, this.#from)
    const kept = await table.counts(this.bucket, 0n)
    await table.switch(this.bucket, kept.rows)
    onBucket?.(this.bucket, kept.rows)
  }
}
