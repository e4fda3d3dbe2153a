import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Test, test } from 'tap'
import { serviceNames } from '../../ops/stack/stack.ts'
import { type Summary } from '../../ops/start/summary.ts'
import { type Child } from '../fault/child.ts'
import { formatAmount } from '../oracle/amount.ts'
import { creditTotals, figuresOf } from '../oracle/figures.ts'
import { importFile } from '../support/import-file.ts'
import { Machine } from '../support/start.ts'
import { whatIsMissing } from '../support/stack.ts'

const file = importFile()
const figures = figuresOf(file.text)

function write (t: Test, name: string, content: string | Buffer): string {
  const path = join(t.testdir(), name)
  writeFileSync(path, content)
  return path
}

/** Waits for a run that must end well; what it said is shown when it does not. */
async function endsWell (t: Test, child: Child): Promise<void> {
  const code = await child.ended
  if (code !== 0) t.comment(child.errors + child.text)
  t.equal(code, 0)
}

function inPounds (amounts: Readonly<Record<string, bigint>>): object {
  return Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, { GBP: formatAmount(amount) }]))
}

/** Fails unless the figures are those that the rows of the file say. */
function isExact (t: Test, summary: Summary): void {
  const { input, orders, lines, revenue, credits, adjustments, ledger: { entries, ...ledger }, invariants, analytics } = summary
  const { orders: placed, revenue: gross, ...expected } = file.expected
  t.same(orders, { placed, confirmed: placed, delivered: placed, cancelled: 0, failed: 0, timedOut: 0, rejected: 0, open: 0, onTheWay: 0 })
  t.same({ input: { rows: input.rows, invoices: input.invoices }, lines, credits, adjustments }, expected)
  t.same(revenue, { GBP: gross })
  t.same(ledger, inPounds({ net: figures.net, creditsPaid: figures.refunds.paid, creditsOwed: figures.refunds.owed }), 'the books come to what all rows come to')
  t.ok(entries > 2 * placed, 'every order was held and paid')
  t.same(invariants.violations, [])
  t.ok(invariants.checked > 2 * placed, 'the laws are checked over every order')
  t.equal(analytics.clickhouseRows, analytics.topicRecords)
}

test('npm start imports a file with every kind of invoice, exactly, when it runs in memory', async t => {
  const missing = await whatIsMissing(['clickhouse', 'gateway'])
  if (missing !== undefined) return t.plan(0, missing)
  t.ok(file.spanning > 0, 'a credit takes from two purchases')
  t.ok(figures.refunds.paid < creditTotals(figures.credits, true).amount, 'a credit is for more than is left of its order')
  t.ok(creditTotals(figures.credits, false).lines > 0, 'a credit belongs to no purchase')
  const machine = await Machine.create(t)
  const path = write(t, 'invoices.csv.gz', gzipSync(file.text))
  const child = machine.start(['--provider', 'memory', '--input', path, '--exit', '--summary', machine.summaryFile])
  await endsWell(t, child)
  t.match(child.text, /Every order is accounted for, exactly once\.\n$/)
  isExact(t, machine.summary())
  t.equal(machine.summary().input.source, '--input invoices.csv.gz --stock-share 1')
  t.same(await machine.leftovers(), [])
})

test('npm start goes on with an import where it was killed, only verifies a finished one, and refuses another in the same data folder', async t => {
  const missing = await whatIsMissing(serviceNames)
  if (missing !== undefined) return t.plan(0, missing)
  const machine = await Machine.create(t)
  const path = write(t, 'invoices.csv', file.text)
  const args = ['--provider', 'local', '--input', path, '--in-flight', '15', '--exit', '--summary', machine.summaryFile]

  const killed = machine.start(args, { npm: false })
  await killed.says(/invoices \[/)
  await killed.kill()
  t.notOk(existsSync(machine.summaryFile), 'it was killed in the middle of the run')

  const resumed = machine.start(args)
  await endsWell(t, resumed)
  const first = machine.summary()
  isExact(t, first)

  const verified = machine.start(args)
  await endsWell(t, verified)
  isExact(t, machine.summary())
  t.same(machine.summary().analytics, first.analytics, 'no record has come to the topics')

  const other = write(t, 'other.csv', file.text.replace('536365', '1'))
  const refused = machine.start(['--provider', 'local', '--input', other, '--exit'], { npm: false })
  t.equal(await refused.ended, 1)
  t.match(refused.errors, /^another import was begun in the data folder .*: --input invoices\.csv --stock-share 1, on \d{4}-.*--data-dir\.\n$/)
  t.match(refused.errors, /^[^\n]+\n$/, 'one line')

  await endsWell(t, machine.stackDown())
  t.same(await machine.leftovers(), [])
})

test('npm start ends with 1 and one clear line, before it starts anything, when the file cannot be imported', async t => {
  const machine = await Machine.create(t)
  const bad = file.text.replace(',1.87,', ',1.87.,')
  const wrong: ReadonlyArray<readonly [string, RegExp]> = [
    [join(t.testdir(), 'none.csv'), /none\.csv cannot be read: there is no such file/],
    [write(t, 'bad.csv', bad), /bad\.csv cannot be imported: line 3, column UnitPrice: '1\.87\.' is not an amount such as 2\.55/]
  ]
  for (const [path, line] of wrong) {
    const child = machine.start(['--provider', 'memory', '--input', path, '--exit'], { npm: false })
    t.equal(await child.ended, 1)
    t.match(child.errors, line)
    t.match(child.errors, /^[^\n]+\n$/, 'one line')
    t.notMatch(child.text, /Stack/)
  }
  t.same(await machine.leftovers(), [])
})
