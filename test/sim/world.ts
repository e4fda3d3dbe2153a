import { changelogNames, changelogTopics, initialiseTasks, type Logger, partitionOf, silentLogger, StreamsError, topicsOf } from '../../streams/index.ts'
import { createMemoryBackend, createMemoryBroker, type MemoryBackend, type MemoryBroker } from '../../streams/testing/index.ts'
import { BrokerError } from '../../streams/kafka/memory/index.ts'
import { NO_HEADERS } from '../../streams/record.ts'
import { MemoryTarget } from '../../streams/sink/memory-target.ts'
import { SimClock } from './clock.ts'
import { Injector, losesLog } from './injector.ts'
import { Network } from './network.ts'
import { SimProcess, TOMBSTONE_MS } from './process.ts'
import { Random } from './random.ts'
import { type Batch, type Scenario } from './scenario.ts'
import { SimTarget } from './target.ts'
import { StateWatch } from './state-watch.ts'
import { cancels, DEAD_LETTERS, orders, PARTITIONS, topologyWith } from './workload.ts'

/** What the world's clock shows at the start, epoch ms. */
export const START_MS = 1_700_000_000_000
/** Clocks of two processes differ by less, ms. */
const SKEW_MS = 5000
/** A process that could not start is started again after this long, ms. */
const SUPERVISE_MS = 1000

/** A broker, a state backend, a target and processes, with nothing running yet: everything that is under way passes the network. */
export class World {
  readonly scenario: Scenario
  readonly clock = new SimClock(START_MS)
  readonly broker: MemoryBroker = createMemoryBroker({ clock: this.clock, leaders: 4 })
  readonly backend: MemoryBackend = createMemoryBackend()
  readonly target: MemoryTarget
  readonly network: Network
  readonly processes = new Map<string, SimProcess>()
  readonly watch: StateWatch
  readonly injector: Injector
  /** One line for everything that happens; undefined = nobody reads it. */
  readonly #trace: ((line: string) => void) | undefined
  readonly #lives = new Map<number, number>()
  readonly #bySlot = new Map<number, SimProcess>()
  #foreign = 1_000_000n

  constructor (scenario: Scenario, trace: ((line: string) => void) | undefined) {
    this.scenario = scenario
    this.#trace = trace
    this.target = new MemoryTarget({ bucketOffsets: 40, maxRows: scenario.settings.sinkRows })
    this.network = new Network(new Random(scenario.seed, 3), this.clock, {
      isGone: id => this.processes.get(id)?.isGone !== false,
      isPaused: id => this.processes.get(id)?.isPaused === true,
      isCut: (id, port) => port === 'state' && this.injector.isCutFromState(this.processes.get(id)?.slot)
    })
    if (trace !== undefined) this.network.onStep = line => { this.tell(line) }
    this.watch = new StateWatch(this.broker, this.backend, losesLog(scenario.faults))
    this.injector = new Injector(this)
  }

  /** Topics, first progress, processes, and everything that is to come. */
  async begin (): Promise<void> {
    const topology = topologyWith(new SimTarget(this.target, this.network, ''), 1)
    for (const { name, partitions } of [...topicsOf(topology), { name: DEAD_LETTERS, partitions: 1 }]) {
      this.broker.createTopic({ name, partitions, replicas: 1, config: {} })
    }
    for (const spec of changelogTopics(topology, { deleteRetentionMs: TOMBSTONE_MS + SKEW_MS })) this.broker.createTopic(spec)
    await initialiseTasks({ kafka: this.broker.client('provisioning'), topology, clock: this.clock, created: new Set(changelogNames(topology)) })
    this.#connect()
    const { settings, batches, faults } = this.scenario
    for (let slot = 0; slot < settings.processes; slot++) this.start(slot)
    for (const batch of batches) this.clock.schedule(batch.atMs, () => { this.#feed(batch) })
    for (const fault of faults) this.injector.plan(fault)
    this.clock.schedule(SUPERVISE_MS, () => { this.#supervise() })
  }

  /** Starts the next life of a process. */
  start (slot: number): void {
    const life = (this.#lives.get(slot) ?? 0) + 1
    this.#lives.set(slot, life)
    const options = { slot, life, settings: this.scenario.settings, broker: this.broker, backend: this.backend, clock: this.clock, logger: this.#loggerOf(`p${slot}.${life}`) }
    // Its first calls are made while it is being made.
    const id = `p${slot}.${life}`
    this.processes.set(id, { id, slot, isGone: false, isPaused: false } as SimProcess)
    const process = new SimProcess({ ...options, targetOf: id => new SimTarget(this.target, this.network, id) })
    this.processes.set(id, process)
    this.#bySlot.set(slot, process)
    this.tell(() => `${id} starts`)
  }

  /** The process that runs in a slot now. */
  inSlot (slot: number): SimProcess | undefined {
    const process = this.#bySlot.get(slot)
    return process?.isGone === true ? undefined : process
  }

  /** Processes that are not gone. */
  get alive (): SimProcess[] {
    return [...this.#bySlot.values()].filter(process => !process.isGone)
  }

  kill (process: SimProcess): void {
    if (process.isGone) return
    process.kill()
    this.network.drop(process.id)
    this.tell(() => `${process.id} is gone`)
  }

  tell (line: string | (() => string)): void {
    if (this.#trace === undefined) return
    const elapsed = String(this.clock.now() - START_MS).padStart(6)
    this.#trace(`${elapsed} ${typeof line === 'string' ? line : line()}`)
  }

  /** Nothing of it runs any more. */
  async end (): Promise<void> {
    for (const process of this.alive) process.kill()
    this.broker.faults.clear()
    this.backend.faults.clear()
    await this.broker.close()
  }

  #connect (): void {
    this.broker.faults.intercept(async ({ clientId, api, transactionalId, topic, partition, act }, phase) => {
      const about = transactionalId ?? (topic === undefined ? '' : `${topic}-${partition}`)
      await this.network.pass({ process: clientId, port: 'broker', api, about, act, lost: () => new BrokerError('NETWORK', 'simulated') }, phase)
    })
    this.backend.faults.intercept(async ({ connection = '', op, taskKey, act }, phase) => {
      if (connection === '') return
      if (phase === 'answer') this.watch.look(taskKey, op, connection)
      const lost = (): Error => new StreamsError('STR_STATE_UNAVAILABLE', { reason: 'simulated' })
      // A call that arrives late is not seen in its answer.
      const late = (): void => {
        act?.()
        this.watch.look(taskKey, op, connection)
      }
      await this.network.pass({ process: connection, port: 'state', api: op, about: taskKey, act: late, lost }, phase)
    })
  }

  /** Appends a batch, as other programs do. */
  #feed ({ inputs, how, openMs }: Batch): void {
    this.tell(() => `${inputs.length} inputs ${how}: ${inputs.map(({ topic, partition, key, value }) => `${topic}-${partition} ${key} ${value.id}`).join(', ')}`)
    const byLog = new Map(inputs.map(({ topic, partition }) => [`${topic}-${partition}`, this.broker.log(topic, partition)]))
    const producerId = how === 'plain' ? undefined : this.#foreign++
    for (const log of byLog.values()) {
      const records = inputs.filter(({ topic, partition }) => topic === log.topic && partition === log.partition).map(({ topic, key, value }) => ({
        key: Buffer.from(key), value: topic === 'orders' ? orders.value.encode(value as never) : cancels.value.encode(value as never), headers: NO_HEADERS
      }))
      if (producerId === undefined) log.append(records, this.clock.now())
      else log.appendTransactional(records, producerId, 0, this.clock.now())
    }
    if (producerId === undefined) return
    this.clock.schedule(openMs, () => {
      for (const log of byLog.values()) log.endTransaction(producerId, 0, how === 'committed' ? 'commit' : 'abort', this.clock.now())
    })
  }

  /** What could not start is started again; whoever closed in good order stays away until its time. */
  #supervise (): void {
    for (const process of this.alive) {
      if (process.isPaused || process.isClosing || process.streams.health().state !== 'failed') continue
      this.tell(() => `${process.id} failed: ${process.streams.health().reasons.join('; ')}`)
      this.kill(process)
      this.start(process.slot)
    }
    this.clock.schedule(SUPERVISE_MS, () => { this.#supervise() })
  }

  #loggerOf (id: string): Logger {
    if (this.#trace === undefined) return silentLogger
    const write = (details: object, message: string): void => {
      const { err, ...rest } = details as { readonly err?: Error }
      this.tell(`${id} says: ${message} ${JSON.stringify(rest, (_, value: unknown) => typeof value === 'bigint' ? String(value) : value)}${err === undefined ? '' : ` ${err.message}`}`)
    }
    const logger: Logger = { info: write, warn: write, error: write, debug: () => {}, child: () => logger }
    return logger
  }
}

/** Home partition of a key. */
export function homeOf (key: string): number {
  return partitionOf(key, PARTITIONS)
}
