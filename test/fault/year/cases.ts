import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { serviceNames } from '../../../ops/stack/stack.ts'
import { type Report } from '../../../ops/stack/stack.ts'
import { type Child } from '../child.ts'
import { flushAll } from '../disturb.ts'
import { type ImportSite } from './import-site.ts'
import { type Outcome, judgeImport } from './judge-import.ts'
import { killSteps } from './kill-plan.ts'
import { SettledOrders } from './settled-orders.ts'

/** One way to import the file, to its end. */
export interface CaseRun {
  readonly outcome: Outcome
  readonly faults: readonly string[]
  /** Orders that were settled at each disturbance. */
  readonly disturbedAt: readonly number[]
}

export interface CaseOptions {
  readonly site: ImportSite
  /** Text of the file. */
  readonly csv: string
  /** Orders that the file leads to. */
  readonly orders: number
  /** Decides when it is disturbed. */
  readonly seed: string
  readonly kills: number
  readonly report: Report
}

/** Imports the file on an empty data folder. */
export async function undisturbed ({ site, csv }: CaseOptions): Promise<CaseRun> {
  const outcome = await site.outcome(site.import())
  return { outcome, faults: judgeImport(csv, 1, outcome), disturbedAt: [] }
}

/** Kills everything so many times on the way, services included, and gives the same command again; then Redis forgets everything once. */
export async function killed ({ site, csv, orders, seed, kills, report }: CaseOptions): Promise<CaseRun> {
  const settled = new SettledOrders()
  const disturbedAt: number[] = []
  const faults: string[] = []
  /** Gives the command and waits until so many more orders are settled than when it had started. */
  const progress = async (step: number): Promise<Child> => {
    const child = site.import()
    await child.says(/^processors: /m)
    const before = await settled.follow(site.config)
    await Promise.race([settled.reached(Math.min(orders, before + Math.ceil(step * orders))), endedEarly(child)])
    disturbedAt.push(settled.count)
    await settled.close()
    return child
  }
  try {
    const steps = killSteps(kills + 1, seed)
    for (const step of steps.slice(0, kills)) {
      const services = await site.killEverything(await progress(step))
      report(`  killed at ${disturbedAt.at(-1)} of ${orders} orders, with ${services.join(', ')}`)
      faults.push(...serviceNames.filter(name => !services.includes(name)).map(name => `${name} did not run when everything was killed`))
    }
    const child = await progress(steps.at(-1) ?? 0)
    await flushAll(site.config.ports.redis)
    report(`  Redis flushed at ${disturbedAt.at(-1)} of ${orders} orders`)
    const outcome = await site.outcome(child)
    return { outcome, faults: [...faults, ...judgeImport(csv, 1, outcome)], disturbedAt }
  } finally {
    await settled.close()
  }
}

/** On the folder of an import that is done: without the rows of ClickHouse it must refuse to go on, until it is told to fill them in again. */
export async function refilled ({ site, csv, report }: CaseOptions): Promise<CaseRun> {
  rmSync(join(site.config.dataDir, 'clickhouse'), { recursive: true })
  const refused = site.import()
  const code = await refused.ended
  report(`  without the rows of ClickHouse it ended with ${code}`)
  const isNamed = /--refill/.test(refused.errors + refused.text)
  const outcome = await site.outcome(site.import('--refill'))
  return {
    outcome,
    faults: [
      ...code === 0 ? ['it ended well without the rows of ClickHouse'] : [],
      ...isNamed ? [] : [`it did not name --refill: ${refused.errors.trim().slice(-500)}`],
      ...judgeImport(csv, 1, outcome)
    ],
    disturbedAt: []
  }
}

/** Part of the stock that is there when it is short. */
export const shortShare = 0.9

/** With too little stock: some orders are cancelled, none is rejected, nothing is sold that is not there. */
export async function short ({ site, csv }: CaseOptions): Promise<CaseRun> {
  const outcome = await site.outcome(site.import('--stock-share', String(shortShare)))
  const none = outcome.analytics.cancelled.size === 0 ? ['no order was short of stock'] : []
  return { outcome, faults: [...none, ...judgeImport(csv, shortShare, outcome)], disturbedAt: [] }
}

/** As it is deployed: processes of their own for provisioning, three times the processors, the sinks and the player. */
export async function threeProcessors ({ site, csv }: CaseOptions): Promise<CaseRun> {
  return await site.withServices(serviceNames, async () => {
    const code = await site.start(['--role', 'provision']).ended
    if (code !== 0) throw new Error(`provisioning ended with ${code}`)
    const roles = ['processor', 'processor', 'processor', 'sink'].map((role, at) => site.start(['--role', role, '--instance', `${role}-${at + 1}`]))
    for (const child of roles) await child.says(/^processors: /m)
    const outcome = await site.outcome(site.import('--role', 'player'))
    const codes = await Promise.all(roles.map(async child => await child.end()))
    return {
      outcome, faults: [...codes.filter(each => each !== 0).map(each => `a process ended with ${each}`), ...judgeImport(csv, 1, outcome)], disturbedAt: []
    }
  })
}

async function endedEarly (child: Child): Promise<never> {
  const code = await child.ended
  throw new Error(`the import ended with ${code} before it was disturbed: ${child.errors.trim().slice(-2000)}`)
}
