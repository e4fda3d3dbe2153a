import { systemClock } from '#streams'
import { type Workload, createWorkload } from '../play/generator.ts'
import { type PlayProgress, play } from '../play/player.ts'
import { createRunId } from '../play/run-id.ts'
import { type StartOptions } from './options.ts'
import { bar, createRate } from './progress.ts'
import { type RunPlan } from './run-plan.ts'

/** The run of generated orders that the options describe: the same options give the same run. */
export function planGeneratedRun ({ orders, seed, stockShare, inFlight, speed }: StartOptions): RunPlan {
  const runId = createRunId({ source: 'generator', seed, options: { orders, stockShare } })
  const workload = createWorkload({ runId, seed, orders, stockShare })
  return {
    kind: 'generator',
    title: `${orders} generated orders, seed ${seed}`,
    source: `generator --orders ${orders} --seed ${seed} --stock-share ${stockShare}`,
    run: {
      runId,
      referencePrefix: `run-${runId}`,
      ownsStock: sku => workload.openingStock.has(sku),
      readInput: async () => ({ rows: countLines(workload), invoices: orders }),
      expected: { orders }
    },
    async play ({ platform, record, config, signal, onProgress }) {
      const rate = createRate(() => systemClock.now())
      const tracker = await play({
        kafka: platform.kafka,
        clock: systemClock,
        keys: platform.keys,
        workload,
        runId,
        seed,
        from: record.from,
        inFlight: inFlight ?? config.inFlight,
        speed,
        signal,
        onProgress: progress => { onProgress(progressText(progress, rate)) }
      })
      return { settled: tracker.settled, latencies: tracker.latencies() }
    }
  }
}

function progressText ({ phase, done, total, open, confirmed }: PlayProgress, rate: ReturnType<typeof createRate>): string {
  if (phase === 'catalog') return `  catalog and opening stock ${bar(done, total)} ${done} of ${total}`
  return `  orders ${bar(done, total)} ${done} of ${total}, ${confirmed} confirmed, ${open} open, ${rate(done, total)}`
}

function countLines (workload: Workload): number {
  let lines = 0
  for (const order of workload.orders()) lines += order.lines.length
  return lines
}
