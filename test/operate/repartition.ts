import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Test, test } from 'tap'
import { partitions } from '../../topology/index.ts'
import { serviceNames } from '../../ops/stack/stack.ts'
import { type Summary } from '../../ops/start/summary.ts'
import { type Child } from '../fault/child.ts'
import { Machine } from '../support/start.ts'
import { whatIsMissing } from '../support/stack.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** This release, with another number of partitions. */
function releaseWith (t: Test, count: number): string {
  const [root, folder] = [resolve('.'), tempFolder(t)]
  for (const name of ['api', 'ops', 'schemas', 'sinks', 'streams', 'topology', 'package.json']) cpSync(join(root, name), join(folder, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const file = join(folder, 'topology/partitions.ts')
  const text = readFileSync(file, 'utf8')
  const changed = text.replace(`partitions: number = ${partitions}\n`, `partitions: number = ${count}\n`)
  t.not(changed, text)
  writeFileSync(file, changed)
  return folder
}

async function endsWell (t: Test, child: Child, what: string): Promise<void> {
  const code = await child.ended
  if (code !== 0) t.comment(child.errors + child.text)
  t.equal(code, 0, what)
}

/** Plays orders until everything is verified; those of a seed that were played before are only verified. */
async function play (t: Test, machine: Machine, release: string, { orders, seed }: { readonly orders: number, readonly seed: string }): Promise<Summary> {
  const options = ['--provider', 'local', '--orders', String(orders), '--seed', seed, '--exit', '--summary', machine.summaryFile]
  await endsWell(t, machine.run([process.execPath, join(release, 'ops/start.ts'), ...options]), `${seed}: every order is accounted for`)
  return machine.summary()
}

/** `npm run test:operate`: the whole platform goes on with twice the partitions, and the one before is as it was. */
test('a platform at rest becomes one with twice the partitions, whenever the work on it is killed', async t => {
  const missing = await whatIsMissing(serviceNames)
  if (missing !== undefined) return t.plan(0, missing)
  const [first, second] = [await Machine.create(t), await Machine.create(t)]
  const [now, next] = [resolve('.'), releaseWith(t, 2 * partitions)]
  const old = { orders: 60, seed: 'before' }
  const before = await play(t, first, now, old)

  const grow = (): Child => second.run([process.execPath, join(next, 'ops/repartition.ts'), '--from', first.config.dataDir, '--data-dir', second.config.dataDir])
  for (const moment of [/tasks are at rest/, /topics made/, /copied; comparing/, /orders\.events: \d+ → \d+ partitions, the same/]) {
    const child = grow()
    await child.says(moment)
    await child.kill()
  }
  const growing = grow()
  await endsWell(t, growing, 'given again, it ends')
  t.comment(growing.text.trim().split('\n').at(-1) ?? '')
  t.match(growing.text, new RegExp(`the new log has ${2 * partitions} partitions|finished before`))

  const after = await play(t, second, next, old)
  t.strictSame(after.orders, before.orders, 'the new platform finds every order where it stood')
  t.strictSame(after.revenue, before.revenue)
  t.strictSame(after.ledger, before.ledger)
  const more = await play(t, second, next, { orders: 40, seed: 'after' })
  for (const { invariants, analytics } of [after, more]) {
    t.strictSame(invariants.violations, [])
    t.equal(analytics.clickhouseRows, analytics.topicRecords)
  }

  const back = await play(t, first, now, old)
  t.equal(back.stateDigest, before.stateDigest, 'the old platform is as it was')
})
