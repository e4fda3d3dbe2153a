import { partitionOf } from '../../streams/kafka/murmur2.ts'
import { namedQuery, runQuery } from '../../sinks/clickhouse/named-query.ts'
import { topics } from '../../topology/topics.ts'
import { type EventHistory } from '../ports.ts'

/** A client of the analytics database. */
export type AnalyticsClient = Parameters<typeof runQuery>[0]

interface HistoryParams {
  readonly topic: string
  readonly partition: number
  readonly key: string
  /** First offset wanted, as text: it may be larger than a number holds. */
  readonly from: string
  readonly limit: number
}

/** Events of one key in the order of its log, from an offset on; `column` is where the key stands. */
const historyBy = (title: string, column: 'order_id' | 'entity_key') => namedQuery<HistoryParams>()({
  title,
  sql: `SELECT _partition AS partition, toString(_offset) AS offset, event_type, event_id, toUnixTimestamp64Milli(occurred_at) AS occurred, payload
    FROM raw_events WHERE _topic = {topic:String} AND _partition = {partition:UInt16} AND ${column} = {key:String} AND _offset >= {from:UInt64} AND decode_error = ''
    ORDER BY _offset LIMIT {limit:UInt32}`,
  row: json => ({
    partition: Number(json['partition']),
    offset: BigInt(String(json['offset'])),
    type: String(json['event_type']),
    eventId: String(json['event_id']),
    occurredAtMs: Number(json['occurred']),
    payload: JSON.parse(String(json['payload'])) as Readonly<Record<string, unknown>>
  })
})

const orderHistory = historyBy('Events of one order in the order of its log, from an offset on', 'order_id')
const readerHistory = historyBy('Events of the notifications of one reader in the order of their log, from an offset on', 'entity_key')

const reachedOffset = namedQuery<Pick<HistoryParams, 'topic' | 'partition'>>()({
  title: 'Newest offset of a topic-partition: every row before it is there',
  sql: 'SELECT toString(max(_offset)) AS offset, count() AS rows FROM raw_events WHERE _topic = {topic:String} AND _partition = {partition:UInt16}',
  row: json => Number(json['rows']) === 0 ? -1n : BigInt(String(json['offset']))
})

/** Reads the history of orders from analytics: complete, about a second behind the log. Rejects with the client's error. */
export function createClickHouseOrderHistory (client: AnalyticsClient): EventHistory {
  return historyIn(client, topics.orders.events, orderHistory)
}

/** The same of what readers were told. */
export function createClickHouseReaderHistory (client: AnalyticsClient): EventHistory {
  return historyIn(client, topics.notifications.events, readerHistory)
}

type KeyedTopic = Readonly<{ name: string, partitions: number }>

function historyIn (client: AnalyticsClient, { name: topic, partitions }: KeyedTopic, query: ReturnType<typeof historyBy>): EventHistory {
  return {
    list: async (key, after, limit) => await runQuery(client, query, { topic, partition: partitionOf(key, partitions), key, from: String(after + 1n), limit }),
    // The sink inserts ranges of a partition one after the other, each whole: the newest row vouches for all before it.
    reached: async key => (await runQuery(client, reachedOffset, { topic, partition: partitionOf(key, partitions) }))[0] ?? -1n
  }
}
