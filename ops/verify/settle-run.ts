import { type Clock, type Kafka, type TopicDef, type Topology, partitionKey } from '#streams'
import { type ClickHouseClient } from '../../sinks/index.ts'
import { type Platform } from '../platform/connect.ts'
import { type CountSnapshot } from '../../topology/audit/laws.ts'
import { countUnprocessed, untilQuiet } from './quiescence.ts'
import { onTheWay, paymentsUnderWay } from './run-rest.ts'
import { RecordCounter, partitionsOfTopics } from './topic-count.ts'
import { rowsByTopic } from './topic-rows.ts'

export interface SettleOptions {
  readonly platform: Pick<Platform, 'kafka' | 'state' | 'clickhouse'>
  readonly topology: Topology
  readonly topics: readonly TopicDef[]
  /** First offset of the run by `partitionKey`. */
  readonly from: ReadonlyMap<string, bigint>
  /** Orders whose client reference begins so have to be delivered, if they are confirmed. @default nobody waits for deliveries */
  readonly referencePrefix?: string
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

export interface Settled {
  /** Records that a processor has not consumed, or payments that a gateway has not answered; 0 = all is done. */
  readonly unprocessed: number
  /** Event records since the run began, and their rows in ClickHouse, by topic. */
  readonly counts: readonly CountSnapshot[]
}

/**
 * Waits until every record of the run is processed, every event of it is in ClickHouse, its orders are delivered or have ended in
 * another way, and no payment is under way; or until nothing moves any more.
 */
export async function settleRun (options: SettleOptions): Promise<Settled> {
  const { platform: { kafka, state, clickhouse }, topology, topics, from, referencePrefix, clock, signal, onProgress } = options
  const firsts = await firstOffsets(kafka, topics, from)
  const counter = new RecordCounter(kafka, topics, firsts)
  const seen = await untilQuiet({
    clock,
    signal,
    look: async (): Promise<Seen> => {
      const unprocessed = await countUnprocessed(kafka, state, topology)
      if (unprocessed > 0) return { ...unsettled, unprocessed }
      const counts = await countAll(clickhouse, counter, topics, firsts)
      if (!areEqual(counts)) return { ...unsettled, counts }
      const orders = referencePrefix === undefined ? 0 : await onTheWay(clickhouse, referencePrefix)
      if (orders > 0) return { ...unsettled, counts, orders }
      // What was under way may have led to more meanwhile: only counts that are taken after it had come to rest are the last ones.
      const open = await countUnprocessed(kafka, state, topology, async () => await paymentsUnderWay(state))
      return { unprocessed: open, counts: await countAll(clickhouse, counter, topics, firsts), orders, isAtRest: open === 0 }
    },
    isDone: ({ isAtRest, counts }) => isAtRest && areEqual(counts),
    onLook: seen => { onProgress(`  settling: ${textOf(seen)}`) }
  })
  const counts = seen.counts.length > 0 ? seen.counts : await countAll(clickhouse, counter, topics, firsts)
  return {
    unprocessed: seen.unprocessed,
    counts: counts.map(({ topic, records, rows, distinct }) => ({ topic, records: BigInt(records), rows: BigInt(rows), distinct: BigInt(distinct) }))
  }
}

/** One look: `counts` empty and `orders` 0 = not looked at, because there was more to do before. */
interface Seen {
  readonly unprocessed: number
  readonly counts: readonly Counted[]
  /** Orders to be delivered. */
  readonly orders: number
  readonly isAtRest: boolean
}

const unsettled: Seen = { unprocessed: 0, counts: [], orders: 0, isAtRest: false }

function areEqual (counts: readonly Counted[]): boolean {
  return counts.every(({ records, rows }) => records === rows)
}

function textOf ({ unprocessed, counts, orders }: Seen): string {
  if (orders > 0) return `${orders} orders on their way`
  if (unprocessed > 0) return `${unprocessed} ${counts.length === 0 ? 'records to process' : 'records and payments under way'}`
  return `${counts.reduce((sum, { rows }) => sum + rows, 0)} of ${counts.reduce((sum, { records }) => sum + records, 0)} events in ClickHouse`
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
