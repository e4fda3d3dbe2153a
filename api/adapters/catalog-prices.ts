import { partitionOf } from '../../streams/kafka/murmur2.ts'
import { namedQuery, runQuery } from '../../sinks/clickhouse/named-query.ts'
import { topics } from '../../topology/topics.ts'
import { type PriceChange, type PriceHistory } from '../catalog/ports.ts'
import { type AnalyticsClient } from './clickhouse-order-history.ts'

interface HistoryParams {
  readonly topic: string
  readonly partition: number
  readonly sku: string
  /** First offset wanted, as text: it may be larger than a number holds. */
  readonly from: string
  readonly limit: number
}

interface PriceEvent { readonly offset: bigint, readonly type: string, readonly occurredAtMs: number, readonly payload: Readonly<Record<string, unknown>> }

const priceEvents = namedQuery<HistoryParams>()({
  title: 'Events that set prices of one product, in the order of its log, from an offset on',
  sql: `SELECT toString(_offset) AS offset, event_type, toUnixTimestamp64Milli(occurred_at) AS occurred, payload
    FROM raw_events WHERE _topic = {topic:String} AND _partition = {partition:UInt16} AND _offset >= {from:UInt64} AND decode_error = ''
      AND event_type IN ('ProductCreated', 'ProductPriceChanged') AND entity_key = {sku:String}
    ORDER BY _offset LIMIT {limit:UInt32}`,
  row: json => ({
    offset: BigInt(String(json['offset'])),
    type: String(json['event_type']),
    occurredAtMs: Number(json['occurred']),
    payload: JSON.parse(String(json['payload'])) as Readonly<Record<string, unknown>>
  })
})

/** Reads the history of prices from analytics: complete, about a second behind the log. Rejects with the client's error. */
export function createClickHousePriceHistory (client: AnalyticsClient): PriceHistory {
  const { name: topic, partitions } = topics.catalog.events
  return {
    list: async (sku, after, limit) => {
      const events = await runQuery(client, priceEvents, { topic, partition: partitionOf(sku, partitions), sku, from: String(after + 1n), limit })
      return events.map(event => [event.offset, changesOf(event)] as const)
    }
  }
}

/** The prices that an event set. */
export function changesOf ({ offset, type, occurredAtMs, payload }: PriceEvent): readonly PriceChange[] {
  const at = { offset, changedAtMs: occurredAtMs }
  if (type === 'ProductPriceChanged') {
    const { currency, oldAmount, newAmount } = payload
    return [{ ...at, currency: String(currency), before: oldAmount === null ? null : String(oldAmount), after: String(newAmount) }]
  }
  const prices = payload['prices'] as ReadonlyArray<{ readonly currency: string, readonly amount: string }>
  return prices.map(({ currency, amount }) => ({ ...at, currency, before: null, after: String(amount) }))
}
