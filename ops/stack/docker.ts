import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { type Config } from '../config.ts'
import { OpsError } from '../errors.ts'
import { runCommand, type Answer, type CommandOptions } from './command.ts'
import { localEndpoints, startLocal, stopLocal } from './local.ts'
import { portHolder } from './ports.ts'
import { type Endpoints, type Report, type Running, type ServiceName } from './stack.ts'
import { versions } from './versions.ts'

/** The containers of compose.yml that stand for each service; the gateway is a Node process here too. */
const containers: Readonly<Record<ServiceName, readonly string[]>> = {
  kafka: ['redpanda', 'console'], registry: ['redpanda'], redis: ['redis'], clickhouse: ['clickhouse'], gateway: []
}

/**
 * Makes the containers of the named services run and waits until they are healthy.
 *
 * @throws {OpsError} OPS_PORT_IN_USE or OPS_DOCKER_FAILED.
 */
export async function startDocker (names: readonly ServiceName[], config: Config, report: Report, signal?: AbortSignal): Promise<Running> {
  const running = await runningContainers(config)
  const wanted = [...new Set(names.flatMap(name => containers[name]))]
  const missing = wanted.filter(name => !running.has(name))
  if (missing.length > 0) {
    report(`starting ${missing.join(', ')}; the first time downloads about 1.5 GB of images`)
    const onTick = (text: string, seconds: number): void => report(`docker compose: ${lastOutput(text)} (${seconds} s)`)
    const answer = await compose(config, ['--progress', 'plain', 'up', '--detach', '--wait', ...wanted], { onTick, signal })
    signal?.throwIfAborted()
    if (!answer.ok) throw composeError(answer, config)
  }
  const started = names.filter(name => containers[name].some(container => missing.includes(container)))
  const gateway = names.includes('gateway') ? await startLocal(['gateway'], config, report, signal) : undefined
  return {
    started: [...started, ...gateway?.started ?? []],
    versions: { ...dockerVersions(names), ...gateway?.versions },
    stop: async () => {
      await gateway?.stop()
      if (missing.length > 0) await compose(config, ['rm', '--stop', '--force', ...missing])
    }
  }
}

/** Ends all containers and the gateway; `withData` deletes the volumes too. */
export async function stopDocker (config: Config, report: Report, withData: boolean): Promise<void> {
  await stopLocal(['gateway'], config, report)
  const answer = await compose(config, ['down', '--remove-orphans', ...withData ? ['--volumes'] : []])
  if (!answer.ok) throw composeError(answer, config)
}

/** Names of the containers that run. */
export async function runningContainers (config: Config): Promise<ReadonlySet<string>> {
  const answer = await compose(config, ['ps', '--services', '--status', 'running'], { timeoutMs: 10_000 })
  return new Set(answer.ok ? answer.text.split('\n').map(line => line.trim()).filter(line => line !== '') : [])
}

/** The newest lines of a service's containers. */
export async function dockerLogs (name: ServiceName, config: Config, lines: number): Promise<string> {
  return (await compose(config, ['logs', '--no-color', '--tail', String(lines), ...containers[name]])).text
}

/** Where the containers answer: on this machine only. Redpanda's registry serves the Confluent API at its root. */
export function dockerEndpoints (config: Config): Endpoints {
  const { host, ports } = config
  return { ...localEndpoints(config), brokers: [`${host}:${ports.kafka}`], registryUrl: `http://${host}:${ports.registry}` }
}

/** The variables that compose.yml takes. */
export function composeEnvironment (config: Config): Record<string, string> {
  const { host, ports, clickhouse } = config
  return {
    COMMERCE_HOST: host,
    COMMERCE_KAFKA_PORT: String(ports.kafka),
    COMMERCE_REGISTRY_PORT: String(ports.registry),
    COMMERCE_REDIS_PORT: String(ports.redis),
    COMMERCE_CLICKHOUSE_PORT: String(ports.clickhouse),
    COMMERCE_CONSOLE_PORT: String(ports.console),
    COMMERCE_CLICKHOUSE_USER: clickhouse.user,
    COMMERCE_CLICKHOUSE_PASSWORD: clickhouse.password,
    CLICKHOUSE_SKIP_USER_SETUP: clickhouse.password === '' ? '1' : '0',
    REDPANDA_VERSION: versions.redpanda,
    CONSOLE_VERSION: versions.console,
    REDIS_VERSION: versions.redisImage,
    CLICKHOUSE_VERSION: versions.clickhouseImage
  }
}

/** The error that a failed compose run stands for. */
export function composeError (answer: Answer, config: Config): OpsError {
  const port = Number(/(?:Bind for \S+?|listen tcp4? [\d.]+):(\d+)/.exec(answer.text)?.[1])
  if (/already allocated|already in use/.test(answer.text) && port > 0) {
    const settings: Readonly<Record<number, string>> = {
      [config.ports.kafka]: 'COMMERCE_KAFKA_PORT',
      [config.ports.registry]: 'COMMERCE_REGISTRY_PORT',
      [config.ports.redis]: 'COMMERCE_REDIS_PORT',
      [config.ports.clickhouse]: 'COMMERCE_CLICKHOUSE_PORT',
      [config.ports.console]: 'COMMERCE_CONSOLE_PORT'
    }
    return new OpsError('OPS_PORT_IN_USE', { port, service: 'a container', holder: portHolder(port), setting: settings[port] ?? 'another port' })
  }
  return new OpsError('OPS_DOCKER_FAILED', { problem: lastOutput(answer.text) })
}

function dockerVersions (names: readonly ServiceName[]): Record<string, string> {
  const all: Readonly<Record<string, string>> = {
    kafka: `redpanda ${versions.redpanda}`, registry: `redpanda ${versions.redpanda}`, redis: versions.redisImage, clickhouse: versions.clickhouseImage
  }
  return Object.fromEntries(names.flatMap(name => all[name] === undefined ? [] : [[name, all[name]]]))
}

/** Containers and volumes belong to a data folder: two of them never share any. */
export function projectName ({ dataDir }: Config): string {
  return `commerce-streams-${createHash('sha256').update(dataDir).digest('hex').slice(0, 8)}`
}

/** All of them, so that what was started by hand is seen and ended, too; what is started is always named. */
const profiles = '*'

async function compose (config: Config, args: readonly string[], options: CommandOptions = {}): Promise<Answer> {
  const file = join(import.meta.dirname, 'compose.yml')
  return await runCommand('docker', ['compose', '--project-name', projectName(config), '--file', file, ...args], { ...options, env: { ...composeEnvironment(config), COMPOSE_PROFILES: profiles } })
}

function lastOutput (text: string): string {
  return text.split('\n').map(line => line.trim()).findLast(line => line !== '')?.slice(0, 200) ?? 'it said nothing'
}
