import { setImmediate as turn } from 'node:timers/promises'
import { silentLogger, type Logger } from '../diagnostics.ts'
import { StreamsError } from '../errors.ts'
import { partitionOf } from '../kafka/murmur2.ts'
import { createMemoryBroker, type MemoryBroker, type MemoryClient } from '../kafka/memory/index.ts'
import { type PartitionReader } from '../kafka/port.ts'
import { compileOptions, type RuntimeOptions } from '../options.ts'
import { commandRecord, type DeadLetterCommand, type ParkedFilter } from '../parking/command.ts'
import { decodeEvent, type ToldEvent } from '../parking/event.ts'
import { type GlobalTableDef, type ProcessorDef, type StoreDef } from '../processor.ts'
import { type FetchedRecord, NO_HEADERS, type OutgoingRecord } from '../record.ts'
import { GlobalTableSet } from '../runtime/global-table.ts'
import { createTask } from '../runtime/factories.ts'
import { changelogTopics, initialiseTasks, partitionsOf } from '../runtime/initialise.ts'
import { type TaskRunner, type TaskStatus } from '../runtime/runner.ts'
import { ProcessorTask } from '../runtime/task.ts'
import { type TypedValue } from '../serde/serde.ts'
import { changelogNames, taskKey } from '../state/changelog.ts'
import { createMemoryBackend, type MemoryBackend, type MemoryConnection } from '../state/memory/index.ts'
import { createManualClock, type ManualClock } from '../time/manual-clock.ts'
import { type TopicDef } from '../topic.ts'
import { type DeadLetterTopics, defineTopology, type SubTopology, topicsOf, type Topology } from '../topology.ts'
import { createProcessClock, type ProcessClock } from './process-clock.ts'
import { type CommandReport, type DiscardOptions, type PipeOptions, readDeadLetter, type TestDeadLetter, type TestRecord, type TestStore } from './test-records.ts'

export interface TestDriverOptions {
  readonly nodes: readonly SubTopology[]
  /** Rows that are in global tables before anything starts. */
  readonly globals?: ReadonlyArray<readonly [table: GlobalTableDef, rows: ReadonlyArray<readonly [key: string, value: TypedValue]>]>
  /** What the clock shows first, epoch ms. @default 2026-01-01T00:00:00Z */
  readonly startMs?: number
  readonly options?: Partial<RuntimeOptions>
  readonly logger?: Logger
}

/** Where a record went. */
export interface Piped { readonly partition: number, readonly offset: bigint }

/** Turns without an end before `run` gives up: something never settles. */
const MAX_TURNS = 20_000
const APPLICATION = 'driver'
const COMMANDS = 'dlq.commands'
const EVENTS = 'dlq.events'
const START_MS = Date.UTC(2026, 0, 1)

/**
 * Runs a topology in the process, with the real task code over a memory broker, memory state and a clock that only `advance`
 * moves. Nothing happens behind the test's back: `pipe` appends, `run` works until nothing is left to do.
 */
export class TestDriver {
  readonly broker: MemoryBroker
  readonly backend: MemoryBackend
  readonly clock: ManualClock
  readonly topology: Topology
  readonly #options: RuntimeOptions
  readonly #logger: Logger
  readonly #outside: MemoryClient
  readonly #readers = new Map<string, PartitionReader[]>()
  #client: MemoryClient
  #connection: MemoryConnection
  #processClock: ProcessClock
  #globals: GlobalTableSet | undefined
  #commands = 0
  #tasks: TaskRunner[] = []
  #running: Promise<void>[] = []

  constructor (options: TestDriverOptions) {
    this.clock = createManualClock(options.startMs ?? START_MS)
    this.broker = createMemoryBroker({ clock: this.clock })
    this.backend = createMemoryBackend()
    const partitions = Math.max(1, ...options.nodes.map(partitionsOf))
    const deadLetters = { commands: { name: COMMANDS, partitions }, events: { name: EVENTS, partitions } }
    this.topology = defineTopology({ applicationId: APPLICATION, version: 'test', nodes: options.nodes, deadLetters })
    this.#options = compileOptions({ stateCheckMs: 0, ...options.options })
    this.#logger = options.logger ?? silentLogger
    this.#outside = this.broker.client('outside')
    this.#client = this.broker.client('tasks')
    this.#connection = this.backend.connect()
    this.#processClock = createProcessClock(this.clock)
  }

  get nowMs (): number { return this.clock.now() }

  /** Creates every topic and the first progress of every task, fills the global tables, and acquires the tasks. */
  async start (globals: TestDriverOptions['globals'] = []): Promise<void> {
    for (const { name, partitions, cleanup } of topicsOf(this.topology)) {
      const config = { 'cleanup.policy': cleanup.policy === 'compact' ? 'compact' : 'delete' }
      this.broker.createTopic({ name, partitions, replicas: 1, config })
    }
    const { partitions } = this.#deadLetters.commands
    this.broker.createTopic({ name: this.#options.deadLetterTopic, partitions, replicas: 1, config: { 'max.message.bytes': '1114124' } })
    for (const { name } of Object.values(this.#deadLetters)) this.broker.createTopic({ name, partitions, replicas: 1, config: {} })
    for (const spec of changelogTopics(this.topology)) this.broker.createTopic(spec)
    await initialiseTasks({ kafka: this.#outside, topology: this.topology, clock: this.clock, created: new Set(changelogNames(this.topology)) })
    for (const [table, rows] of globals) for (const [key, value] of rows) await this.pipe(table.topic, key, value)
    await this.#acquireAll()
  }

  /** Appends a record to an input. */
  async pipe<V extends TypedValue> (topic: TopicDef<V>, key: string, value: V, options: PipeOptions = {}): Promise<Piped> {
    const partition = options.partition ?? this.#route(topic, key, value)
    return await this.pipeRaw(topic, { key: Buffer.from(key), value: topic.value.encode(value) }, { ...options, partition })
  }

  /** Appends bytes as they are. Without a partition the key decides; a null key goes to partition 0. */
  async pipeRaw (topic: Pick<TopicDef, 'name' | 'partitions'>, record: Pick<OutgoingRecord, 'key' | 'value'>, options: PipeOptions = {}): Promise<Piped> {
    const partition = options.partition ?? (record.key === null ? 0 : partitionOf(record.key, topic.partitions))
    const outgoing: OutgoingRecord = { topic: topic.name, partition, ...record, headers: options.headers ?? NO_HEADERS }
    const [sent] = await this.#outside.producer().send([outgoing])
    return { partition, offset: sent?.offset ?? -1n }
  }

  /**
   * Works until every input is consumed, every due timer has fired, every effect has been called and nothing moves any more.
   * Effects that wait for a backoff, and timers that are not due, stay.
   *
   * @throws the reason of a task that failed
   */
  async run (): Promise<void> {
    let calm = 0
    for (let turns = 0; calm < 3; turns++) {
      if (turns > MAX_TURNS) throw new Error(`the topology does not settle: ${this.status().map(task => `${task.id} ${task.state}`).join(', ')}`)
      const requests = this.broker.requests
      await turn()
      const failed = this.status().find(task => task.state === 'failed')
      if (failed !== undefined) throw failed.reason ?? new StreamsError('STR_CLOSED', { task: failed.id })
      calm = requests === this.broker.requests && this.#tasks.every(isIdle) ? calm + 1 : 0
    }
  }

  /** Works, moves the clock on by `ms`, and works at every moment in between at which something was scheduled. */
  async advance (ms: number): Promise<void> {
    const until = this.clock.now() + ms
    await this.run()
    for (let due = this.clock.nextDueMs; due !== undefined && due <= until; due = this.clock.nextDueMs) {
      await this.clock.advance(Math.max(0, due - this.clock.now()))
      await this.run()
    }
    if (this.clock.now() < until) await this.clock.advance(until - this.clock.now())
    await this.run()
  }

  /** The committed records of a topic that came since the last read of it, by partition, then offset. */
  async read<V extends TypedValue> (topic: TopicDef<V>): Promise<TestRecord<V>[]> {
    const records = await this.readRaw(topic.name)
    return records.map(({ key, value, ...rest }) => ({ ...rest, key: key?.toString() ?? '', value: topic.value.decode(value ?? Buffer.alloc(0)) }))
  }

  /** As `read`, without decoding. */
  async readRaw (topic: string): Promise<FetchedRecord[]> {
    await this.run()
    const partitions = this.broker.topic(topic)?.logs.length ?? 0
    let readers = this.#readers.get(topic)
    if (readers === undefined) {
      readers = Array.from({ length: partitions }, (_, partition) => {
        const offset = this.broker.log(topic, partition).startOffset
        return this.#outside.openReader({ topic, partition, offset, maxQueuedBytes: 1 << 30 })
      })
      this.#readers.set(topic, readers)
    }
    await turn()
    return readers.flatMap(reader => reader.take(Number.MAX_SAFE_INTEGER))
  }

  /** The dead letters that came since the last call. */
  async deadLetters (): Promise<TestDeadLetter[]> {
    return (await this.readRaw(this.#options.deadLetterTopic)).map(readDeadLetter)
  }

  /** What operators were told of parked keys since the last call. */
  async parkingEvents (): Promise<ToldEvent[]> {
    return (await this.readRaw(EVENTS)).map(({ value }) => decodeEvent(value ?? Buffer.alloc(0)))
  }

  /** Handles dead letters again: those of one key, or that a filter names; with `dryRun` it is only tried. Answers the reports of the tasks that had any. */
  async redrive (processor: ProcessorDef | string, filter: ParkedFilter, { dryRun = false } = {}): Promise<CommandReport[]> {
    return await this.#command({ type: 'Redrive', id: `command-${++this.#commands}`, processor: nameOf(processor), filter, dryRun })
  }

  /** Drops dead letters, or with scope `all` everything that waits behind them, too. */
  async discard (processor: ProcessorDef | string, filter: ParkedFilter, { scope = 'head', dryRun = false }: DiscardOptions = {}): Promise<CommandReport[]> {
    return await this.#command({ type: 'Discard', id: `command-${++this.#commands}`, processor: nameOf(processor), filter, scope, dryRun })
  }

  /** Gives a command to every task of its processor, and runs. */
  async #command (command: DeadLetterCommand): Promise<CommandReport[]> {
    const node = this.topology.nodes.find(({ name }) => name === command.processor)
    const partitions = node === undefined ? 0 : partitionsOf(node)
    const records = Array.from({ length: partitions }, (_, partition) => commandRecord(COMMANDS, partition, command))
    await this.#outside.producer().send(records)
    await this.run()
    return this.#told().filter((event): event is CommandReport => event.type === 'CommandReport' && event.id === command.id && event.keys > 0)
  }

  /** Every committed event so far, without moving what `parkingEvents` has read. */
  #told (): ToldEvent[] {
    const entries = Array.from({ length: this.#deadLetters.events.partitions }, (_, partition) => this.broker.entries(EVENTS, partition)).flat()
    return entries.filter(({ kind, outcome }) => kind === 'data' && outcome === 'committed').map(({ value }) => decodeEvent(value ?? Buffer.alloc(0)))
  }

  get #deadLetters (): DeadLetterTopics { return this.topology.deadLetters as DeadLetterTopics }

  /** A store as the state backend has it. */
  store<V> (processor: ProcessorDef | string, def: StoreDef<V>): TestStore<V> {
    const name = nameOf(processor)
    const node = this.topology.nodes.find(node => node.name === name)
    const partitions = node === undefined ? 0 : partitionsOf(node)
    const rows = async (): Promise<Map<string, V>> => {
      const found = new Map<string, V>()
      for (let partition = 0; partition < partitions; partition++) {
        const answer = await this.backend.open(taskKey(APPLICATION, name, partition)).rows(def.name)
        for (const [key, value] of answer.rows) found.set(key, def.value.decode(value))
      }
      return found
    }
    return { rows, get: async key => (await rows()).get(key) }
  }

  /** Kills every task without goodbye (calls in flight are never answered) and acquires them anew, as another process would. */
  async restart (): Promise<void> {
    this.#client.crash()
    this.#connection.crash()
    this.#processClock.stop()
    this.#processClock = createProcessClock(this.clock)
    this.#client = this.broker.client('tasks')
    this.#connection = this.backend.connect()
    await this.#acquireAll()
  }

  status (): TaskStatus[] {
    return this.#tasks.map(task => task.status())
  }

  /** Closes tasks in good order, and everything else. */
  async close (): Promise<void> {
    await Promise.all(this.#tasks.map(async task => { await task.close() }))
    await Promise.all(this.#running)
    await this.#globals?.close()
    await this.broker.close()
    await this.backend.close()
  }

  async #acquireAll (): Promise<void> {
    const defs = new Map(this.topology.nodes.flatMap(node => node.kind === 'processor' ? node.globals : []).map(def => [def.name, def]))
    const globals = new GlobalTableSet({ kafka: this.#client, clock: this.#processClock, logger: this.#logger, defs: [...defs.values()] })
    this.#globals = globals
    await globals.start()
    this.#tasks = this.topology.nodes.flatMap(node => Array.from({ length: partitionsOf(node) }, (_, partition) => createTask({
      topology: this.topology,
      node,
      partition,
      kafka: this.#client,
      state: this.#connection,
      clock: this.#processClock,
      logger: this.#logger,
      options: this.#options,
      globals,
      instance: APPLICATION,
      confirm: async () => {},
      onState: () => {}
    })))
    this.#running = this.#tasks.map(async task => { await task.run() })
    await this.run()
  }

  #route<V extends TypedValue> (topic: TopicDef<V>, key: string, value: V): number {
    for (const node of this.topology.nodes) {
      if (node.kind !== 'processor') continue
      const route = node.inputs.find(input => input.topic.name === topic.name)?.route
      const home = route?.(value, key, topic.partitions)[0]
      if (home !== undefined) return home
    }
    return partitionOf(key, topic.partitions)
  }
}

function nameOf (processor: ProcessorDef | string): string {
  return typeof processor === 'string' ? processor : processor.name
}

function isIdle (task: TaskRunner): boolean {
  if (task instanceof ProcessorTask) return task.isIdle
  const { state, lag } = task.status()
  return state === 'failed' || state === 'closed' || (state === 'running' && lag === 0n)
}

/** Creates a driver, with every task acquired and idle. Close it at the end of the test. */
export async function createTestDriver (options: TestDriverOptions): Promise<TestDriver> {
  const driver = new TestDriver(options)
  await driver.start(options.globals)
  return driver
}
