import { type ConnectionOptions } from 'node:tls'
import { type SASLOptions } from 'kafkajs'
import { StreamsError } from '../../errors.ts'
import { type TopicPartition } from '../../record.ts'
import { murmur2 } from '../murmur2.ts'
import {
  type GroupMembership, type GroupOptions, type Kafka, type PartitionReader, type PlainProducer, type ReaderOptions, type TopicAdmin, type TopicDescription,
  type TransactionHolder, type TransactionOptions, type TransactionUnit
} from '../port.ts'
import { logEnds } from '../wire/metadata.ts'
import { ClusterView } from './cluster.ts'
import { Fetcher } from './fetcher.ts'
import { checkVersion } from './kafkajs-internals.ts'
import { type Lane } from './lane.ts'
import { commitGroupOffsets, listOffsets, parseAddress } from './log-offsets.ts'
import { KafkaMembership } from './membership.ts'
import { IdempotentProducer } from './plain-producer.ts'
import { KafkaTopicAdmin } from './topic-admin.ts'
import { TopicLimits } from './topic-limits.ts'
import { type EpochOptions } from './transaction-epoch.ts'
import { findHolders } from './transaction-holders.ts'
import { KafkaTransactionUnit } from './transaction-unit.ts'

const DEFAULT_REQUEST_TIMEOUT_MS = 10_000
const DEFAULT_TRANSACTION_TIMEOUT_MS = 15_000
const DEFAULT_TRANSACTION_LANES = 4

/** How to reach the brokers, and how much to do at once. */
export interface KafkaJsOptions {
  /** `host:port` of some brokers; the others are found through them. */
  readonly brokers: readonly string[]
  /** Shown in the broker's logs and quotas. */
  readonly clientId: string
  /** TLS options of Node; absent = plain text. */
  readonly ssl?: ConnectionOptions
  /** SASL mechanism and credentials, as kafkajs takes them. */
  readonly sasl?: SASLOptions
  /** A request without an answer for that long is given up, ms. Keep it below the transaction timeout. @default 10000 */
  readonly requestTimeoutMs?: number
  /** Connections to each broker that transactional ids are spread over; a broker serves one request of a connection at a time. @default 4 */
  readonly transactionClusters?: number
}

/**
 * The client for real brokers, with kafkajs as transport.
 *
 * @throws {StreamsError} STR_CLIENT_VERSION when the installed kafkajs is not the pinned version.
 */
export function createKafkaJs (options: KafkaJsOptions): KafkaJs {
  checkVersion()
  return new KafkaJs(options)
}

/** See `Kafka`. Everything is connected on first use, but for the one connection that `start` proves. */
export class KafkaJs implements Kafka {
  readonly admin: TopicAdmin
  readonly #cluster: ClusterView
  readonly #limits: TopicLimits
  readonly #fetcher: Fetcher
  readonly #producer: IdempotentProducer
  readonly #transactionLanes: readonly Lane[]
  readonly #units = new Set<KafkaTransactionUnit>()
  readonly #memberships = new Set<KafkaMembership>()
  #isClosed = false

  constructor (options: KafkaJsOptions) {
    const { clientId, ssl, sasl, requestTimeoutMs = DEFAULT_REQUEST_TIMEOUT_MS, transactionClusters = DEFAULT_TRANSACTION_LANES } = options
    if (options.brokers.length === 0) throw new StreamsError('STR_BROKER_REFUSED', { reason: 'no broker is given' })
    const cluster = new ClusterView({ clientId, ssl, sasl, requestTimeoutMs }, options.brokers.map(parseAddress))
    this.#cluster = cluster
    this.#limits = new TopicLimits(cluster)
    this.#fetcher = new Fetcher(cluster)
    this.#producer = new IdempotentProducer(cluster, this.#limits)
    this.#transactionLanes = Array.from({ length: Math.max(1, transactionClusters) }, () => cluster.createLane())
    this.admin = new KafkaTopicAdmin(cluster, this.#limits)
  }

  async start (): Promise<void> {
    this.#checkOpen()
    await this.#cluster.start()
  }

  async close (): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const unit of this.#units) unit.close()
    this.#fetcher.close()
    this.#producer.close()
    await Promise.all([...this.#memberships].map(async (membership) => { await membership.leave() }))
    this.#cluster.close()
  }

  async describeTopics (topics: readonly string[]): Promise<ReadonlyMap<string, TopicDescription>> {
    this.#checkOpen()
    const found = await this.#cluster.refresh(topics)
    await this.#limits.load([...found.keys()])
    return new Map([...found].map(([name, { leaders }]) => [name, { name, partitions: leaders.length, maxMessageBytes: this.#limits.get(name) ?? 0 }]))
  }

  async endOffsets (partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, bigint>> {
    this.#checkOpen()
    return await listOffsets(this.#cluster, partitions, logEnds.end)
  }

  async startOffsets (partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, bigint>> {
    this.#checkOpen()
    return await listOffsets(this.#cluster, partitions, logEnds.start)
  }

  async highWatermarks (partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, bigint>> {
    this.#checkOpen()
    return await listOffsets(this.#cluster, partitions, logEnds.highWatermark)
  }

  async transactionHolders (at: TopicPartition): Promise<readonly TransactionHolder[] | undefined> {
    this.#checkOpen()
    return await findHolders(this.#cluster, at)
  }

  openReader (options: ReaderOptions): PartitionReader {
    this.#checkOpen()
    return this.#fetcher.open(options)
  }

  openTransactions (options: TransactionOptions): TransactionUnit {
    this.#checkOpen()
    const unit = new KafkaTransactionUnit(this.epochOptions(options), this.#limits, (closed) => { this.#units.delete(closed) })
    this.#units.add(unit)
    return unit
  }

  /** What a single epoch of that transactional id needs; for tests that leave a transaction open. */
  epochOptions ({ transactionalId, timeoutMs = DEFAULT_TRANSACTION_TIMEOUT_MS }: TransactionOptions): EpochOptions {
    const lanes = this.#transactionLanes
    const lane = lanes[(murmur2(Buffer.from(transactionalId)) & 0x7fffffff) % lanes.length]
    if (lane === undefined) throw new StreamsError('STR_CLOSED')
    return { cluster: this.#cluster, lane, transactionalId, timeoutMs }
  }

  producer (): PlainProducer {
    this.#checkOpen()
    return this.#producer
  }

  joinGroup (options: GroupOptions): GroupMembership {
    this.#checkOpen()
    const membership = new KafkaMembership(this.#cluster, options, (ended) => { this.#memberships.delete(ended) })
    this.#memberships.add(membership)
    return membership
  }

  async commitOffsets (
    groupId: string, offsets: ReadonlyMap<string, { readonly topic: string, readonly partition: number, readonly offset: bigint }>
  ): Promise<void> {
    this.#checkOpen()
    const membership = [...this.#memberships].find((one) => one.groupId === groupId)
    if (membership !== undefined && membership.identity === undefined) return // between two generations nobody may; the next commit tells it
    await commitGroupOffsets(this.#cluster, groupId, [...offsets.values()], () => membership?.identity)
  }

  #checkOpen (): void {
    if (this.#isClosed) throw new StreamsError('STR_CLOSED')
  }
}
