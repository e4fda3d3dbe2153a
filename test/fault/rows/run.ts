import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type RowResult, runRow } from './run-row.ts'
import { type Row, groups, rows } from './index.ts'
import { endingSignal } from '../own-root.ts'
import { untilAborted } from '../run-scene.ts'
import { openShop } from '../stage/open-shop.ts'
import { type ActOptions } from '../stage/act.ts'
import { Stage } from '../stage/stage.ts'
import { cast } from './cast.ts'
import { liveAsBefore } from './upgrade.ts'
import { formatReport, isPassed, lastLine } from './report.ts'

const usage = `npm run test:fault -- [--rows 1,5,12] [--seed TEXT] [--orders N] [--report FILE] [--keep]

The fault table on real services and the platform's own processes, under load: each row does its worst, then eleven invariants are judged
from the outside. Exit code 0 when every row passed.

  --rows LIST    numbers of rows (default all)
  --seed TEXT    seed of the orders, and of moments and choices (default 7)
  --orders N     orders that are played in during each row, beside those through the API (default 120)
  --report FILE  write the table faults × invariants as Markdown
  --keep         keep data and logs, also of what passed
`

/** Runs rows, prints figures, and resolves with the exit code. */
async function main (): Promise<number> {
  const { values } = parseArgs({
    options: {
      rows: { type: 'string' },
      seed: { type: 'string', default: '7' },
      orders: { type: 'string', default: '120' },
      report: { type: 'string' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false }
    }
  })
  const wanted = values.rows?.split(',').map(Number)
  const stranger = wanted?.find(number => !rows.some(row => row.number === number))
  const orders = Number(values.orders)
  if (values.help || stranger !== undefined || !Number.isSafeInteger(orders) || orders < 1) {
    process[values.help ? 'stdout' : 'stderr'].write(stranger === undefined ? usage : `there is no row ${stranger}: ${rows.map(({ number }) => number).join()}\n`)
    return values.help ? 0 : 1
  }
  const startedAt = performance.now()
  const root = mkdtempSync(join(tmpdir(), 'fault-table-'))
  const signal = endingSignal()
  const run = new TableRun(root, { seed: values.seed, orders }, signal)
  const results: RowResult[] = []
  try {
    for (const group of groups) {
      for (const row of rows.filter(row => row.group === group && wanted?.includes(row.number) !== false)) results.push(await run.row(row))
      await run.leave()
    }
  } catch (error) {
    if (!signal.aborted) throw error
    process.stdout.write(`${String(error)}: what follows is of the rows before\n`)
  } finally {
    await run.leave()
  }
  results.sort((a, b) => a.row.number - b.row.number)
  const figures = { seed: values.seed, orders, seconds: Math.round((performance.now() - startedAt) / 1000), versions: run.versions }
  if (values.report !== undefined) writeFileSync(values.report, formatReport(results, figures))
  const isGood = results.every(isPassed) && !signal.aborted
  if (values.keep || !isGood) process.stdout.write(`data and logs are in ${root}\n`)
  else rmSync(root, { recursive: true, force: true })
  process.stdout.write(`${lastLine(results, figures)}\n`)
  return isGood ? 0 : 1
}

type Platform = Pick<ActOptions, 'stage' | 'skus' | 'bad'>

/** Rows on a platform that they share until one of them is not all right. */
class TableRun {
  readonly #root: string
  readonly #options: { readonly seed: string, readonly orders: number }
  #open: Platform | undefined
  #stages = 0
  readonly #signal: AbortSignal
  versions: Readonly<Record<string, string>> = {}

  constructor (root: string, options: { readonly seed: string, readonly orders: number }, signal: AbortSignal) {
    this.#root = root
    this.#options = options
    this.#signal = signal
  }

  async row (row: Row): Promise<RowResult> {
    this.#signal.throwIfAborted()
    const open = this.#open ??= await this.#begin(row.group)
    const result = await untilAborted(this.#signal, async () => await runRow(row, { ...open, ...this.#options }))
    const word = result.faults.length === 0 ? 'passed' : 'FAILED'
    process.stdout.write(`row ${row.number}, ${row.fault}: ${word}, ${result.seconds} s\n`)
    for (const note of result.notes) process.stdout.write(`    ${note}\n`)
    for (const fault of result.faults) process.stdout.write(`  - ${fault}\n`)
    if (row.isEnd === true || result.faults.length > 0) await this.leave()
    return result
  }

  /** Ends the platform of the rows so far. */
  async leave (): Promise<void> {
    const open = this.#open
    this.#open = undefined
    const faults = await open?.stage.close() ?? []
    for (const fault of faults) process.stdout.write(`  (at the end: ${fault})\n`)
  }

  async #begin (group: Row['group']): Promise<Platform> {
    const isUpgrade = group === 'upgrade'
    const stage = await Stage.open(join(this.#root, String(++this.#stages)), () => {}, isUpgrade ? liveAsBefore : undefined)
    try {
      this.versions = stage.services.versions
      if (!isUpgrade) await Promise.all(Object.entries(cast).map(async ([name, role]) => await stage.start(name, role)))
      return { stage, skus: await openShop(stage), bad: [] }
    } catch (error) {
      await stage.close()
      throw error
    }
  }
}

process.exit(await main())
