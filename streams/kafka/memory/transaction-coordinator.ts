import { type Clock } from '../../time/clock.ts'
import { BrokerError } from './broker-error.ts'
import { type PartitionLog } from './partition-log.ts'

/** What InitProducerId answers; every later request of the producer carries it. */
export interface ProducerIdentity {
  readonly transactionalId: string
  readonly producerId: bigint
  readonly epoch: number
}

interface TransactionState {
  producerId: bigint
  epoch: number
  timeoutMs: number
  /** Empty when no transaction is open. */
  readonly partitions: Set<PartitionLog>
  /** How the last one ended in this epoch. */
  last: 'commit' | 'abort' | undefined
  cancelTimeout: (() => void) | undefined
}

/** @source Kafka: a producer id is given up when its epoch would reach Short.MAX_VALUE. */
const LAST_EPOCH = 32_766

/**
 * The transaction coordinator of the memory broker: one state per transactional id, kept over the life of clients.
 *
 * Rules: an older epoch is fenced; InitProducerId and the transaction timeout abort what is open with a bumped epoch, so that a
 * late request of the old owner is refused; a marker goes to every partition that was added, written to or not.
 */
export class TransactionCoordinator {
  readonly #clock: Clock
  readonly #states = new Map<string, TransactionState>()
  #lastProducerId = 999n

  constructor (clock: Clock) {
    this.#clock = clock
  }

  /** Ends the open transaction of the id, fences its owner, and names the new one. */
  initProducer (transactionalId: string, timeoutMs: number): ProducerIdentity {
    let state = this.#states.get(transactionalId)
    if (state === undefined) {
      state = { producerId: ++this.#lastProducerId, epoch: -1, timeoutMs, partitions: new Set(), last: undefined, cancelTimeout: undefined }
      this.#states.set(transactionalId, state)
    }
    if (state.partitions.size > 0) this.#abort(state)
    state.timeoutMs = timeoutMs
    this.#bump(state)
    return { transactionalId, producerId: state.producerId, epoch: state.epoch }
  }

  /** Begins the transaction if none is open, and adds partitions to it. */
  addPartitions (identity: ProducerIdentity, logs: readonly PartitionLog[]): void {
    const state = this.#validated(identity)
    if (state.partitions.size === 0) {
      state.cancelTimeout = this.#clock.schedule(state.timeoutMs, () => { this.#abort(state) })
    }
    for (const log of logs) state.partitions.add(log)
  }

  /** Refuses records for a partition that is not part of the open transaction of exactly this producer. */
  verifyProduce (identity: ProducerIdentity, log: PartitionLog): void {
    const state = this.#states.get(identity.transactionalId)
    if (state?.producerId !== identity.producerId || state.epoch !== identity.epoch) throw new BrokerError('INVALID_PRODUCER_EPOCH')
    if (!state.partitions.has(log)) throw new BrokerError('INVALID_TXN_STATE')
  }

  /** Ends the transaction: when it returns the markers are in the logs. Asked again for the same end, it says yes again, as Kafka does. */
  endTransaction (identity: ProducerIdentity, outcome: 'commit' | 'abort'): void {
    const state = this.#validated(identity)
    if (state.partitions.size === 0 && state.last === outcome) return
    if (state.partitions.size === 0) throw new BrokerError('INVALID_TXN_STATE')
    this.#finish(state, outcome)
  }

  /** What a second owner's InitProducerId does to the first, without a second owner. */
  fence (transactionalId: string): void {
    this.initProducer(transactionalId, this.#states.get(transactionalId)?.timeoutMs ?? 15_000)
  }

  /** Transactional ids with an open transaction. */
  open (): readonly string[] {
    return [...this.#states].filter(([, state]) => state.partitions.size > 0).map(([id]) => id)
  }

  /** The transactional id of a producer id. */
  idOf (producerId: bigint): string | undefined {
    for (const [id, state] of this.#states) if (state.producerId === producerId) return id
    return undefined
  }

  close (): void {
    for (const state of this.#states.values()) state.cancelTimeout?.()
  }

  #validated (identity: ProducerIdentity): TransactionState {
    const state = this.#states.get(identity.transactionalId)
    if (state?.producerId !== identity.producerId || state.epoch !== identity.epoch) throw new BrokerError('PRODUCER_FENCED')
    return state
  }

  #abort (state: TransactionState): void {
    this.#bump(state)
    this.#finish(state, 'abort')
  }

  #bump (state: TransactionState): void {
    state.last = undefined
    if (state.epoch < LAST_EPOCH) state.epoch += 1
    else if (state.partitions.size === 0) {
      state.producerId = ++this.#lastProducerId
      state.epoch = 0
    }
  }

  #finish (state: TransactionState, outcome: 'commit' | 'abort'): void {
    state.cancelTimeout?.()
    state.cancelTimeout = undefined
    state.last = outcome
    const partitions = [...state.partitions]
    state.partitions.clear()
    for (const log of partitions) if (!log.deleted) log.endTransaction(state.producerId, state.epoch, outcome, this.#clock.now())
  }
}
