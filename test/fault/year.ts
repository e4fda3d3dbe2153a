import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readText } from '../oracle/csv.ts'
import { figuresOf } from '../oracle/figures.ts'
import { compareWithKnown } from '../oracle/online-retail.ts'
import { newPorts } from '../support/shared-stack.ts'
import { differences, likenessOf } from './compare.ts'
import { endingSignal, inOwnRoot } from './own-root.ts'
import { untilAborted } from './run-scene.ts'
import { type CaseOptions, type CaseRun, killed, killedSinks, refilled, short, threeProcessors, undisturbed } from './year/cases.ts'
import { ImportSite } from './year/import-site.ts'
import { formatYear } from './year/year-table.ts'

/** The ways to import the file, in the order they are gone. `refill` goes on in the folder of `undisturbed`. */
const cases: Readonly<Record<string, { readonly run: (options: CaseOptions) => Promise<CaseRun>, readonly isSame: boolean, readonly folder?: string }>> = {
  undisturbed: { run: undisturbed, isSame: true },
  refill: { run: refilled, isSame: true, folder: 'undisturbed' },
  kill: { run: killed, isSame: true },
  sinks: { run: killedSinks, isSame: true },
  short: { run: short, isSame: false },
  three: { run: threeProcessors, isSame: true }
}

const usage = `npm run test:year -- --input FILE.csv[.gz] [--seed TEXT] [--kills N] [--only A,B] [--keep]

Imports a file with the columns of UCI Online Retail in ${Object.keys(cases).length} ways, each on a real stack of its own, and compares what came out with an
independent program, to the penny:
  undisturbed   as it is
  refill        ClickHouse loses its rows afterwards: the next start refuses, and --refill makes them anew
  kill          SIGKILL of the process and of broker, registry, Redis, ClickHouse and gateway with it, then FLUSHALL of Redis
  sinks         SIGKILL of the sinks' process and of ClickHouse, in turn each alone and both at once, while everything else goes on
  short         with nine tenths of the stock
  three         three processes of processors, one of sinks, one that plays
Exit code 0 when all of them come to those figures and break no law; else 1.

  --input FILE   the file
  --seed TEXT    seed of the points of disturbance (default: at random, and said)
  --kills N      how often everything is killed (default 3)
  --only A,B     some of the ways (default all)
  --keep         keep data and logs
`

/** Goes all the ways, prints figures, and resolves with the exit code. */
async function main (): Promise<number> {
  const { values } = parseArgs({
    options: {
      input: { type: 'string' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
      kills: { type: 'string', default: '3' },
      only: { type: 'string', default: Object.keys(cases).join() },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false }
    }
  })
  const kills = Number(values.kills)
  const names = Object.keys(cases).filter(name => values.only.split(',').includes(name))
  if (values.help || values.input === undefined || !Number.isSafeInteger(kills) || kills < 1 || names.length !== values.only.split(',').length) {
    process[values.help ? 'stdout' : 'stderr'].write(usage)
    return values.help ? 0 : 1
  }
  const signal = endingSignal()
  const report = (line: string): void => { process.stdout.write(`${line}\n`) }
  const input = resolve(values.input)
  const csv = readText(input)
  const figures = figuresOf(csv)
  const { rows, orders: { orders } } = figures
  const { known, differences: unknown } = compareWithKnown(csv, figures)
  report(`${rows} rows, ${orders} orders, seed ${values.seed}`)
  if (known > 0) report(`the oracle comes to ${known - unknown.length} of ${known} figures that are known of this file`)
  const ports = await newPorts()
  const startedAt = Date.now()
  const runs = new Map<string, CaseRun>()
  return await inOwnRoot({ prefix: 'year-', isKept: values.keep, report }, async root => {
    for (const name of names) {
      const { run, folder = name } = cases[name] as typeof cases[string]
      const site = new ImportSite(join(root, folder), ports, input)
      const atMs = Date.now()
      report(`${name}:`)
      try {
        runs.set(name, await untilAborted(signal, async () => await run({ site, csv, orders, seed: values.seed, kills, report })))
      } finally {
        await site.close()
      }
      report(`  done after ${Math.round((Date.now() - atMs) / 1000)} s, ${runs.get(name)?.faults.length} faults`)
    }
    const faults = [
      ...unknown.map(difference => `oracle: ${difference}`),
      ...[...runs].flatMap(([name, run]) => run.faults.map(fault => `${name}: ${fault}`)),
      ...unlike(runs)
    ]
    report(`\n${formatYear(runs)}\n`)
    for (const fault of faults) report(fault)
    const seconds = Math.round((Date.now() - startedAt) / 1000)
    report(`${faults.length === 0 ? 'the figures of the oracle, to the penny,' : `${faults.length} differences`} in ${runs.size} imports of ${rows} rows (seed ${values.seed}), ${seconds} s`)
    return faults.length === 0
  })
}

/** Where a run that must come to the same as the first one does not: figures, and the digest of all state. */
function unlike (runs: ReadonlyMap<string, CaseRun>): string[] {
  const [first, ...others] = [...runs].filter(([name]) => cases[name]?.isSame).map(([name, { outcome: { summary } }]) => [name, summary] as const)
  if (first === undefined) return []
  return others.flatMap(([name, summary]) => differences(likenessOf(first[1]), likenessOf(summary)).map(difference => `${name}, beside ${first[0]}: ${difference}`))
}

process.exit(await main())
