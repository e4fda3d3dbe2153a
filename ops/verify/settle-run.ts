import { type Clock, type TopicDef, type Topology } from '#streams'
import { type Platform } from '../platform/connect.ts'
import { type CountSnapshot } from '../../topology/audit/laws.ts'
import { countUnprocessed, untilQuiet } from './quiescence.ts'
import { countRecords } from './topic-count.ts'
import { rowsByTopic } from './topic-rows.ts'

export interface SettleOptions {
  readonly platform: Pick<Platform, 'kafka' | 'state' | 'clickhouse'>
  readonly topology: Topology
  readonly topics: readonly TopicDef[]
  /** First offset of the run by `partitionKey`. */
  readonly from: ReadonlyMap<string, bigint>
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

export interface Settled {
  /** Records that a processor has not consumed; 0 = all is done. */
  readonly unprocessed: number
  /** Event records since the run began, and their rows in ClickHouse, by topic. */
  readonly counts: readonly CountSnapshot[]
}

/** Waits until every record of the run is processed and every event of it is in ClickHouse, or nothing moves any more. */
export async function settleRun (options: SettleOptions): Promise<Settled> {
  const { platform, topology, topics, from, clock, signal, onProgress } = options
  const seen = await untilQuiet({
    clock,
    signal,
    look: async () => {
      const unprocessed = await countUnprocessed(platform.kafka, platform.state, topology)
      const records = await countRecords(platform.kafka, topics, from)
      const rows = await rowsByTopic(platform.clickhouse, new Map([...from].filter(([key]) => records.has(key))))
      const counts = topics.map(({ name: topic, partitions }) => ({
        topic,
        records: sumOf(records, Array.from({ length: partitions }, (_, partition) => `${topic}-${partition}`)),
        rows: Number(rows.get(topic)?.rows ?? 0n),
        distinct: Number(rows.get(topic)?.distinct ?? 0n)
      }))
      return { unprocessed, counts }
    },
    isDone: ({ unprocessed, counts }) => unprocessed === 0 && counts.every(({ records, rows }) => records === rows),
    onLook: ({ unprocessed, counts }) => {
      const [records, rows] = [counts.reduce((sum, each) => sum + each.records, 0), counts.reduce((sum, each) => sum + each.rows, 0)]
      onProgress(`  settling: ${unprocessed} records to process, ${rows} of ${records} events in ClickHouse`)
    }
  })
  return {
    unprocessed: seen.unprocessed,
    counts: seen.counts.map(({ topic, records, rows, distinct }) => ({ topic, records: BigInt(records), rows: BigInt(rows), distinct: BigInt(distinct) }))
  }
}

function sumOf (counts: ReadonlyMap<string, number>, keys: readonly string[]): number {
  return keys.reduce((sum, key) => sum + (counts.get(key) ?? 0), 0)
}
