import { styleText } from 'node:util'
import { duration } from './progress.ts'

/** The figures of a run, as written by `--summary`. Amounts are decimal text with four decimals; times are ms. */
export interface Summary {
  readonly provider: string
  readonly versions: Readonly<Record<string, string>>
  readonly input: { readonly source: string, readonly rows: number, readonly invoices: number }
  readonly orders: {
    /** Accepted orders. */
    readonly placed: number
    /** Ever confirmed, cancelled later or not. */
    readonly confirmed: number
    readonly cancelled: number
    readonly failed: number
    readonly timedOut: number
    readonly rejected: number
    /** Neither confirmed nor ended. */
    readonly open: number
  }
  /** Priced lines of accepted orders, gross, before credits. */
  readonly lines: number
  /** Value of those lines by currency. */
  readonly revenue: Readonly<Record<string, string>>
  readonly credits: { readonly matched: number, readonly unmatched: number, readonly amount: string }
  readonly invariants: { readonly checked: number, readonly violations: readonly string[] }
  readonly analytics: { readonly topicRecords: number, readonly clickhouseRows: number }
  readonly latencyMs: { readonly placedToConfirmed: { readonly p50: number, readonly p95: number, readonly p99: number } }
  readonly throughput: { readonly ordersPerSecond: number, readonly recordsPerSecond: number }
  readonly elapsedMs: number
  readonly peakRssMb: number
}

/** What is wrong with a run, one line each; empty = the run is good and `--exit` ends with 0. */
export function findFaults (summary: Summary, expectedOrders: number): string[] {
  const { orders, invariants, analytics } = summary
  const known = orders.placed + orders.rejected
  return [
    ...(known === expectedOrders ? [] : [`${expectedOrders} orders were played, but ${known} are known to the platform`]),
    ...(orders.open === 0 ? [] : [`${orders.open} orders are neither confirmed nor ended`]),
    ...(expectedOrders === 0 || invariants.checked >= 3 ? [] : [`only ${invariants.checked} invariants were checked`]),
    ...invariants.violations,
    ...(analytics.topicRecords === analytics.clickhouseRows
      ? []
      : [`the topics hold ${analytics.topicRecords} records, ClickHouse ${analytics.clickhouseRows} rows`])
  ]
}

/** The table that a person reads at the end of a run. */
export function formatSummary (summary: Summary, faults: readonly string[]): string {
  const { orders, latencyMs: { placedToConfirmed: latency }, analytics, throughput } = summary
  const rows: ReadonlyArray<readonly [string, string]> = [
    ['orders placed', `${count(orders.placed)}  (${count(summary.lines)} lines)`],
    ['confirmed', `${count(orders.confirmed)}`],
    ['cancelled', count(orders.cancelled)],
    ['failed / timed out / rejected / open', `${orders.failed} / ${orders.timedOut} / ${orders.rejected} / ${orders.open}`],
    ['gross value', Object.entries(summary.revenue).map(([currency, amount]) => `${amount} ${currency}`).join('   ') || '0'],
    ['placed to confirmed', `p50 ${Math.round(latency.p50)} ms   p95 ${Math.round(latency.p95)} ms   p99 ${Math.round(latency.p99)} ms`],
    ['event records in topics / ClickHouse', `${count(analytics.topicRecords)} / ${count(analytics.clickhouseRows)}`],
    ['speed', `${throughput.ordersPerSecond} orders/s, ${count(throughput.recordsPerSecond)} event records/s, ${duration(summary.elapsedMs)}`],
    ['invariants', `${count(summary.invariants.checked)} checks, ${count(summary.invariants.violations.length)} violations`]
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const verdict = faults.length === 0
    ? styleText('green', 'Every order is accounted for, exactly once.')
    : styleText('red', ['This run is not right:', ...faults.slice(0, 20).map(fault => `  - ${fault}`)].join('\n'))
  return [...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`), '', verdict].join('\n')
}

function count (value: number): string {
  return value.toLocaleString('en')
}
