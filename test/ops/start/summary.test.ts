import { test } from 'tap'
import { type Summary, findFaults, formatSummary } from '../../../ops/start/summary.ts'
import { type ExpectedFigures } from '../../../ops/verify/run.ts'
import { bar, createProgressLine, createRate, duration } from '../../../ops/start/progress.ts'

const good: Summary = {
  provider: 'memory',
  versions: { node: 'v24' },
  input: { source: 'generator', rows: 3900, invoices: 300 },
  orders: { placed: 299, confirmed: 280, delivered: 239, cancelled: 60, failed: 0, timedOut: 0, rejected: 1, open: 0, onTheWay: 0 },
  lines: 3900,
  revenue: { GBP: '100.5000' },
  credits: { matched: 0, unmatched: 0, amount: '0.0000' },
  adjustments: { lines: 0, amount: '0.0000' },
  ledger: { entries: 560, net: { GBP: '100.5000' }, creditsPaid: {}, creditsOwed: {} },
  invariants: { checked: 900, violations: [] },
  analytics: { topicRecords: 10, clickhouseRows: 10 },
  stateDigest: 'ab'.repeat(32),
  latencyMs: { placedToConfirmed: { p50: 10, p95: 20, p99: 30 } },
  throughput: { ordersPerSecond: 100, recordsPerSecond: 4000 },
  elapsedMs: 3000,
  peakRssMb: 200
}

test('summary has no faults when every order is known and every check holds', async t => {
  t.same(findFaults(good, { orders: 300 }), [])
})

const wrong: ReadonlyArray<readonly [string, Partial<Summary>, RegExp]> = [
  ['an order is missing', { orders: { ...good.orders, placed: 298 } }, /300 orders were played, but 299 are known/],
  ['an order is open', { orders: { ...good.orders, open: 1 } }, /1 orders are neither confirmed nor ended/],
  ['an order is on its way', { orders: { ...good.orders, onTheWay: 2 } }, /2 confirmed orders are not delivered/],
  ['nothing was checked', { invariants: { checked: 0, violations: [] } }, /only 0 invariants were checked/],
  ['a law is broken', { invariants: { checked: 900, violations: ['stock of A'] } }, /stock of A/],
  ['ClickHouse lacks a row', { analytics: { topicRecords: 10, clickhouseRows: 9 } }, /10 records, ClickHouse 9 rows/]
]
for (const [what, change, message] of wrong) {
  test(`summary names the fault when ${what}`, async t => {
    const faults = findFaults({ ...good, ...change }, { orders: 300 })
    t.equal(faults.length, 1)
    t.match(faults[0], message)
    t.match(formatSummary({ ...good, ...change }, faults), message)
  })
}

const imported: Summary = {
  ...good,
  input: { source: '--input a.csv', rows: 4000, invoices: 400 },
  credits: { matched: 7, unmatched: 2, amount: '20.0000' },
  adjustments: { lines: 3, amount: '-11.0000' },
  ledger: { entries: 572, net: { GBP: '69.5000' }, creditsPaid: { GBP: '15.0000' }, creditsOwed: { GBP: '5.0000' } }
}
/** As if no order had been cancelled: then the ledger comes to what all rows of the file come to. */
const whole: Summary = { ...imported, orders: { ...imported.orders, placed: 300, confirmed: 300, cancelled: 0, rejected: 0 } }
const expected: ExpectedFigures = {
  orders: 300,
  input: { rows: 4000, invoices: 400 },
  lines: 3900,
  revenue: { GBP: '100.5000' },
  credits: { lines: 9, amount: '20.0000' },
  adjustments: { lines: 3, amount: '-11.0000' },
  net: { GBP: '69.5000' },
  timedOut: 0
}

test('summary has no faults when what came out is what the input says', async t => {
  t.same(findFaults(imported, expected), [])
  const text = formatSummary(imported, [])
  t.match(text, /4,000 rows, 400 invoices/)
  t.match(text, /7 \/ 2 {2}\(20\.0000\)/)
  t.match(text, /3 {2}\(-11\.0000\)/)
  t.match(text, /572 {2}\(69\.5000 GBP\)/)
  t.match(text, /15\.0000 GBP \/ 5\.0000 GBP/)
})

test('summary holds the ledger against all rows of the input when every order came to what it is', async t => {
  const net = { ...imported.ledger, net: { GBP: '69.5001' } }
  t.same(findFaults(whole, expected), [])
  t.same(findFaults({ ...whole, ledger: net }, expected), ['net of all rows in the ledger: the input has 69.5000 GBP, 69.5001 GBP came out'])
  t.same(findFaults({ ...imported, ledger: net }, expected), [], 'what was cancelled is in no book')
})

const different: ReadonlyArray<readonly [Partial<Summary>, string]> = [
  [{ input: { ...imported.input, rows: 3999 } }, 'rows: the input has 4000, 3999 came out'],
  [{ input: { ...imported.input, invoices: 401 } }, 'invoices: the input has 400, 401 came out'],
  [{ lines: 3899 }, 'priced lines: the input has 3900, 3899 came out'],
  [{ revenue: { GBP: '100.5001' } }, 'gross value: the input has 100.5000 GBP, 100.5001 GBP came out'],
  [{ revenue: {} }, 'gross value: the input has 100.5000 GBP,  came out'],
  [{ credits: { ...imported.credits, unmatched: 3 } }, 'credited lines: the input has 9, 10 came out'],
  [{ credits: { ...imported.credits, amount: '0.0000' } }, 'credited value: the input has 20.0000, 0.0000 came out'],
  [{ adjustments: { ...imported.adjustments, lines: 0 } }, 'adjustments: the input has 3, 0 came out'],
  [{ adjustments: { ...imported.adjustments, amount: '11.0000' } }, 'value of the adjustments: the input has -11.0000, 11.0000 came out'],
  [{ orders: { ...imported.orders, timedOut: 1 } }, 'orders timed out: the input has 0, 1 came out']
]
for (const [change, fault] of different) {
  test(`summary names the fault when ${fault.split(':')[0]} differ from the input`, async t => {
    t.same(findFaults({ ...imported, ...change }, expected), [fault])
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

test('a rate counts from its first call on, and tells what is left', async t => {
  let now = 1000
  const rate = createRate(() => now)
  t.equal(rate(50, 100), '0/s')
  now = 3000
  t.equal(rate(70, 100), '10/s, 3 s left')
})

test('progress texts are short and right', async t => {
  t.equal(bar(5, 10, 10), '[#####-----] 50 %')
  t.equal(bar(0, 0, 4), '[####] 100 %')
  t.equal(duration(12_000), '12 s')
  t.equal(duration(200_000), '3 min 20 s')
  t.equal(duration(3_720_000), '1 h 02 min')
})
