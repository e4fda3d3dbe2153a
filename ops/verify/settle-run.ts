import { type Clock, type TopicDef, type Topology } from '#streams'
import { type Platform } from '../platform/connect.ts'
import { countUnprocessed, untilQuiet } from './quiescence.ts'
import { countRecords } from './topic-count.ts'

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
  /** Records of the event topics since the run began, and their rows in ClickHouse. */
  readonly topicRecords: number
  readonly clickhouseRows: number
}

/** Waits until every record of the run is processed and every event of it is in ClickHouse, or nothing moves any more. */
export async function settleRun (options: SettleOptions): Promise<Settled> {
  const { platform, topology, topics, from, clock, signal, onProgress } = options
  return await untilQuiet<Settled>({
    clock,
    signal,
    look: async () => {
      const unprocessed = await countUnprocessed(platform.kafka, platform.state, topology)
      const counts = await countRecords(platform.kafka, topics, from)
      return { unprocessed, topicRecords: [...counts.values()].reduce((sum, count) => sum + count, 0), clickhouseRows: await countRows(platform, from) }
    },
    isDone: seen => seen.unprocessed === 0 && seen.topicRecords === seen.clickhouseRows,
    onLook: seen => { onProgress(`  settling: ${seen.unprocessed} records to process, ${seen.clickhouseRows} of ${seen.topicRecords} events in ClickHouse`) }
  })
}

/** Rows of the run in ClickHouse, duplicates included: a row twice must show as one too many. */
async function countRows ({ clickhouse }: Pick<Platform, 'clickhouse'>, from: ReadonlyMap<string, bigint>): Promise<number> {
  const answer = await clickhouse.query({
    query: `SELECT toString(count()) AS rows FROM raw_events
      WHERE mapContains({from:Map(String, UInt64)}, concat(_topic, '-', toString(_partition))) AND _offset >= {from:Map(String, UInt64)}[concat(_topic, '-', toString(_partition))]`,
    query_params: { from: new Map([...from].map(([key, offset]) => [key, Number(offset)])) },
    format: 'JSONEachRow'
  })
  const [row] = await answer.json<{ readonly rows: string }>()
  return Number(row?.rows ?? 0)
}
