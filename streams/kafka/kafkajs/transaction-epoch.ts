import { isStreamsError, StreamsError } from '../../errors.ts'
import { partitionKey, type TopicPartition } from '../../record.ts'
import { systemClock } from '../../time/system-clock.ts'
import { type CommitResult } from '../port.ts'
import { type PartitionPlan } from '../wire/batch-plan.ts'
import { type BrokerErrorName, BrokerError, brokerErrorName, brokerErrors, isBrokerError } from '../wire/broker-error.ts'
import { type ProduceAnswer, type ProducePart, produceRequest, sequenceAfter } from '../wire/produce.ts'
import { addPartitionsRequest, commitTransactionRequest, initProducerIdRequest, type ProducerIdentity } from '../wire/transactions.ts'
import { createBackoff } from './backoff.ts'
import { type ClusterView } from './cluster.ts'
import { isTransient, translate } from './failures.ts'
import { type Lane } from './lane.ts'
import { type Link } from './link.ts'

/** Markers of the transaction before are still being written: normal right after a commit. First and longest wait, ms. */
const CONCURRENT = [1, 20] as const
/** The coordinator is away, moving or loading. */
const AWAY = [20, 1_000] as const
/** Most bytes of one Produce request. */
const REQUEST_BYTES = 8 * 1024 * 1024

const fencing: readonly BrokerErrorName[] = ['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'INVALID_PRODUCER_ID_MAPPING', 'TRANSACTION_COORDINATOR_FENCED']
/** Answers that prove that the coordinator did nothing. */
const moved: readonly BrokerErrorName[] = ['NOT_COORDINATOR', 'COORDINATOR_NOT_AVAILABLE', 'COORDINATOR_LOAD_IN_PROGRESS']

/** What an epoch needs: the cluster, the connections of its transactional id, and the id with its timeout. */
export interface EpochOptions {
  readonly cluster: ClusterView
  readonly lane: Lane
  readonly transactionalId: string
  readonly timeoutMs: number
}

interface Written { first: bigint, last: bigint }

/**
 * One producer epoch of one transactional id, from InitProducerId until something fails. Transactions run one after another:
 * `addPartitions`, `produce`, `commit`. There is no abort: the InitProducerId of the next epoch is the abort.
 */
export class TransactionEpoch {
  readonly #options: EpochOptions
  readonly #producer: ProducerIdentity
  readonly #sequences = new Map<string, number>()
  #coordinator: number

  private constructor (options: EpochOptions, producer: ProducerIdentity, coordinator: number) {
    this.#options = options
    this.#producer = producer
    this.#coordinator = coordinator
  }

  /**
   * InitProducerId, repeated without limit while the coordinator is busy, moving or away. When it resolves, every older epoch is fenced and
   * the markers of its transaction are in the log.
   *
   * @throws {StreamsError} STR_TXN_FENCED when another owner began meanwhile, STR_BROKER_REFUSED, or the signal's reason.
   */
  static async begin (options: EpochOptions, signal?: AbortSignal): Promise<TransactionEpoch> {
    const [busy, away] = [createBackoff(5, CONCURRENT[1]), createBackoff(...AWAY)]
    for (;;) {
      signal?.throwIfAborted()
      try {
        return await abortable(TransactionEpoch.#tryToBegin(options), signal)
      } catch (error) {
        signal?.throwIfAborted()
        const isAway = isTransient(error) || isStreamsError(error, 'STR_BROKER_UNAVAILABLE')
        if (isBrokerError(error, ...fencing)) throw endOfEpoch(error, options.transactionalId) // two owners began at the same moment
        if (!isAway) throw translate(error, { transactionalId: options.transactionalId })
        await (isBrokerError(error, 'CONCURRENT_TRANSACTIONS') ? busy : away).wait(signal)
      }
    }
  }

  static async #tryToBegin (options: EpochOptions): Promise<TransactionEpoch> {
    const { cluster, lane, transactionalId, timeoutMs } = options
    const coordinator = await cluster.findCoordinator('transaction', transactionalId)
    const link = await lane.link(coordinator)
    const { errorCode, producerId, producerEpoch } = await link.call(initProducerIdRequest(transactionalId, timeoutMs))
    if (errorCode !== 0) throw new BrokerError(errorCode, 'InitProducerId')
    return new TransactionEpoch(options, { transactionalId, producerId, producerEpoch }, coordinator)
  }

  /**
   * AddPartitionsToTxn. Answers that prove that nothing was done (markers still being written, coordinator moved) are repeated.
   *
   * @throws what `endOfEpoch` translates.
   */
  async addPartitions (partitions: readonly TopicPartition[]): Promise<void> {
    const { cluster, lane, transactionalId } = this.#options
    const [concurrent, away] = [createBackoff(...CONCURRENT), createBackoff(...AWAY)]
    for (;;) {
      const link = await lane.link(this.#coordinator)
      const answers = await link.call(addPartitionsRequest(this.#producer, partitions))
      const refused = answers.filter(({ errorCode }) => errorCode !== 0)
      const failed = refused.find(({ errorCode }) => brokerErrorName(errorCode) !== 'OPERATION_NOT_ATTEMPTED') ?? refused[0]
      if (failed === undefined) return checkAnswered('AddPartitionsToTxn', answers.length, partitions.length)
      const error = new BrokerError(failed.errorCode, 'AddPartitionsToTxn')
      const limitMs = cluster.config.requestTimeoutMs
      if (isBrokerError(error, 'CONCURRENT_TRANSACTIONS') && concurrent.elapsedMs < limitMs) {
        await concurrent.wait()
      } else if (isBrokerError(error, ...moved) && away.elapsedMs < limitMs) {
        await away.wait()
        this.#coordinator = await cluster.findCoordinator('transaction', transactionalId)
      } else {
        throw error
      }
    }
  }

  /** Sends every batch: to each leader one request after another, to several leaders at once. After a failure no further one is sent. */
  async produce (plans: readonly PartitionPlan[]): Promise<CommitResult> {
    const { cluster, lane } = this.#options
    const timestampMs = systemClock.now()
    const written = new Map<string, Written>()
    let appendTimeMs = -1
    let isOver = false
    const byLeader = new Map<number, PartitionPlan[]>()
    for (const plan of plans) {
      const leader = cluster.leader(plan.topic, plan.partition) ?? -1
      byLeader.set(leader, [...byLeader.get(leader) ?? [], plan])
    }
    const sending = [...byLeader].map(async ([leader, itsPlans]) => {
      const link = await lane.link(leader)
      for (const parts of requests(itsPlans)) {
        if (isOver) return
        const sequenced = parts.map((part) => ({ ...part, sequence: this.#take(part) }))
        const answers = await this.#send(link, sequenced, timestampMs)
        for (const [index, { topic, partition, baseOffset, appendTimeMs: at }] of answers.entries()) {
          appendTimeMs = Math.max(appendTimeMs, at)
          const count = countOf(sequenced, index, topic, partition)
          const key = partitionKey(topic, partition)
          const before = written.get(key)
          written.set(key, { first: before?.first ?? baseOffset, last: baseOffset + BigInt(count) - 1n })
        }
      }
    })
    try {
      await Promise.all(sending)
    } finally {
      isOver = true
    }
    return { offsets: written, brokerTimeMs: appendTimeMs < 0 ? systemClock.now() : appendTimeMs }
  }

  /** EndTxn(commit), sent once. */
  async commit (): Promise<void> {
    const link = await this.#options.lane.link(this.#coordinator)
    const errorCode = await link.call(commitTransactionRequest(this.#producer))
    if (errorCode !== 0) throw new BrokerError(errorCode, 'EndTxn')
  }

  async #send (link: Link, parts: readonly ProducePart[], timestampMs: number): Promise<ProduceAnswer[]> {
    const answers = await link.call(produceRequest(this.#producer, parts, timestampMs, this.#options.cluster.config.requestTimeoutMs))
    const failed = answers.find(({ errorCode }) => errorCode !== 0)
    if (failed !== undefined) throw new BrokerError(failed.errorCode, 'Produce', `${failed.topic}-${failed.partition}`)
    checkAnswered('Produce', answers.length, parts.length)
    return answers
  }

  #take ({ topic, partition, batch }: Omit<ProducePart, 'sequence'>): number {
    const key = partitionKey(topic, partition)
    const sequence = this.#sequences.get(key) ?? 0
    this.#sequences.set(key, sequenceAfter(sequence, batch.to - batch.from))
    return sequence
  }
}

/**
 * The StreamsError that ends an epoch: fenced when another owner is proven, unknown for anything else. A broker that does not know a
 * topic may only be starting or taking over: the next Acquire asks the cluster, and that answer decides.
 */
export function endOfEpoch (thrown: unknown, transactionalId: string): StreamsError {
  if (isBrokerError(thrown, ...fencing)) return new StreamsError('STR_TXN_FENCED', { transactionalId }, thrown)
  return new StreamsError('STR_TXN_UNKNOWN', { transactionalId }, thrown)
}

/** A partition that an answer leaves out is not known to be done. @throws what `endOfEpoch` takes for unknown. */
function checkAnswered (operation: string, answered: number, asked: number): void {
  if (answered < asked) throw new BrokerError(brokerErrors.UNKNOWN_SERVER_ERROR, operation, `an answer for ${answered} of ${asked} partitions`)
}

/** Cuts the batches of one leader into requests: at most one batch of a partition, and a bounded number of bytes, in each. */
function * requests (plans: readonly PartitionPlan[]): Generator<Array<Omit<ProducePart, 'sequence'>>> {
  const next = plans.map((plan) => ({ plan, index: 0 }))
  for (;;) {
    const parts: Array<Omit<ProducePart, 'sequence'>> = []
    let sizeBytes = 0
    for (const cursor of next) {
      const { plan } = cursor
      const batch = plan.batches[cursor.index]
      if (batch === undefined || (parts.length > 0 && sizeBytes + batch.sizeBytes > REQUEST_BYTES)) continue
      parts.push({ topic: plan.topic, partition: plan.partition, plan, batch })
      sizeBytes += batch.sizeBytes
      cursor.index++
    }
    if (parts.length === 0) return
    yield parts
  }
}

/** Answers usually come in the order of the request, grouped by topic; look the part up when they do not. */
function countOf (parts: readonly ProducePart[], index: number, topic: string, partition: number): number {
  const likely = parts[index]
  const part = likely?.topic === topic && likely.partition === partition
    ? likely
    : parts.find((one) => one.topic === topic && one.partition === partition)
  return part === undefined ? 0 : part.batch.to - part.batch.from
}

/** Rejects with the signal's reason as soon as it aborts; the request itself goes on and its answer is ignored. */
async function abortable<T> (promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await promise
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => { reject(signal.reason) }
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
