import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Test, test } from 'tap'
import { serviceNames } from '../../ops/stack/stack.ts'
import { type CaseOptions, killed, undisturbed } from '../fault/year/cases.ts'
import { ImportSite } from '../fault/year/import-site.ts'
import { figuresOf } from '../oracle/figures.ts'
import { syntheticYear } from '../oracle/synthetic.ts'
import { ensureWatchdog, newPorts, remove } from '../support/shared-stack.ts'
import { newOwnFolder, whatIsMissing } from '../support/stack.ts'

const csv = syntheticYear({ seed: '7', invoices: 240 })
const { orders: { orders } } = figuresOf(csv)

/** A folder and ports of the test's own with the made-up file in it. */
async function prepare (t: Test): Promise<CaseOptions> {
  const folder = newOwnFolder()
  ensureWatchdog()
  t.teardown(async () => await remove(folder, () => {}))
  mkdirSync(folder, { recursive: true })
  const input = join(folder, 'made-up.csv.gz')
  writeFileSync(input, gzipSync(csv))
  const site = new ImportSite(folder, await newPorts(), input)
  t.teardown(async () => await site.close())
  return { site, csv, orders, seed: '7', kills: 1, report: line => { t.comment(line) } }
}

// With the real file, three kills and more ways to import it: `npm run test:year`.
test('an import comes to the figures of the oracle, to the penny, also when everything is killed on the way and Redis forgets everything', async t => {
  const missing = await whatIsMissing(serviceNames)
  if (missing !== undefined) return t.plan(0, missing)
  const calm = await undisturbed(await prepare(t))
  t.same(calm.faults, [])
  const disturbed = await killed(await prepare(t))
  t.same(disturbed.faults, [])
  t.equal(disturbed.disturbedAt.length, 2)
  t.ok(disturbed.disturbedAt.every(at => at >= orders / 10 && at < orders), `orders were open each time: ${disturbed.disturbedAt.join()} of ${orders}`)
  t.type(calm.outcome.summary.stateDigest, 'string')
  t.equal(disturbed.outcome.summary.stateDigest, calm.outcome.summary.stateDigest, 'all state is the same')
})
