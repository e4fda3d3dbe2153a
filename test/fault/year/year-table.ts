import { formatTable } from '../table.ts'
import { type CaseRun } from './cases.ts'

/** One column a run, one row a figure: for people and for documents. */
export function formatYear (runs: ReadonlyMap<string, CaseRun>): string {
  const list = [...runs.values()]
  const row = (name: string, of: (run: CaseRun) => unknown): readonly string[] => [name, ...list.map(run => String(of(run)))]
  return formatTable([
    ['', ...runs.keys()],
    row('disturbed at order', ({ disturbedAt }) => disturbedAt.join(' ') || '-'),
    row('rows / invoices', ({ outcome: { summary: { input } } }) => `${input.rows} / ${input.invoices}`),
    row('placed', ({ outcome: { summary: { orders } } }) => orders.placed),
    row('confirmed / delivered / cancelled', ({ outcome: { summary: { orders } } }) => `${orders.confirmed} / ${orders.delivered} / ${orders.cancelled}`),
    row('write-offs refused', ({ outcome: { analytics } }) => analytics.refused.size),
    row('failed / timed out / rejected / open', ({ outcome: { summary: { orders } } }) => `${orders.failed} / ${orders.timedOut} / ${orders.rejected} / ${orders.open}`),
    row('priced lines', ({ outcome: { summary } }) => summary.lines),
    row('gross GBP', ({ outcome: { summary: { revenue } } }) => revenue['GBP'] ?? '-'),
    row('credit lines matched / not', ({ outcome: { summary: { credits } } }) => `${credits.matched} / ${credits.unmatched}`),
    row('credits GBP', ({ outcome: { summary: { credits } } }) => credits.amount),
    row('credits paid / owed GBP', ({ outcome: { summary: { ledger } } }) => `${ledger.creditsPaid['GBP'] ?? '0'} / ${ledger.creditsOwed['GBP'] ?? '0'}`),
    row('net of the ledger GBP', ({ outcome: { summary: { ledger } } }) => ledger.net['GBP'] ?? '0'),
    row('event records / ClickHouse rows', ({ outcome: { summary: { analytics } } }) => `${analytics.topicRecords} / ${analytics.clickhouseRows}`),
    row('dead letters', ({ outcome }) => outcome.deadLetters),
    row('checks / violations', ({ outcome: { summary: { invariants } } }) => `${invariants.checked} / ${invariants.violations.length}`),
    row('digest of the state', ({ outcome: { summary } }) => summary.stateDigest.slice(0, 12)),
    row('orders/s', ({ outcome: { summary } }) => summary.throughput.ordersPerSecond),
    row('seconds of the last start', ({ outcome: { summary } }) => Math.round(summary.elapsedMs / 1000)),
    row('memory of the process, MB', ({ outcome: { summary } }) => summary.peakRssMb)
  ])
}
