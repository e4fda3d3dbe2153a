import { type Config } from '../config.ts'
import { OpsError } from '../errors.ts'
import { dockerEndpoints, startDocker } from './docker.ts'
import { gatherFacts } from './facts.ts'
import { localEndpoints, startLocal } from './local.ts'
import { startMemory } from './memory.ts'
import { Programs } from './programs.ts'
import { chooseProvider, type Choice } from './provider.ts'
import { serviceNames, type Endpoints, type Report, type ServiceName, type Stack } from './stack.ts'

export interface EnsureOptions {
  readonly config: Config
  readonly report: Report
  /** The services that are needed. @default all */
  readonly services?: readonly ServiceName[]
  /** Ends the start early: what this call started has ended when it rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/**
 * Makes the stack run, by whatever this machine offers, and tells in one line which provider was taken and why. Services that are
 * configured by address are taken as they are; services that run already are kept, with their data.
 *
 * @throws {OpsError} one clear line: what is missing, why it is needed, how to get it. What this call started has ended then.
 */
export async function ensureStack ({ config, report, services = serviceNames, signal }: EnsureOptions): Promise<Stack> {
  const names = services.filter(name => !isExternal(config, name))
  const external = Object.fromEntries(services.filter(name => isExternal(config, name)).map(name => [name, 'external']))
  if (names.length === 0) {
    const reason = 'every service is configured by its address'
    report(`provider: external (${reason})`)
    return { provider: 'external', reason, endpoints: { ...localEndpoints(config), ...config.external }, versions: external, started: [], stop: async () => {} }
  }
  const { provider, reason } = await decideProvider(config, names)
  report(`provider: ${provider} (${reason})`)
  if (provider === 'memory') requireNoExternalLog(config)
  const start = { docker: startDocker, local: startLocal, memory: startMemory }[provider]
  const { started, versions, stop } = await start(names, config, report, signal)
  const endpoints: Endpoints = { ...provider === 'docker' ? dockerEndpoints(config) : localEndpoints(config), ...config.external }
  let stopping: Promise<void> | undefined
  return {
    provider,
    reason,
    endpoints,
    versions: { ...versions, ...external },
    started,
    stop: async () => await (stopping ??= stop())
  }
}

/**
 * Which provider this machine and this configuration lead to, and why; starts nothing.
 *
 * @throws {OpsError} when a provider was asked for by name and cannot run.
 */
export async function decideProvider (config: Config, names: readonly ServiceName[] = serviceNames.filter(name => !isExternal(config, name))): Promise<Choice> {
  const isCluster = config.stack.kafkaNodes === 3 && names.includes('kafka')
  const asked = isCluster && config.provider === 'auto' ? 'local' : config.provider
  const choice = chooseProvider(asked, await gatherFacts(), names, new Programs(config.cacheDir, () => {}).cached())
  if (isCluster && choice.provider !== 'local') {
    throw new OpsError('OPS_CONFIG_INVALID', { problem: `three brokers (--brokers, COMMERCE_KAFKA_NODES) are for the local provider, not for ${choice.provider}` })
  }
  return choice
}

/** True when the configuration names the service's address: the stack does not run it. */
export function isExternal ({ external }: Config, name: ServiceName): boolean {
  const addresses: Readonly<Record<ServiceName, unknown>> = {
    kafka: external.brokers, registry: external.registryUrl, redis: external.redisUrl, clickhouse: external.clickhouseUrl, gateway: external.gatewayUrl
  }
  return addresses[name] !== undefined
}

/** The memory provider keeps log, schemas and state inside the process: an address for one of them would be ignored in silence. */
function requireNoExternalLog (config: Config): void {
  const [first] = (['kafka', 'registry', 'redis'] as const).filter(name => isExternal(config, name))
  if (first !== undefined) {
    throw new OpsError('OPS_CONFIG_INVALID', { problem: `the address of ${first} cannot be combined with the memory provider, which keeps it inside the process` })
  }
}
