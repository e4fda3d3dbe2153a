import { join } from 'node:path'
import { type Kafka, type StateBackend, type Topology, changelogNames } from '#streams'
import { createPlatformTopology } from '../../../ops/platform/topology.ts'
import { localEndpoints } from '../../../ops/stack/local.ts'
import { freePorts } from '../../../ops/stack/ports.ts'
import { type Report, type ServiceName } from '../../../ops/stack/stack.ts'
import { createToken } from '../../../ops/token.ts'
import { createKafkaJs } from '../../../streams/kafka/kafkajs/index.ts'
import { createConfluentRegistry } from '../../../streams/serde/confluent-registry.ts'
import { createRedisBackend } from '../../../streams/state/redis/index.ts'
import { type ClickHouseClient, openClickHouse } from '../../../sinks/index.ts'
import { bindRegistry } from '../../../topology/index.ts'
import { type Role } from '../../../api/index.ts'
import { portCount, settingsOf, stackConfig } from '../../support/shared-stack.ts'
import { Child, startCommand } from '../child.ts'
import { type Doors, Services, doorCount } from './services.ts'

/** What a process of the platform is started with beside its role. */
export interface ProcessOptions {
  readonly args?: readonly string[]
  readonly settings?: Readonly<Record<string, string>>
  /** Folder of another build of the platform. */
  readonly build?: string
}

/** How the outside looks at the platform: not through the doors. */
export interface Outside {
  readonly kafka: Kafka
  readonly state: StateBackend
  readonly clickhouse: ClickHouseClient
  readonly topology: Topology
}

/**
 * A platform on a stack of its own as a user deploys it: services, provisioning, and processes that reach the services through proxies only.
 * Everything it starts has ended after `close`.
 */
export class Stage {
  readonly services: Services
  readonly outside: Outside
  readonly #processes = new Map<string, Child>()
  readonly #spent: Child[] = []
  #started = 0
  #closing: Promise<readonly string[]> | undefined

  private constructor (services: Services, outside: Outside) {
    this.services = services
    this.outside = outside
  }

  /**
   * Services, topics, schemas, tables; no process of the platform runs yet. `folder` must be empty. `before` is what happens on these services
   * before this build provisions them.
   */
  static async open (folder: string, report: Report, before?: (stage: Stage) => Promise<void>): Promise<Stage> {
    // All at once: a free port that nobody has bound yet may be given twice.
    const ports = await freePorts('127.0.0.1', portCount + doorCount)
    const services = await Services.open(stackConfig(folder, ports.slice(0, portCount)), ports.slice(portCount), report)
    const stage = await lookFrom(services).then(outside => new Stage(services, outside), async (error: unknown) => {
      await services.close()
      throw error
    })
    try {
      await before?.(stage)
      const code = await stage.run('provision', { args: ['--role', 'provision'] }).ended
      if (code !== 0) throw new Error(`provisioning ended with ${code}: see ${stage.#log('provision')}-1.err`)
      await bindRegistry(createConfluentRegistry({ url: localEndpoints(services.config).registryUrl }))
      // The detectors fold changelogs from their start: what was there must stay.
      for (const name of changelogNames(stage.outside.topology)) await stage.outside.kafka.admin.alterTopicConfig(name, { 'min.compaction.lag.ms': '86400000' })
      return stage
    } catch (error) {
      await stage.close()
      throw error
    }
  }

  get doors (): Doors { return this.services.doors }
  get folder (): string { return this.services.config.dataDir }
  get apiUrl (): string { return `http://${this.services.config.host}:${this.services.config.ports.api}` }
  get journal (): string { return join(this.folder, 'gateway', 'journal.ndjson') }

  async token (role: Role, subject: string): Promise<string> {
    return await createToken({ role, subject, grants: [], ttlS: 3600 }, this.services.config)
  }

  /** Starts a process that serves, under a name; resolves when it works. */
  async start (name: string, role: 'processor' | 'sink' | 'api', { args = [], settings = {}, build }: ProcessOptions = {}): Promise<Child> {
    const ofRole = role === 'api' ? { args: [], settings: {} } : { args: ['--instance', name], settings: { COMMERCE_METRICS_PORT: await freePort() } }
    const child = this.run(name, {
      args: ['--role', role, ...ofRole.args, ...args], settings: { ...this.#throughDoors(), ...ofRole.settings, ...settings }, ...build === undefined ? {} : { build }
    })
    await child.says(role === 'api' ? /^API: /m : /^processors: /m)
    return child
  }

  /** Starts a command with these arguments, straight at the services unless the settings say otherwise. It has the name until the next one takes it. */
  run (name: string, { args = [], settings = {}, build }: ProcessOptions): Child {
    const before = this.#processes.get(name)
    if (before !== undefined) this.#spent.push(before)
    const child = new Child([...build === undefined ? startCommand : [process.execPath, join(build, 'ops/start.ts')], ...args], { ...this.#straight(), ...settings }, `${this.#log(name)}-${++this.#started}`)
    this.#processes.set(name, child)
    return child
  }

  /** The process of that name. */
  process (name: string): Child {
    const child = this.#processes.get(name)
    if (child === undefined) throw new Error(`there is no process ${name}`)
    return child
  }

  isRunning (name: string): boolean { return this.#processes.get(name)?.isRunning === true }

  /** Everything that processes of that name wrote to their log. */
  logOf (name: string): string {
    return [...this.#spent, this.process(name)].filter(child => child.log.startsWith(`${this.#log(name)}-`)).map(child => child.errors).join('')
  }

  /** Ends the process and starts it anew under the same name. */
  async restart (name: string, role: 'processor' | 'sink' | 'api', how: 'end' | 'kill', options: ProcessOptions = {}): Promise<void> {
    if (how === 'end') await this.process(name).end()
    else await this.process(name).kill()
    await this.start(name, role, options)
  }

  /** Fair weather, every service up, and these processes at work. */
  async heal (roles: Readonly<Record<string, 'processor' | 'sink' | 'api'>>): Promise<void> {
    for (const door of Object.values(this.doors)) door.heal()
    for (const name of Object.keys(this.doors) as ServiceName[]) {
      this.services.signal(name, 'SIGCONT')
      if (!this.services.isRunning(name)) await this.services.start(name)
    }
    for (const child of this.#processes.values()) child.signal('SIGCONT')
    for (const [name, role] of Object.entries(roles)) if (!this.isRunning(name)) await this.start(name, role)
  }

  /** Ends the processes, then what they stand on. Resolves with what did not end as it should; may be called again. */
  async close (): Promise<readonly string[]> {
    return await (this.#closing ??= this.#close())
  }

  async #close (): Promise<readonly string[]> {
    for (const door of Object.values(this.doors)) door.heal()
    const running = [...this.#processes].filter(([, child]) => child.isRunning)
    for (const child of [...this.#spent, ...this.#processes.values()]) child.signal('SIGCONT')
    const codes = await Promise.all(running.map(async ([name, child]) => [name, await child.end()] as const))
    for (const child of this.#spent) await child.kill()
    await this.outside.kafka.close()
    await this.outside.state.close()
    await this.outside.clickhouse.close()
    await this.services.close()
    return codes.filter(([, code]) => code !== 0).map(([name, code]) => `${name} ended with ${code}`)
  }

  #straight (): Readonly<Record<string, string>> {
    const { brokers, registryUrl, redisUrl, clickhouseUrl, gatewayUrl } = localEndpoints(this.services.config)
    return {
      ...settingsOf(this.services.config),
      COMMERCE_PROVIDER: 'local',
      COMMERCE_BROKERS: brokers.join(','),
      COMMERCE_REGISTRY_URL: registryUrl,
      COMMERCE_REDIS_URL: redisUrl,
      COMMERCE_CLICKHOUSE_URL: clickhouseUrl,
      COMMERCE_GATEWAY_URL: gatewayUrl,
      COMMERCE_RECONCILE_MS: '2000',
      // One customer orders as fast as may be, and nobody is there to look at it.
      COMMERCE_RISK_ACTIVITY_LIMIT: '0'
    }
  }

  #throughDoors (): Readonly<Record<string, string>> {
    const { config: { host }, doors: { kafka, registry, redis, clickhouse, gateway } } = this.services
    return {
      COMMERCE_BROKERS: `${host}:${kafka.port}`,
      COMMERCE_REGISTRY_URL: `http://${host}:${registry.port}/apis/ccompat/v7`,
      COMMERCE_REDIS_URL: `redis://${host}:${redis.port}`,
      COMMERCE_CLICKHOUSE_URL: `http://${host}:${clickhouse.port}`,
      COMMERCE_GATEWAY_URL: `http://${host}:${gateway.port}`
    }
  }

  #log (name: string): string { return join(this.folder, 'logs', name) }
}

/** Each process needs a port for its metrics; only that of the API is asked. */
async function freePort (): Promise<string> {
  return String((await freePorts('127.0.0.1', 1))[0])
}

async function lookFrom ({ config }: Services): Promise<Outside> {
  const { brokers, redisUrl, clickhouseUrl, gatewayUrl } = localEndpoints(config)
  const kafka = createKafkaJs({ brokers, clientId: 'outside' })
  await kafka.start()
  const clickhouse = openClickHouse({ url: clickhouseUrl, database: config.clickhouse.database })
  return { kafka, state: createRedisBackend({ url: redisUrl }), clickhouse, topology: createPlatformTopology({ clickhouse, gatewayUrl }) }
}
