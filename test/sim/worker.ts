import { parentPort, workerData } from 'node:worker_threads'
import { knownBad } from './known-bad/builds.ts'
import { editSources } from './known-bad/edit-sources.ts'
import { seedRandomIds } from './determinism.ts'
import type { Order, Report, WorkerData } from './messages.ts'

const { build } = workerData as WorkerData
Error.stackTraceLimit = 0
const checkEdited = editSources(build === undefined ? [] : knownBad[build]?.edits ?? [])
seedRandomIds(0)
const { runScenario } = await import('./run-seed.ts')
const { cutScenario, drawScenario } = await import('./scenario.ts')
checkEdited()

parentPort?.on('message', (order: Order) => { run(order).then(report => parentPort?.postMessage(report)) })

async function run ({ seed, without = [], batches = Infinity, isTraced = false }: Order): Promise<Report> {
  seedRandomIds(seed)
  const trace: string[] | undefined = isTraced ? [] : undefined
  const outcome = await runScenario(cutScenario(drawScenario(seed), { without, batches }), trace === undefined ? undefined : line => { trace.push(line) })
  const { problems, processes, tasks, records, steps, faults, tookMs } = outcome
  return { seed, problems, processes, tasks, records, steps, faults: [...faults], virtualMs: tookMs, trace }
}
