import { setImmediate as turn } from 'node:timers/promises'
import { type Test } from 'tap'
import {
  changelogNames, changelogTopic, changelogTopics, compileOptions, type DeadLetterTopics, defineTopology, initialiseTasks, type ProcessorDef,
  type RuntimeOptions, silentLogger, type SubTopology, taskKey, type TaskRunner, type Topology, topicsOf, type TypedValue, type TopicDef
} from '../../../streams/index.ts'
import {
  createManualClock, createMemoryBackend, createMemoryBroker, type ManualClock, type MemoryBackend, type MemoryBroker, type MemoryClient
} from '../../../streams/testing/index.ts'
import { partitionOf } from '../../../streams/kafka/murmur2.ts'
import { createProcessClock } from '../../../streams/testing/process-clock.ts'
import { noGlobalTables } from '../../../streams/runtime/global-table.ts'
import { ProcessorTask } from '../../../streams/runtime/task.ts'
import { type MemoryConnection } from '../../../streams/state/memory/index.ts'

/** One process that runs one task: its own client and connection, so that it can crash or be cut off alone. */
export interface Owner {
  readonly task: TaskRunner
  readonly client: MemoryClient
  readonly connection: MemoryConnection
  /** Like kill -9. */
  crash (): void
}

export interface OwnerOptions {
  readonly confirm?: (signal: AbortSignal) => Promise<void>
  readonly partition?: number
}

/** A broker, a state backend and a clock, with one topology provisioned and nothing running yet. */
export class World {
  readonly clock: ManualClock = createManualClock(1_700_000_000_000)
  readonly broker: MemoryBroker = createMemoryBroker({ clock: this.clock })
  readonly backend: MemoryBackend = createMemoryBackend()
  readonly topology: Topology
  readonly options: RuntimeOptions
  readonly #owners: Owner[] = []

  constructor (nodes: readonly SubTopology[], options: Partial<RuntimeOptions> = {}, deadLetters?: DeadLetterTopics) {
    this.topology = defineTopology({ applicationId: 'app', version: '1', nodes, ...(deadLetters === undefined ? {} : { deadLetters }) })
    this.options = compileOptions(options)
  }

  /** A world that ends with its test. */
  static async create (t: Test, nodes: readonly SubTopology[], options: Partial<RuntimeOptions> = {}, deadLetters?: DeadLetterTopics): Promise<World> {
    const world = await World.open(nodes, options, deadLetters)
    t.teardown(async () => { await world.close() })
    return world
  }

  /** A world that its caller closes: one of the many of a property. */
  static async open (nodes: readonly SubTopology[], options: Partial<RuntimeOptions> = {}, deadLetters?: DeadLetterTopics): Promise<World> {
    const world = new World(nodes, options, deadLetters)
    for (const { name, partitions } of [...topicsOf(world.topology), { name: 'dlq', partitions: 1 }, ...Object.values(deadLetters ?? {})]) {
      world.broker.createTopic({ name, partitions, replicas: 1, config: {} })
    }
    for (const spec of changelogTopics(world.topology)) world.broker.createTopic(spec)
    await world.provision()
    return world
  }

  async close (): Promise<void> {
    for (const owner of this.#owners) owner.crash()
    await this.broker.close()
  }

  /** Writes the first progress of the tasks. */
  async provision (): Promise<void> {
    await initialiseTasks({ kafka: this.broker.client(), topology: this.topology, clock: this.clock, created: new Set(changelogNames(this.topology)) })
  }

  get node (): ProcessorDef { return this.topology.nodes[0] as ProcessorDef }
  get changelog (): string { return changelogTopic('app', this.node.name) }
  get transactionalId (): string { return `app.${this.node.name}.0` }
  get stateKey (): string { return taskKey('app', this.node.name, 0) }

  /** Starts a process that owns the first node's task, until it is idle. */
  async own (options: OwnerOptions = {}): Promise<Owner> {
    const owner = this.start(options)
    await this.settle()
    return owner
  }

  start ({ confirm, partition = 0 }: OwnerOptions = {}): Owner {
    const client = this.broker.client()
    const connection = this.backend.connect()
    const clock = createProcessClock(this.clock)
    const task = new ProcessorTask({
      topology: this.topology,
      node: this.node,
      partition,
      kafka: client,
      state: connection,
      clock,
      logger: silentLogger,
      options: this.options,
      globals: noGlobalTables,
      instance: client.clientId,
      confirm: confirm ?? (async () => {}),
      onState: () => {}
    })
    task.run()
    const owner = {
      task,
      client,
      connection,
      crash: () => {
        client.crash()
        connection.crash()
        clock.stop()
      }
    }
    this.#owners.push(owner)
    return owner
  }

  /** Lets everything run until no request is made any more. The clock stands still. */
  async settle (): Promise<void> {
    for (let calm = 0, before = -1; calm < 8;) {
      calm = this.broker.requests === before ? calm + 1 : 0
      before = this.broker.requests
      await turn()
    }
  }

  /** Moves the clock on, and lets everything run. */
  async wait (ms: number): Promise<void> {
    await this.settle()
    await this.clock.advance(ms)
    await this.settle()
  }

  async send<V extends TypedValue> (topic: TopicDef<V>, key: string, value: V): Promise<void> {
    await this.sendRaw(topic, Buffer.from(key), topic.value.encode(value))
  }

  async sendRaw (topic: Pick<TopicDef, 'name' | 'partitions'>, key: Buffer | null, value: Buffer | null, partition?: number): Promise<void> {
    const to = partition ?? (key === null ? 0 : partitionOf(key, topic.partitions))
    await this.broker.client('sender').producer().send([{ topic: topic.name, partition: to, key, value, headers: [] }])
  }

  /** What a read-committed reader sees. */
  committed<V extends TypedValue> (topic: TopicDef<V>): V[] {
    const values: V[] = []
    for (let partition = 0; partition < topic.partitions; partition++) {
      const stable = this.broker.log(topic.name, partition).lastStableOffset
      for (const { offset, kind, outcome, value } of this.broker.entries(topic.name, partition)) {
        if (offset < stable && kind === 'data' && outcome === 'committed' && value !== null) values.push(topic.value.decode(value))
      }
    }
    return values
  }

  /** True when no partition of any topic holds back its readers (R10). */
  get isStable (): boolean {
    return this.broker.topicNames().every(name => this.broker.topic(name)?.logs.every(log => log.lastStableOffset === log.endOffset))
  }

  /** Rows of a store, as stored. */
  async rows (store: string): Promise<Record<string, string>> {
    const { rows } = await this.backend.open(this.stateKey).rows(store)
    return Object.fromEntries(rows.map(([key, value]) => [key, value.toString()]))
  }
}
