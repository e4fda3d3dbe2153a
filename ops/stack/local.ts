import { join } from 'node:path'
import { type Config } from '../config.ts'
import { OpsError } from '../errors.ts'
import { withLock } from './lock-file.ts'
import { requireRoom } from './preflight.ts'
import { Programs } from './programs.ts'
import { type ServiceSpec } from './service.ts'
import { chdbVersion, clickhouseSpec } from './services/clickhouse.ts'
import { gatewaySpec } from './services/gateway.ts'
import { kafkaSpec } from './services/kafka.ts'
import { redisSpec } from './services/redis.ts'
import { registrySpec, registryUrl } from './services/registry.ts'
import { serviceNames, type Endpoints, type Report, type Running, type ServiceName } from './stack.ts'
import { Supervisor } from './supervisor.ts'

/** Everything needed to run one service of the local provider; fetches its program when it is not there yet. */
export async function localSpec (name: ServiceName, config: Config, report: Report, signal?: AbortSignal): Promise<ServiceSpec> {
  const programs = new Programs(config.cacheDir, report, signal)
  switch (name) {
    case 'kafka': return kafkaSpec(config, await programs.kafka())
    case 'registry': return registrySpec(config, await programs.registry())
    case 'redis': return redisSpec(config, await programs.redis())
    case 'clickhouse':
      if (chdbVersion() === undefined) throw new OpsError('OPS_CHDB_MISSING')
      return clickhouseSpec(config)
    case 'gateway': return gatewaySpec(config)
  }
}

/** Where the services of the local provider answer. */
export function localEndpoints ({ host, ports }: Config): Endpoints {
  return {
    brokers: [`${host}:${ports.kafka}`],
    registryUrl: registryUrl(host, ports.registry),
    redisUrl: `redis://${host}:${ports.redis}`,
    clickhouseUrl: `http://${host}:${ports.clickhouse}`,
    gatewayUrl: `http://${host}:${ports.gateway}`
  }
}

/**
 * Makes the named services run; whatever this call started has ended again when it fails. One caller at a time per data folder.
 *
 * Programs are fetched first, then all services start at once: they do not need each other to come up.
 *
 * @throws {OpsError} OPS_MEMORY_LOW, OPS_DISK_LOW, OPS_CHDB_MISSING, and what fetching (programs.ts) and starting (supervisor.ts) throw.
 */
export async function startLocal (names: readonly ServiceName[], config: Config, report: Report, signal?: AbortSignal): Promise<Running> {
  const { started, versions } = await locked(config, report, signal, async () => {
    const failed = new AbortController()
    const supervisor = new Supervisor(config.dataDir, config.stack.timeoutMs, report, AbortSignal.any([failed.signal, ...signal === undefined ? [] : [signal]]))
    const missing = names.filter(name => supervisor.running(name) === undefined)
    if (missing.length > 0) await requireRoom(missing, config, new Programs(config.cacheDir, report).cached())
    const specs: ServiceSpec[] = []
    for (const name of names) specs.push(await localSpec(name, config, report, signal))
    const outcomes = await Promise.allSettled(specs.map(async spec => await supervisor.ensure(spec).catch(error => {
      failed.abort(error)
      throw error
    })))
    const mine = specs.filter((_, index) => outcomes[index]?.status === 'fulfilled' && outcomes[index].value).map(spec => spec.name)
    if (failed.signal.aborted) {
      await Promise.allSettled(mine.map(async name => await supervisor.stop(name)))
      throw failed.signal.reason
    }
    return { started: mine, versions: Object.fromEntries(specs.map(spec => [spec.name, spec.version])) }
  })
  return { started, versions, stop: async () => { await stopLocal(started, config, report) } }
}

/** Ends the named services that run, users before what they use; returns the names of those that did run. */
export async function stopLocal (names: readonly ServiceName[], config: Config, report: Report): Promise<readonly ServiceName[]> {
  return await locked(config, report, undefined, async () => {
    const supervisor = new Supervisor(config.dataDir, config.stack.timeoutMs, report)
    const ended: ServiceName[] = []
    for (const name of serviceNames.toReversed()) {
      if (names.includes(name) && await supervisor.stop(name)) ended.push(name)
    }
    return ended
  })
}

async function locked<T> (config: Config, report: Report, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  const onWait = (pid: number): void => report(`waiting for pid ${pid}, which is changing the stack`)
  return await withLock(join(config.dataDir, 'run', 'stack.lock'), { waitMs: 15 * 60_000, onWait, signal }, work)
}
