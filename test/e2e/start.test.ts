import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { type Test, test } from 'tap'
import { serviceNames } from '../../ops/stack/stack.ts'
import { createToken } from '../../ops/token.ts'
import { answerOf, createApiClient, goodOrder } from '../client/client.ts'
import { differences, figuresOfSummary } from '../fault/compare.ts'
import { expectedFigures } from '../fault/expect.ts'
import { type Child } from '../fault/child.ts'
import { type SmtpHouse, openSmtpHouse } from '../sinks/notifications/smtp-house.ts'
import { Machine } from '../support/start.ts'
import { whatIsMissing } from '../support/stack.ts'
import { until } from '../support/until.ts'

const played = { orders: 40, seed: '3' }
const run = ['--orders', '40', '--seed', '3', '--exit', '--summary']

/** The expected figures that a summary tells. */
function expected (): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(expectedFigures(played)).filter(([name]) => name !== 'deadLetters' && !name.startsWith('gateway.')))
}

/** Waits for a run that must end well; what it said is shown when it does not. */
async function endsWell (t: Test, child: Child): Promise<void> {
  const code = await child.ended
  if (code !== 0) t.comment(child.errors + child.text)
  t.equal(code, 0)
}

test('npm start --exit plays, verifies, writes its figures and leaves nothing running when it runs in memory', async t => {
  const missing = await whatIsMissing(['clickhouse', 'gateway'])
  if (missing !== undefined) return t.plan(0, missing)
  const machine = await Machine.create(t)
  const child = machine.start(['--provider', 'memory', ...run, machine.summaryFile])
  await endsWell(t, child)
  t.match(child.text, /Every order is accounted for, exactly once\.\n$/)
  const summary = machine.summary()
  t.match(summary, {
    provider: 'memory',
    versions: { node: /^v\d+/, clickhouse: /^chdb /, gateway: String },
    input: { source: 'generator --orders 40 --seed 3 --stock-share 1', rows: Number, invoices: 40 },
    orders: { placed: 40, rejected: 0, open: 0, failed: 0, timedOut: 0 },
    revenue: { GBP: /^\d+\.\d{4}$/ },
    credits: { matched: 0, unmatched: 0, amount: '0.0000' },
    invariants: { checked: Number, violations: [] },
    analytics: { topicRecords: Number, clickhouseRows: Number },
    stateDigest: /^[0-9a-f]{64}$/,
    latencyMs: { placedToConfirmed: { p50: Number, p95: Number, p99: Number } },
    throughput: { ordersPerSecond: Number, recordsPerSecond: Number },
    elapsedMs: Number,
    peakRssMb: Number
  })
  t.same(differences(expected(), figuresOfSummary(summary)), [], 'the figures are those that the orders say')
  t.ok(summary.invariants.checked > played.orders, 'the laws are checked over every order')
  t.ok(summary.analytics.topicRecords > played.orders)
  t.equal(summary.analytics.clickhouseRows, summary.analytics.topicRecords)
  t.same(await machine.leftovers(), [])
})

test('npm start serves until Ctrl-C, the first order it shows can be placed as it is, and a guest is told of his by e-mail', async t => {
  const missing = await whatIsMissing(['clickhouse', 'gateway'])
  if (missing !== undefined) return t.plan(0, missing)
  const machine = await Machine.create(t)
  const mail = await openSmtpHouse(t)
  const child = machine.start(['--provider', 'memory', '--orders', '5'], { settings: { COMMERCE_SMTP_URL: mail.url } })
  await child.says(/^curl .*\n.*'$/m)
  const shown = /^TOKEN=[^]*'$/m.exec(child.text)?.[0] ?? ''
  const { stdout } = await promisify(execFile)('bash', ['-c', shown])
  t.match(stdout, /^HTTP\/1\.1 201 /)
  t.match(JSON.parse(stdout.slice(stdout.indexOf('{'))), { state: 'Confirmed', currency: 'GBP', lines: [{ sku: 'DEMO-MUG', quantity: 2 }], total: '25.0000' })
  await writesTo(t, machine, mail)
  child.signal('SIGINT')
  await child.ended
  t.match(child.text, /ending …/)
  t.same(await machine.leftovers(), [])
})

/** A guest who places an order has a letter that it is in and one that it is paid, each once, in words. */
async function writesTo (t: Test, { config }: Machine, { letters }: SmtpHouse): Promise<void> {
  const email = `guest-${crypto.randomUUID()}@example.com`
  const token = await createToken({ role: 'Admin', subject: 'shop', grants: [], ttlS: undefined }, config)
  const { data, status } = await answerOf(createApiClient(`http://127.0.0.1:${config.ports.api}`, token).POST('/v1/orders', {
    params: { header: { 'idempotency-key': crypto.randomUUID(), prefer: 'wait=30' } }, body: goodOrder('DEMO-MUG', { guestEmail: email })
  }))
  t.equal(status, 201, JSON.stringify(data))
  const { orderId } = data as { readonly orderId: string }
  const own = () => letters.filter(({ to }) => to !== undefined && !Array.isArray(to) && to.value[0]?.address === email)
  const about = (subject: string) => own().filter(letter => letter.subject === subject)
  const [placed, paid] = [`Your order ${orderId}`, 'We have received your payment of £12.50']
  await until(() => about(placed).length > 0 && about(paid).length > 0)
  t.match(about(placed), [{ text: /Total: £12\.50/ }])
  t.match(about(paid), [{ text: new RegExp(orderId) }])
  t.equal(new Set(own().map(({ messageId }) => messageId)).size, own().length, 'no letter came twice')
}

test('npm start goes on where it stopped, and a finished run is only verified, when it runs again in the same data folder', async t => {
  const missing = await whatIsMissing(serviceNames)
  if (missing !== undefined) return t.plan(0, missing)
  const machine = await Machine.create(t)
  const args = ['--provider', 'local', ...run, machine.summaryFile]

  const killed = machine.start(args, { npm: false })
  await killed.says(/orders \[/)
  await killed.kill()
  t.notOk(existsSync(machine.summaryFile), 'it was killed in the middle of the run')

  // Nobody could end the services with it: the next start takes them over, and leaves them to `npm run stack:down`.
  const resumed = machine.start(args)
  await endsWell(t, resumed)
  const first = machine.summary()
  t.equal(first.provider, 'local')
  t.same(differences(expected(), figuresOfSummary(first)), [], 'the figures are those that the orders say, as in memory')

  const verified = machine.start(args)
  await endsWell(t, verified)
  const second = machine.summary()
  t.same(differences(expected(), figuresOfSummary(second)), [])
  t.same(second.analytics, first.analytics, 'no record has come to the topics')
  t.same(second.invariants, first.invariants)

  await endsWell(t, machine.stackDown())
  t.same(await machine.leftovers(), [], 'the services that the killed one left running have ended')
})

test('npm start ends with 1 and one clear line when an option is wrong', async t => {
  const machine = await Machine.create(t)
  const wrong: ReadonlyArray<readonly [readonly string[], RegExp]> = [
    [['--orders', 'many'], /--orders takes a whole number from 0 to [\d_,]+, not 'many'/],
    [['--nonsense'], /Unknown option '--nonsense'/],
    [['--role', 'cook'], /--role takes one of all, .*, not 'cook'/]
  ]
  for (const [args, line] of wrong) {
    const child = machine.start(args, { npm: false })
    t.equal(await child.ended, 1)
    t.match(child.errors, line)
    t.match(child.errors, /^[^\n]+\n$/, 'one line')
    t.equal(child.text, '')
  }
  t.same(await machine.leftovers(), [])
})
