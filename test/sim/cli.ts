import { parseArgs } from 'node:util'
import { describeFault } from './faults.ts'
import { Figures } from './figures.ts'
import { knownBad } from './known-bad/builds.ts'
import { record } from './known-bad/recorded.ts'
import { type Caught, search } from './known-bad/search.ts'
import type { Order, Report } from './messages.ts'
import { drawScenario } from './scenario.ts'
import { shrink } from './shrink.ts'
import { numbers, runSeeds, Simulator } from './simulator.ts'
import { formatTable } from '../fault/table.ts'

const usage = `npm run test:sim -- [--seeds N] [--from N] [--threads N]
npm run test:sim -- --seed N [--without A,B] [--batches N] [--build NAME] [--trace]
npm run test:sim -- --known-bad [--only A,B] [--limit N] [--record]

Runs the real runtime in simulated worlds, each decided by its seed, and checks that everything was done exactly once. Exit code 0 when
every world was right (with --known-bad: when every known-bad build was caught), else 1. See docs/simulator.md.

  --seeds N      so many worlds (default 300), from --from on (default 1)
  --threads N    worlds at a time (default 2)
  --seed N       one world, the same as ever; one that fails is made smaller and told
  --without A,B  leave out these of its faults
  --batches N    keep its first N batches of records
  --build NAME   with a known-bad build in place of the true one
  --trace        tell everything that happens, not only what matters
  --known-bad    how soon each known-bad build is caught; --only some of them
  --limit N      seeds after which a build counts as not caught (default 10000)
  --record       keep the seeds that were found, for the test in npm test
`

const say = (line: string): void => { process.stdout.write(`${line}\n`) }

async function main (): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '300' },
      from: { type: 'string', default: '1' },
      threads: { type: 'string', default: '2' },
      seed: { type: 'string' },
      without: { type: 'string', default: '' },
      batches: { type: 'string' },
      build: { type: 'string' },
      trace: { type: 'boolean', default: false },
      'known-bad': { type: 'boolean', default: false },
      only: { type: 'string' },
      limit: { type: 'string', default: '10000' },
      record: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false }
    }
  })
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  const whole = [values.seeds, values.from, values.threads, values.limit, values.seed, values.batches].filter(value => value !== undefined).map(Number)
  const names = [...values.only?.split(',') ?? [], ...values.build === undefined ? [] : [values.build]]
  const unknown = names.find(name => !Object.hasOwn(knownBad, name))
  if (unknown !== undefined || whole.some(number => !Number.isSafeInteger(number) || number < 1)) {
    process.stderr.write(unknown === undefined ? 'numbers are whole and above 0\n' : `there is no known-bad build ${unknown}: ${Object.keys(knownBad).join(', ')}\n`)
    return 1
  }
  const threads = Number(values.threads)
  if (values['known-bad']) return await tryBuilds(values.only?.split(',') ?? Object.keys(knownBad), threads, Number(values.limit), values.record)
  if (values.seed !== undefined) {
    const order: Order = {
      seed: Number(values.seed),
      without: values.without === '' ? [] : values.without.split(',').map(Number),
      ...values.batches === undefined ? {} : { batches: Number(values.batches) }
    }
    return await replay(order, values.build, values.trace)
  }
  return await runMany(Number(values.from), Number(values.seeds), threads)
}

/** Many worlds; the first ones that fail are told in full. */
async function runMany (from: number, count: number, threads: number): Promise<number> {
  const started = performance.now()
  const figures = new Figures()
  const failed: number[] = []
  await runSeeds(numbers(from, from + count - 1), threads, report => {
    figures.add(report)
    if (report.problems.length === 0) return
    failed.push(report.seed)
    for (const { check, found } of report.problems) say(`seed ${report.seed}: ${check}: ${found}`)
  })
  const seconds = (performance.now() - started) / 1000
  for (const seed of failed.slice(0, 2)) await replay({ seed }, undefined, false)
  say(`faults: ${figures.faults.map(([kind, times]) => `${kind} ${times}`).join(', ')}; ${figures.calm} worlds without one`)
  say(figures.line(seconds))
  return failed.length === 0 ? 0 : 1
}

/** One world, told; when it fails, the smallest part of it that still does. */
async function replay (order: Order, build: string | undefined, isWhole: boolean): Promise<number> {
  const started = performance.now()
  const scenario = drawScenario(order.seed)
  const simulator = new Simulator(build)
  const suffix = build === undefined ? '' : ` --build ${build}`
  const figures = new Figures()
  try {
    const report = await simulator.run({ ...order, isTraced: true })
    figures.add(report)
    say(`seed ${order.seed}${suffix}: ${JSON.stringify(scenario.settings)}`)
    for (const fault of scenario.faults) say(`  ${order.without?.includes(fault.number) === true ? '(left out) ' : ''}${describeFault(fault)}`)
    if (report.problems.length === 0 || isWhole) tell(report, isWhole)
    else {
      const small = await shrink({ ...order, isTraced: true }, scenario.faults.length, scenario.batches.length, async each => await simulator.run(each))
      say(`smaller after ${small.tries} runs: without faults ${small.order.without?.join()}, with ${small.order.batches} of ${scenario.batches.length} batches`)
      tell(small.report, false)
      const without = small.order.without?.length === 0 ? '' : ` --without ${small.order.without?.join()}`
      say(`replay: npm run test:sim -- --seed ${order.seed}${without} --batches ${small.order.batches}${suffix} --trace`)
    }
    say(figures.line((performance.now() - started) / 1000))
    return report.problems.length === 0 ? 0 : 1
  } finally {
    await simulator.close()
  }
}

/** Lines of a trace that say who did what to whom: faults, processes, transactions, state, inserts and what went wrong. */
const MATTERS = /FAULT|WRONG|starts|is gone|goes on|failed|says: (task|assignment)|initProducerId|endTxn|claim|wipe|apply|insert|the network/

function tell ({ trace = [], problems }: Report, isWhole: boolean): void {
  if (problems.length > 0 || isWhole) for (const line of isWhole ? trace : trace.filter(line => MATTERS.test(line)).slice(-150)) say(line)
  for (const { check, found } of problems) say(`WRONG ${check}: ${found}`)
}

async function tryBuilds (names: readonly string[], threads: number, limit: number, isRecorded: boolean): Promise<number> {
  const started = performance.now()
  const caught = new Map<string, Caught>()
  const left = [...names]
  await Promise.all(Array.from({ length: threads }, async () => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      const found = await search(name, 1, limit)
      if (found === undefined) say(`${name}: not caught by ${limit} seeds`)
      else {
        caught.set(name, found)
        say(`${name}: seed ${found.seed}, ${found.steps} steps: ${found.check}: ${found.found}`)
      }
    }
  }))
  const rows = names.map(name => {
    const found = caught.get(name)
    return found === undefined ? [name, '-', '-', '-', 'not caught'] : [name, String(found.seed), String(found.seeds), String(found.steps), found.check]
  })
  say(`\n${formatTable([['known-bad build', 'seed', 'seeds', 'steps', 'check'], ...rows])}\n`)
  if (isRecorded) record(caught)
  const most = Math.max(0, ...[...caught.values()].map(({ seeds }) => seeds))
  say(`${names.length} known-bad builds, ${names.length - caught.size} not caught, at most ${most} seeds, ${((performance.now() - started) / 1000).toFixed(1)} s`)
  return caught.size === names.length ? 0 : 1
}

process.exit(await main())
