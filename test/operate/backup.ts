import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { childEnvironment, loadConfig } from '../../ops/config.ts'
import { type Manifest, backUp, restore } from '../../ops/operate/backup.ts'
import { type Summary } from '../../ops/start/summary.ts'
import { allTopics } from '../../topology/index.ts'
import { newPorts, settingsOf, stackConfig } from '../support/shared-stack.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** Runs `npm start` on that data folder until everything is played and verified. */
async function play (folder: string, orders: number): Promise<{ code: unknown, summary: Summary }> {
  const file = join(folder, 'summary.json')
  const settings = { ...settingsOf(stackConfig(folder, await newPorts())), COMMERCE_PROVIDER: 'local' }
  const child = spawn(process.execPath, [resolve('ops/start.ts'), '--orders', String(orders), '--seed', 'kept', '--exit', '--summary', file], {
    env: { ...childEnvironment(), ...settings }, stdio: ['ignore', 'ignore', 'inherit']
  })
  const [code] = await once(child, 'exit')
  return { code, summary: JSON.parse(readFileSync(file, 'utf8')) as Summary }
}

/** How many bytes of log an order takes: in topics that are kept for ever, in all others, in changelogs; for docs/operations.md. */
function tellDiskUse ({ files }: Manifest, orders: number, lines: number): void {
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
t.test('what is restored is the platform as it was: every order accounted for, Redis rebuilt from the log, and it goes on', async t => {
  const root = tempFolder(t)
  const config = (name: string) => loadConfig({ file: false, env: {}, overrides: { COMMERCE_DATA_DIR: join(root, name) } })
  const before = await play(join(root, 'first'), 100)
  t.equal(before.code, 0)
  const manifest = await backUp(config('first'), join(root, 'backup'))
  t.ok(Object.keys(manifest.files).some(path => path.startsWith('kafka/log/commerce.orders.events-')))

  tellDiskUse(manifest, before.summary.orders.placed, before.summary.lines)

  await restore(config('second'), join(root, 'backup'))
  t.notOk(existsSync(join(root, 'second/redis')))
  const again = await play(join(root, 'second'), 100)
  t.equal(again.code, 0, 'the same command finds everything done, and verifies it')
  t.strictSame(again.summary.orders, before.summary.orders)
  t.strictSame(again.summary.revenue, before.summary.revenue)
  t.equal(again.summary.stateDigest, before.summary.stateDigest, 'state is the same, row for row')
  t.equal(again.summary.analytics.topicRecords, before.summary.analytics.topicRecords, 'nothing was written again')
  t.equal(again.summary.analytics.clickhouseRows, again.summary.analytics.topicRecords)
  t.match(again.summary.invariants.violations, [])
})
