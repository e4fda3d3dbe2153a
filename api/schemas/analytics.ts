import { type Static, type TObject, type TProperties, Type } from 'typebox'

const day = (description: string) => Type.String({ format: 'date', pattern: '^(19[0-9]{2}|2[0-9]{3})-', description: `${description} UTC, e.g. 2026-02-28.` })
const count = (description: string) => Type.Integer({ description })
const amount = (description: string) => Type.String({ pattern: '^-?\\d{1,34}\\.\\d{4}$', description: `${description} Decimal text with four places.` })
const currency = Type.String({ description: 'ISO 4217 code of every amount.' })
const time = (description: string) => Type.String({ format: 'date-time', description })
const milliseconds = (description: string) => Type.Number({ minimum: 0, description: `${description} Unit: ms.` })

/** First and last day that are asked for. */
export const DaysQuery = Type.Object({
  from: Type.Optional(day('First day of the orders that count; absent = from the beginning.')),
  to: Type.Optional(day('Last day of the orders that count; absent = up to now.'))
}, { additionalProperties: false })

const limit = (most: number, usual: number) => Type.Optional(Type.Integer({ minimum: 1, maximum: most, default: usual, description: 'Items at most.' }))
const inCurrency = Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217 code; absent = every currency.' }))

export const RevenueQuery = Type.Object({
  ...DaysQuery.properties,
  by: Type.Optional(Type.Enum(['day', 'week', 'month', 'year'], { default: 'day', description: 'Length of a period; a week begins on Monday.' })),
  currency: inCurrency,
  limit: limit(1000, 400)
}, { additionalProperties: false })

export const TopProductsQuery = Type.Object({ ...DaysQuery.properties, currency: inCurrency, limit: limit(100, 10) }, { additionalProperties: false })

export const CustomerParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64, description: 'Customer account.' }) })

export const ExportQuery = Type.Object({
  ...DaysQuery.properties,
  dataset: Type.Enum(['orders-by-day', 'sales-by-day', 'product-sales', 'product-days', 'funnel', 'customers', 'payment-failures', 'stock-movements', 'order-facts', 'payment-facts'], {
    description: 'View that is taken out: docs/analytics.md describes its columns. Its days are those of `from` and `to`.'
  }),
  format: Type.Optional(Type.Enum(['csv', 'ndjson', 'parquet'], { default: 'csv', description: 'csv has a line of names; in ndjson amounts are text.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1_000_000, description: 'Rows at most.' }))
}, { additionalProperties: false })

const AsOf = Type.Object({
  time: Type.Union([time('When the newest fact that is counted was appended, by the clock of the broker.'), Type.Null()], { description: 'Null = nothing was counted yet.' }),
  positions: Type.Array(Type.String({ pattern: '^\\d+-\\d+$' }), { description: 'Newest fact of each partition that is counted, as partition-offset.' })
}, { description: 'How far the figures have come.' })

const OrderCounts = Type.Object({
  currency,
  orders: count('Orders accepted: the sum of the next six.'),
  pending: count('Neither sold nor ended, now.'),
  confirmed: count('Sold and on their way, now.'),
  fulfilled: count('Delivered.'),
  cancelled: count('Cancelled.'),
  failed: count('Failed for technical reasons.'),
  timedOut: count('Timed out.'),
  sales: count('Ever confirmed.')
})

const Revenue = Type.Object({
  start: Type.String({ format: 'date', description: 'First day of the period.' }),
  currency,
  sales: count('Orders ever confirmed.'),
  lines: count('Lines sold.'),
  units: count('Pieces sold.'),
  gross: amount('Totals of those orders.'),
  refunds: amount('Given back of them.'),
  net: amount('Gross less refunds.')
})

const Product = Type.Object({
  sku: Type.String({ description: 'Stock keeping unit, or the code of a charge.' }),
  currency,
  orders: count('Orders ever confirmed with it.'),
  units: count('Pieces sold.'),
  gross: amount('Price of them.'),
  returnedUnits: count('Pieces of them that came back, were not delivered or were credited.'),
  refunds: amount('Price of those.')
})

const CustomerValue = Type.Object({
  currency,
  orders: count('Orders ever confirmed.'),
  units: count('Pieces bought.'),
  gross: amount('Totals of those orders.'),
  refunds: amount('Given back of them.'),
  lifetimeValue: amount('Gross less refunds.'),
  firstOrderAt: time('When the first of them was placed.'),
  lastOrderAt: time('When the last of them was placed.'),
  segment: Type.Enum(['VIP', 'High Value', 'Loyal', 'Churned', 'At Risk', 'Regular', 'New'], { description: 'The first of these that holds, as of now.' })
})

const Latency = Type.Object({
  step: Type.String({ description: 'Step of the order.' }),
  orders: count('Orders that made it.'),
  p50Ms: milliseconds('Half of them took no longer.'),
  p95Ms: milliseconds('95 of 100 took no longer.'),
  p99Ms: milliseconds('99 of 100 took no longer.'),
  maxMs: milliseconds('The longest.')
})

const FunnelStep = Type.Object({
  step: Type.Enum(['viewed', 'addedToCart', 'checkout', 'ordered'], { description: 'How far a session came.' }),
  sessions: count('Sessions that came at least that far, within 24 hours of their first view.'),
  ofFirst: Type.Number({ minimum: 0, maximum: 1, description: 'Share of the sessions of the first step.' }),
  ofPrevious: Type.Number({ minimum: 0, maximum: 1, description: 'Share of the sessions of the step before.' })
})

const Failures = Type.Object({
  method: Type.String({ description: 'Kind of payment instrument.' }),
  attempts: count('Attempts to pay that ended.'),
  declined: count('Declined ones.'),
  failed: count('Those that failed for another reason.'),
  failureRate: Type.Number({ minimum: 0, maximum: 1, description: 'Declined and failed of all.' })
})

const answer = <Properties extends TProperties>(properties: Properties, description: string) => Type.Object({ asOf: AsOf, ...properties }, { description })
const listOf = <Item extends TObject>(item: Item, description: string) => answer({ items: Type.Array(item) }, description)

export const OrdersSummarySchema = listOf(OrderCounts, 'Orders by currency.')
export const RevenueSchema = listOf(Revenue, 'Revenue by period and currency, newest first.')
export const TopProductsSchema = listOf(Product, 'Products with the greatest revenue, greatest first.')
export const LifetimeValueSchema = answer({ customerId: Type.String({ description: 'Customer account.' }), items: Type.Array(CustomerValue) }, 'What a customer is worth, by currency.')
export const SagaLatencySchema = listOf(Latency, 'How long the steps of orders took.')
export const FunnelSchema = listOf(FunnelStep, 'Sessions by how far they came.')
export const DashboardSchema = answer({
  orders: Type.Array(OrderCounts), revenue: Type.Array(Revenue), products: Type.Array(Product), latency: Type.Array(Latency), payments: Type.Array(Failures)
}, 'The figures of an overview.')

export type AsOfBody = Static<typeof AsOf>
export type DaysQueryBody = Static<typeof DaysQuery>
export type RevenueBody = Static<typeof Revenue>
export type ProductBody = Static<typeof Product>
export type CustomerValueBody = Static<typeof CustomerValue>
export type FunnelStepBody = Static<typeof FunnelStep>
export type FailuresBody = Static<typeof Failures>
