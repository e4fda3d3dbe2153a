import { type FetchedRecord, type Kafka, type SinkDef, partitionKey, partitionsOf } from '#streams'
import { Wakeup } from '../../streams/runtime/wakeup.ts'
import { type Bucket, type Place, type TableRebuild, bucketStart, checksum } from '../../sinks/index.ts'
import { OpsError } from '../errors.ts'
import { readSinkMarks } from './sink-marks.ts'

/** Records taken at a time, and value bytes gathered before they become rows. */
const TAKE_RECORDS = 2000
const GATHER_BYTES = 8 * 1024 * 1024
/** Buckets copied at a time, each with so many bytes in memory: each waits for the log and for the engine most of its time. */
const COPIES_AT_A_TIME = 8

export interface RebuildOptions {
  readonly kafka: Pick<Kafka, 'openReader' | 'startOffsets' | 'endOffsets'>
  readonly applicationId: string
  readonly sinks: readonly SinkDef[]
  readonly table: TableRebuild
  readonly signal: AbortSignal
  /** Told of each place whose rows were put in. */
  readonly onPlace?: (place: Place, rows: number) => void
}

/**
 * Makes the rows of the places of these buckets anew from the log, while everything runs, and puts each in its place in one step. Rows whose
 * records the log does not hold any more stay as they are. The table is closed to writers for the moment in which the newest rows are copied.
 * Returns the rows that were put in place.
 *
 * Whatever ends it early: each place is as it was or as it is to be, and a sink finds everything that it has acknowledged.
 *
 * @throws {OpsError} OPS_REBUILD_UNPROVEN when a copy does not hold what the log holds; nothing of it was put in place.
 */
export async function rebuildBuckets (options: RebuildOptions, buckets: readonly Bucket[]): Promise<number> {
  const { table } = options
  await table.begin()
  try {
    let rows = 0
    // One place after the other, so that sinks never wait for longer than the newest rows of one take.
    for (const some of Map.groupBy(buckets, ({ partition, bucket }) => `${partition}/${bucket}`).values()) rows += await rebuildPlace(options, some)
    return rows
  } finally {
    await table.end()
  }
}

/** A table partition has rows of many topics: all of them are made anew, and those that no sink writes any more are taken over. */
async function rebuildPlace (options: RebuildOptions, asked: readonly Bucket[]): Promise<number> {
  const { kafka, table, sinks, onPlace } = options
  const [place] = asked
  if (place === undefined) return 0
  const { partition, bucket } = place
  const writers = sinks.filter(sink => partition < partitionsOf(sink))
  const topics = [...new Set([...writers.flatMap(sink => sink.topics.map(({ name }) => name)), ...asked.map(({ topic }) => topic)])]
  const places = topics.map(topic => ({ topic, partition }))
  const starts = await kafka.startOffsets(places)
  const copies = topics.map(topic => new Copy(options, { topic, partition, bucket }, starts.get(partitionKey(topic, partition)) ?? 0n))
  await table.keepOthers(place, topics)
  for (const copy of copies) await copy.keep()
  // Twice, so that little is left for the moment in which nobody writes.
  for (let times = 0; times < 2; times++) {
    const marks = await marksOf(options, writers, partition)
    await growAll(copies, ({ key }) => marks.get(key) ?? 0n)
  }
  await table.fence()
  try {
    const marks = await marksOf(options, writers, partition)
    const ends = await kafka.endOffsets(places)
    const landed = new Map(await Promise.all(topics.map(async topic => [partitionKey(topic, partition), await table.nextOffset(topic, partition)] as const)))
    await growAll(copies, ({ key }) => {
      const [mark, end, next] = [marks, ends, landed].map(offsets => offsets.get(key) ?? 0n) as [bigint, bigint, bigint]
      // A range that landed and is not acknowledged yet counts as well; rows behind the end of the log do not.
      return next < mark ? mark : next < end ? next : end
    })
    await Promise.all(copies.map(async copy => { await copy.prove() }))
    const rows = await table.switch(place)
    onPlace?.(place, rows)
    return rows
  } finally {
    await table.lift()
  }
}

/** Copies on, several buckets at a time. When it rejects, none of them is copied any further. */
async function growAll (copies: readonly Copy[], before: (copy: Copy) => bigint): Promise<void> {
  for (let at = 0; at < copies.length; at += COPIES_AT_A_TIME) {
    const done = await Promise.allSettled(copies.slice(at, at + COPIES_AT_A_TIME).map(async copy => await copy.growTo(before(copy))))
    for (const each of done) if (each.status === 'rejected') throw each.reason
  }
}

/** How far the sinks that write to a partition have acknowledged it. */
async function marksOf (options: RebuildOptions, writers: readonly SinkDef[], partition: number): Promise<ReadonlyMap<string, bigint>> {
  const { kafka, applicationId, signal } = options
  const marks = await Promise.all(writers.map(async sink => await readSinkMarks(kafka as Kafka, applicationId, sink, signal, partition)))
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
  #rows = 0

  constructor (options: RebuildOptions, bucket: Bucket, logStart: bigint) {
    const first = bucketStart(bucket.bucket)
    this.bucket = bucket
    this.key = partitionKey(bucket.topic, bucket.partition)
    this.#options = options
    this.#from = this.#position = logStart > first ? logStart : first
    this.#end = bucketStart(bucket.bucket + 1n)
  }

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
    this.#rows += records.length
  }

  /** Takes over the rows whose records the log does not hold any more. */
  async keep (): Promise<void> {
    await this.#options.table.keepBelow(this.bucket, this.#from < this.#end ? this.#from : this.#end)
  }

  /** @throws {OpsError} OPS_REBUILD_UNPROVEN */
  async prove (): Promise<void> {
    const found = await this.#options.table.counts(this.bucket, this.#from)
    if (found.rows === this.#rows && found.distinct === this.#rows && found.checksum === this.#checksum) return
    throw new OpsError('OPS_REBUILD_UNPROVEN', { bucket: `${this.key}/${this.bucket.bucket}`, log: this.#rows, copy: found.rows, distinct: found.distinct })
  }
}
