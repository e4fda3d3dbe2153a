import { type Clock, type Kafka, type TopicDef, type Topology, partitionKey } from '#streams'
import { type ClickHouseClient } from '../../sinks/index.ts'
import { type Platform } from '../platform/connect.ts'
import { type CountSnapshot } from '../../topology/audit/laws.ts'
import { countUnprocessed, untilQuiet } from './quiescence.ts'
import { RecordCounter, partitionsOfTopics } from './topic-count.ts'
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
  const firsts = await firstOffsets(platform.kafka, topics, from)
  const counter = new RecordCounter(platform.kafka, topics, firsts)
  const seen = await untilQuiet({
    clock,
    signal,
    look: async () => {
      const unprocessed = await countUnprocessed(platform.kafka, platform.state, topology)
      return { unprocessed, counts: unprocessed === 0 ? await countAll(platform.clickhouse, counter, topics, firsts) : [] }
    },
    isDone: ({ unprocessed, counts }) => unprocessed === 0 && counts.every(({ records, rows }) => records === rows),
    onLook: ({ unprocessed, counts }) => {
      const [records, rows] = [counts.reduce((sum, each) => sum + each.records, 0), counts.reduce((sum, each) => sum + each.rows, 0)]
      onProgress(unprocessed > 0 ? `  settling: ${unprocessed} records to process` : `  settling: ${rows} of ${records} events in ClickHouse`)
    }
  })
  const counts = seen.counts.length > 0 ? seen.counts : await countAll(platform.clickhouse, counter, topics, firsts)
  return {
    unprocessed: seen.unprocessed,
    counts: counts.map(({ topic, records, rows, distinct }) => ({ topic, records: BigInt(records), rows: BigInt(rows), distinct: BigInt(distinct) }))
  }
}

interface Counted { readonly topic: string, readonly records: number, readonly rows: number, readonly distinct: number }

/** Records and rows of every topic. Rows are counted after the records: one too many is one too many. */
async function countAll (
  clickhouse: ClickHouseClient, counter: RecordCounter, topics: readonly TopicDef[], firsts: ReadonlyMap<string, bigint>
): Promise<readonly Counted[]> {
  const records = await counter.count()
  const rows = await rowsByTopic(clickhouse, firsts)
  return topics.map(({ name: topic, partitions }) => ({
    topic,
    records: sumOf(records, Array.from({ length: partitions }, (_, partition) => partitionKey(topic, partition))),
    rows: Number(rows.get(topic)?.rows ?? 0n),
    distinct: Number(rows.get(topic)?.distinct ?? 0n)
  }))
}

/** Where counting starts: at the first record of the run, or at the first that the log still has. */
async function firstOffsets (kafka: Kafka, topics: readonly TopicDef[], from: ReadonlyMap<string, bigint>): Promise<ReadonlyMap<string, bigint>> {
  const starts = await kafka.startOffsets(partitionsOfTopics(topics))
  return new Map([...starts].map(([key, start]) => {
    const first = from.get(key) ?? start
    return [key, first > start ? first : start]
  }))
}

function sumOf (counts: ReadonlyMap<string, number>, keys: readonly string[]): number {
  return keys.reduce((sum, key) => sum + (counts.get(key) ?? 0), 0)
}
