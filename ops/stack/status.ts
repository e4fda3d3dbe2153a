import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Config } from '../config.ts'
import { runningContainers } from './docker.ts'
import { isExternal } from './ensure.ts'
import { gatherDocker } from './facts.ts'
import { probe } from './health.ts'
import { localEndpoints } from './local.ts'
import { kafkaNodeCount } from './services/kafka.ts'
import { processesOf, serviceNames, type ProcessName, type ServiceName } from './stack.ts'
import { Supervisor } from './supervisor.ts'
import { table } from './table.ts'

/** One process of the stack as it is now; its name is that of its service. `state` is up, down, external, or why it cannot be used. */
export interface ServiceStatus {
  readonly name: ProcessName
  readonly provider: string
  readonly state: string
  readonly address: string
  readonly process: string
  readonly since: string
}

/** Looks at every service of the stack, whichever provider runs it; at each broker of a local cluster. */
export async function stackStatus (config: Config): Promise<ServiceStatus[]> {
  const containers = (await gatherDocker()).docker === undefined ? new Set<string>() : await runningContainers(config)
  const supervisors = [
    ['local', new Supervisor(config.dataDir, config.stack.timeoutMs, () => {})],
    ['memory', new Supervisor(join(config.dataDir, 'memory'), config.stack.timeoutMs, () => {})]
  ] as const
  return await Promise.all(serviceNames.flatMap(service => processNamesOf(service, config).map(async name => {
    const status = { name, address: withoutPassword(addressOf(name, config)), process: '', since: '' }
    if (isExternal(config, service)) return { ...status, provider: 'external', state: 'external' }
    for (const [provider, supervisor] of supervisors) {
      const record = supervisor.running(name)
      if (record === undefined) continue
      const state = record.health === undefined ? 'up' : await probe(record.health) ?? 'up'
      return { ...status, provider, state, process: `pid ${record.pid}, ${residentMb(record.pid)}`, since: new Date(record.startedAtMs).toISOString() }
    }
    const container = name === 'registry' || name === 'kafka' ? 'redpanda' : name
    if (containers.has(container)) return { ...status, provider: 'docker', state: 'up', process: `container ${container}` }
    return { ...status, provider: '', state: 'down' }
  })))
}

function processNamesOf (service: ServiceName, config: Config): readonly ProcessName[] {
  return processesOf(service).slice(0, service === 'kafka' && !isExternal(config, service) ? kafkaNodeCount(config) : 1)
}

function addressOf (name: ProcessName, config: Config): string {
  const { brokers, registryUrl, redisUrl, clickhouseUrl, gatewayUrl } = { ...localEndpoints(config), ...config.external }
  const [first = '', second = '', third = ''] = isExternal(config, 'kafka') ? [brokers.join(',')] : brokers
  return { kafka: first, 'kafka-2': second, 'kafka-3': third, registry: registryUrl, redis: redisUrl, clickhouse: clickhouseUrl, gateway: gatewayUrl }[name]
}

/** The status as a table for people. */
export function statusTable (services: readonly ServiceStatus[]): string {
  return table([
    ['service', 'state', 'provider', 'address', 'process', 'since'],
    ...services.map(service => [service.name, service.state, service.provider, service.address, service.process, service.since])
  ])
}

function withoutPassword (address: string): string {
  return address.replaceAll(/\/\/[^@/]*@/g, '//***@')
}

function residentMb (pid: number): string {
  try {
    const kb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
    return Number.isNaN(kb) ? '' : `${Math.round(kb / 1024)} MB`
  } catch {
    return 'memory unknown'
  }
}
