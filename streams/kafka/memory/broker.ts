import { type Clock } from '../../time/clock.ts'
import { systemClock } from '../../time/system-clock.ts'
import { type TopicSpec } from '../port.ts'
import { BrokerError } from './broker-error.ts'
import { MemoryClient } from './client.ts'
import { type BrokerFaults, createBrokerFaults } from './faults.ts'
import { GroupCoordinator } from './group-coordinator.ts'
import { type CompactOptions, type LogEntry, PartitionLog } from './partition-log.ts'
import { TransactionCoordinator } from './transaction-coordinator.ts'

/** A topic as the broker holds it. */
export interface MemoryTopic {
  readonly name: string
  readonly logs: readonly PartitionLog[]
  readonly config: Record<string, string>
  /** How many topics there were before it. */
  readonly place: number
}

export interface MemoryBrokerOptions {
  /** Append times, transaction and session timeouts. @default systemClock */
  readonly clock?: Clock
  /** Brokers that lead partitions: a transaction sends each of them a Produce request of its own. @default 1 */
  readonly leaders?: number
}

/** What a topic has that was not told otherwise. @source Kafka: topic configuration defaults. */
const defaultConfig: Readonly<Record<string, string>> = {
  'cleanup.policy': 'delete',
  'retention.ms': '604800000',
  'delete.retention.ms': '86400000',
  'segment.ms': '604800000',
  'max.message.bytes': '1048588',
  'message.timestamp.type': 'CreateTime'
}

/**
 * A Kafka-API broker in the process: topics, offsets, markers, last stable offsets, producer epochs, groups. `client()` gives a
 * client of its own, as a process would have; all else here is for tests: a look inside, and what can happen to a broker.
 *
 * Everything completes by microtasks, in the order it was asked for; only timeouts and heartbeats use the clock. Nothing is
 * durable, and nothing is replicated: it cannot lose what it acknowledged unless told to (`truncateTo`).
 */
export class MemoryBroker {
  readonly clock: Clock
  readonly faults: BrokerFaults = createBrokerFaults()
  readonly transactions: TransactionCoordinator
  readonly #topics = new Map<string, MemoryTopic>()
  readonly #groups = new Map<string, GroupCoordinator>()
  readonly #committed = new Map<string, Map<string, bigint>>()
  readonly #clients = new Set<MemoryClient>()
  readonly #leaders: number
  #nextClient = 0
  #inFlight = 0
  #requests = 0

  constructor (options: MemoryBrokerOptions = {}) {
    this.clock = options.clock ?? systemClock
    this.#leaders = options.leaders ?? 1
    this.transactions = new TransactionCoordinator(this.clock)
  }

  /** A new client: what another process would hold. */
  client (clientId = `client-${++this.#nextClient}`): MemoryClient {
    const client = new MemoryClient(this, clientId)
    this.#clients.add(client)
    return client
  }

  /** Requests that were sent and not answered; group joins that wait for others are among them. */
  get inFlight (): number { return this.#inFlight }

  /** Requests sent so far: does not move while everything is quiet. */
  get requests (): number { return this.#requests }

  /** Counts a request for as long as it runs. */
  async track<T> (run: () => Promise<T>): Promise<T> {
    this.#inFlight += 1
    this.#requests += 1
    try {
      return await run()
    } finally {
      this.#inFlight -= 1
    }
  }

  createTopic (spec: TopicSpec): boolean {
    if (this.#topics.has(spec.name)) return false
    const logs = Array.from({ length: spec.partitions }, (_, partition) => new PartitionLog(spec.name, partition))
    this.#topics.set(spec.name, { name: spec.name, logs, config: { ...defaultConfig, ...spec.config }, place: this.#topics.size })
    return true
  }

  topic (name: string): MemoryTopic | undefined {
    return this.#topics.get(name)
  }

  topicNames (): readonly string[] {
    return [...this.#topics.keys()].sort()
  }

  /** @throws {BrokerError} UNKNOWN_TOPIC_OR_PARTITION */
  log (topic: string, partition: number): PartitionLog {
    const log = this.#topics.get(topic)?.logs[partition]
    if (log === undefined) throw new BrokerError('UNKNOWN_TOPIC_OR_PARTITION', `${topic}-${partition}`)
    return log
  }

  /** The broker that leads a partition: 0 up to the number of leaders. */
  leaderOf ({ topic, partition }: PartitionLog): number {
    return ((this.#topics.get(topic)?.place ?? 0) + partition) % this.#leaders
  }

  /** Everything in one partition, markers, aborted and open records included. */
  entries (topic: string, partition: number): readonly LogEntry[] {
    return this.log(topic, partition).entries()
  }

  maxMessageBytes (topic: MemoryTopic): number {
    return Number(topic.config['max.message.bytes'])
  }

  /** Removes the topic and its records; readers of it fail. Creating it again makes a new, empty log. */
  deleteTopic (name: string): void {
    const topic = this.#topics.get(name)
    this.#topics.delete(name)
    for (const log of topic?.logs ?? []) log.delete()
  }

  /** Moves the start of a partition, as retention does. */
  deleteRecords (topic: string, partition: number, before: bigint): void {
    this.log(topic, partition).deleteBefore(before)
  }

  /** Loses the tail of a partition, as a broker that had not synced it. */
  truncateTo (topic: string, partition: number, end: bigint): void {
    this.log(topic, partition).truncateTo(end)
  }

  /** Runs the cleaner over every partition of a topic, up to an offset if one is given: a real one leaves the newest segment alone. */
  compact (topic: string, options: CompactOptions = {}): void {
    for (const log of this.#topics.get(topic)?.logs ?? []) log.compact(options)
  }

  /**
   * What the cleaner of a real broker does by itself: compacts every topic that is to be, and drops the tombstones that are older than its
   * `delete.retention.ms` by the broker's clock. A real one counts from its first pass over a tombstone, so this one is never later.
   */
  clean (): void {
    for (const { name, config } of this.#topics.values()) {
      if (config['cleanup.policy'] === 'compact') this.compact(name, { dropTombstonesBeforeMs: this.clock.now() - Number(config['delete.retention.ms']) })
    }
  }

  /** Deletes by age what `retention.ms` of each topic allows, with the broker's clock. */
  enforceRetention (): void {
    for (const topic of this.#topics.values()) {
      const retentionMs = Number(topic.config['retention.ms'])
      if (retentionMs < 0 || topic.config['cleanup.policy'] === 'compact') continue
      for (const log of topic.logs) {
        const kept = log.entries().find(entry => entry.timestampMs >= this.clock.now() - retentionMs)
        log.deleteBefore(kept?.offset ?? log.lastStableOffset)
      }
    }
  }

  group (groupId: string): GroupCoordinator {
    let group = this.#groups.get(groupId)
    if (group === undefined) this.#groups.set(groupId, group = new GroupCoordinator(groupId, this.clock))
    return group
  }

  /** Offsets that were committed for lag tools, by `partitionKey`. */
  committedOffsets (groupId: string): Map<string, bigint> {
    let offsets = this.#committed.get(groupId)
    if (offsets === undefined) this.#committed.set(groupId, offsets = new Map())
    return offsets
  }

  /** Closes every client and stops every timeout: nothing is left running. */
  async close (): Promise<void> {
    await Promise.all([...this.#clients].map(async client => { await client.close() }))
    this.transactions.close()
    for (const group of this.#groups.values()) group.close()
  }
}

/** Creates an empty broker. */
export function createMemoryBroker (options: MemoryBrokerOptions = {}): MemoryBroker {
  return new MemoryBroker(options)
}
