import { writeFile } from 'node:fs/promises'
import { type Streams, type Topology, systemClock } from '#streams'
import { type Platform } from '../platform/connect.ts'
import { analyticsTopics } from '../platform/topology.ts'
import { type Workload, createWorkload } from '../play/generator.ts'
import { type PlayProgress, play } from '../play/player.ts'
import { createRunId } from '../play/run-id.ts'
import { openRun } from '../play/run-record.ts'
import { topics } from '../../topology/topics.ts'
import { quantile } from '../play/tracker.ts'
import { type Stack } from '../stack/stack.ts'
import { collectRun } from '../verify/collect-run.ts'
import { settleRun } from '../verify/settle-run.ts'
import { bar, createProgressLine, duration, heading } from './progress.ts'
import { type RunContext } from './context.ts'
import { type Summary, findFaults, formatSummary } from './summary.ts'

export interface PlayRunContext extends RunContext {
  readonly stack: Stack
  readonly platform: Platform
  readonly topology: Topology
  /** The processors of this process, when it runs them. */
  readonly streams: Streams | undefined
}

/**
 * Plays the generated orders in, waits until everything they caused is done, reads all figures back from state, topics and
 * ClickHouse, checks the laws, prints the table. Resolves with the exit code: 0 when nothing is wrong.
 */
export async function playRun (context: PlayRunContext): Promise<number> {
  const { options, config, platform, print, signal } = context
  const runId = createRunId({ source: 'generator', seed: options.seed, options: { orders: options.orders, stockShare: options.stockShare } })
  const workload = createWorkload({ runId, seed: options.seed, orders: options.orders, stockShare: options.stockShare })
  const record = await openRun({
    dataDir: platform.isDurable ? config.dataDir : null,
    runId,
    source: `generator --orders ${options.orders} --seed ${options.seed} --stock-share ${options.stockShare}`,
    kafka: platform.kafka,
    topics: [...analyticsTopics, topics.catalog.state],
    nowMs: systemClock.now()
  })
  print(heading(`Run ${runId}: ${options.orders} generated orders, seed ${options.seed}`))
  const startedAtMs = systemClock.now()
  const line = createProgressLine(process.stdout, () => systemClock.now())
  const tracker = await play({
    kafka: platform.kafka,
    clock: systemClock,
    keys: platform.keys,
    workload,
    runId,
    from: record.from,
    inFlight: options.inFlight ?? config.inFlight,
    speed: options.speed,
    signal,
    onProgress: progress => { line.update(progressText(progress, systemClock.now() - startedAtMs)) }
  }).finally(() => { line.end() })
  const playedMs = systemClock.now() - startedAtMs

  const settled = await settleRun({
    ...context, topics: analyticsTopics, from: record.from, clock: systemClock, onProgress: text => { line.update(text) }
  }).finally(() => { line.end() })
  const figures = await collectRun({ platform, runId, workload, counts: settled.counts })
  const topicRecords = Number(settled.counts.reduce((sum, { records }) => sum + records, 0n))
  const summary: Summary = {
    provider: context.stack.provider,
    versions: { node: process.version, ...context.stack.versions },
    input: { source: record.source, rows: countLines(workload), invoices: options.orders },
    ...figures,
    analytics: { topicRecords, clickhouseRows: Number(settled.counts.reduce((sum, { rows }) => sum + rows, 0n)) },
    invariants: {
      checked: figures.invariants.checked,
      violations: [...figures.invariants.violations, ...(settled.unprocessed === 0 ? [] : [`${settled.unprocessed} records are not processed`])]
    },
    latencyMs: { placedToConfirmed: quantiles(tracker.latencies()) },
    throughput: {
      ordersPerSecond: perSecond(tracker.settled, playedMs), recordsPerSecond: perSecond(topicRecords, systemClock.now() - startedAtMs)
    },
    elapsedMs: systemClock.now() - startedAtMs,
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024)
  }
  const faults = findFaults(summary, options.orders)
  if (options.summary !== undefined) await writeFile(options.summary, `${JSON.stringify(summary, null, 2)}\n`)
  print(`\n${formatSummary(summary, faults)}`)
  return faults.length === 0 ? 0 : 1
}

function progressText (progress: PlayProgress, elapsedMs: number): string {
  const { phase, done, total, open, confirmed } = progress
  if (phase === 'catalog') return `  catalog and opening stock ${bar(done, total)} ${done} of ${total}`
  const rate = perSecond(done, elapsedMs)
  const left = rate === 0 ? '' : `, ${duration((total - done) / rate * 1000)} left`
  return `  orders ${bar(done, total)} ${done} of ${total}, ${confirmed} confirmed, ${open} open, ${rate}/s${left}`
}

function quantiles (latencies: readonly number[]): Summary['latencyMs']['placedToConfirmed'] {
  return { p50: quantile(latencies, 0.5), p95: quantile(latencies, 0.95), p99: quantile(latencies, 0.99) }
}

function perSecond (count: number, ms: number): number {
  return Math.round(count / Math.max(1, ms) * 10_000) / 10
}

function countLines (workload: Workload): number {
  let lines = 0
  for (const order of workload.orders()) lines += order.lines.length
  return lines
}
