import { type Logger, publish } from '../diagnostics.ts'
import { type Kafka, type TransactionHolder } from '../kafka/port.ts'
import { partitionKey, type TopicPartition } from '../record.ts'
import { type Clock } from '../time/clock.ts'

/** A partition whose readers wait for the end of somebody's transaction. */
export interface HeldPartition extends TopicPartition {
  /** Where they stand: the last stable offset. */
  readonly offset: bigint
  readonly heldMs: number
  /** Whose transactions are open there, oldest first; undefined when the broker cannot tell. */
  readonly holders: readonly TransactionHolder[] | undefined
}

export interface HeldPartitionsOptions {
  readonly kafka: Pick<Kafka, 'endOffsets' | 'highWatermarks' | 'transactionHolders'>
  readonly clock: Clock
  readonly logger: Logger
  /** Held for less is normal: a transaction of this runtime, and of an owner that died, is over by then. */
  readonly afterMs: number
}

interface Sight extends TopicPartition { readonly offset: bigint, readonly sinceMs: number }

/**
 * Finds partitions that an open transaction holds back, so that nothing waits in silence (R10): a producer that hangs, or a foreign one that
 * never ends its transaction, stops every read-committed reader behind it.
 */
export class HeldPartitions {
  readonly #options: HeldPartitionsOptions
  #sights: ReadonlyMap<string, Sight> = new Map()
  readonly #held = new Map<string, HeldPartition>()

  constructor (options: HeldPartitionsOptions) {
    this.#options = options
  }

  /** What was held at the last look. */
  get held (): readonly HeldPartition[] { return [...this.#held.values()] }

  /** Asks the broker how things are now; what is no longer looked at is forgotten. Rejects, and forgets nothing, when it does not answer. */
  async look (partitions: readonly TopicPartition[]): Promise<void> {
    this.#sights = await this.#see(partitions)
    for (const [key, sight] of this.#sights) await this.#judge(key, sight)
    for (const [key, held] of [...this.#held]) if (this.#sights.get(key)?.offset !== held.offset) this.#release(key, held)
  }

  async #see (partitions: readonly TopicPartition[]): Promise<Map<string, Sight>> {
    const { kafka, clock } = this.#options
    const sights = new Map<string, Sight>()
    if (partitions.length === 0) return sights
    // Stable ends first: a transaction that ends in between can only make a partition look held for one look.
    const stable = await kafka.endOffsets(partitions)
    const ends = await kafka.highWatermarks(partitions)
    for (const { topic, partition } of partitions) {
      const key = partitionKey(topic, partition)
      const offset = stable.get(key)
      if (offset === undefined || (ends.get(key) ?? 0n) <= offset) continue
      const before = this.#sights.get(key)
      sights.set(key, before?.offset === offset ? before : { topic, partition, offset, sinceMs: clock.now() })
    }
    return sights
  }

  async #judge (key: string, { topic, partition, offset, sinceMs }: Sight): Promise<void> {
    const { kafka, clock, logger, afterMs } = this.#options
    const heldMs = clock.now() - sinceMs
    if (heldMs < afterMs) return
    const known = this.#held.get(key)
    const isNew = known?.offset !== offset
    const holders = isNew || known.holders === undefined ? await kafka.transactionHolders({ topic, partition }).catch(() => undefined) : known.holders
    const held: HeldPartition = { topic, partition, offset, heldMs, holders }
    this.#held.set(key, held)
    publish('streams:partition:held', () => held)
    if (isNew) logger.warn({ topic, partition, offset: String(offset), heldMs, producers: producersOf(held) }, 'partition is held back by an open transaction: its readers wait')
  }

  #release (key: string, held: HeldPartition): void {
    this.#held.delete(key)
    publish('streams:partition:held', () => ({ ...held, heldMs: 0, holders: [] }))
    const { topic, partition } = held
    this.#options.logger.info({ topic, partition }, 'partition is no longer held back')
  }
}

/** What is held, by whom and what to do, in one line for people. */
export function describeHeld ({ topic, partition, offset, heldMs, holders = [] }: HeldPartition): string {
  const [oldest] = holders
  const who = oldest === undefined ? 'an open transaction; the broker does not tell whose' : `the open transaction of producer ${nameOf(oldest)}`
  return `${topic}-${partition} has been held back at offset ${offset} for ${Math.round(heldMs / 1000)} s by ${who}: ` +
    'nothing behind it is read until that producer ends it or initialises its id again, or it is aborted with kafka-transactions.sh'
}

function producersOf ({ holders = [] }: HeldPartition): string[] {
  return holders.map(nameOf)
}

function nameOf ({ producerId, transactionalId }: TransactionHolder): string {
  return transactionalId === undefined ? String(producerId) : `${producerId} (transactional id ${transactionalId})`
}
