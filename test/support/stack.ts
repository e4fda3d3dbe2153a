import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Test } from 'tap'
import { loadConfig, type Config, type Overrides } from '../../ops/config.ts'
import { dockerEndpoints } from '../../ops/stack/docker.ts'
import { gatherDocker, gatherFacts } from '../../ops/stack/facts.ts'
import { isExternal } from '../../ops/stack/ensure.ts'
import { localEndpoints, localSpecs } from '../../ops/stack/local.ts'
import { Programs } from '../../ops/stack/programs.ts'
import { localObstacle } from '../../ops/stack/provider.ts'
import { type ServiceSpec } from '../../ops/stack/service.ts'
import { type Endpoints, type ServiceName } from '../../ops/stack/stack.ts'
import { Supervisor } from '../../ops/stack/supervisor.ts'
import { acquireShared, ensureWatchdog, newOwnFolder, newPorts, remove, stackConfig } from './shared-stack.ts'

/** Real services for a test. */
export interface TestStack {
  /** Where they come from: `local` processes, `docker` containers, or `environment` when COMMERCE_BROKERS, COMMERCE_REDIS_URL … name them. */
  readonly provider: 'local' | 'docker' | 'environment'
  /** Complete; only the services that were asked for answer. */
  readonly endpoints: Endpoints
  /** The configuration that the endpoints belong to. */
  readonly config: Config
}

/**
 * Real services, shared by every test file of the run: started by the first one that needs them, ended after the last file.
 * Isolation is by name: take topics, groups, transactional ids, Redis keys and databases from `uniquePrefix()`, and never flush,
 * kill or reconfigure a shared service; `ownService` gives one that may be killed.
 *
 * Local processes are preferred, COMMERCE_PROVIDER=docker asks for containers. Where neither the environment nor Java and Maven nor
 * a Docker engine provide them, the test is skipped with the reason and the answer is undefined:
 * `const stack = await useStack(t, { services: ['kafka'] }); if (stack === undefined) return`
 */
export async function useStack (t: Test, options: { readonly services: readonly ServiceName[] }): Promise<TestStack | undefined> {
  const ambient = loadConfig()
  if (options.services.every(name => isExternal(ambient, name))) {
    return { provider: 'environment', config: ambient, endpoints: { ...localEndpoints(ambient), ...ambient.external } }
  }
  const missing = await whatIsMissing(options.services)
  const { docker } = missing !== undefined || ambient.provider === 'docker' ? await gatherDocker() : {}
  if (missing !== undefined && docker === undefined) {
    t.plan(0, missing)
    return undefined
  }
  const provider = docker === undefined ? 'local' : 'docker'
  // The runner outlives each file: its lease keeps the services up from the first file to the last.
  const user = process.env['TAP'] === '1' ? process.ppid : process.pid
  const config = await acquireShared(options.services, provider, user, line => t.comment(line))
  return { provider, config, endpoints: provider === 'docker' ? dockerEndpoints(config) : localEndpoints(config) }
}

/** A prefix that no other test and no earlier run has used; letters, digits and dashes, valid in topics and keys. */
export function uniquePrefix (): string {
  return `t${randomUUID().slice(0, 8)}-`
}

/** A process that belongs to one test, which may kill, pause, flush and restart it. */
export interface OwnProcess {
  readonly port: number
  readonly dataDir: string
  /** The process now, or undefined while it is down. */
  pid (): number | undefined
  /** Starts it again on the same port and data; returns when it is healthy. */
  start (): Promise<void>
  /** Ends it as an operator would. */
  stop (): Promise<void>
  /** SIGKILL; returns when the process is gone. */
  kill (): Promise<void>
  /** SIGSTOP; returns when no thread of it runs any more, which on a busy machine is later than the signal. */
  pause (): void
  /** SIGCONT. */
  resume (): void
}

/** A service of one process. */
export interface OwnService extends OwnProcess {
  /** host:port of the broker, or the URL of any other service. */
  readonly endpoint: string
  readonly config: Config
}

/** Three brokers that hold a copy of everything each. */
export interface OwnCluster {
  readonly brokers: readonly string[]
  /** Node 1, 2 and 3. */
  readonly nodes: readonly OwnProcess[]
  /** The process of a node id, as metadata names it. */
  node (id: number): OwnProcess
}

/**
 * Starts a service for this test alone, with further arguments if there are any; it ends with the test. Undefined, with the test
 * skipped, where it cannot run.
 */
export async function ownService (t: Test, name: ServiceName, args: readonly string[] = [], overrides: Overrides = {}): Promise<OwnService | undefined> {
  const own = await ownProcesses(t, name, overrides, args)
  const [first] = own?.processes ?? []
  return own === undefined || first === undefined ? undefined : { ...first, endpoint: endpointOf(name, own.config), config: own.config }
}

/** Starts a cluster of three brokers for this test alone; see `ownService`. */
export async function ownCluster (t: Test): Promise<OwnCluster | undefined> {
  const own = await ownProcesses(t, 'kafka', { COMMERCE_KAFKA_NODES: '3', COMMERCE_KAFKA_HEAP_MB: 256 })
  if (own === undefined) return undefined
  const { config, processes: nodes } = own
  const node = (id: number): OwnProcess => {
    const found = nodes[id - 1]
    if (found === undefined) throw new Error(`there is no node ${id}`)
    return found
  }
  return { brokers: localEndpoints(config).brokers, nodes, node }
}

interface Own { readonly config: Config, readonly processes: readonly OwnProcess[] }

async function ownProcesses (t: Test, name: ServiceName, overrides: Overrides = {}, args: readonly string[] = []): Promise<Own | undefined> {
  const missing = await whatIsMissing([name])
  if (missing !== undefined) {
    t.plan(0, missing)
    return undefined
  }
  const folder = newOwnFolder()
  ensureWatchdog()
  const config = stackConfig(folder, await newPorts(), overrides)
  const report = (line: string): void => { t.comment(line) }
  const supervisor = new Supervisor(folder, config.stack.timeoutMs, report)
  const specs = await localSpecs(name, config, report)
  const processes = specs.map(spec => ownProcess({ ...spec, args: [...spec.args, ...args] }, supervisor))
  t.teardown(async () => {
    await Promise.all(processes.map(async process => await process.kill()))
    await remove(folder, report)
  })
  await Promise.all(processes.map(async process => await process.start()))
  return { config, processes }
}

function ownProcess (spec: ServiceSpec, supervisor: Supervisor): OwnProcess {
  const pid = (): number | undefined => supervisor.running(spec.name)?.pid
  const signal = (sign: NodeJS.Signals): void => {
    const running = pid()
    if (running !== undefined) process.kill(running, sign)
  }
  return {
    port: spec.ports[0]?.port ?? 0,
    dataDir: spec.dataDir,
    pid,
    start: async () => { await supervisor.ensure(spec) },
    stop: async () => { await supervisor.stop(spec.name) },
    kill: async () => { await supervisor.kill(spec.name) },
    pause: () => {
      signal('SIGSTOP')
      while (!isStopped(pid())) Atomics.wait(tick, 0, 0, 1)
    },
    resume: () => signal('SIGCONT')
  }
}

/** A Redis of the test's own; see `ownService`. */
export async function ownRedis (t: Test, args: readonly string[] = []): Promise<OwnService | undefined> {
  return await ownService(t, 'redis', args)
}

/** Why these services cannot run here, or undefined when they can. */
export async function whatIsMissing (names: readonly ServiceName[]): Promise<string | undefined> {
  const facts = await gatherFacts()
  if (names.includes('clickhouse') && facts.chdb === undefined) return 'the embedded ClickHouse engine (chdb) is not installed'
  return localObstacle(facts, names, new Programs(loadConfig().cacheDir, () => {}).cached())?.message
}

function endpointOf (name: ServiceName, config: Config): string {
  const endpoints = localEndpoints(config)
  const of: Readonly<Record<ServiceName, string | undefined>> = {
    kafka: endpoints.brokers[0], registry: endpoints.registryUrl, redis: endpoints.redisUrl, clickhouse: endpoints.clickhouseUrl, gateway: endpoints.gatewayUrl
  }
  return of[name] ?? ''
}

/** To wait on without giving way: what comes after a pause finds the process paused. */
const tick = new Int32Array(new SharedArrayBuffer(4))

/** Whether every thread has stopped; elsewhere than on Linux nothing tells. */
function isStopped (pid: number | undefined): boolean {
  const threads = `/proc/${pid ?? 'none'}/task`
  if (!existsSync(threads)) return true
  return readdirSync(threads).every(thread => /^[TtZX]/.test(stateOf(join(threads, thread, 'stat'))))
}

function stateOf (stat: string): string {
  try {
    return readFileSync(stat, 'utf8').split(') ').at(-1) ?? ''
  } catch {
    return 'X'
  }
}
