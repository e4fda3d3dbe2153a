import { type Test, test } from 'tap'
import { type StreamsHealth, type TaskStatus } from '#streams'
import { createManualClock } from '#streams/testing'
import { type MonitoringOptions, serveMonitoring } from '../../../ops/platform/serve-monitoring.ts'
import { freePorts } from '../../../ops/stack/ports.ts'

const stallMs = 300_000

const task = (change: Partial<TaskStatus> = {}): TaskStatus => ({
  id: 'orders-3',
  node: 'orders',
  kind: 'processor',
  partition: 3,
  state: 'running',
  reason: undefined,
  offsets: new Map([['t', 1n]]),
  lag: 0n,
  acquisitions: 1,
  openEffects: 0,
  parked: { keys: 0, dead: 0, retrying: 0, waiting: 0 } as unknown as TaskStatus['parked'],
  ...change
})

const health = (change: Partial<StreamsHealth> = {}): StreamsHealth => ({ state: 'running', healthy: true, reasons: [], warnings: [], tasks: [task()], ...change })

/** Monitoring of processors that look as `now` says, over services that answer unless `isAway`. */
async function scene (t: Test, given: { health?: StreamsHealth } = {}) {
  const clock = createManualClock()
  const now = { health: given.health ?? health(), isAway: false }
  const answer = async (): Promise<never> => now.isAway ? await Promise.reject(new Error('away')) : undefined as never
  const platform = { kafka: { describeTopics: answer }, state: { check: answer }, clickhouse: { ping: async () => ({ success: !now.isAway }) } } as unknown as MonitoringOptions['platform']
  const [port = 0] = await freePorts('127.0.0.1', 1)
  const config = { host: '127.0.0.1', ports: { metrics: port } } as MonitoringOptions['config']
  const monitoring = await serveMonitoring({ config, clock, streams: { health: () => now.health }, platform })
  t.teardown(async () => { await monitoring.close() })
  const ask = async (path: string): Promise<{ code: number, body: { status: string, reasons: readonly string[] } }> => {
    const response = await fetch(`${monitoring.url}${path}`)
    return { code: response.status, body: await response.json() as { status: string, reasons: readonly string[] } }
  }
  return { clock, now, ask, config, platform, url: monitoring.url }
}

test('a process with processors serves metrics, liveness and readiness on its own port', async t => {
  const { ask, url } = await scene(t)
  t.match(await ask('/health/live'), { code: 200, body: { status: 'live' } })
  t.match(await ask('/health/ready'), { code: 200, body: { status: 'ready' } })
  t.match(await (await fetch(`${url}/metrics`)).text(), /process_cpu_seconds_total/)
})

test('a process is alive, but not ready, while its state is being restored', async t => {
  const { ask } = await scene(t, { health: health({ tasks: [task({ state: 'acquiring' }), task({ id: 'orders-4' })] }) })
  t.match(await ask('/health/live'), { code: 200 })
  t.match(await ask('/health/ready'), { code: 503, body: { status: 'unready', reasons: ['orders-3 is acquiring'] } })
})

test('a process is dead when a task stands still although everything it stands on answers', async t => {
  const { ask, clock, now } = await scene(t, { health: health({ tasks: [task({ lag: 9n })] }) })
  t.match(await ask('/health/live'), { code: 200 })
  clock.advance(stallMs)
  now.isAway = true
  t.match(await ask('/health/live'), { code: 200 }, 'it waits for a service: no restart would mend that')
  now.isAway = false
  t.match(await ask('/health/live'), { code: 503, body: { status: 'stuck', reasons: [/orders-3 runs, something waits for it/] } })
  now.health = health({ tasks: [task({ lag: 8n, offsets: new Map([['t', 2n]]) })] })
  t.match(await ask('/health/live'), { code: 200 }, 'it moves again')
})

test('a process is dead and unready when nothing can run in it any more', async t => {
  const { ask } = await scene(t, { health: health({ state: 'failed', healthy: false, reasons: ['fenced for good'], tasks: [] }) })
  for (const path of ['/health/live', '/health/ready']) t.match(await ask(path), { code: 503, body: { reasons: ['fenced for good'] } })
})

test('a taken port is told by its setting', async t => {
  const { clock, config, platform } = await scene(t)
  await t.rejects(serveMonitoring({ config, clock, streams: undefined, platform }), { code: 'OPS_PORT_IN_USE', context: { setting: 'COMMERCE_METRICS_PORT' } })
})
