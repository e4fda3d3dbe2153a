import { type ClickHouseClient } from '@clickhouse/client'
import { StreamsError } from '../../streams/errors.ts'
import { defineSink, type SinkDef, type SinkRepair } from '../../streams/sink/port.ts'
import { type TopicDef } from '../../streams/topic.ts'
import { SinkError } from '../errors.ts'
import { type EventDecoder } from './rows.ts'
import { createClickHouseTarget } from './target.ts'

export interface ClickHouseSinkOptions {
  readonly client: ClickHouseClient
  /** What to sink: topics that are not compacted. */
  readonly topics: readonly TopicDef[]
  /** Prefix of the node names, which stand in task ids and changelogs: never change it. @default 'clickhouse' */
  readonly name?: string
  /** @default the serdes of the topics */
  readonly decoder?: EventDecoder
  /** @default 'raw_events' */
  readonly table?: string
  /** A plan is made when this much waits: fewer and larger inserts against fresher rows. @default 20000, 4 MiB, 1000 ms */
  readonly maxRows?: number
  readonly maxBytes?: number
  readonly maxWaitMs?: number
  readonly repair?: SinkRepair
}

/**
 * The sink nodes for these topics: a node holds topics of one partition count, so there is one node per count, `clickhouse-8`.
 *
 * @throws {SinkError} SNK_TOPIC_COMPACTED
 */
export function createClickHouseSinks (options: ClickHouseSinkOptions): SinkDef[] {
  const counts = [...new Set(options.topics.map(topic => topic.partitions))].sort((a, b) => b - a)
  return counts.map(count => createClickHouseSink({
    ...options, topics: options.topics.filter(topic => topic.partitions === count), name: `${options.name ?? 'clickhouse'}-${count}`
  }))
}

/**
 * One sink node: all its topics have one partition count. Rows are in the table once, whatever dies (streams/DESIGN.md "Sinks").
 *
 * @throws {SinkError} SNK_TOPIC_COMPACTED
 */
export function createClickHouseSink (options: ClickHouseSinkOptions): SinkDef {
  const { client, topics, name = 'clickhouse', table, repair } = options
  const compacted = topics.find(topic => topic.cleanup.policy === 'compact')
  if (compacted !== undefined) throw new SinkError('SNK_TOPIC_COMPACTED', { topic: compacted.name })
  const maxRows = options.maxRows ?? 20_000
  const decoder = options.decoder ?? serdeDecoder(topics)
  return defineSink({
    name,
    topics,
    target: createClickHouseTarget({ client, decoder, maxRangeRows: maxRows, ...(table === undefined ? {} : { table }) }),
    maxRows,
    maxBytes: options.maxBytes ?? 4 * 1024 * 1024,
    maxWaitMs: options.maxWaitMs ?? 1000,
    ...(repair === undefined ? {} : { repair })
  })
}

/** Reads each topic with its own serde. */
export function serdeDecoder (topics: readonly TopicDef[]): EventDecoder {
  const serdes = new Map(topics.map(topic => [topic.name, topic.value]))
  return {
    decode: (topic, bytes) => {
      const serde = serdes.get(topic)
      if (serde === undefined) throw new StreamsError('STR_RECORD_UNREADABLE', { topic })
      return serde.decode(bytes)
    },
    tell: (topic, bytes, visitor) => serdes.get(topic)?.tell?.(bytes, visitor),
    prepare: (topic, bytes) => serdes.get(topic)?.prepare?.(bytes) ?? null
  }
}
