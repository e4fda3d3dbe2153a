import { namedQuery, runQuery } from '../../sinks/clickhouse/named-query.ts'
import { type KeptRecord, type KeptRecords } from '../privacy/ports.ts'
import { type AnalyticsClient } from './clickhouse-order-history.ts'

interface Wanted {
  readonly about: string
  /** Place of the last row of the page before, as text: topic, partition and offset. */
  readonly topic: string
  readonly partition: number
  readonly offset: string
  readonly limit: number
}

interface PlacedRecord extends KeptRecord, Pick<Wanted, 'topic' | 'partition' | 'offset'> {}

const pageSize = 500

const kept = (title: string, condition: string) => namedQuery<Wanted>()({
  title,
  sql: `SELECT _topic, _partition, toString(_offset) AS offset, event_type, toUnixTimestamp64Milli(occurred_at) AS occurred, payload FROM raw_events
    WHERE ${condition} AND decode_error = '' AND (_topic, _partition, _offset) > ({topic:String}, {partition:UInt16}, {offset:Int64})
    ORDER BY _topic, _partition, _offset LIMIT {limit:UInt32}`,
  row: (json): PlacedRecord => ({
    topic: String(json['_topic']),
    partition: Number(json['_partition']),
    offset: String(json['offset']),
    type: String(json['event_type']),
    occurredAtMs: Number(json['occurred']),
    payload: JSON.parse(String(json['payload'])) as Readonly<Record<string, unknown>>
  })
})

const ofAccount = kept('What is kept of an account', `(_topic = 'commerce.identity.events' OR startsWith(_topic, 'commerce.notifications.'))
  AND JSONExtractString(payload, 'userId') = {about:String}`)
const ofOrder = kept('What is kept of an order', `order_id = {about:String} AND (startsWith(_topic, 'commerce.orders.') OR startsWith(_topic, 'commerce.shipping.')
  OR startsWith(_topic, 'commerce.returns.') OR startsWith(_topic, 'commerce.notifications.'))`)
const ofVisitor = kept('What is kept of the visits of a customer', `((_topic = 'commerce.behaviour.events' AND JSONExtractString(payload, 'customerId') = {about:String})
  OR (_topic = 'commerce.experiments.exposures' AND JSONExtractString(payload, 'subject') = {about:String}))`)

/** Reads what analytics keeps about a person, page by page. */
export function createClickHouseKeptRecords (client: AnalyticsClient): KeptRecords {
  async function * pages (query: typeof ofAccount, about: string): AsyncGenerator<KeptRecord, void, undefined> {
    for (let after = { topic: '', partition: 0, offset: '-1' }; ;) {
      const page = await runQuery(client, query, { about, ...after, limit: pageSize })
      for (const { type, occurredAtMs, payload } of page) yield { type, occurredAtMs, payload }
      const last = page.at(-1)
      if (last === undefined || page.length < pageSize) return
      after = { topic: last.topic, partition: last.partition, offset: last.offset }
    }
  }
  return {
    ofAccount: userId => pages(ofAccount, userId),
    ofOrder: orderId => pages(ofOrder, orderId),
    ofVisitor: customerId => pages(ofVisitor, customerId)
  }
}
