import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { type Manifest, backUp, restore } from '../../ops/operate/backup.ts'
import { serviceNames } from '../../ops/stack/stack.ts'
import { type Summary } from '../../ops/start/summary.ts'
import { allTopics } from '../../topology/index.ts'
import { Machine } from '../support/start.ts'
import { whatIsMissing } from '../support/stack.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** Plays orders until everything is verified. */
async function play (t: Test, machine: Machine, orders: number): Promise<Summary> {
  const child = machine.start(['--provider', 'local', '--orders', String(orders), '--seed', 'kept', '--exit', '--summary', machine.summaryFile], { npm: false })
  const code = await child.ended
  if (code !== 0) t.comment(child.errors + child.text)
  t.equal(code, 0, 'every order is accounted for')
  return machine.summary()
}

/** How many bytes of log an order takes: in topics that are kept for ever, in all others, in changelogs; for docs/operations.md. */
function tellDiskUse (t: Test, { files }: Manifest, orders: number, lines: number): void {
  const kept = new Set(allTopics.filter(({ cleanup }) => cleanup.policy === 'keep').map(({ name }) => name))
  const sums = { 'topics kept for ever': 0, 'other topics': 0, changelogs: 0 }
  for (const [path, { bytes }] of Object.entries(files)) {
    const topic = /^kafka\/log\/(commerce.+)-\d+\/\d+\.log$/.exec(path)?.[1]
    if (topic !== undefined) sums[topic.endsWith('-changelog') ? 'changelogs' : kept.has(topic) ? 'topics kept for ever' : 'other topics'] += bytes
  }
  for (const [what, bytes] of Object.entries(sums)) t.comment(`${what}: ${Math.round(bytes / orders)} bytes an order (${orders} orders, ${lines} lines)`)
  const analytics = Object.entries(files).filter(([path]) => path.startsWith('clickhouse/')).reduce((sum, [, { bytes }]) => sum + bytes, 0)
  t.comment(`ClickHouse: ${Math.round(analytics / orders)} bytes an order`)
}

/** `npm run test:operate`: a platform is backed up, and goes on from its backup in another place. */
test('what is restored is the platform as it was: every order accounted for, Redis rebuilt from the log, and it goes on', async t => {
  const missing = await whatIsMissing(serviceNames)
  if (missing !== undefined) return t.plan(0, missing)
  const [first, second] = [await Machine.create(t), await Machine.create(t)]
  const backup = join(tempFolder(t), 'backup')
  const before = await play(t, first, 100)
  const manifest = await backUp(first.config, backup)
  t.ok(Object.keys(manifest.files).some(path => path.startsWith('kafka/log/commerce.orders.events-')))
  tellDiskUse(t, manifest, before.orders.placed, before.lines)

  await restore(second.config, backup)
  t.notOk(existsSync(join(second.config.dataDir, 'redis')))
  const again = await play(t, second, 100)
  t.strictSame(again.orders, before.orders, 'the same command finds everything done')
  t.strictSame(again.revenue, before.revenue)
  t.equal(again.stateDigest, before.stateDigest, 'state is the same, row for row')
  t.equal(again.analytics.topicRecords, before.analytics.topicRecords, 'nothing was written again')
  t.equal(again.analytics.clickhouseRows, again.analytics.topicRecords)
  t.strictSame(again.invariants.violations, [])
})
