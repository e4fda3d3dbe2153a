import { type Kafka, type SinkDef, partitionKey } from '#streams'
import { type BucketCount, type BucketDifference, type OffsetWindow, compareBuckets } from '../../sinks/index.ts'
import { LogWindow } from './log-window.ts'
import { bucketName } from './reconcile.ts'
import { readSinkMarks } from './sink-marks.ts'

export interface ReconcileOnceOptions {
  readonly kafka: Pick<Kafka, 'openReader' | 'startOffsets' | 'endOffsets'>
  readonly applicationId: string
  readonly sinks: readonly SinkDef[]
  /** Rows of a topic within these windows, by partition. */
  readonly countRows: (topic: string, windows: readonly OffsetWindow[]) => Promise<readonly BucketCount[]>
  readonly signal: AbortSignal
  /** Told of each topic when it has been compared. */
  readonly onTopic?: (topic: string, records: number) => void
}

/** What a whole look found. */
export interface WholeLook { readonly records: number, readonly differences: readonly BucketDifference[] }

/**
 * Holds ClickHouse against the whole log, as far as the sinks have acknowledged it: each record must be one row, with the checksum of its
 * bytes. Reads every topic from its beginning. Rejects when log or table cannot be read: nothing is known then.
 */
export async function reconcileOnce ({ kafka, applicationId, sinks, countRows, signal, onTopic }: ReconcileOnceOptions): Promise<WholeLook> {
  const differences: BucketDifference[] = []
  let all = 0
  for (const sink of sinks) {
    const marks = await readSinkMarks(kafka as Kafka, applicationId, sink, signal)
    for (const { name: topic, partitions } of sink.topics) {
      const places = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }))
      const starts = await kafka.startOffsets(places)
      const logs = await Promise.all(places.map(async place => {
        const key = partitionKey(topic, place.partition)
        const log = new LogWindow(place, starts.get(key) ?? 0n)
        await log.countUpTo(kafka, marks.get(key) ?? 0n, signal)
        return log
      }))
      const counts = logs.flatMap(log => log.counts())
      const records = counts.reduce((sum, { rows }) => sum + rows, 0)
      all += records
      differences.push(...compareBuckets(counts, await countRows(topic, logs.map(log => ({ from: log.from, before: log.position })))))
      onTopic?.(topic, records)
    }
  }
  return { records: all, differences }
}

/** A difference as one line. */
export function describeDifference (difference: BucketDifference): string {
  const { log, table } = difference
  return `${bucketName(difference)}: the log has ${log.rows} records (checksum ${log.checksum}), ClickHouse ${table.rows} rows, ${table.distinct} different ones (checksum ${table.checksum})`
}
