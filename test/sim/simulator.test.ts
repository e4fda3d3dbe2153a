import { test } from 'tap'
import { describeFault } from './faults.ts'
import { Figures } from './figures.ts'
import type { Order, Report } from './messages.ts'
import { cutScenario, drawScenario, recordsOf } from './scenario.ts'
import { shrink } from './shrink.ts'
import { numbers, runSeeds, Simulator } from './simulator.ts'

const SEEDS = 300

test('every world is right, whatever its seed does to the processes, the network, the state and the log', { timeout: 500_000 }, async t => {
  const figures = new Figures()
  const wrong: string[] = []
  const started = performance.now()
  await runSeeds(numbers(1, SEEDS), 2, report => {
    figures.add(report)
    for (const { check, found } of report.problems) wrong.push(`npm run test:sim -- --seed ${report.seed}: ${check}: ${found}`)
  })
  t.same(wrong, [])
  t.equal(figures.seeds, SEEDS)
  t.ok(figures.median('processes') >= 2 && figures.median('tasks') >= 3 && figures.median('records') >= 200 && figures.medianFaults >= 1)
  t.comment(figures.line((performance.now() - started) / 1000))
})

test('every seed decides at least two processes, 200 records and one fault, and never the same as another', async t => {
  const seen = new Set<string>()
  for (const seed of numbers(1, 500)) {
    const scenario = drawScenario(seed)
    if (scenario.settings.processes < 2 || recordsOf(scenario) < 200 || !scenario.faults.some(({ on }) => on === undefined)) t.fail(`seed ${seed}`)
    if (!scenario.faults.every(fault => describeFault(fault).includes(fault.kind))) t.fail(`seed ${seed}: a fault is not described`)
    seen.add(JSON.stringify(scenario.batches))
  }
  t.equal(seen.size, 500)
})

test('a seed gives the same trace, byte for byte, in another thread and after other seeds', async t => {
  const [one, other] = [new Simulator(), new Simulator()]
  t.teardown(async () => { await Promise.all([one.close(), other.close()]) })
  for (const seed of [3, 4]) {
    const first = await one.run({ seed, isTraced: true })
    await other.run({ seed: seed + 10 })
    const second = await other.run({ seed, isTraced: true })
    t.ok((first.trace?.length ?? 0) > 1000, `${first.trace?.length} lines`)
    t.equal(first.trace?.join('\n') === second.trace?.join('\n'), true, `seed ${seed}`)
  }
})

test('a failing world is made smaller until everything that is left is needed', async t => {
  // Fails while fault 2 and at least 5 of the batches are there.
  const runs: Order[] = []
  const report = (problems: Report['problems']): Report => ({ seed: 1, problems, processes: 2, tasks: 6, records: 1, steps: 1, faults: [], virtualMs: 1, trace: undefined })
  const run = async (order: Order): Promise<Report> => {
    runs.push(order)
    const isFailing = order.without?.includes(2) !== true && (order.batches ?? 0) >= 5
    return report(isFailing ? [{ check: 'it', found: 'fails' }] : [])
  }
  const { order, tries } = await shrink({ seed: 1 }, 4, 40, run)
  t.same(order, { seed: 1, without: [0, 1, 3], batches: 5 })
  t.equal(tries, runs.length)
})

test('a scenario keeps what it decided when faults and batches are left out', async t => {
  const whole = drawScenario(7)
  const cut = cutScenario(whole, { without: [0], batches: 3 })
  t.same(cut.batches, whole.batches.slice(0, 3))
  t.same(cut.faults, whole.faults.filter(({ number }) => number !== 0))
  t.same(cut.settings, whole.settings)
})
