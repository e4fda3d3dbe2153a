import { StreamsError } from '../../errors.ts'
import { type OutgoingRecord, partitionKey } from '../../record.ts'
import { type CommitResult, type TransactionOptions, type TransactionUnit } from '../port.ts'
import { BrokerError, translateTransactional } from './broker-error.ts'
import { type MemoryLink } from './link.ts'
import { checkRecords } from './plain-producer.ts'
import { type PartitionLog } from './partition-log.ts'
import { type ProducerIdentity } from './transaction-coordinator.ts'

type UnitState = 'new' | 'initialising' | 'ready' | 'committing' | 'ended' | 'closed'

/** Which calls are legal in which state: anything else is STR_TXN_ILLEGAL_STATE. */
const legal: Readonly<Record<UnitState, { readonly init: boolean, readonly commit: boolean }>> = {
  new: { init: true, commit: false },
  initialising: { init: false, commit: false },
  ready: { init: true, commit: true },
  committing: { init: false, commit: false },
  ended: { init: true, commit: false },
  closed: { init: false, commit: false }
}

/** @source Kafka producer: transaction.timeout below the broker's limit; design: 10–15 s. */
const DEFAULT_TIMEOUT_MS = 15_000
const RETRY_MS = 20

interface Part { readonly log: PartitionLog, readonly records: OutgoingRecord[] }
interface Written { readonly first: bigint, readonly last: bigint }

/** The transaction unit over the memory broker: the same steps as on a real one, each a request that a fault can hit. */
export class MemoryTransactionUnit implements TransactionUnit {
  readonly transactionalId: string
  readonly #link: MemoryLink
  readonly #timeoutMs: number
  /** Number of the next record of this epoch, by partition. */
  readonly #sequences = new Map<string, number>()
  #state: UnitState = 'new'
  #identity: ProducerIdentity | undefined

  constructor (link: MemoryLink, options: TransactionOptions) {
    this.transactionalId = options.transactionalId
    this.#link = link
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS
  }

  async init (signal?: AbortSignal): Promise<void> {
    this.#require('init')
    this.#state = 'initialising'
    try {
      this.#identity = await this.#initialise(signal)
      this.#sequences.clear()
      this.#enter('ready')
    } catch (error) {
      this.#enter('ended')
      throw error
    }
  }

  async commit (records: readonly OutgoingRecord[]): Promise<CommitResult> {
    this.#require('commit')
    if (records.length === 0) throw new StreamsError('STR_TXN_ILLEGAL_STATE', { transactionalId: this.transactionalId, reason: 'empty transaction' })
    checkRecords(this.#link.broker, records)
    this.#state = 'committing'
    try {
      const result = await this.#run(this.#identity as ProducerIdentity, records)
      this.#enter('ready')
      return result
    } catch (error) {
      this.#enter('ended')
      throw translateTransactional(error, this.transactionalId)
    }
  }

  close (): void {
    this.#state = 'closed'
  }

  async #initialise (signal: AbortSignal | undefined): Promise<ProducerIdentity> {
    const { broker } = this.#link
    for (;;) {
      signal?.throwIfAborted()
      if (this.#state === 'closed') throw new StreamsError('STR_CLOSED')
      try {
        return await this.#link.call({ api: 'initProducerId', transactionalId: this.transactionalId },
          () => broker.transactions.initProducer(this.transactionalId, this.#timeoutMs))
      } catch (error) {
        if (!(error instanceof BrokerError) || error.code !== 'NETWORK') throw translateTransactional(error, this.transactionalId)
        await broker.clock.sleep(RETRY_MS, signal)
      }
    }
  }

  async #run (identity: ProducerIdentity, records: readonly OutgoingRecord[]): Promise<CommitResult> {
    const { broker } = this.#link
    const { transactionalId } = this
    const parts = await this.#send('addPartitions', () => {
      const parts = this.#group(records)
      broker.transactions.addPartitions(identity, [...parts.values()].map(part => part.log))
      return parts
    })
    const offsets = new Map<string, Written>()
    const times = await Promise.all([...this.#byLeader(parts)].map(async itsParts => await this.#produce(identity, itsParts, offsets)))
    await this.#link.call({ api: 'endTxn', transactionalId }, () => { broker.transactions.endTransaction(identity, 'commit') })
    return { offsets, brokerTimeMs: Math.max(...times) }
  }

  /** One Produce request: all that goes to one leader. Resolves with the time of the broker. */
  async #produce (identity: ProducerIdentity, parts: ReadonlyArray<readonly [key: string, part: Part]>, offsets: Map<string, Written>): Promise<number> {
    const { broker } = this.#link
    const { producerId, epoch } = identity
    const sequences = parts.map(([key, { records }]) => this.#number(key, records.length))
    return await this.#send('produce', () => {
      const nowMs = broker.clock.now()
      for (const [index, [key, { log, records }]] of parts.entries()) {
        broker.transactions.verifyProduce(identity, log)
        const first = log.appendTransactional(records, producerId, epoch, nowMs, sequences[index])
        offsets.set(key, { first, last: first + BigInt(records.length - 1) })
      }
      return nowMs
    })
  }

  /** The number of the first of so many records, which are counted on. */
  #number (key: string, records: number): number {
    const sequence = this.#sequences.get(key) ?? 0
    this.#sequences.set(key, sequence + records)
    return sequence
  }

  #byLeader (parts: ReadonlyMap<string, Part>): Iterable<Array<readonly [key: string, part: Part]>> {
    const byLeader = new Map<number, Array<readonly [string, Part]>>()
    for (const [key, part] of parts) {
      const leader = this.#link.broker.leaderOf(part.log)
      const known = byLeader.get(leader)
      if (known === undefined) byLeader.set(leader, [[key, part]])
      else known.push([key, part])
    }
    return byLeader.values()
  }

  async #send<T> (api: 'addPartitions' | 'produce', handle: () => T): Promise<T> {
    const answer = await this.#link.call({ api, transactionalId: this.transactionalId }, handle)
    if (this.#state === 'closed') throw new StreamsError('STR_CLOSED')
    return answer
  }

  #group (records: readonly OutgoingRecord[]): Map<string, Part> {
    const parts = new Map<string, Part>()
    for (const record of records) {
      const key = partitionKey(record.topic, record.partition)
      const part = parts.get(key)
      if (part === undefined) parts.set(key, { log: this.#link.broker.log(record.topic, record.partition), records: [record] })
      else part.records.push(record)
    }
    return parts
  }

  #enter (state: UnitState): void {
    if (this.#state !== 'closed') this.#state = state
  }

  #require (call: 'init' | 'commit'): void {
    if (this.#state === 'closed') throw new StreamsError('STR_CLOSED')
    if (!legal[this.#state][call]) throw new StreamsError('STR_TXN_ILLEGAL_STATE', { transactionalId: this.transactionalId, state: this.#state, call })
  }
}
