import { queries, runQuery } from '../../sinks/index.ts'
import { formatMoney } from '../../topology/index.ts'
import { type Platform } from '../platform/connect.ts'
import { type Workload } from '../play/generator.ts'
import { type Summary } from '../start/summary.ts'

export interface CollectOptions {
  readonly platform: Platform
  readonly gatewayUrl: string
  readonly runId: string
  readonly workload: Workload
}

export async function collectRun ({ platform, runId }: CollectOptions): Promise<Pick<Summary, 'orders' | 'lines' | 'revenue' | 'credits' | 'invariants'>> {
  const referencePrefix = `run-${runId}`
  const states = await runQuery(platform.clickhouse, queries.runOrders, { referencePrefix })
  const revenue = await runQuery(platform.clickhouse, queries.runRevenue, { referencePrefix })
  const of = (state: string): number => states.find(row => row.state === state)?.orders ?? 0
  return {
    orders: {
      placed: states.reduce((sum, row) => sum + row.orders, 0),
      confirmed: states.reduce((sum, row) => sum + row.everConfirmed, 0),
      cancelled: of('Cancelled'),
      failed: of('Failed'),
      timedOut: of('TimedOut'),
      rejected: 0,
      open: 0
    },
    lines: revenue.reduce((sum, row) => sum + row.placedLines, 0),
    revenue: Object.fromEntries(revenue.map(row => [row.currency, formatMoney(row.placedGross)])),
    credits: { matched: 0, unmatched: 0, amount: '0.0000' },
    invariants: { checked: 0, violations: [] }
  }
}
