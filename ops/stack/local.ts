import { join } from 'node:path'
import { type Config } from '../config.ts'
import { OpsError } from '../errors.ts'
import { withLock } from './lock-file.ts'
import { Programs } from './programs.ts'
import { type ServiceSpec } from './service.ts'
import { chdbVersion, clickhouseSpec } from './services/clickhouse.ts'
import { gatewaySpec } from './services/gateway.ts'
import { kafkaSpec } from './services/kafka.ts'
import { redisSpec } from './services/redis.ts'
import { registrySpec, registryUrl } from './services/registry.ts'
import { serviceNames, type Endpoints, type Report, type ServiceName } from './stack.ts'
import { Supervisor } from './supervisor.ts'

/** Everything needed to run one service of the local provider; fetches its program when it is not there yet. */
export async function localSpec (name: ServiceName, config: Config, report: Report): Promise<ServiceSpec> {
  const programs = new Programs(config.cacheDir, report)
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

export interface LocalServices {
  readonly started: readonly ServiceName[]
  readonly versions: Readonly<Record<string, string>>
}

/**
 * Makes the named services run; whatever this call started has ended again when it fails. One caller at a time per data folder.
 *
 * Programs are fetched first, then all services start at once: they do not need each other to come up.
 */
export async function startLocal (names: readonly ServiceName[], config: Config, report: Report): Promise<LocalServices> {
  const onWait = (pid: number): void => report(`waiting for pid ${pid}, which is changing the stack`)
  return await withLock(join(config.dataDir, 'run', 'stack.lock'), { waitMs: 15 * 60_000, onWait }, async () => {
    const supervisor = new Supervisor(config.dataDir, config.stack.timeoutMs, report)
    const specs: ServiceSpec[] = []
    for (const name of names) specs.push(await localSpec(name, config, report))
    const outcomes = await Promise.allSettled(specs.map(async spec => await supervisor.ensure(spec)))
    const started = specs.filter((_, index) => outcomes[index]?.status === 'fulfilled' && outcomes[index].value)
    const failure = outcomes.find(outcome => outcome.status === 'rejected')
    if (failure !== undefined) {
      await Promise.allSettled(started.map(async spec => await supervisor.stop(spec.name)))
      throw failure.reason
    }
    return { started: started.map(spec => spec.name), versions: Object.fromEntries(specs.map(spec => [spec.name, spec.version])) }
  })
}

/** Ends the named services that run, users before what they use; returns the names of those that did run. */
export async function stopLocal (names: readonly ServiceName[], config: Config, report: Report): Promise<readonly ServiceName[]> {
  return await withLock(join(config.dataDir, 'run', 'stack.lock'), { waitMs: 60_000 }, async () => {
    const supervisor = new Supervisor(config.dataDir, config.stack.timeoutMs, report)
    const ended: ServiceName[] = []
    for (const name of serviceNames.toReversed()) {
      if (names.includes(name) && await supervisor.stop(name)) ended.push(name)
    }
    return ended
  })
}
