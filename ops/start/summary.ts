import { styleText } from 'node:util'
import { type ByCurrency, type LedgerFigures } from '../verify/ledger-figures.ts'
import { type ExpectedFigures } from '../verify/run.ts'
import { duration } from './progress.ts'

/** The figures of a run, as written by `--summary`. Amounts are decimal text with four decimals; times are ms. */
export interface Summary {
  readonly provider: string
  readonly versions: Readonly<Record<string, string>>
  /** What was played in; of an import, as it was read back. */
  readonly input: { readonly source: string, readonly rows: number, readonly invoices: number }
  readonly orders: {
    /** Accepted orders. */
    readonly placed: number
    /** Ever confirmed, cancelled later or not. */
    readonly confirmed: number
    /** Delivered, returned later or not. */
    readonly delivered: number
    readonly cancelled: number
    readonly failed: number
    readonly timedOut: number
    readonly rejected: number
    /** Neither confirmed nor ended. */
    readonly open: number
    /** Confirmed, and neither delivered nor ended in another way. */
    readonly onTheWay: number
  }
  /** Priced lines of accepted orders, gross, before credits. */
  readonly lines: number
  /** Value of those lines by currency. */
  readonly revenue: Readonly<Record<string, string>>
  /** Lines of credit notes, and their value in all, matched or not. */
  readonly credits: { readonly matched: number, readonly unmatched: number, readonly amount: string }
  /** Lines of adjustments of the books; the amount is below 0 when more was written off than added. */
  readonly adjustments: { readonly lines: number, readonly amount: string }
  /** What the entries of the ledger come to. */
  readonly ledger: LedgerFigures
  readonly invariants: { readonly checked: number, readonly violations: readonly string[] }
  readonly analytics: { readonly topicRecords: number, readonly clickhouseRows: number }
  /** Digest over the business state of the data folder, 64 hex digits: the same input into an empty folder gives the same, whatever happened meanwhile. */
  readonly stateDigest: string
  readonly latencyMs: { readonly placedToConfirmed: { readonly p50: number, readonly p95: number, readonly p99: number } }
  readonly throughput: { readonly ordersPerSecond: number, readonly recordsPerSecond: number }
  readonly elapsedMs: number
  readonly peakRssMb: number
}

/** What is wrong with a run, one line each; empty = the run is good and `--exit` ends with 0. */
export function findFaults (summary: Summary, expected: ExpectedFigures): string[] {
  const { orders, invariants, analytics } = summary
  const known = orders.placed + orders.rejected
  return [
    ...(known === expected.orders ? [] : [`${expected.orders} orders were played, but ${known} are known to the platform`]),
    ...(orders.open === 0 ? [] : [`${orders.open} orders are neither confirmed nor ended`]),
    ...(orders.onTheWay === 0 ? [] : [`${orders.onTheWay} confirmed orders are not delivered`]),
    ...differences(summary, expected),
    ...(expected.orders === 0 || invariants.checked >= 3 ? [] : [`only ${invariants.checked} invariants were checked`]),
    ...invariants.violations,
    ...(analytics.topicRecords === analytics.clickhouseRows
      ? []
      : [`the topics hold ${analytics.topicRecords} records, ClickHouse ${analytics.clickhouseRows} rows`])
  ]
}

/** Where the figures that were read back are not those that the input says. */
function differences ({ input, orders, lines, revenue, credits, adjustments, ledger }: Summary, expected: ExpectedFigures): string[] {
  const isWhole = orders.cancelled + orders.failed + orders.timedOut + orders.rejected === 0
  const pairs: ReadonlyArray<readonly [string, string | number | undefined, string | number]> = [
    ['rows', expected.input?.rows, input.rows],
    ['invoices', expected.input?.invoices, input.invoices],
    ['priced lines', expected.lines, lines],
    ['gross value', expected.revenue && amounts(expected.revenue), amounts(revenue)],
    ['credited lines', expected.credits?.lines, credits.matched + credits.unmatched],
    ['credited value', expected.credits?.amount, credits.amount],
    ['adjustments', expected.adjustments?.lines, adjustments.lines],
    ['value of the adjustments', expected.adjustments?.amount, adjustments.amount],
    ['net of all rows in the ledger', isWhole ? expected.net && amounts(expected.net) : undefined, amounts(ledger.net)],
    ['orders timed out', expected.timedOut, orders.timedOut]
  ]
  return pairs.flatMap(([name, wanted, found]) => wanted === undefined || wanted === found ? [] : [`${name}: the input has ${wanted}, ${found} came out`])
}

function amounts (sums: ByCurrency): string {
  return Object.entries(sums).map(([currency, amount]) => `${amount} ${currency}`).join('   ')
}

/** The table that a person reads at the end of a run. */
export function formatSummary (summary: Summary, faults: readonly string[]): string {
  const { input, orders, credits, adjustments, ledger, latencyMs: { placedToConfirmed: latency }, analytics, throughput } = summary
  const rows: ReadonlyArray<readonly [string, string]> = [
    ['input', `${count(input.rows)} rows, ${count(input.invoices)} invoices`],
    ['orders placed', `${count(orders.placed)}  (${count(summary.lines)} lines)`],
    ['confirmed / delivered', `${count(orders.confirmed)} / ${count(orders.delivered)}`],
    ['cancelled', count(orders.cancelled)],
    ['failed / timed out / rejected / open', `${orders.failed} / ${orders.timedOut} / ${orders.rejected} / ${orders.open + orders.onTheWay}`],
    ['gross value', amounts(summary.revenue) || '0'],
    ...(credits.matched + credits.unmatched === 0 ? [] : [['credited lines matched / not', `${count(credits.matched)} / ${count(credits.unmatched)}  (${credits.amount})`] as const]),
    ...(adjustments.lines === 0 ? [] : [['adjustments', `${count(adjustments.lines)}  (${adjustments.amount})`] as const]),
    ['ledger: entries, net', `${count(ledger.entries)}  (${amounts(ledger.net) || '0'})`],
    ...(credits.matched === 0 ? [] : [['credits paid / owed', `${amounts(ledger.creditsPaid) || '0'} / ${amounts(ledger.creditsOwed) || '0'}`] as const]),
    ['placed to confirmed', `p50 ${Math.round(latency.p50)} ms   p95 ${Math.round(latency.p95)} ms   p99 ${Math.round(latency.p99)} ms`],
    ['event records in topics / ClickHouse', `${count(analytics.topicRecords)} / ${count(analytics.clickhouseRows)}`],
    ['speed', `${throughput.ordersPerSecond} orders/s, ${count(throughput.recordsPerSecond)} event records/s, ${duration(summary.elapsedMs)}`],
    ['invariants', `${count(summary.invariants.checked)} checks, ${count(summary.invariants.violations.length)} violations`],
    ['digest of the state', summary.stateDigest.slice(0, 16)]
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
