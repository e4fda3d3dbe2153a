import { type JsonRow, namedQuery } from './named-query.ts'
import { E4, count, money, text } from './row-readers.ts'

/**
 * The only SQL that asks for figures: named queries with bound parameters and typed rows. Amounts come as `bigint` in 1/10,000 of
 * the currency unit, counts as `number`, times as epoch ms.
 */

const numbers = (json: JsonRow, name: string): number[] => Array.isArray(json[name]) ? json[name].map(Number) : []

/** Lines of an order that cost something. */
const PRICED_LINES = "arrayCount(line -> JSONExtractString(line, 'unitPrice') != '0.0000', JSONExtractArrayRaw(payload, 'lines'))"
/** Orders of a run: those whose client reference begins with a text. */
const OF_RUN = "(SELECT order_id FROM raw_events WHERE event_type = 'OrderCreated' AND startsWith(JSONExtractString(payload, 'clientReference'), {referencePrefix:String}))"

export interface OfRun { readonly referencePrefix: string }
export interface Quantiles { readonly p50: number, readonly p95: number, readonly p99: number }

function quantiles (json: JsonRow, name: string): Quantiles {
  const [p50 = 0, p95 = 0, p99 = 0] = numbers(json, name)
  return { p50, p95, p99 }
}

export const queries = {
  orderEvents: namedQuery<{ readonly orderId: string, readonly limit: number }>()({
    title: 'Every event of one order over all topics, oldest first',
    sql: `SELECT _topic, _partition, toString(_offset) AS offset, event_type, event_id, toUnixTimestamp64Milli(occurred_at) AS occurred, toUnixTimestamp64Milli(appended_at) AS appended, payload
      FROM raw_events WHERE order_id = {orderId:String} ORDER BY appended_at, _topic, _partition, _offset LIMIT {limit:UInt32}`,
    row: json => ({
      topic: text(json, '_topic'),
      partition: count(json, '_partition'),
      offset: BigInt(text(json, 'offset')),
      type: text(json, 'event_type'),
      eventId: text(json, 'event_id'),
      occurredAtMs: count(json, 'occurred'),
      appendedAtMs: count(json, 'appended'),
      payload: text(json, 'payload')
    })
  }),

  topicCounts: namedQuery<{ readonly topicPrefix: string }>()({
    title: 'Rows, distinct offsets and last offset of every topic-partition',
    sql: `SELECT _topic, _partition, count() AS rows, uniqExact(_offset) AS distinct, toString(max(_offset)) AS last, countIf(decode_error != '') AS undecodable
      FROM raw_events WHERE startsWith(_topic, {topicPrefix:String}) GROUP BY _topic, _partition ORDER BY _topic, _partition`,
    row: json => ({
      topic: text(json, '_topic'),
      partition: count(json, '_partition'),
      rows: count(json, 'rows'),
      distinct: count(json, 'distinct'),
      lastOffset: BigInt(text(json, 'last')),
      undecodable: count(json, 'undecodable')
    })
  }),

  violationsSince: namedQuery<{ readonly from: ReadonlyMap<string, number>, readonly limit: number }>()({
    title: 'Conservation laws that were found broken, from an offset of each partition of the topic on (`topic-partition` → offset), oldest first',
    sql: `SELECT JSONExtractString(payload, 'law') AS law, JSONExtractString(payload, 'subject') AS subject, JSONExtractString(payload, 'message') AS message,
        JSONExtractString(payload, 'expected') AS expected, JSONExtractString(payload, 'actual') AS actual
      FROM raw_events WHERE event_type = 'InvariantViolated' AND mapContains({from:Map(String, UInt64)}, concat(_topic, '-', toString(_partition)))
        AND _offset >= {from:Map(String, UInt64)}[concat(_topic, '-', toString(_partition))]
      ORDER BY appended_at, _partition, _offset LIMIT {limit:UInt32}`,
    row: json => ({
      law: text(json, 'law'), subject: text(json, 'subject'), message: text(json, 'message'), expected: text(json, 'expected'), actual: text(json, 'actual')
    })
  }),

  runOrders: namedQuery<OfRun>()({
    title: 'Orders of a run by their present state, with those ever confirmed',
    sql: `SELECT state, count() AS orders, countIf(ever_confirmed) AS confirmed FROM orders WHERE order_id IN ${OF_RUN} GROUP BY state ORDER BY state`,
    row: json => ({ state: text(json, 'state'), orders: count(json, 'orders'), everConfirmed: count(json, 'confirmed') })
  }),

  runRevenue: namedQuery<OfRun>()({
    title: 'Orders, priced lines and gross total of a run by currency: placed, and ever confirmed',
    sql: `SELECT currency, countIf(event_type = 'OrderCreated') AS placed_orders, sumIf(${PRICED_LINES}, event_type = 'OrderCreated') AS placed_lines,
        ${E4("sumIf(amount, event_type = 'OrderCreated')")} AS placed_gross, countIf(event_type = 'OrderConfirmed') AS confirmed_orders,
        sumIf(${PRICED_LINES}, event_type = 'OrderConfirmed') AS confirmed_lines, ${E4("sumIf(amount, event_type = 'OrderConfirmed')")} AS confirmed_gross
      FROM raw_events WHERE event_type IN ('OrderCreated', 'OrderConfirmed') AND order_id IN ${OF_RUN} GROUP BY currency ORDER BY currency`,
    row: json => ({
      currency: text(json, 'currency'),
      placedOrders: count(json, 'placed_orders'),
      placedLines: count(json, 'placed_lines'),
      placedGross: money(json, 'placed_gross'),
      confirmedOrders: count(json, 'confirmed_orders'),
      confirmedLines: count(json, 'confirmed_lines'),
      confirmedGross: money(json, 'confirmed_gross')
    })
  }),

  ordersRevenue: namedQuery<{ readonly orderIds: readonly string[] }>()({
    title: 'As the revenue of a run, of the orders named',
    sql: `SELECT currency, countIf(event_type = 'OrderConfirmed') AS confirmed_orders, sumIf(JSONLength(payload, 'lines'), event_type = 'OrderConfirmed') AS confirmed_lines,
        ${E4("sumIf(amount, event_type = 'OrderConfirmed')")} AS confirmed_gross
      FROM raw_events WHERE event_type = 'OrderConfirmed' AND order_id IN {orderIds:Array(String)} GROUP BY currency ORDER BY currency`,
    row: json => ({
      currency: text(json, 'currency'),
      confirmedOrders: count(json, 'confirmed_orders'),
      confirmedLines: count(json, 'confirmed_lines'),
      confirmedGross: money(json, 'confirmed_gross')
    })
  }),

  runMoney: namedQuery<OfRun>()({
    title: 'Money of a run by currency as the payment events tell it',
    sql: `SELECT currency, ${E4('sum(authorised)')} AS authorised, ${E4('sum(captured)')} AS captured, ${E4('sum(voided)')} AS voided, ${E4('sum(refunded)')} AS refunded
      FROM payments WHERE order_id IN ${OF_RUN} GROUP BY currency ORDER BY currency`,
    row: json => ({
      currency: text(json, 'currency'),
      authorised: money(json, 'authorised'),
      captured: money(json, 'captured'),
      voided: money(json, 'voided'),
      refunded: money(json, 'refunded')
    })
  }),

  runLatency: namedQuery<OfRun>()({
    title: 'Milliseconds from placing (client clock) and from acceptance (broker clock) of an order of a run to its confirmation (broker clock)',
    sql: `SELECT count() AS orders, quantilesExact(0.5, 0.95, 0.99)(confirmed - placed) AS since_placed, quantilesExact(0.5, 0.95, 0.99)(confirmed - created) AS since_created
      FROM (
        SELECT order_id, maxIf(JSONExtractInt(payload, 'placedAt'), event_type = 'OrderCreated') AS placed,
          maxIf(toUnixTimestamp64Milli(appended_at), event_type = 'OrderCreated') AS created, maxIf(toUnixTimestamp64Milli(appended_at), event_type = 'OrderConfirmed') AS confirmed
        FROM raw_events WHERE event_type IN ('OrderCreated', 'OrderConfirmed') AND order_id IN ${OF_RUN} GROUP BY order_id HAVING created > 0 AND confirmed > 0
      )`,
    row: json => ({ orders: count(json, 'orders'), sincePlacedMs: quantiles(json, 'since_placed'), sinceCreatedMs: quantiles(json, 'since_created') })
  }),

  revenueByDay: namedQuery<{ readonly from: string, readonly to: string }>()({
    title: 'Gross revenue of confirmed orders by day and currency',
    sql: `SELECT toString(day) AS day_text, currency, orders, lines, ${E4('gross')} AS gross FROM revenue_by_day WHERE day BETWEEN {from:Date} AND {to:Date} ORDER BY day, currency`,
    row: json => ({
      day: text(json, 'day_text'), currency: text(json, 'currency'), orders: count(json, 'orders'), lines: count(json, 'lines'), gross: money(json, 'gross')
    })
  })
}
