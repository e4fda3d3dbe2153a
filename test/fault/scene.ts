import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Kafka, partitionsOf } from '#streams'
import { type Config } from '../../ops/config.ts'
import { type Summary } from '../../ops/start/summary.ts'
import { createPlatformTopology } from '../../ops/platform/topology.ts'
import { localEndpoints, startLocal, stopLocal } from '../../ops/stack/local.ts'
import { serviceNames, type Report } from '../../ops/stack/stack.ts'
import { createKafkaJs } from '../../streams/kafka/kafkajs/index.ts'
import { openClickHouse } from '../../sinks/index.ts'
import { createConfluentRegistry } from '../../streams/serde/confluent-registry.ts'
import { bindRegistry, changelogOf } from '../../topology/index.ts'
import { settingsOf, stackConfig } from '../support/shared-stack.ts'
import { Child, startCommand } from './child.ts'
import { type Result } from './compare.ts'
import { type Played } from './expect.ts'
import { countDeadLetters, gatewayTotals } from './outside.ts'
import { type TransactionWatch, watchTransactions } from './open-transactions.ts'
import { type Progress, followRun } from './progress.ts'

/** What is played. */
export interface Play extends Played { readonly inFlight: number }

/**
 * A platform of separate processes over a stack of its own, as it is deployed: provisioning, processors, sinks, and a player that
 * verifies the run. Everything it starts has ended after `close`.
 */
export class Scene {
  readonly #config: Config
  readonly #report: Report
  readonly #children = new Set<Child>()
  readonly #ends: Array<() => Promise<unknown>> = []
  #processor: Child | undefined
  #processors = 0

  /** `folder`: data, logs and pid files of this scene; it must be empty for a run of its own. `ports`: as `newPorts` gives them. */
  constructor (folder: string, ports: readonly number[], report: Report) {
    this.#config = stackConfig(folder, ports)
    this.#report = report
  }

  /** Starts everything but the player. */
  async open (): Promise<void> {
    const stack = await startLocal(serviceNames, this.#config, () => {})
    this.#report(`  services: ${serviceNames.map(name => `${name} ${stack.versions[name]}`).join(', ')}`)
    this.#ends.push(async () => await stopLocal(serviceNames, this.#config, () => {}))
    const provisioning = this.#start('provision', ['--role', 'provision'])
    const code = await provisioning.ended
    if (code !== 0) throw new Error(`provisioning ended with ${code}: see ${this.#log('provision')}.out and .err`)
    const sink = this.#start('sink', ['--role', 'sink', '--instance', 's1'])
    await this.startProcessor()
    await sink.says(/^processors: /m)
  }

  get redisPort (): number { return this.#config.ports.redis }

  /** The processor process that runs now. */
  get processor (): Child {
    if (this.#processor === undefined) throw new Error('no processor was started')
    return this.#processor
  }

  /** Starts a processor process, under the name that the one before had. Resolves when it has its tasks. */
  async startProcessor (): Promise<void> {
    this.#processor = this.#start(`processor-${++this.#processors}`, ['--role', 'processor', '--instance', 'p1'])
    await this.#processor.says(/^processors: /m)
  }

  /** A client of the broker beside the platform. */
  async connect (): Promise<Kafka> {
    const { brokers, registryUrl } = localEndpoints(this.#config)
    const kafka = createKafkaJs({ brokers, clientId: 'disturbed-run' })
    this.#ends.push(async () => await kafka.close())
    await kafka.start()
    await bindRegistry(createConfluentRegistry({ url: registryUrl }))
    return kafka
  }

  async follow (kafka: Kafka, play: Play): Promise<Progress> {
    const progress = await followRun(kafka, play)
    this.#ends.push(async () => await progress.close())
    return progress
  }

  /** Watches everything that the transactions of the processors write their progress to. */
  transactions (): TransactionWatch {
    const { brokers, clickhouseUrl, gatewayUrl } = localEndpoints(this.#config)
    const clickhouse = openClickHouse({ url: clickhouseUrl })
    this.#ends.push(async () => await clickhouse.close())
    const processors = createPlatformTopology({ clickhouse, gatewayUrl }).nodes.filter(({ kind }) => kind === 'processor')
    const watch = watchTransactions(brokers[0] ?? '', processors.flatMap(node =>
      Array.from({ length: partitionsOf(node) }, (_, partition) => ({ topic: changelogOf(node.name), partition }))))
    this.#ends.push(async () => watch.close())
    return watch
  }

  /** Starts the player. */
  play ({ orders, seed, inFlight }: Play): Child {
    return this.#start('player', [
      '--role', 'player', '--exit', '--orders', String(orders), '--seed', seed, '--in-flight', String(inFlight), '--summary', this.#summaryFile
    ])
  }

  /** What the run came to, once the player has ended. */
  async result (player: Child, kafka: Kafka): Promise<Result> {
    const exitCode = await player.ended
    if (!existsSync(this.#summaryFile)) throw new Error(`the player ended with ${exitCode} and no summary: ${player.errors.trim()}; see ${this.#log('player')}.out`)
    return {
      exitCode,
      summary: JSON.parse(readFileSync(this.#summaryFile, 'utf8')) as Summary,
      deadLetters: await countDeadLetters(kafka),
      eventTypes: await this.#eventTypes(),
      gateway: await gatewayTotals(localEndpoints(this.#config).gatewayUrl)
    }
  }

  /** Ends the processes, then what they stand on. Returns what did not end as it should. */
  async close (): Promise<readonly string[]> {
    const codes = await Promise.all([...this.#children].filter(child => child.isRunning).map(async child => await child.end()))
    for (const end of this.#ends.reverse()) await end()
    return codes.filter(code => code !== 0).map(code => `a process ended with ${code}`)
  }

  async #eventTypes (): Promise<Result['eventTypes']> {
    const client = openClickHouse({ url: localEndpoints(this.#config).clickhouseUrl, username: 'default', password: '', database: this.#config.clickhouse.database })
    try {
      const answer = await client.query({ query: 'SELECT event_type, toUInt32(count()) AS rows FROM raw_events GROUP BY event_type ORDER BY event_type', format: 'JSONEachRow' })
      return Object.fromEntries((await answer.json<{ readonly event_type: string, readonly rows: number }>()).map(({ event_type: type, rows }) => [type, rows]))
    } finally {
      await client.close()
    }
  }

  get #summaryFile (): string { return join(this.#config.dataDir, 'summary.json') }

  #log (name: string): string {
    return join(this.#config.dataDir, 'logs', name)
  }

  #start (name: string, args: readonly string[]): Child {
    const child = new Child([...startCommand, ...args], { COMMERCE_PROVIDER: 'local', ...settingsOf(this.#config) }, this.#log(name))
    this.#children.add(child)
    return child
  }
}
