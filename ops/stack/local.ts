import { join } from 'node:path'
import { type Config } from '../config.ts'
import { OpsError } from '../errors.ts'
import { withLock } from './lock-file.ts'
import { requireRoom } from './preflight.ts'
import { Programs } from './programs.ts'
import { type ServiceSpec } from './service.ts'
import { chdbVersion, clickhouseSpec } from './services/clickhouse.ts'
import { gatewaySpec } from './services/gateway.ts'
import { brokerSecurity } from './services/kafka-security.ts'
import { kafkaAddresses, kafkaSpecs } from './services/kafka.ts'
import { redisSpec } from './services/redis.ts'
import { registrySpec, registryUrl } from './services/registry.ts'
import { processesOf, serviceNames, type Endpoints, type ProcessName, type Report, type Running, type ServiceName } from './stack.ts'
import { Supervisor } from './supervisor.ts'

/** Everything needed to run the processes of one service of the local provider; fetches its program when it is not there yet. */
export async function localSpecs (name: ServiceName, config: Config, report: Report, signal?: AbortSignal): Promise<readonly ServiceSpec[]> {
  const programs = new Programs(config.cacheDir, report, signal)
  switch (name) {
    case 'kafka': return kafkaSpecs(config, await programs.kafka(), await brokerSecurity(config))
    case 'registry': return [registrySpec(config, await programs.registry())]
    case 'redis': return [redisSpec(config, await programs.redis())]
    case 'clickhouse':
      if (chdbVersion() === undefined) throw new OpsError('OPS_CHDB_MISSING')
      return [clickhouseSpec(config)]
    case 'gateway': return [gatewaySpec(config)]
  }
}

/** Where the services of the local provider answer. */
export function localEndpoints (config: Config): Endpoints {
  const { host, ports } = config
  return {
    brokers: kafkaAddresses(config),
    registryUrl: registryUrl(host, ports.registry),
    redisUrl: `redis://${host}:${ports.redis}`,
    clickhouseUrl: `http://${host}:${ports.clickhouse}`,
    gatewayUrl: `http://${host}:${ports.gateway}`
  }
}

/**
 * Makes the named services run; whatever this call started has ended again when it fails. One caller at a time per data folder.
 *
 * Programs are fetched first, then all processes start at once: services do not need each other to come up, brokers of one cluster do.
 *
 * @throws {OpsError} OPS_MEMORY_LOW, OPS_BROKERS_FIXED, OPS_DISK_LOW, OPS_CHDB_MISSING, and what fetching (programs.ts) and starting (supervisor.ts) throw.
 */
export async function startLocal (names: readonly ServiceName[], config: Config, report: Report, signal?: AbortSignal): Promise<Running> {
  const { processes, started, versions } = await locked(config, report, signal, async () => {
    const failed = new AbortController()
    const supervisor = new Supervisor(config.dataDir, config.stack.timeoutMs, report, AbortSignal.any([failed.signal, ...signal === undefined ? [] : [signal]]))
    const missing = names.filter(name => supervisor.running(name) === undefined)
    if (missing.length > 0) await requireRoom(missing, config, new Programs(config.cacheDir, report).cached())
    const specs: ServiceSpec[] = []
    for (const name of names) specs.push(...await localSpecs(name, config, report, signal))
    const outcomes = await Promise.allSettled(specs.map(async spec => await supervisor.ensure(spec).catch(error => {
      failed.abort(error)
      throw error
    })))
    const mine = specs.filter((_, index) => outcomes[index]?.status === 'fulfilled' && outcomes[index].value).map(spec => spec.name)
    if (failed.signal.aborted) {
      await Promise.allSettled(mine.map(async name => await supervisor.stop(name)))
      throw failed.signal.reason
    }
    return {
      processes: mine,
      started: names.filter(name => processesOf(name).some(process => mine.includes(process))),
      versions: Object.fromEntries(names.map(name => [name, specs.find(spec => spec.name === name)?.version ?? '']))
    }
  })
  return { started, versions, stop: async () => { await stopProcesses(processes, config, report) } }
}

/** Ends the named services that run, users before what they use; returns the names of the processes that did run. */
export async function stopLocal (names: readonly ServiceName[], config: Config, report: Report): Promise<readonly ProcessName[]> {
  return await stopProcesses(names.flatMap(processesOf), config, report)
}

/** Brokers of one cluster end together: the last ones would wait for a majority that is gone. */
async function stopProcesses (names: readonly ProcessName[], config: Config, report: Report): Promise<readonly ProcessName[]> {
  return await locked(config, report, undefined, async () => {
    const supervisor = new Supervisor(config.dataDir, config.stack.timeoutMs, report)
    const ended: ProcessName[] = []
    for (const service of serviceNames.toReversed()) {
      const processes = processesOf(service).filter(name => names.includes(name))
      const outcomes = await Promise.all(processes.map(async name => await supervisor.stop(name)))
      ended.push(...processes.filter((_, index) => outcomes[index]))
    }
    return ended
  })
}

async function locked<T> (config: Config, report: Report, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  const onWait = (pid: number): void => report(`waiting for pid ${pid}, which is changing the stack`)
  return await withLock(join(config.dataDir, 'run', 'stack.lock'), { waitMs: 15 * 60_000, onWait, signal }, work)
}
