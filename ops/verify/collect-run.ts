import { type OrderView } from '#schemas'
import { queries, runQuery } from '../../sinks/index.ts'
import { joinReports, describeViolation } from '../../topology/audit/law.ts'
import { type CountSnapshot, checkCounts, checkMoney, checkOutcomes, checkStock } from '../../topology/audit/laws.ts'
import {
  formatMoney, inventoryName, ordersName, partitions, paymentStore, paymentsName, reservationStore, stockPartitions, stockStore, viewStore
} from '../../topology/index.ts'
import { type Platform } from '../platform/connect.ts'
import { demoProduct, type Workload } from '../play/generator.ts'
import { type Summary } from '../start/summary.ts'
import { gatewayBooks } from './gateway-books.ts'
import { stateRows } from './state-rows.ts'
import { deductedPieces, outcomeEvents } from './topic-rows.ts'

export interface CollectOptions {
  readonly platform: Pick<Platform, 'state' | 'clickhouse' | 'gatewayUrl'>
  readonly runId: string
  readonly workload: Workload
  /** Event records and rows by topic, as settling found them. */
  readonly counts: readonly CountSnapshot[]
}

export type RunFigures = Pick<Summary, 'orders' | 'lines' | 'revenue' | 'credits' | 'invariants'>

/** States of an order that was confirmed and lives on. */
const fulfilling: ReadonlySet<OrderView['state']> = new Set(['Confirmed', 'PartiallyShipped', 'Shipped', 'Delivered', 'ReturnRequested', 'PartiallyReturned', 'Returned'])

/**
 * The figures of a run, read back at a quiet moment: orders, stock, reservations and payments from the state backend, lines, value
 * and outcomes from ClickHouse, money from the books of the gateway; and the conservation laws over every order and SKU of the run.
 */
export async function collectRun ({ platform, runId, workload, counts }: CollectOptions): Promise<RunFigures> {
  const { state, clickhouse } = platform
  const referencePrefix = `run-${runId}`
  const skus = new Set(workload.products.filter(product => product !== demoProduct).map(product => product.sku))
  const skuPrefix = [...skus][0]?.split('-')[0] ?? ''

  const views = [...(await stateRows(state, ordersName, partitions, viewStore)).values()].filter(view => view.clientReference === referencePrefix)
  const isOfRun = orderFilter(views)
  const stocks = [...(await stateRows(state, inventoryName, stockPartitions, stockStore, sku => skus.has(sku))).values()]
  const reservations = [...(await stateRows(state, inventoryName, stockPartitions, reservationStore)).values()].filter(isOfRun)
  const payments = (await stateRows(state, paymentsName, partitions, paymentStore, orderId => isOfRun({ orderId }))).values()
  const events = await outcomeEvents(clickhouse, referencePrefix)
  const accepted = views.filter(view => view.outcome !== 'Rejected')

  const report = joinReports([
    checkStock(stocks, reservations, await deductedPieces(clickhouse, `${skuPrefix}-`)),
    checkMoney(payments, { gateway: (await gatewayBooks(platform.gatewayUrl)).filter(isOfRun), orders: accepted }),
    checkOutcomes(accepted, events, reservations),
    checkCounts(counts)
  ])
  const revenue = await runQuery(clickhouse, queries.runRevenue, { referencePrefix })
  const placed = revenue.reduce((sum, row) => sum + row.placedOrders, 0)
  const missing = placed === accepted.length ? [] : [`ClickHouse knows ${placed} accepted orders, the state ${accepted.length}`]
  return {
    orders: countOrders(views),
    lines: revenue.reduce((sum, row) => sum + row.placedLines, 0),
    revenue: Object.fromEntries(revenue.map(row => [row.currency, formatMoney(row.placedGross)])),
    credits: { matched: 0, unmatched: 0, amount: formatMoney(0n) },
    invariants: { checked: report.checked, violations: [...report.violations.map(describeViolation), ...missing] }
  }
}

function orderFilter (views: readonly OrderView[]): (row: { readonly orderId: string }) => boolean {
  const orderIds = new Set(views.map(view => view.orderId))
  return ({ orderId }) => orderIds.has(orderId)
}

function countOrders (views: readonly OrderView[]): Summary['orders'] {
  const ended = (outcome: OrderView['outcome']): number => views.filter(view => view.outcome === outcome).length
  return {
    placed: views.length - ended('Rejected'),
    confirmed: views.filter(view => view.everConfirmed).length,
    cancelled: ended('Cancelled'),
    failed: ended('Failed'),
    timedOut: ended('TimedOut'),
    rejected: ended('Rejected'),
    open: views.filter(view => view.outcome === null && !fulfilling.has(view.state)).length
  }
}
