import { test } from 'tap'
import { type Summary, findFaults, formatSummary } from '../../../ops/start/summary.ts'
import { bar, createProgressLine, duration } from '../../../ops/start/progress.ts'

const good: Summary = {
  provider: 'memory',
  versions: { node: 'v24' },
  input: { source: 'generator', rows: 3900, invoices: 300 },
  orders: { placed: 299, confirmed: 280, cancelled: 60, failed: 0, timedOut: 0, rejected: 1, open: 0 },
  lines: 3900,
  revenue: { GBP: '100.5000' },
  credits: { matched: 0, unmatched: 0, amount: '0.0000' },
  invariants: { checked: 900, violations: [] },
  analytics: { topicRecords: 10, clickhouseRows: 10 },
  latencyMs: { placedToConfirmed: { p50: 10, p95: 20, p99: 30 } },
  throughput: { ordersPerSecond: 100, recordsPerSecond: 4000 },
  elapsedMs: 3000,
  peakRssMb: 200
}

test('summary has no faults when every order is known and every check holds', async t => {
  t.same(findFaults(good, 300), [])
})

const wrong: ReadonlyArray<readonly [string, Partial<Summary>, RegExp]> = [
  ['an order is missing', { orders: { ...good.orders, placed: 298 } }, /300 orders were played, but 299 are known/],
  ['an order is open', { orders: { ...good.orders, open: 1 } }, /1 orders are neither confirmed nor ended/],
  ['nothing was checked', { invariants: { checked: 0, violations: [] } }, /only 0 invariants were checked/],
  ['a law is broken', { invariants: { checked: 900, violations: ['stock of A'] } }, /stock of A/],
  ['ClickHouse lacks a row', { analytics: { topicRecords: 10, clickhouseRows: 9 } }, /10 records, ClickHouse 9 rows/]
]
for (const [what, change, message] of wrong) {
  test(`summary names the fault when ${what}`, async t => {
    const faults = findFaults({ ...good, ...change }, 300)
    t.equal(faults.length, 1)
    t.match(faults[0], message)
    t.match(formatSummary({ ...good, ...change }, faults), message)
  })
}

test('summary table shows amounts and counts when printed', async t => {
  const text = formatSummary(good, [])
  t.match(text, /100\.5000 GBP/)
  t.match(text, /p50 10 ms/)
  t.match(text, /accounted for/)
})

test('progress line rewrites itself on a terminal and is sparse elsewhere', async t => {
  const written: string[] = []
  const live = createProgressLine({ isTTY: true, write: text => written.push(text) }, () => 0)
  live.update('a')
  live.update('b')
  live.end()
  t.match(written.join(''), /\r.*a.*\r.*b\n/s)
  const plain: string[] = []
  let now = 0
  const sparse = createProgressLine({ write: text => plain.push(text) }, () => now)
  sparse.update('a')
  now = 100
  sparse.update('b')
  now = 5000
  sparse.update('c')
  t.same(plain, ['a\n', 'c\n'])
})

test('progress texts are short and right', async t => {
  t.equal(bar(5, 10, 10), '[#####-----] 50 %')
  t.equal(bar(0, 0, 4), '[####] 100 %')
  t.equal(duration(12_000), '12 s')
  t.equal(duration(200_000), '3 min 20 s')
  t.equal(duration(3_720_000), '1 h 02 min')
})
