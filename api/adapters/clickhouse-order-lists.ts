import { namedQuery, runQuery } from '../../sinks/clickhouse/named-query.ts'
import { topics } from '../../topology/topics.ts'
import { type OrderLists } from '../ports.ts'
import { type AnalyticsClient } from './clickhouse-order-history.ts'

interface Wanted {
  /** Of which alone rows are read: a topic lies together in the order of the table. */
  readonly topic: string
  /** Empty = of everybody. */
  readonly customer: string
  /** Empty = in any state. */
  readonly state: string
  /** Epoch ms; `until` is exclusive. */
  readonly from: number
  readonly until: number
  /** Place of the last one of the page before: they go on behind it. */
  readonly placed: number
  readonly orderId: string
  readonly limit: number
}

const orderList = namedQuery<Wanted>()({
  title: 'Orders of a customer, in a state, of a time, the newest first, from one on',
  sql: `SELECT order_id, JSONExtractInt(payload, 'placedAt') AS placed FROM raw_events
    WHERE _topic = {topic:String} AND event_type = 'OrderCreated' AND placed >= {from:Int64} AND placed < {until:Int64}
      AND (placed < {placed:Int64} OR (placed = {placed:Int64} AND order_id < {orderId:String}))
      AND ({customer:String} = '' OR JSONExtractString(payload, 'customerId') = {customer:String})
      AND ({state:String} = '' OR order_id IN (SELECT order_id FROM orders WHERE state = {state:String}))
    ORDER BY placed DESC, order_id DESC LIMIT {limit:UInt32}`,
  row: json => ({ orderId: String(json['order_id']), placedAtMs: Number(json['placed']) })
})

/** After every moment that is written with four digits of the year, epoch ms. */
const endOfTimeMs = 253_402_300_800_000

/** Finds orders in analytics: those that were accepted, about a second behind the orders themselves. Rejects with the client's error. */
export function createClickHouseOrderLists (client: AnalyticsClient): OrderLists {
  return {
    list: async ({ customerId = '', state = '', fromMs = 0, untilMs = endOfTimeMs, after, limit }) => await runQuery(client, orderList, {
      topic: topics.orders.events.name,
      customer: customerId,
      state,
      from: fromMs,
      until: untilMs,
      placed: after?.placedAtMs ?? endOfTimeMs,
      orderId: after?.orderId ?? '',
      limit
    })
  }
}
