import { ensureError, StreamsError } from '../../errors.ts'
import { type OutgoingRecord } from '../../record.ts'
import { type CommitResult, type TransactionUnit } from '../port.ts'
import { type PartitionPlan, planBatches } from '../wire/batch-plan.ts'
import { isBrokerError } from '../wire/broker-error.ts'
import { endOfEpoch, type EpochOptions, TransactionEpoch } from './transaction-epoch.ts'
import { type TopicLimits } from './topic-limits.ts'

type State = 'new' | 'initialising' | 'ready' | 'committing' | 'ended' | 'closed'
type Step = 'init' | 'initialised' | 'interrupted' | 'commit' | 'committed' | 'refused' | 'failed' | 'close'

/** Which step leads where. A step that is not listed is illegal in that state. */
const table: Record<State, Partial<Record<Step, State>>> = {
  new: { init: 'initialising', close: 'closed' },
  initialising: { initialised: 'ready', interrupted: 'ended', close: 'closed' },
  ready: { init: 'initialising', commit: 'committing', close: 'closed' },
  committing: { committed: 'ready', refused: 'ready', failed: 'ended', close: 'closed' },
  ended: { init: 'initialising', close: 'closed' },
  closed: { initialised: 'closed', interrupted: 'closed', committed: 'closed', refused: 'closed', failed: 'closed', close: 'closed' }
}

/** The transaction unit over Produce, AddPartitionsToTxn and EndTxn: three round trips a transaction (R4). */
export class KafkaTransactionUnit implements TransactionUnit {
  readonly transactionalId: string
  readonly #options: EpochOptions
  readonly #limits: TopicLimits
  readonly #onClose: (unit: KafkaTransactionUnit) => void
  readonly #closing = new AbortController()
  #state: State = 'new'
  #epoch: TransactionEpoch | undefined

  constructor (options: EpochOptions, limits: TopicLimits, onClose: (unit: KafkaTransactionUnit) => void) {
    this.transactionalId = options.transactionalId
    this.#options = options
    this.#limits = limits
    this.#onClose = onClose
  }

  async init (signal?: AbortSignal): Promise<void> {
    this.#step('init')
    this.#epoch = undefined
    try {
      const epoch = await TransactionEpoch.begin(this.#options, signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]))
      this.#step('initialised')
      this.#epoch = epoch
    } catch (error) {
      this.#step('interrupted')
      throw ensureError(error)
    }
  }

  async commit (records: readonly OutgoingRecord[]): Promise<CommitResult> {
    if (records.length === 0 && this.#state !== 'closed') throw new StreamsError('STR_TXN_ILLEGAL_STATE', { transactionalId: this.transactionalId, reason: 'no records' })
    this.#step('commit')
    const epoch = this.#epoch
    if (epoch === undefined) throw new StreamsError('STR_TXN_ILLEGAL_STATE', { transactionalId: this.transactionalId })
    let plans: PartitionPlan[]
    try {
      plans = await this.#plan(records)
    } catch (error) {
      this.#step('refused')
      throw error
    }
    try {
      await epoch.addPartitions(plans)
      const result = await epoch.produce(plans)
      await epoch.commit()
      this.#step('committed')
      return result
    } catch (error) {
      this.#epoch = undefined
      this.#step('failed')
      const end = endOfEpoch(error, this.transactionalId)
      if (end.code !== 'STR_TXN_FENCED') this.#doubt(plans, error)
      throw end
    }
  }

  close (): void {
    if (this.#state === 'closed') return
    this.#step('close')
    this.#epoch = undefined
    this.#closing.abort(new StreamsError('STR_CLOSED', { transactionalId: this.transactionalId }))
    this.#onClose(this)
  }

  /** Everything that can go wrong before something is sent. Waits for the broker only for a topic that was not used before. */
  async #plan (records: readonly OutgoingRecord[]): Promise<PartitionPlan[]> {
    for (;;) {
      const unknown = new Set<string>()
      const plans = planBatches(records, (topic) => {
        const limit = this.#limits.get(topic)
        if (limit === undefined) unknown.add(topic)
        return limit ?? Infinity
      })
      const { cluster } = this.#options
      if (plans.some(({ topic, partition }) => cluster.trustedLeader(topic, partition) === undefined)) await cluster.locate(plans)
      if (unknown.size === 0) return plans
      await this.#limits.load([...unknown])
    }
  }

  /** What the failure casts doubt on is asked again before the next transaction. */
  #doubt (plans: readonly PartitionPlan[], error: unknown): void {
    for (const { topic } of plans) {
      this.#options.cluster.doubt(topic)
      if (isBrokerError(error, 'MESSAGE_TOO_LARGE')) this.#limits.forget(topic)
    }
  }

  #step (step: Step): void {
    const next = table[this.#state][step]
    if (next !== undefined) {
      this.#state = next
      return
    }
    if (this.#state === 'closed') throw new StreamsError('STR_CLOSED', { transactionalId: this.transactionalId })
    throw new StreamsError('STR_TXN_ILLEGAL_STATE', { transactionalId: this.transactionalId, state: this.#state, step })
  }
}
