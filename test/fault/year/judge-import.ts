import { isDeepStrictEqual } from 'node:util'
import { type Summary } from '../../../ops/start/summary.ts'
import { type Amount, formatAmount } from '../../oracle/amount.ts'
import { type Figures, creditTotals, figuresOf } from '../../oracle/figures.ts'
import { type GatewayTotals } from '../outside.ts'
import { type Analytics } from './analytics.ts'
import { compareAnalytics } from './compare-analytics.ts'

/** What an import ended with: its own summary, and what an outsider sees beside it. */
export interface Outcome {
  readonly exitCode: number | NodeJS.Signals
  readonly summary: Summary
  readonly analytics: Analytics
  readonly deadLetters: number
  readonly gateway: GatewayTotals
}

/** Every way in which an import came to something else than the oracle, one line each; empty = none. `csv`: text of its file. */
export function judgeImport (csv: string, stockShare: number, outcome: Outcome): string[] {
  const { exitCode, summary, analytics, deadLetters } = outcome
  const { cancelled, refused } = analytics
  const figures = figuresOf(csv, { stockShare, cancelled, refused })
  const { invariants, analytics: { topicRecords, clickhouseRows } } = summary
  return [
    ...exitCode === 0 ? [] : [`the import ended with ${exitCode}`],
    ...invariants.violations.map(violation => `violation: ${violation}`),
    ...topicRecords === clickhouseRows ? [] : [`the topics hold ${topicRecords} records, ClickHouse ${clickhouseRows} rows`],
    ...deadLetters === 0 ? [] : [`${deadLetters} dead letters`],
    ...stockShare === 1 && cancelled.size + refused.size > 0 ? [`${cancelled.size} orders and ${refused.size} write-offs were short of stock that was there`] : [],
    ...compareSummary(figures, outcome),
    ...compareAnalytics(figures, analytics)
  ]
}

/** The figures that the run itself tells, and the gateway's books, against the oracle's. */
function compareSummary (figures: Figures, { summary, analytics, gateway }: Outcome): string[] {
  const { orders, delivered, credits, refunds, adjustments } = figures
  const [matched, unmatched] = [creditTotals(credits, true), creditTotals(credits, false)]
  // Without cancelled orders this is the sum of all rows.
  const net = delivered.gross - matched.amount - unmatched.amount + [...adjustments.values()].reduce((sum, amount) => sum + amount, 0n)
  const inPounds = (amount: Amount): object => amount === 0n ? {} : { GBP: formatAmount(amount) }
  const wanted: Readonly<Record<string, unknown>> = {
    input: { rows: figures.rows, invoices: Object.values(figures.invoices).reduce((sum, count) => sum + count, 0) },
    orders: {
      placed: orders.orders,
      confirmed: delivered.orders,
      delivered: delivered.orders,
      cancelled: analytics.cancelled.size,
      failed: 0,
      timedOut: 0,
      rejected: 0,
      open: 0,
      onTheWay: 0
    },
    lines: orders.lines,
    revenue: { GBP: formatAmount(orders.gross) },
    credits: { matched: matched.lines, unmatched: unmatched.lines, amount: formatAmount(matched.amount + unmatched.amount) },
    ledger: { net: inPounds(net), creditsPaid: inPounds(refunds.paid), creditsOwed: inPounds(refunds.owed) },
    gateway: { GBP: { authorised: `${delivered.gross}`, captured: `${delivered.gross}`, voided: '0', refunded: `${refunds.paid}` } }
  }
  const { source: _, ...input } = summary.input
  const { entries: __, ...ledger } = summary.ledger
  const found: Readonly<Record<string, unknown>> = { ...summary, input, ledger, gateway }
  return Object.keys(wanted).filter(name => !isDeepStrictEqual(wanted[name], found[name])).map(name =>
    `${name} of the run: ${JSON.stringify(found[name])} instead of ${JSON.stringify(wanted[name])}`)
}
