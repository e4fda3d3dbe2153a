import { type Clock, type Streams } from '#streams'
import { type Registry } from '@prometheus-io/client'
import { type Metrics, collectMetrics } from '../../streams/metrics.ts'
import { buildMetricsServer } from '../../api/index.ts'
import { deadLetterTopic } from '../../topology/topics.ts'
import { type Config } from '../config.ts'
import { type Platform } from './connect.ts'
import { listen } from './listen.ts'
import { createRegistry, prometheusMetrics } from './metrics.ts'
import { ProgressWatch } from './progress-watch.ts'

/** How long a task may stand still before its process is called dead, ms: longer than a restart of the broker, a failover of Redis and an insert. */
const stallMs = 300_000

/** How long what the process stands on may take to answer, ms: less than a probe waits. */
const answerMs = 2_000

export interface MonitoringOptions {
  readonly config: Pick<Config, 'host' | 'ports'>
  readonly clock: Clock
  /** The sub-topologies of this process; absent = they run elsewhere. */
  readonly streams: Pick<Streams, 'health'> | undefined
  /** What the tasks stand on. */
  readonly platform: Pick<Platform, 'kafka' | 'state' | 'clickhouse'>
}

export interface Monitoring {
  readonly registry: Registry
  readonly metrics: Metrics
  /** Base URL. */
  readonly url: string
  close (): Promise<void>
}

/**
 * The port for operators, which every serving process has: /metrics, /health/live and /health/ready. Alive is what makes progress: a
 * process whose work stands still although everything that it stands on answers is dead, and one that waits for a broker is not: no
 * restart would mend that. Ready is what was given its tasks and has them running, their state caught up with the log.
 *
 * @throws {OpsError} OPS_PORT_IN_USE naming the port and its setting.
 */
export async function serveMonitoring ({ config, clock, streams, platform }: MonitoringOptions): Promise<Monitoring> {
  const registry = createRegistry()
  const metrics = prometheusMetrics(registry)
  const stopMetrics = collectMetrics(metrics)
  const server = buildMetricsServer(registry)
  const watch = new ProgressWatch(stallMs)
  const close = async (): Promise<void> => {
    await server.close()
    stopMetrics()
  }

  server.get('/health/live', async (_request, reply) => {
    const reasons = streams === undefined ? [] : await stillstands(streams, watch.look(streams.health().tasks, clock.now()), platform)
    return await reply.code(reasons.length === 0 ? 200 : 503).send({ status: reasons.length === 0 ? 'live' : 'stuck', reasons })
  })
  server.get('/health/ready', async (_request, reply) => {
    const reasons = streams === undefined ? [] : obstacles(streams)
    return await reply.code(reasons.length === 0 ? 200 : 503).send({ status: reasons.length === 0 ? 'ready' : 'unready', reasons })
  })
  try {
    return { registry, metrics, url: await listen(server, { host: config.host, port: config.ports.metrics, service: 'metrics', setting: 'COMMERCE_METRICS_PORT' }), close }
  } catch (error) {
    await close()
    throw error
  }
}

async function stillstands (streams: Pick<Streams, 'health'>, stuck: readonly string[], platform: MonitoringOptions['platform']): Promise<readonly string[]> {
  const { state, reasons } = streams.health()
  if (state === 'failed') return reasons
  if (stuck.length === 0 || !await everythingAnswers(platform)) return []
  return stuck.map(id => `${id} runs, something waits for it, and nothing was committed for ${stallMs / 1000} s`)
}

/** Why the process is not ready, one line each: what failed, and tasks that are its own and do not run yet. */
export function obstacles (streams: Pick<Streams, 'health'>): readonly string[] {
  const { reasons, tasks } = streams.health()
  return [...reasons, ...tasks.filter(({ state, reason }) => state !== 'running' && reason === undefined).map(({ id, state }) => `${id} is ${state}`)]
}

async function everythingAnswers ({ kafka, state, clickhouse }: MonitoringOptions['platform']): Promise<boolean> {
  const all = Promise.all([kafka.describeTopics([deadLetterTopic.name]), state.check(), clickhouse.ping().then(({ success }) => { if (!success) throw new Error('ClickHouse does not answer') })])
  const late = new Promise<false>(resolve => { setTimeout(resolve, answerMs, false).unref() })
  return await Promise.race([all.then(() => true, () => false), late])
}
