import { queries, runQuery } from '../../sinks/index.ts'
import { describeViolation, joinReports } from '../../topology/audit/law.ts'
import { checkFacts } from '../../topology/audit/fact-laws.ts'
import { type CountSnapshot, checkCounts } from '../../topology/audit/laws.ts'
import { checkTrialBalance } from '../../topology/audit/ledger-laws.ts'
import { formatMoney } from '../../topology/money.ts'
import { type Platform } from '../platform/connect.ts'
import { toldViolations } from '../platform/watch-invariants.ts'
import { type Summary } from '../start/summary.ts'
import { countedFigures } from './fact-rows.ts'
import { gatewayBooks } from './gateway-books.ts'
import { adjustmentTotals, creditTotals } from './import-rows.ts'
import { ledgerFigures } from './ledger-figures.ts'
import { orderBooks, runLedger } from './ledger-rows.ts'
import { checkBooks } from './run-books.ts'
import { type VerifiedRun } from './run.ts'
import { deductedPieces, outcomeEvents, reviewedOrders } from './topic-rows.ts'

export interface CollectOptions {
  readonly platform: Pick<Platform, 'state' | 'clickhouse' | 'gatewayUrl'>
  readonly run: VerifiedRun
  /** Event records and rows by topic, as settling found them. */
  readonly counts: readonly CountSnapshot[]
  /** First offset of the run by `partitionKey`: violations that the audits told before are not its own. */
  readonly from: ReadonlyMap<string, bigint>
}

export type RunFigures = Pick<Summary, 'orders' | 'reviewed' | 'lines' | 'revenue' | 'credits' | 'adjustments' | 'ledger' | 'invariants'> & {
  readonly input: Omit<Summary['input'], 'source'>
}

/**
 * The figures of a run, read back at a quiet moment: orders, stock, reservations and payments from the state backend; input, lines,
 * value, credits, outcomes and the ledger from ClickHouse, money from the books of the gateway; and the conservation laws over every order and SKU,
 * checked here, and as the audits told them meanwhile.
 */
export async function collectRun ({ platform, run, counts, from }: CollectOptions): Promise<RunFigures> {
  const { state, clickhouse, gatewayUrl } = platform
  const { referencePrefix } = run
  const { orders, report } = await checkBooks(state, run, {
    outcomes: Map.groupBy(await outcomeEvents(clickhouse, referencePrefix), event => event.orderId),
    gateway: Map.groupBy(await gatewayBooks(gatewayUrl), entry => entry.orderId),
    ledger: new Map((await orderBooks(clickhouse, referencePrefix)).map(books => [books.orderId, books])),
    deducted: await deductedPieces(clickhouse)
  })
  const ledger = await runLedger(clickhouse, referencePrefix)
  const counted = joinReports([checkCounts(counts), checkTrialBalance(ledger.balances, ledger), checkFacts(await countedFigures(clickhouse, referencePrefix))])
  const revenue = await runQuery(clickhouse, queries.runRevenue, { referencePrefix })
  const placed = revenue.reduce((sum, row) => sum + row.placedOrders, 0)
  const missing = placed === orders.placed ? [] : [`ClickHouse knows ${placed} accepted orders, the state ${orders.placed}`]
  const credits = await creditTotals(clickhouse, referencePrefix)
  const told = await toldViolations(clickhouse, from)
  const adjustments = await adjustmentTotals(clickhouse, referencePrefix)
  return {
    input: await run.readInput(clickhouse),
    orders,
    reviewed: await reviewedOrders(clickhouse, referencePrefix),
    lines: revenue.reduce((sum, row) => sum + row.placedLines, 0),
    revenue: Object.fromEntries(revenue.map(row => [row.currency, formatMoney(row.placedGross)])),
    credits: { ...credits, amount: formatMoney(credits.amount) },
    adjustments: { ...adjustments, amount: formatMoney(adjustments.amount) },
    ledger: ledgerFigures(ledger),
    invariants: {
      checked: report.checked + counted.checked,
      violations: [...[...report.violations, ...counted.violations, ...told].map(describeViolation), ...missing]
    }
  }
}
