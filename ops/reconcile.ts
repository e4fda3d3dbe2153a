import { setTimeout as sleep } from 'node:timers/promises'
import { checkFacts } from '../topology/audit/fact-laws.ts'
import { describeViolation } from '../topology/audit/law.ts'
import { fail, readOptions } from './command-line.ts'
import { describeDifference } from './platform/reconcile-once.ts'
import { type BothSides, openBothSides } from './reconcile/both-sides.ts'
import { lastingReport } from './reconcile/lasting.ts'
import { countedFigures } from './verify/fact-rows.ts'

const usage = `npm run reconcile [-- --repair]

Holds ClickHouse against the whole log of the running platform, and the figures against the events. Ends with 0 when all agree, with 1 when
something differs, one line each (of facts the first 20). Facts come a moment after their events: what differs there is looked at again
every two seconds, until nothing of it comes right by itself any more.

  --repair   makes the rows of every bucket of a million offsets that differs anew from the log, while everything runs, puts each in its
             place in one step, and looks again. Killed in between, give it again. What the log does not hold any more stays as it is.
`
/** How long facts are given to come, ms. */
const behindMs = 2000
/** Facts that are told line by line: one bucket that differs can break thousands. */
const toldViolations = 20
const tell = (line: string): void => { process.stdout.write(`${line}\n`) }

/** Compares everything once, after a repair when one is asked for and needed; true when nothing differs. */
async function main (isRepair: boolean): Promise<boolean> {
  const sides = await openBothSides(tell)
  try {
    const found = await compare(sides)
    if (!isRepair || found.buckets.length === 0) return found.differences === 0
    tell(`${await sides.rebuild(async () => found.buckets)} rows of ${found.buckets.length} buckets are made anew`)
    return (await compare(sides)).differences === 0
  } finally {
    await sides.close()
  }
}

async function compare ({ look, clickhouse }: BothSides) {
  const { records, differences } = await look()
  const { checked, violations } = await lastingReport(async () => checkFacts(await countedFigures(clickhouse, '')), async () => await sleep(behindMs))
  for (const difference of differences) tell(describeDifference(difference))
  for (const violation of violations.slice(0, toldViolations)) tell(describeViolation(violation))
  if (violations.length > toldViolations) tell(`… and ${violations.length - toldViolations} more of the facts`)
  const all = differences.length + violations.length
  tell(`${records} records held against their rows, ${checked} orders against their facts: ${all} differences`)
  return { differences: all, buckets: differences.map(({ log }) => log) }
}

if (import.meta.main) {
  try {
    const { values } = readOptions({ options: { repair: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } })
    if (values.help) process.stdout.write(usage)
    else if (!await main(values.repair)) process.exitCode = 1
  } catch (error) {
    fail(error, { code: 2, before: 'nothing is known: ' })
  }
}
