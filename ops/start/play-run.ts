import { writeFile } from 'node:fs/promises'
import { type Topology, systemClock } from '#streams'
import { topics } from '../../topology/topics.ts'
import { OpsError } from '../errors.ts'
import { type Platform } from '../platform/connect.ts'
import { analyticsTopics } from '../platform/topology.ts'
import { closeRun, listRuns, openRun } from '../play/run-record.ts'
import { quantile } from '../play/tracker.ts'
import { type Stack } from '../stack/stack.ts'
import { collectRun } from '../verify/collect-run.ts'
import { settleRun } from '../verify/settle-run.ts'
import { stateDigest } from '../verify/state-digest.ts'
import { type RunContext } from './context.ts'
import { createProgressLine, heading } from './progress.ts'
import { type Played, type RunPlan } from './run-plan.ts'
import { type Summary, findFaults, formatSummary } from './summary.ts'

export interface PlayRunContext extends RunContext {
  readonly plan: RunPlan
  readonly stack: Stack
  readonly platform: Platform
  readonly topology: Topology
}

/**
 * Plays a run in, waits until everything it caused is done, reads all figures back from state, topics and ClickHouse, checks the
 * laws, prints the table. A run that was played before is only verified. Resolves with the exit code: 0 when nothing is wrong.
 */
export async function playRun (context: PlayRunContext): Promise<number> {
  const { plan, options, config, platform, topology, print } = context
  const { run } = plan
  const dataDir = platform.isDurable ? config.dataDir : null
  if (dataDir !== null && plan.kind === 'import') await refuseOtherImports(dataDir, run.runId)
  const record = await openRun({
    dataDir,
    runId: run.runId,
    kind: plan.kind,
    source: plan.source,
    kafka: platform.kafka,
    topics: [...analyticsTopics, topics.catalog.state],
    nowMs: systemClock.now()
  })
  print(heading(`Run ${run.runId}: ${plan.title}`))
  const startedAtMs = systemClock.now()
  const line = createProgressLine(process.stdout, () => systemClock.now())
  const onProgress = (text: string): void => { line.update(text) }
  const played: Played = record.playedAtMs === null
    ? await plan.play({ ...context, record, onProgress }).finally(() => { line.end() })
    : { settled: 0, latencies: [] }
  const playedMs = systemClock.now() - startedAtMs
  if (record.playedAtMs === null) await closeRun(dataDir, record, systemClock.now())

  const settled = await settleRun({
    ...context, topics: analyticsTopics, from: record.from, referencePrefix: run.referencePrefix, clock: systemClock, onProgress
  }).finally(() => { line.end() })
  const figures = await collectRun({ platform, run, counts: settled.counts, from: record.from })
  const topicRecords = Number(settled.counts.reduce((sum, { records }) => sum + records, 0n))
  const summary: Summary = {
    provider: context.stack.provider,
    versions: { node: process.version, ...context.stack.versions },
    ...figures,
    input: { source: record.source, ...figures.input },
    analytics: { topicRecords, clickhouseRows: Number(settled.counts.reduce((sum, { rows }) => sum + rows, 0n)) },
    invariants: {
      checked: figures.invariants.checked,
      violations: [...figures.invariants.violations, ...(settled.unprocessed === 0 ? [] : [`${settled.unprocessed} records or payments are not processed`])]
    },
    stateDigest: (await stateDigest(platform.state, topology)).digest,
    latencyMs: { placedToConfirmed: quantiles(played.latencies) },
    throughput: {
      ordersPerSecond: perSecond(played.settled, playedMs), recordsPerSecond: perSecond(topicRecords, systemClock.now() - startedAtMs)
    },
    elapsedMs: systemClock.now() - startedAtMs,
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024)
  }
  const faults = findFaults(summary, run.expected)
  if (options.summary !== undefined) await writeFile(options.summary, `${JSON.stringify(summary, null, 2)}\n`)
  print(`\n${formatSummary(summary, faults)}`)
  return faults.length === 0 ? 0 : 1
}

/** @throws {OpsError} OPS_IMPORT_OTHER_RUN */
async function refuseOtherImports (dataDir: string, runId: string): Promise<void> {
  const other = (await listRuns(dataDir)).find(record => record.kind === 'import' && record.runId !== runId)
  if (other === undefined) return
  throw new OpsError('OPS_IMPORT_OTHER_RUN', { path: dataDir, source: other.source, startedAt: new Date(other.startedAtMs).toISOString() })
}

function quantiles (latencies: readonly number[]): Summary['latencyMs']['placedToConfirmed'] {
  return { p50: quantile(latencies, 0.5), p95: quantile(latencies, 0.95), p99: quantile(latencies, 0.99) }
}

function perSecond (count: number, ms: number): number {
  return Math.round(count / Math.max(1, ms) * 10_000) / 10
}
