import { type ClickHouseClient } from '@clickhouse/client'
import { type Test } from 'tap'
import { createClickHouseSink } from '../../sinks/index.ts'
import { NO_HEADERS, type OutgoingRecord } from '../../streams/record.ts'
import { type Serde, type TypedValue } from '../../streams/serde/serde.ts'
import { type SinkDef } from '../../streams/sink/port.ts'
import { defineTopic } from '../../streams/topic.ts'
import { jsonDecoder } from '../sinks/clickhouse/json-events.ts'

/** Topics of the sink, under the names that the views know. */
export const saleTopics = ['commerce.orders.events', 'commerce.analytics.facts', 'commerce.shipping.events'] as const
/** Partitions of each. */
export const salePartitions = 2

const json: Serde<TypedValue> = { encode: value => Buffer.from(JSON.stringify(value)), decode: bytes => jsonDecoder.decode('', bytes) }
const sold = { currency: 'GBP', placedAt: 1_700_000_000_000, at: 1_700_000_000_000 }
/** What each topic tells again and again, of an order of its own each time. */
const events = {
  'commerce.orders.events': { type: 'OrderConfirmed', ...sold, total: '10000n', lines: [{ lineNo: 1, sku: 'A', quantity: 2, unitPrice: '5000n', lineTotal: '10000n' }] },
  'commerce.analytics.facts': { type: 'OrderFact', ...sold, customerId: 'c1', country: 'GB', orders: 1, sales: 1, lines: 1, units: 2, gross: '10000n', refunds: '0n' },
  'commerce.shipping.events': { type: 'ShipmentRefused' }
}
/** Some records do not decode: every 97th, from the first one on. */
const isBad = (index: number): boolean => index % 97 === 0

/** A sink of sales that takes few rows at a time, so that much of it is under way at any moment. */
export function saleSink (client: ClickHouseClient): SinkDef {
  const topics = saleTopics.map(name => defineTopic({ name, partitions: salePartitions, cleanup: { policy: 'keep' }, value: json, keyName: 'id' }))
  return createClickHouseSink({ client, topics, name: 'analytics', maxRows: 200, maxWaitMs: 20 })
}

/** The record of that number: numbers from 0 on, each once, are what the figures are of. */
export function saleRecord (index: number): OutgoingRecord {
  const topic = saleTopics[index % saleTopics.length] ?? saleTopics[0]
  const bytes = isBad(index) ? Buffer.from([0xff, index % 256]) : Buffer.from(JSON.stringify({ ...events[topic], orderId: `o${index}` }))
  return { topic, partition: index % salePartitions, key: Buffer.from(`o${index}`), value: bytes, headers: NO_HEADERS }
}

/** Every view tells what the first `total` records say, to the penny. */
export async function tellsTheFigures (t: Test, client: ClickHouseClient, total: number): Promise<void> {
  const all = Array.from({ length: total }, (_, index) => index)
  const of = (topic: number): number => all.filter(index => index % saleTopics.length === topic && !isBad(index)).length
  const figures = async (query: string): Promise<unknown> => {
    const settings = { output_format_json_quote_64bit_integers: 0, output_format_json_quote_decimals: 0 } as const
    return (await (await client.query({ query, format: 'JSONCompactEachRow', clickhouse_settings: settings })).json())[0]
  }
  const [confirmed, facts] = [of(0), of(1)]
  t.same(await figures('SELECT sum(orders), sum(gross) FROM revenue_by_day'), [confirmed, confirmed])
  t.same(await figures('SELECT sum(orders), sum(units), sum(gross) FROM product_sales'), [confirmed, 2 * confirmed, confirmed])
  t.same(await figures("SELECT sum(sales), sum(units), sum(net) FROM sales_by_day WHERE country = 'GB'"), [facts, 2 * facts, facts])
  t.same(await figures('SELECT sum(sales), sum(net) FROM sales_by_period WHERE period = \'month\''), [facts, facts])
  t.same(await figures('SELECT customer_id, orders, lifetime_value FROM customers'), ['c1', facts, facts])
}
