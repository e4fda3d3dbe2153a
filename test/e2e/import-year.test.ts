import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Test, test } from 'tap'
import { serviceNames } from '../../ops/stack/stack.ts'
import { differences, likenessOf } from '../fault/compare.ts'
import { killed } from '../fault/year/cases.ts'
import { ImportSite } from '../fault/year/import-site.ts'
import { figuresOf } from '../oracle/figures.ts'
import { syntheticYear } from '../oracle/synthetic.ts'
import { ensureWatchdog, newOwnFolder, newPorts, remove } from '../support/shared-stack.ts'
import { whatIsMissing } from '../support/stack.ts'

const csv = syntheticYear({ seed: '7', invoices: 150 })
const { orders: { orders } } = figuresOf(csv)

/** A folder and ports of the test's own with the made-up file in it. */
async function createSite (t: Test, ...options: readonly string[]): Promise<ImportSite> {
  const folder = newOwnFolder()
  ensureWatchdog()
  t.teardown(async () => await remove(folder, () => {}))
  const input = join(folder, 'made-up.csv.gz')
  writeFileSync(input, gzipSync(csv))
  const site = new ImportSite(folder, await newPorts(), input, ['--in-flight', '20', ...options])
  t.teardown(async () => await site.close())
  return site
}

// With the real file, three kills and more ways to import it: `npm run test:year`.
test('an import comes to the figures of the oracle, to the penny, when everything is killed on the way and Redis forgets everything', async t => {
  const missing = await whatIsMissing(serviceNames)
  if (missing !== undefined) return t.plan(0, missing)
  const calm = await createSite(t, '--provider', 'memory')
  const reference = await calm.summary(calm.import())

  const { outcome, faults, disturbedAt } = await killed({ site: await createSite(t), csv, orders, seed: '7', kills: 1, report: line => { t.comment(line) } })

  t.same(faults, [])
  t.equal(disturbedAt.length, 2)
  t.ok(disturbedAt.every(at => at >= orders / 10 && at < orders), `orders were open each time: ${disturbedAt.join()} of ${orders}`)
  t.same(differences(likenessOf(reference), likenessOf(outcome.summary)), [], 'figures and state are those of an undisturbed import in memory')
})
