import { type SceneRun } from './run-scene.ts'

/** One column a run, one row a figure: for people and for documents. */
export function formatRuns (runs: ReadonlyMap<string, SceneRun>): string {
  const names = [...runs.keys()]
  const list = [...runs.values()]
  const row = (name: string, of: (run: SceneRun) => unknown): readonly string[] => [name, ...list.map(run => String(of(run)))]
  const currencies = [...new Set(list.flatMap(({ result }) => Object.keys(result.summary.revenue)))].sort()
  const rows = [
    ['', ...names],
    row('disturbed at order', ({ disturbed }) => disturbed.map(({ settled }) => settled).join(' ') || '-'),
    row('open transactions then', ({ disturbed }) => disturbed.map(({ openTransactions }) => openTransactions).join(' ') || '-'),
    row('next order event after, ms', ({ disturbed }) => disturbed.map(({ backAfterMs }) => backAfterMs).join(' ') || '-'),
    row('placed', ({ result }) => result.summary.orders.placed),
    row('confirmed', ({ result }) => result.summary.orders.confirmed),
    row('cancelled', ({ result }) => result.summary.orders.cancelled),
    row('failed / timed out / rejected / open', ({ result: { summary: { orders: { failed, timedOut, rejected, open } } } }) => `${failed} / ${timedOut} / ${rejected} / ${open}`),
    row('lines', ({ result }) => result.summary.lines),
    ...currencies.map(currency => row(`revenue ${currency}`, ({ result }) => result.summary.revenue[currency] ?? '-')),
    ...currencies.map(currency => row(`taken / given back ${currency}, 1/10,000`, ({ result }) => `${result.gateway[currency]?.['captured'] ?? '-'} / ${result.gateway[currency]?.['refunded'] ?? '-'}`)),
    row('event records / ClickHouse rows', ({ result: { summary: { analytics } } }) => `${analytics.topicRecords} / ${analytics.clickhouseRows}`),
    row('dead letters', ({ result }) => result.deadLetters),
    row('checks / violations', ({ result: { summary: { invariants } } }) => `${invariants.checked} / ${invariants.violations.length}`),
    row('orders/s', ({ result }) => result.summary.throughput.ordersPerSecond),
    row('placed to confirmed p50 / p99, ms', ({ result: { summary: { latencyMs: { placedToConfirmed: { p50, p99 } } } } }) => `${Math.round(p50)} / ${Math.round(p99)}`),
    row('seconds', ({ result }) => Math.round(result.summary.elapsedMs / 1000))
  ]
  return formatTable(rows)
}

/** Columns as wide as they need, the first one for names. */
export function formatTable (rows: ReadonlyArray<readonly string[]>): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map(cells => cells[column]?.length ?? 0))) ?? []
  return rows.map(cells => cells.map((cell, column) => column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)).join('  ')).join('\n')
}
