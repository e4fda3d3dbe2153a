import { type Kafka, type SinkDef, partitionKey } from '#streams'
import { type BucketCount, type BucketDifference, type OffsetWindow, compareBuckets } from '../../sinks/index.ts'
import { LogWindow } from './log-window.ts'
import { readSinkMarks } from './sink-marks.ts'

export interface ReconcilerOptions {
  readonly kafka: Kafka
  readonly applicationId: string
  readonly sinks: readonly SinkDef[]
  /** Rows of a topic within these windows, by partition. */
  readonly countRows: (topic: string, windows: readonly OffsetWindow[]) => Promise<readonly BucketCount[]>
}

/** What one look found. */
export interface Look {
  /** Every bucket that differs now. */
  readonly differences: readonly BucketDifference[]
  /** Those that are to be told: they differed in the same way at the look before, and `told` was not called about that. */
  readonly confirmed: readonly BucketDifference[]
}

/**
 * Holds analytics against the log while the sink runs: what the sinks have acknowledged since the first look must be in the table,
 * each record as one row. What was there before is held against the plan of the sink at each of its Acquires.
 *
 * Each look reads what is new in the log, and compares the open bucket of every partition and those that were closed since the look
 * before: its cost does not grow with the log.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions
  readonly #logs = new Map<string, LogWindow>()
  #before = new Map<string, string>()
  #told = new Map<string, string>()

  constructor (options: ReconcilerOptions) {
    this.#options = options
  }

  /** Rejects when log or table cannot be read: nothing is known then. */
  async look (signal: AbortSignal): Promise<Look> {
    const { kafka, applicationId, sinks, countRows } = this.#options
    const differences: BucketDifference[] = []
    for (const sink of sinks) {
      const marks = await readSinkMarks(kafka, applicationId, sink, signal)
      for (const { name, partitions } of sink.topics) {
        const logs = await this.#count(name, partitions, marks, signal)
        const rows = await countRows(name, logs.map(log => log === undefined ? NOTHING : { from: log.from, before: log.position }))
        const found = compareBuckets(logs.flatMap(log => log?.counts() ?? []), rows)
        differences.push(...found)
        const differing = new Set(found.map(difference => difference.log.partition))
        for (const [partition, log] of logs.entries()) if (!differing.has(partition)) log?.forgetClosed()
      }
    }
    return { differences, confirmed: this.#confirm(differences) }
  }

  /** The log of every partition of a topic, counted up to what the sink has acknowledged: all at once, for each waits for the log most of its time. */
  async #count (topic: string, partitions: number, marks: ReadonlyMap<string, bigint>, signal: AbortSignal): Promise<Array<LogWindow | undefined>> {
    const counted = await Promise.allSettled(Array.from({ length: partitions }, async (_, partition) => {
      const key = partitionKey(topic, partition)
      const mark = marks.get(key)
      let log = this.#logs.get(key)
      if (mark !== undefined && (log === undefined || mark < log.position)) {
        // New here, or a repair has begun the topic anew.
        this.#logs.set(key, log = new LogWindow({ topic, partition }, mark))
      }
      if (mark !== undefined) await log?.countUpTo(this.#options.kafka, mark, signal)
      return log
    }))
    // When one cannot be read none is read any more: the next look goes on where each of them is.
    return counted.map(each => {
      if (each.status === 'rejected') throw each.reason
      return each.value
    })
  }

  /** The difference has been told: it is not confirmed again unless it changes. */
  told (difference: BucketDifference): void {
    this.#told.set(bucketName(difference), extentOf(difference))
  }

  #confirm (differences: readonly BucketDifference[]): BucketDifference[] {
    const now = new Map(differences.map(difference => [bucketName(difference), extentOf(difference)]))
    const before = this.#before
    this.#before = now
    for (const name of this.#told.keys()) if (!now.has(name)) this.#told.delete(name)
    return differences.filter(difference => {
      const [name, extent] = [bucketName(difference), extentOf(difference)]
      return before.get(name) === extent && this.#told.get(name) !== extent
    })
  }
}

const NOTHING: OffsetWindow = Object.freeze({ from: 0n, before: 0n })

/** `topic-partition/bucket` */
export function bucketName ({ log: { topic, partition, bucket } }: { readonly log: Pick<BucketCount, 'topic' | 'partition' | 'bucket'> }): string {
  return `${partitionKey(topic, partition)}/${bucket}`
}

/** By how much they differ: the same while the bucket grows on both sides. */
function extentOf ({ log, table }: BucketDifference): string {
  return `${table.rows - log.rows}/${table.distinct - log.distinct}/${table.checksum - log.checksum}`
}
