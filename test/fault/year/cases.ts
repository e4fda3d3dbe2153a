import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { serviceNames } from '../../../ops/stack/stack.ts'
import { type Report } from '../../../ops/stack/stack.ts'
import { type Child } from '../child.ts'
import { flushAll } from '../disturb.ts'
import { type ImportSite } from './import-site.ts'
import { type Outcome, judgeImport } from './judge-import.ts'
import { killPoints, killSteps, tooLate } from './kill-plan.ts'
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
    const roles = await startRoles(site, ['processor', 'processor', 'processor', 'sink'])
    const outcome = await site.outcome(site.import('--role', 'player'))
    return { outcome, faults: [...await endedWell(roles), ...judgeImport(csv, 1, outcome)], disturbedAt: [] }
  })
}

/** What of analytics is killed, one after the other. */
const sinkKills = [['sink'], ['engine'], ['sink', 'engine']] as const

/** Kills the process of the sinks and ClickHouse, in turn each alone and both at once, while everybody else goes on; what was killed comes back. */
export async function killedSinks ({ site, csv, orders, seed, kills, report }: CaseOptions): Promise<CaseRun> {
  const settled = new SettledOrders()
  const disturbedAt: number[] = []
  return await site.withServices(serviceNames, async () => {
    const [processor, first] = await startRoles(site, ['processor', 'sink']) as [Child, Child]
    let sink = first
    const player = site.import('--role', 'player')
    try {
      await settled.follow(site.config)
      for (const point of killPoints(kills, `${seed}/sinks`)) {
        await Promise.race([settled.reached(Math.ceil(point * orders)), endedEarly(player)])
        if (settled.count > tooLate * orders) break
        const killed: readonly string[] = sinkKills[disturbedAt.length % sinkKills.length] ?? []
        disturbedAt.push(settled.count)
        await Promise.all([killed.includes('sink') ? sink.kill() : undefined, killed.includes('engine') ? site.killService('clickhouse') : undefined])
        report(`  killed at ${disturbedAt.at(-1)} of ${orders} orders: ${killed.join(' and ')}`)
        if (killed.includes('engine')) await site.startService('clickhouse')
        if (killed.includes('sink')) sink = startRole(site, 'sink', 2)
      }
    } finally {
      await settled.close()
    }
    const outcome = await site.outcome(player)
    const fewer = disturbedAt.length === kills ? [] : [`the import was too short for more than ${disturbedAt.length} of ${kills} kills`]
    return { outcome, faults: [...fewer, ...await endedWell([processor, sink]), ...judgeImport(csv, 1, outcome)], disturbedAt }
  })
}

/** Provisions, and starts a process for each of these roles; resolves when all of them are at work. */
async function startRoles (site: ImportSite, roles: readonly string[]): Promise<readonly Child[]> {
  const code = await site.start(['--role', 'provision']).ended
  if (code !== 0) throw new Error(`provisioning ended with ${code}`)
  const children = roles.map((role, at) => startRole(site, role, at + 1))
  for (const child of children) await child.says(/^processors: /m)
  return children
}

/** Under the same number it is the same member of its group again, and has its tasks back at once. */
function startRole (site: ImportSite, role: string, number: number): Child {
  return site.start(['--role', role, '--instance', `${role}-${number}`])
}

/** Ends processes as Ctrl-C does; one line for each that does not end well. */
async function endedWell (children: readonly Child[]): Promise<readonly string[]> {
  const codes = await Promise.all(children.map(async child => await child.end()))
  return codes.filter(code => code !== 0).map(code => `a process ended with ${code}`)
}

async function endedEarly (child: Child): Promise<never> {
  const code = await child.ended
  throw new Error(`the import ended with ${code} before it was disturbed: ${child.errors.trim().slice(-2000)}`)
}
