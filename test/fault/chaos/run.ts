import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createRandom } from '../../../ops/play/random.ts'
import { judge } from '../detectors/index.ts'
import { collect, settle } from '../evidence/collect.ts'
import { type Evidence, type Fault, type Operation, type Place, type Probe } from '../evidence/evidence.ts'
import { endingSignal } from '../own-root.ts'
import { Act } from '../stage/act.ts'
import { openShop } from '../stage/open-shop.ts'
import { Stage } from '../stage/stage.ts'
import { type Header, History, readHistory } from './history.ts'
import { cast, torment } from './nemesis.ts'
import { askOracle } from './oracle.ts'

const usage = `npm run chaos -- --minutes N [--seed TEXT] [--orders N] [--history FILE] [--keep]
npm run chaos -- --check FILE

Random faults on real services and the platform's own processes under load, written down as JSON lines and then judged offline: eleven
invariants, and what the orders must have come to. Exit code 0 when nothing is wrong.

  --minutes N     how long faults come (default 5)
  --seed TEXT     seed of faults, orders and choices (default 1)
  --orders N      orders of each play; plays follow each other until the time is up (default 250)
  --history FILE  where the history is written (default: a temporary file, kept when something is wrong)
  --keep          keep data and logs
  --check FILE    judge a history that was recorded before; nothing is started
`

/** Runs or checks, prints figures, and resolves with the exit code. */
async function main (): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '5' },
      seed: { type: 'string', default: '1' },
      orders: { type: 'string', default: '250' },
      history: { type: 'string' },
      check: { type: 'string' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false }
    }
  })
  const [minutes, orders] = [Number(values.minutes), Number(values.orders)]
  if (values.help || !(minutes > 0) || !Number.isSafeInteger(orders) || orders < 1) {
    process[values.help ? 'stdout' : 'stderr'].write(usage)
    return values.help ? 0 : 1
  }
  if (values.check !== undefined) {
    const { header, evidence } = await readHistory(values.check)
    return tell(header, evidence, [])
  }
  const root = mkdtempSync(join(tmpdir(), 'chaos-'))
  const path = resolve(values.history ?? join(root, 'history.jsonl'))
  const signal = endingSignal()
  let isKept = true
  try {
    const { header, evidence, faults } = await record(join(root, 'stage'), path, { minutes, orders, seed: values.seed, signal })
    const code = tell(header, evidence, faults)
    isKept = values.keep || code !== 0
    return code
  } finally {
    if (isKept) process.stderr.write(`data, logs and history: ${root}, ${path}\n`)
    else rmSync(root, { recursive: true, force: true })
  }
}

interface Chaos { readonly minutes: number, readonly orders: number, readonly seed: string, readonly signal: AbortSignal }

interface Recorded { readonly header: Header, readonly evidence: Evidence, readonly faults: readonly string[] }

/** Torments a platform and writes everything down. Resolves with what can be judged, and with what the players said. */
async function record (folder: string, path: string, { minutes, orders, seed, signal }: Chaos): Promise<Recorded> {
  const history = await History.create(path)
  const stage = await Stage.open(folder, () => {})
  const done = { bad: [] as Place[], operations: [] as Operation[], probes: [] as Probe[], faults: [] as Fault[] }
  const plays: Array<{ readonly seed: string, readonly orders: number }> = []
  const faults: string[] = []
  try {
    for (const [name, role] of Object.entries(cast)) await stage.start(name, role)
    const skus = await openShop(stage)
    const untilMs = Date.now() + minutes * 60_000
    const tormenting = torment({ stage, random: createRandom(`${seed}/nemesis`) }, () => Date.now() < untilMs && !signal.aborted, fault => {
      done.faults.push(fault)
      history.add({ kind: 'faults', item: fault }).catch(() => {})
      process.stdout.write(`${new Date(fault.fromMs).toISOString().slice(11, 19)} ${fault.kind}, ${fault.toMs - fault.fromMs} ms\n`)
    })
    while (Date.now() < untilMs && !signal.aborted) {
      const play = { seed: `${seed}-${plays.length}`, orders }
      plays.push(play)
      const act = new Act({ stage, skus, ...play, pauseMs: 400, judgesEnds: false })
      await act.begin()
      await act.at(1)
      if (Date.now() >= untilMs) await tormenting
      faults.push(...await act.end())
      done.operations.push(...act.api.operations)
      done.probes.push(...act.api.probes)
      await history.add(...act.api.operations.map(item => ({ kind: 'operations' as const, item })), ...act.api.probes.map(item => ({ kind: 'probes' as const, item })))
    }
    await tormenting
    await stage.heal(cast)
    const left = await settle(stage)
    if (left !== '') faults.push(left)
    const evidence = await collect(stage, done)
    await history.addEvidence(evidence, ['operations', 'probes', 'faults'])
    const header: Header = { at: new Date().toISOString(), seed, minutes, plays, versions: stage.services.versions }
    await history.add({ kind: 'header', item: header })
    return { header, evidence, faults }
  } finally {
    await history.close()
    for (const fault of await stage.close()) process.stdout.write(`(at the end: ${fault})\n`)
  }
}

/** Judges, prints what is wrong and one line of figures. */
function tell (header: Header, evidence: Evidence, others: readonly string[]): number {
  const oracle = askOracle(evidence, header.plays)
  const verdicts = { ...judge(evidence), oracle }
  const findings = [...others, ...evidence.audits, ...Object.entries(verdicts).flatMap(([name, verdict]) => verdict.findings.map(finding => `${name}: ${finding}`))]
  for (const finding of findings.slice(0, 40)) process.stdout.write(`- ${finding}\n`)
  const checks = Object.values(verdicts).reduce((sum, { checked }) => sum + checked, 0)
  const byKind = [...Map.groupBy(evidence.faults, ({ kind }) => kind)].map(([kind, list]) => `${kind} ${list.length}`).sort().join(', ')
  const orders = evidence.records.filter(({ type }) => type === 'OrderCreated').length
  process.stdout.write(`chaos: ${header.minutes} minutes, ${evidence.faults.length} faults (${byKind}), ${orders} orders, ${oracle.givenUp} of them given up, ${evidence.records.length} records, ` +
    `${evidence.operations.length} API requests, ${checks} checks, ${findings.length} violations, seed ${header.seed}\n`)
  return findings.length === 0 ? 0 : 1
}

process.exit(await main())
