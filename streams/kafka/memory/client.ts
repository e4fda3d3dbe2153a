import { StreamsError } from '../../errors.ts'
import { type OutgoingRecord, partitionKey, type TopicPartition } from '../../record.ts'
import { type GroupMembership, type GroupOptions, type Kafka, type PartitionReader, type PlainProducer, type ReaderOptions, type TopicAdmin, type TopicDescription, type TransactionHolder, type TransactionOptions, type TransactionUnit } from '../port.ts'
import { createTopicAdmin } from './admin.ts'
import { translatePlain } from './broker-error.ts'
import { type MemoryBroker } from './broker.ts'
import { type BrokerApi } from './faults.ts'
import { MemoryLink } from './link.ts'
import { MemoryMembership } from './membership.ts'
import { type PartitionLog } from './partition-log.ts'
import { MemoryReader } from './reader.ts'
import { reportedSend } from '../plain-send.ts'
import { sendPlain } from './plain-producer.ts'
import { MemoryTransactionUnit } from './transaction-unit.ts'

interface Closable { close (): void }

/** A client of the memory broker: the port, and what can happen to a process. */
export class MemoryClient implements Kafka {
  readonly clientId: string
  readonly admin: TopicAdmin
  readonly #link: MemoryLink
  readonly #owned = new Set<Closable>()

  constructor (broker: MemoryBroker, clientId: string) {
    this.clientId = clientId
    this.#link = new MemoryLink(broker, clientId)
    this.admin = createTopicAdmin(this.#link)
  }

  async start (): Promise<void> {
    await this.#ask('metadata', () => {})
  }

  /** Like a process that is killed: nothing is aborted or left, its calls never settle, its timers stop. */
  crash (): void {
    this.#link.set('crashed')
    this.#closeOwned()
  }

  /** Cuts the client off; `heal` ends it. Requests fail as NETWORK, readers and memberships try again. */
  isolate (): void {
    this.#link.set('isolated')
  }

  heal (): void {
    this.#link.set('up')
  }

  async close (): Promise<void> {
    this.#closeOwned()
    this.#link.set('closed')
  }

  async describeTopics (topics: readonly string[]): Promise<ReadonlyMap<string, TopicDescription>> {
    return await this.#ask('metadata', () => {
      const found = new Map<string, TopicDescription>()
      for (const name of topics) {
        const topic = this.#link.broker.topic(name)
        if (topic !== undefined) found.set(name, { name, partitions: topic.logs.length, maxMessageBytes: this.#link.broker.maxMessageBytes(topic) })
      }
      return found
    })
  }

  async endOffsets (partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, bigint>> {
    return await this.#offsets(partitions, log => log.lastStableOffset)
  }

  async startOffsets (partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, bigint>> {
    return await this.#offsets(partitions, log => log.startOffset)
  }

  async highWatermarks (partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, bigint>> {
    return await this.#offsets(partitions, log => log.endOffset)
  }

  async transactionHolders ({ topic, partition }: TopicPartition): Promise<readonly TransactionHolder[] | undefined> {
    return await this.#ask('metadata', () => {
      const { transactions } = this.#link.broker
      return this.#link.broker.log(topic, partition).openTransactions.map(open => ({ ...open, transactionalId: transactions.idOf(open.producerId) }))
    })
  }

  openReader (options: ReaderOptions): PartitionReader {
    return this.#own(new MemoryReader(this.#link, options))
  }

  openTransactions (options: TransactionOptions): TransactionUnit {
    return this.#own(new MemoryTransactionUnit(this.#link, options))
  }

  producer (): PlainProducer {
    return { send: async (records: readonly OutgoingRecord[]) => await reportedSend(records, async records => await sendPlain(this.#link, records)) }
  }

  joinGroup (options: GroupOptions): GroupMembership {
    return this.#own(new MemoryMembership(this.#link, options))
  }

  async commitOffsets (groupId: string, offsets: ReadonlyMap<string, TopicPartition & { readonly offset: bigint }>): Promise<void> {
    await this.#ask('offsetCommit', () => {
      const committed = this.#link.broker.committedOffsets(groupId)
      for (const { topic, partition, offset } of offsets.values()) committed.set(partitionKey(topic, partition), offset)
    })
  }

  async #offsets (partitions: readonly TopicPartition[], pick: (log: PartitionLog) => bigint): Promise<ReadonlyMap<string, bigint>> {
    return await this.#ask('listOffsets', () =>
      new Map(partitions.map(({ topic, partition }) => [partitionKey(topic, partition), pick(this.#link.broker.log(topic, partition))])))
  }

  async #ask<T> (api: BrokerApi, handle: () => T): Promise<T> {
    try {
      return await this.#link.call({ api }, handle)
    } catch (error) {
      throw translatePlain(error)
    }
  }

  #own<T extends Closable> (owned: T): T {
    if (this.#link.isClosed) throw new StreamsError('STR_CLOSED')
    this.#owned.add(owned)
    return owned
  }

  #closeOwned (): void {
    for (const owned of this.#owned) owned.close()
    this.#owned.clear()
  }
}
