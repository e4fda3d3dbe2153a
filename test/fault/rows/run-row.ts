import { type Invariant, type Verdict, detectors, invariants } from '../detectors/index.ts'
import { collect, settle } from '../evidence/collect.ts'
import { cast } from './cast.ts'
import { type Row } from './row.ts'
import { Act, type ActOptions } from '../stage/act.ts'
import { until } from '../../support/until.ts'

/** What became of one row. */
export interface RowResult {
  readonly row: Row
  readonly verdicts: Readonly<Partial<Record<Invariant, Verdict>>>
  /** Everything that is wrong, in words; empty = passed. */
  readonly faults: readonly string[]
  readonly notes: readonly string[]
  readonly seconds: number
}

/** How long a row may take, its load included, ms. */
const rowMs = 180_000
const upgradeMs = 360_000

/** Runs one row on a platform at work, and judges what it left. */
export async function runRow (row: Row, options: ActOptions): Promise<RowResult> {
  const startedAt = performance.now()
  const { stage } = options
  const act = new Act({ ...options, seed: `${options.seed}-${row.number}`, orders: row.isEnd === true ? 0 : options.orders })
  const faults: string[] = []
  const timer = Promise.withResolvers<never>()
  const withinMs = row.group === 'upgrade' ? upgradeMs : rowMs
  const timeout = setTimeout(() => { timer.reject(new Error(`did not end within ${withinMs / 1000} s`)) }, withinMs)
  let verdicts: RowResult['verdicts'] = {}
  try {
    await act.begin()
    await Promise.race([row.run(act), timer.promise])
    if (row.isEnd === true) {
      act.api.end().catch(() => {})
    } else {
      await stage.heal(cast)
      faults.push(...await Promise.race([act.end(), timer.promise]))
      verdicts = await judgeAct(act, row)
    }
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error))
    await stage.heal(cast).catch((again: unknown) => { faults.push(`could not be healed: ${String(again)}`) })
    act.end().catch(() => {})
  } finally {
    clearTimeout(timeout)
  }
  faults.push(...act.broken, ...faultsOf(verdicts, row))
  return { row, verdicts, faults, notes: act.notes, seconds: Math.round((performance.now() - startedAt) / 1000) }
}

async function judgeAct (act: Act, row: Row): Promise<RowResult['verdicts']> {
  const left = await settle(act.stage, row.breaks?.includes('I8') === true ? 5_000 : undefined)
  if (left !== '') act.note(`came to rest with ${left}`)
  await until(async () => (await fetch(`${act.stage.apiUrl}/health/ready`).catch(() => undefined))?.status === 200, 'the API is ready', 30_000)
  const evidence = await collect(act.stage, act.done)
  if (evidence.audits.length > 0) act.note(`the audits told: ${evidence.audits.slice(0, 3).join('; ')}`)
  const isMeant = row.breaks !== undefined
  if (!isMeant && evidence.audits.length > 0) act.broken.push(...evidence.audits.slice(0, 5))
  return Object.fromEntries(invariants.map(name => [name, detectors[name](evidence)]))
}

function faultsOf (verdicts: RowResult['verdicts'], { breaks = [] }: Row): string[] {
  return Object.entries(verdicts).flatMap(([name, { checked, findings }]) => {
    if (breaks.includes(name as Invariant)) return findings.length > 0 ? [] : [`${name}: what was broken on purpose was not found`]
    if (checked === 0) return [`${name}: nothing was looked at`]
    return [...findings.slice(0, 5).map(finding => `${name}: ${finding}`), ...findings.length > 5 ? [`${name}: and ${findings.length - 5} more`] : []]
  })
}
