import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { newPorts } from '../support/shared-stack.ts'
import { differences, faultsOf, figuresOf, otherEvents } from './compare.ts'
import { type Disturbance, plan } from './disturb.ts'
import { type Figures, expectedFigures } from './expect.ts'
import { endingSignal, inOwnRoot } from './own-root.ts'
import { type SceneRun, runScene } from './run-scene.ts'
import { formatRuns } from './table.ts'

const usage = `npm run test:disturbed -- [--orders N] [--seed TEXT] [--in-flight N] [--times N] [--only A,B] [--keep]

Plays the same orders three times on a real stack of its own: undisturbed, with kill -9 of the processors, with FLUSHALL of Redis.
Exit code 0 when all three come to the figures that the orders themselves say, to the penny, and break no law; else 1.

  --orders N     orders of each run (default 5000)
  --seed TEXT    seed of the orders and of the points of disturbance (default 7)
  --in-flight N  open orders at a time (default 200)
  --times N      disturbances of each disturbed run (default 3)
  --only A,B     some of the runs: undisturbed, kill, flush (default all)
  --keep         keep data and logs of all runs
`

interface Named { readonly name: string, readonly disturbances: readonly Disturbance[] }

/** Runs all of them, prints figures, and resolves with the exit code. */
async function main (): Promise<number> {
  const { values } = parseArgs({
    options: {
      orders: { type: 'string', default: '5000' },
      seed: { type: 'string', default: '7' },
      'in-flight': { type: 'string', default: '200' },
      times: { type: 'string', default: '3' },
      only: { type: 'string', default: 'undisturbed,kill,flush' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false }
    }
  })
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  const play = { orders: Number(values.orders), seed: values.seed, inFlight: Number(values['in-flight']) }
  const times = Number(values.times)
  if (![play.orders, play.inFlight, times].every(number => Number.isSafeInteger(number) && number > 0)) {
    process.stderr.write('--orders, --in-flight and --times take whole numbers above 0\n')
    return 1
  }
  const signal = endingSignal()
  const report = (line: string): void => { process.stdout.write(`${line}\n`) }
  const ports = await newPorts()
  const kinds = (['kill', 'flush'] as const).map(kind => Array.from({ length: times }, () => kind))
  const all: readonly Named[] = [
    { name: 'undisturbed', disturbances: [] },
    ...kinds.map(list => ({ name: list[0] ?? '', disturbances: plan(list, play) }))
  ]
  const named = all.filter(({ name }) => values.only.split(',').includes(name))
  const startedAt = Date.now()
  const runs = new Map<string, SceneRun>()
  return await inOwnRoot({ prefix: 'disturbed-run-', isKept: values.keep, report }, async root => {
    for (const { name, disturbances } of named) {
      const points = disturbances.map(({ atSettled }) => atSettled).join(', ')
      report(`${name}: ${play.orders} orders, seed ${play.seed}${points === '' ? '' : `, disturbed at ${points} orders`}`)
      runs.set(name, await runScene({ folder: join(root, name), ports, play, disturbances, report, signal }))
    }
    const faults = judge(runs, expectedFigures(play))
    report(`\n${formatRuns(runs)}\n`)
    for (const note of notesOn(runs)) report(note)
    for (const fault of faults) report(fault)
    const disturbances = named.reduce((sum, { disturbances }) => sum + disturbances.length, 0)
    const seconds = Math.round((Date.now() - startedAt) / 1000)
    report(faults.length === 0
      ? `same figures in ${runs.size} runs of ${play.orders} orders (seed ${play.seed}) through ${disturbances} disturbances, ${seconds} s`
      : `${faults.length} differences in ${runs.size} runs of ${play.orders} orders (seed ${play.seed}) through ${disturbances} disturbances, ${seconds} s`)
    return faults.length === 0
  })
}

/** Differences that are no faults. */
function notesOn (runs: ReadonlyMap<string, SceneRun>): string[] {
  const reference = runs.get('undisturbed')
  if (reference === undefined) return []
  return [...runs].flatMap(([name, run]) => otherEvents(reference.result, run.result).map(other => `note, ${name}: ${other}`))
}

/** Every fault of every run: each must come to what its orders say, and the disturbed ones so to what the undisturbed one came to. */
function judge (runs: ReadonlyMap<string, SceneRun>, expected: Figures): string[] {
  return [...runs].flatMap(([name, { faults, result }]) => [...faults, ...faultsOf(result), ...differences(expected, figuresOf(result))].map(fault => `${name}: ${fault}`))
}

process.exit(await main())
