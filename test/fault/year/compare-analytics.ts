import { isDeepStrictEqual } from 'node:util'
import { type CreditLine } from '../../oracle/credits.ts'
import { type Figures, type Sales } from '../../oracle/figures.ts'
import { type Analytics } from './analytics.ts'

/** How many differences of one kind are told in full. */
const told = 3

/**
 * Where ClickHouse and the oracle disagree, to the penny and to the piece, one line each; empty = nowhere. `figures` must have been
 * worked out with the orders that ClickHouse says were cancelled, and the write-offs that it says were refused.
 */
export function compareAnalytics (figures: Figures, analytics: Analytics): string[] {
  const { delivered, guests } = figures
  const cancelled = analytics.cancelled.size
  const states = { Delivered: delivered.orders, ...cancelled === 0 ? {} : { Cancelled: cancelled } }
  const customers = new Map([...figures.customers, ['', guests]])
  return [
    ...differences('orders by state', new Map(Object.entries(states)), new Map(Object.entries(analytics.states))),
    ...analytics.otherRejections.slice(0, told).map(rejection => `rejected: ${rejection}`),
    ...differences('month', withSales(figures.months), analytics.months),
    ...differences('country', withSales(figures.countries), analytics.countries),
    ...differences('customer', withSales(customers), analytics.customers),
    ...differences('SKU', figures.skus, analytics.skus),
    ...differences('credit line', decisions(figures.credits), decisions(analytics.credits)),
    ...cancelled > 0 ? [] : analytics.credits.filter(({ events }) => events !== 1).map(({ invoiceNo, lineNo, events }) => `credit line ${invoiceNo}/${lineNo} was decided ${events} times`),
    ...differences('adjustment', figures.adjustments, analytics.adjustments),
    ...differences('account', accounts(figures), analytics.accounts),
    ...differences('stock of', figures.stock, new Map([...analytics.stock].map(([sku, { opening, sold, in: received, out, onHand }]) => [sku, { opening, sold, in: received, out, onHand }]))),
    ...[...analytics.stock].filter(([, { leastOnHand, leastFree }]) => leastOnHand < 0 || leastFree < 0).map(([sku, { leastOnHand, leastFree }]) => `stock of ${sku} fell to ${leastOnHand} on hand, ${leastFree} free`),
    ...cancelled > 0 ? [] : compareViews(figures, analytics.views),
    ...analytics.confirmedGross === delivered.gross ? [] : [`revenue by day adds up to ${analytics.confirmedGross} instead of ${delivered.gross} 1/10,000`]
  ]
}

/** The same sales as the views for analysts tell them: what is equal by customer and by SKU is equal in every ranking of them. */
function compareViews ({ months, countries, customers, skus }: Figures, views: Analytics['views']): string[] {
  const sold = (sales: ReadonlyMap<string, Sales>): Map<string, unknown> =>
    new Map([...withSales(sales)].map(([name, { orders, gross }]) => [name, { orders, gross }]))
  return [
    ...differences('sales_by_period, month', sold(months), views.months),
    ...differences('sales_by_day, country', sold(countries), views.countries),
    ...differences('customers, customer', sold(customers), views.customers),
    ...differences('product_sales, SKU', new Map([...skus].map(([sku, { lines, freeLines, pieces, gross }]) => [sku, { lines: lines + freeLines, pieces, gross }])), views.skus),
    ...differences('product_days, SKU', new Map([...skus].map(([sku, { pieces }]) => [sku, pieces])), views.bought)
  ]
}

/** What must be on each account, debits less credits; those on which nothing is left are not listed. */
function accounts ({ delivered: { gross }, credits, refunds: { paid, owed }, adjustments }: Figures): Map<string, bigint> {
  const credited = credits.reduce((sum, { amount }) => sum + amount, 0n)
  const adjusted = [...adjustments.values()].reduce((sum, amount) => sum + amount, 0n)
  return new Map(Object.entries({
    cash: gross - paid, revenue: -gross, returns: credited, 'customer-credit': -owed, receivables: adjusted, adjustments: -adjusted
  }).filter(([, amount]) => amount !== 0n))
}

function withSales<T extends { readonly orders: number }> (sales: ReadonlyMap<string, T>): Map<string, T> {
  return new Map([...sales].filter(([, { orders }]) => orders > 0))
}

function decisions (credits: ReadonlyArray<Omit<CreditLine, 'isStocked'>>): Map<string, unknown> {
  return new Map(credits.map(({ invoiceNo, lineNo, customerId, sku, quantity, amount, taken }) => [`${invoiceNo}/${lineNo}`, { customerId, sku, quantity, amount, taken }]))
}

function differences (what: string, wanted: ReadonlyMap<string, unknown>, found: ReadonlyMap<string, unknown>): string[] {
  const names = [...new Set([...wanted.keys(), ...found.keys()])].filter(name => !isDeepStrictEqual(wanted.get(name), found.get(name)))
  const lines = names.slice(0, told).map(name => `${what} ${name === '' ? '(guests)' : name}: ${show(found.get(name))} instead of ${show(wanted.get(name))}`)
  return names.length > told ? [...lines, `${what}: ${names.length - told} more differ`] : lines
}

function show (value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value, (_, part: unknown) => typeof part === 'bigint' ? String(part) : part)
}
