import { namedQuery } from './named-query.ts'
import { E4, count, money, text } from './row-readers.ts'

/**
 * The queries of the analytics API: sums over the views of facts, which read no column that is not asked for. Amounts come as `bigint` in
 * 1/10,000 of the currency unit, counts as `number`, times as epoch ms. Days are text such as 2026-02-28, both ends of a range are part of it.
 */

/** Orders placed on these days. */
export interface Days { readonly from: string, readonly to: string }
/** The same in one currency; empty = in every one. */
export interface Sales extends Days { readonly currency: string, readonly limit: number }
export type Period = 'day' | 'week' | 'month' | 'year'

const DAYS = 'day BETWEEN {from:Date32} AND {to:Date32}'
const CURRENCY = "({currency:String} = '' OR currency = {currency:String})"

export const analyticsQueries = {
  asOf: namedQuery<object>()({
    title: 'How far the facts have come: newest offset of each partition, and when that was appended',
    sql: `SELECT partition, toString(last_offset) AS offset, toUnixTimestamp64Milli(last_at) AS at FROM freshness
      WHERE topic = 'commerce.analytics.facts' ORDER BY partition`,
    row: json => ({ partition: count(json, 'partition'), offset: BigInt(text(json, 'offset')), atMs: count(json, 'at') })
  }),

  orders: namedQuery<Days>()({
    title: 'Orders by currency and by what became of them',
    sql: `SELECT currency, sum(orders) AS placed, sum(pending) AS now_pending, sum(confirmed) AS now_confirmed, sum(fulfilled) AS were_fulfilled,
        sum(cancelled) AS were_cancelled, sum(failed) AS have_failed, sum(timed_out) AS have_timed_out, sum(sales) AS sold
      FROM order_facts WHERE ${DAYS} GROUP BY currency ORDER BY currency`,
    row: json => ({
      currency: text(json, 'currency'),
      orders: count(json, 'placed'),
      pending: count(json, 'now_pending'),
      confirmed: count(json, 'now_confirmed'),
      fulfilled: count(json, 'were_fulfilled'),
      cancelled: count(json, 'were_cancelled'),
      failed: count(json, 'have_failed'),
      timedOut: count(json, 'have_timed_out'),
      sales: count(json, 'sold')
    })
  }),

  revenue: namedQuery<Sales & { readonly by: Period }>()({
    title: 'Revenue by period and currency, newest first; a period counts those of its days that are asked for',
    sql: `SELECT toString(starts) AS start, currency, sum(sales) AS sold, sum(lines) AS line_count, sum(units) AS pieces,
        ${E4('sum(gross)')} AS gross_e4, ${E4('sum(refunds)')} AS refunds_e4, ${E4('sum(gross) - sum(refunds)')} AS net_e4
      FROM (
        SELECT multiIf({by:String} = 'week', toMonday(day), {by:String} = 'month', toStartOfMonth(day), {by:String} = 'year', toStartOfYear(day), day) AS starts,
          toDate(placed_at) AS day, currency, sales, lines, units, gross, refunds
        FROM sale_facts WHERE ${DAYS} AND ${CURRENCY}
      ) GROUP BY starts, currency ORDER BY starts DESC, currency LIMIT {limit:UInt32}`,
    row: json => ({
      start: text(json, 'start'),
      currency: text(json, 'currency'),
      sales: count(json, 'sold'),
      lines: count(json, 'line_count'),
      units: count(json, 'pieces'),
      gross: money(json, 'gross_e4'),
      refunds: money(json, 'refunds_e4'),
      net: money(json, 'net_e4')
    })
  }),

  topProducts: namedQuery<Sales>()({
    title: 'Products by currency with the greatest gross revenue, greatest first',
    sql: `SELECT sku, currency, sum(orders) AS order_count, sum(units) AS pieces, ${E4('sum(gross)')} AS gross_e4, sum(returned_units) AS pieces_back, ${E4('sum(refunds)')} AS refunds_e4
      FROM product_sale_facts WHERE ${DAYS} AND ${CURRENCY} GROUP BY sku, currency ORDER BY sum(gross) DESC, sku, currency LIMIT {limit:UInt32}`,
    row: json => ({
      sku: text(json, 'sku'),
      currency: text(json, 'currency'),
      orders: count(json, 'order_count'),
      units: count(json, 'pieces'),
      gross: money(json, 'gross_e4'),
      returnedUnits: count(json, 'pieces_back'),
      refunds: money(json, 'refunds_e4')
    })
  }),

  lifetimeValue: namedQuery<{ readonly customerId: string }>()({
    title: 'What a customer is worth, by currency, and the segment that follows',
    sql: `SELECT currency, orders, units, ${E4('gross')} AS gross_e4, ${E4('refunds')} AS refunds_e4, ${E4('lifetime_value')} AS value_e4,
        toUnixTimestamp64Milli(first_order_at) AS first_at, toUnixTimestamp64Milli(last_order_at) AS last_at, segment
      FROM customers WHERE customer_id = {customerId:String} ORDER BY currency`,
    row: json => ({
      currency: text(json, 'currency'),
      orders: count(json, 'orders'),
      units: count(json, 'units'),
      gross: money(json, 'gross_e4'),
      refunds: money(json, 'refunds_e4'),
      lifetimeValue: money(json, 'value_e4'),
      firstOrderAtMs: count(json, 'first_at'),
      lastOrderAtMs: count(json, 'last_at'),
      segment: text(json, 'segment')
    })
  }),

  sagaLatency: namedQuery<Days>()({
    title: 'How long the steps of orders took that were accepted on these days, ms: exact quantiles',
    sql: `SELECT step, count() AS order_count, quantilesExact(0.5, 0.95, 0.99)(took_ms) AS took, max(took_ms) AS longest
      FROM saga_steps WHERE toDate32(created_at) BETWEEN {from:Date32} AND {to:Date32} GROUP BY step ORDER BY min(created_at), step`,
    row: json => {
      const [p50Ms = 0, p95Ms = 0, p99Ms = 0] = Array.isArray(json['took']) ? json['took'].map(Number) : []
      return { step: text(json, 'step'), orders: count(json, 'order_count'), p50Ms, p95Ms, p99Ms, maxMs: count(json, 'longest') }
    }
  }),

  funnel: namedQuery<Days>()({
    title: 'Sessions that began on these days by how far they came: each counts at every step up to there',
    sql: `SELECT countIf(reached >= 1) AS viewed, countIf(reached >= 2) AS carted, countIf(reached >= 3) AS at_checkout, countIf(reached >= 4) AS ordered
      FROM funnel_sessions WHERE ${DAYS}`,
    row: json => ({ viewed: count(json, 'viewed'), addedToCart: count(json, 'carted'), checkout: count(json, 'at_checkout'), ordered: count(json, 'ordered') })
  }),

  paymentFailures: namedQuery<Days>()({
    title: 'Attempts to pay that ended on these days, by method, and how many failed',
    sql: `SELECT method, sum(attempts) AS ended, sum(declined) AS were_declined, sum(failed) AS have_failed
      FROM payment_failures WHERE toDate32(minute) BETWEEN {from:Date32} AND {to:Date32} GROUP BY method ORDER BY method`,
    row: json => ({ method: text(json, 'method'), attempts: count(json, 'ended'), declined: count(json, 'were_declined'), failed: count(json, 'have_failed') })
  })
}

/** Views that can be taken out as a whole, each with the column that a range of days is about. */
export const exportedViews = {
  'orders-by-day': { view: 'orders_by_day', day: 'day' },
  'sales-by-day': { view: 'sales_by_day', day: 'day' },
  'product-sales': { view: 'product_sales', day: 'day' },
  'product-days': { view: 'product_days', day: 'day' },
  funnel: { view: 'funnel', day: 'day' },
  customers: { view: 'customers', day: 'toDate(last_order_at)' },
  'payment-failures': { view: 'payment_failures', day: 'toDate(minute)' },
  'stock-movements': { view: 'stock_movements', day: 'toDate(at)' },
  'order-facts': { view: 'order_facts', day: 'day' },
  'payment-facts': { view: 'payment_facts', day: 'day' }
} as const satisfies Record<string, { readonly view: string, readonly day: string }>

export type ExportName = keyof typeof exportedViews
export type ExportFormat = 'csv' | 'ndjson' | 'parquet'

const formats: Readonly<Record<ExportFormat, string>> = { csv: 'CSVWithNames', ndjson: 'JSONEachRow', parquet: 'Parquet' }

/** What an export is asked with: money stays decimal text where the format has no decimals. */
export const exportSettings = {
  output_format_json_quote_decimals: 1, output_format_json_quote_64bit_integers: 0, output_format_decimal_trailing_zeros: 1, date_time_output_format: 'iso'
} as const

/** The statement that takes a view out, its days and row limit bound; it is asked with `exportSettings`. */
export function exportStatement (name: ExportName, format: ExportFormat): string {
  const { view, day } = exportedViews[name]
  return `SELECT * FROM ${view} WHERE ${day} BETWEEN {from:Date32} AND {to:Date32} LIMIT {limit:UInt64} FORMAT ${formats[format]}`
}
