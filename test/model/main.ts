import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Check, type Report, runCheck } from './check.ts'
import { Coverage, tableCells, tables } from './coverage.ts'
import { type Scenario, scenarios } from './scenario.ts'
import { readWay, replay, tellWay } from './trace.ts'
import { whyUnreached } from './unreached.ts'
import { variants } from './variants.ts'

const usage = `npm run test:model -- [--lines N] [--partitions N] [--orders N] [--bound N] [--scenario A,B] [--variant NAME] [--replay FILE]

Walks through every interleaving of the order saga, with the real handlers, and checks that each ends well. Exit code 0 when all do.

  --lines N       lines of each order, 1 to 5 (default 5)
  --partitions N  partitions of the stock that they are spread over, 1 or 2 (default 2)
  --orders N      orders that compete, 1 or 2 (default 1)
  --bound N       most disturbances on one way (default 2; 1 with two orders)
  --scenario A,B  of ${Object.entries(scenarios).map(([name, meaning]) => `${name} (${meaning})`).join(', ')}
  --variant NAME  a known-bad build instead: ${Object.keys(variants).join(', ')}
  --replay FILE   goes the way in that file again: the numbered lines of a counterexample
`

/** Searched when no scenario is named. Orders that wait have many ways out of every wait: they are named, with a size and a bound of their own. */
const ofOne: readonly Scenario[] = ['plenty', 'short', 'free', 'services', 'refused']
const ofTwo: readonly Scenario[] = ['contest']

/** Runs the checks, prints figures or a counterexample, and resolves with the exit code. */
async function main (): Promise<number> {
  const { values } = parseArgs({
    options: {
      lines: { type: 'string', default: '5' },
      partitions: { type: 'string', default: '2' },
      orders: { type: 'string', default: '1' },
      bound: { type: 'string' },
      scenario: { type: 'string' },
      variant: { type: 'string' },
      replay: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false }
    }
  })
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  const [lines, partitions, orders] = [within(values.lines, 'lines', 1, 5), within(values.partitions, 'partitions', 1, 2), within(values.orders, 'orders', 1, 2)]
  const size = { lines, partitions, orders }
  if (size.partitions > size.lines) throw new RangeError('an order touches no more partitions than it has lines')
  const bound = within(values.bound ?? (size.orders === 1 ? '2' : '1'), 'bound', 0, 9)
  const names = values.scenario?.split(',') ?? (size.orders === 1 ? ofOne : ofTwo)
  const variant = values.variant === undefined ? {} : { variant: values.variant }
  const checks = names.map((name): Check => ({ ...size, bound, scenario: scenarioOf(name), ...variant }))
  if (values.replay !== undefined) return await showReplay(checks[0] as Check, values.replay)
  const reports: Report[] = []
  for (const check of checks) {
    const report = await runCheck(check)
    if (report.counterexample !== undefined) return await showCounterexample(report)
    print(`${check.scenario}: ${figuresOf(report)}`)
    reports.push(report)
  }
  showCoverage(reports)
  return 0
}

async function showReplay (check: Check, file: string): Promise<number> {
  const told = await replay(check, readWay(readFileSync(file, 'utf8')))
  print(...tellWay(told))
  return told.why === undefined ? 0 : 1
}

async function showCounterexample ({ check, counterexample, seconds }: Report): Promise<number> {
  if (counterexample === undefined) return 0
  const { why, steps, round } = counterexample
  print(...tellWay({ ...await replay(check, steps), why }))
  if (round !== undefined) print('     and then round and round:', ...round.map(id => `       ${id}`))
  print(`model BROKEN: ${check.scenario} after ${steps.length} steps, ${seconds.toFixed(1)} s: ${why}`)
  return 1
}

/** The tables, cell by cell, and the one line with the figures. */
function showCoverage (reports: readonly Report[]): void {
  const coverage = new Coverage()
  for (const report of reports) coverage.merge(report.coverage)
  let [all, seen, explained] = [0, 0, 0]
  for (const table of tables) {
    const missing = coverage.missing(table)
    all += tableCells[table].length
    seen += tableCells[table].length - missing.length
    explained += missing.filter(cell => whyUnreached(table, cell) !== undefined).length
    print(`${table}: ${tableCells[table].length - missing.length} of ${tableCells[table].length} rows`)
    for (const cell of missing) print(`  ${cell}: ${whyUnreached(table, cell) ?? 'takes more disturbances, or another scenario'}`)
  }
  const sum = (of: (report: Report) => number): number => reports.reduce((total, report) => total + of(report), 0)
  const deepest = Math.max(...reports.map(report => report.depth))
  print(`model ok: ${sum(r => r.worlds)} states, ${sum(r => r.transitions)} transitions, ${sum(r => r.paths).toPrecision(4)} paths, ${sum(r => r.rests)} ends, ` +
    `depth ${deepest}, ${seen} of ${all} table rows, ${explained} unreachable with a reason, bound ${reports[0]?.check.bound}, ${sum(r => r.seconds).toFixed(1)} s`)
}

function figuresOf ({ worlds, transitions, paths, rests, depth, seconds }: Report): string {
  return `${worlds} states, ${transitions} transitions, ${paths.toPrecision(4)} paths, ${rests} ends, depth ${depth}, ${seconds.toFixed(1)} s`
}

function within (text: string, name: string, least: number, most: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < least || value > most) throw new RangeError(`--${name} is a number from ${least} to ${most}, not ${text}`)
  return value
}

function scenarioOf (name: string): Scenario {
  if (!(name in scenarios)) throw new RangeError(`there is no scenario ${name}: ${Object.keys(scenarios).join(', ')}`)
  return name as Scenario
}

function print (...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`)
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof RangeError) && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 2
}
