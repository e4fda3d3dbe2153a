import { type Test, test } from 'tap'
import { serviceNames } from '../../ops/stack/stack.ts'
import { invariants } from '../fault/detectors/index.ts'
import { cast } from '../fault/rows/cast.ts'
import { killedAt } from '../fault/rows/processors.ts'
import { rows } from '../fault/rows/index.ts'
import { type Row } from '../fault/rows/row.ts'
import { runRow } from '../fault/rows/run-row.ts'
import { openShop } from '../fault/stage/open-shop.ts'
import { Stage } from '../fault/stage/stage.ts'
import { ensureWatchdog, newOwnFolder } from '../support/shared-stack.ts'
import { whatIsMissing } from '../support/stack.ts'

/** A platform of separate processes on services of its own, behind proxies; all of it has ended when the test has. */
async function openStage (t: Test): Promise<{ readonly stage: Stage, readonly skus: readonly string[] }> {
  const folder = newOwnFolder()
  ensureWatchdog()
  const stage = await Stage.open(folder, line => { t.comment(line) })
  t.teardown(async () => { await stage.close() })
  for (const [name, role] of Object.entries(cast)) await stage.start(name, role)
  return { stage, skus: await openShop(stage) }
}

// All rows of the table, and more of each, are `npm run test:fault`; longer and at random: `npm run chaos`.
test('every order is accounted for, exactly once, when the processors are killed in a transaction and Redis forgets everything', async t => {
  const missing = await whatIsMissing(serviceNames)
  if (missing !== undefined) return t.plan(0, missing)
  const open = await openStage(t)
  const flushed = rows.find(({ number }) => number === 8) as Row
  for (const row of [killedAt(['P3']), flushed]) {
    const { faults, verdicts, notes } = await runRow(row, { ...open, seed: '7', orders: 30 })
    for (const note of notes) t.comment(note)
    t.same(faults, [], row.fault)
    for (const name of invariants) t.ok((verdicts[name]?.checked ?? 0) > 0, `${name} looked at ${verdicts[name]?.checked} things`)
  }
  t.same(await open.stage.close(), [], 'every process ended in good order')
})
