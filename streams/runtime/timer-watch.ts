import { ensureError, isStreamsError } from '../errors.ts'
import { type Kafka } from '../kafka/port.ts'
import { partitionKey } from '../record.ts'
import { TIMER_STORE } from '../state/changelog.ts'
import { type TimerWrite } from '../state/port.ts'
import { type Clock } from '../time/clock.ts'
import { indexedDueMs, TimerGate } from '../time/timers.ts'
import { type Applier } from './applier.ts'
import { type TimerItem } from './item.ts'
import { type Rows, type StoreRows } from './rows.ts'

export interface TimerWatchOptions {
  readonly kafka: Pick<Kafka, 'endOffsets'>
  readonly clock: Clock
  readonly applier: Applier
  readonly rows: Rows
  readonly topics: readonly string[]
  readonly partition: number
  readonly limit: number
  readonly signal: AbortSignal
  readonly wake: () => void
}

/** A pause before the end offsets are asked again, ms. */
const RETRY_MS = 200

/** Finds the timers of one task that may fire: due by the index, not before the inputs are consumed (A15). */
export class TimerWatch {
  readonly #options: TimerWatchOptions
  readonly #gate = new TimerGate()
  readonly #rows: StoreRows
  #isAsking = false
  #lookedMs = -Infinity
  #failure: Error | undefined

  constructor (options: TimerWatchOptions) {
    this.#options = options
    this.#rows = options.rows.stores.get(TIMER_STORE) as StoreRows
  }

  /** Why the end offsets cannot be had. */
  get failure (): Error | undefined { return this.#failure }

  /** When `take` must be called again, broker-corrected epoch ms; Infinity = not for a timer, or for one that waits for its inputs, which wake the task. */
  get wakeMs (): number {
    const { nextDueMs } = this.#gate
    return nextDueMs === null || nextDueMs <= this.#lookedMs ? Infinity : nextDueMs
  }

  /**
   * The timers that may fire now; those still in the index may be void, their rows decide (A4).
   *
   * @throws {StreamsError} STR_STATE_LOST as every fenced read
   */
  async take (nowMs: number, consumed: (topic: string) => bigint): Promise<TimerItem[]> {
    this.#lookedMs = nowMs
    const dueMs = this.#gate.open(consumed)
    let items: TimerItem[] = []
    if (dueMs !== undefined) {
      const { timers, nextDueMs } = await this.#options.applier.read({ keys: [], timers: { dueMs, limit: this.#options.limit } })
      this.#gate.scanned(nextDueMs)
      items = timers.map(({ key, dueMs }) => ({ kind: 'timer', key, dueMs, waited: undefined }))
    }
    if (this.#gate.needsEnds(nowMs) && !this.#isAsking) {
      this.#isAsking = true
      this.#ask(nowMs).catch((error: unknown) => {
        if (this.#options.signal.aborted) return
        this.#failure = ensureError(error)
        this.#options.wake()
      })
    }
    return items
  }

  /** The running cycle is committed: what its timer rows mean for the index. Call before the rows are. */
  committed (): TimerWrite[] {
    const writes: TimerWrite[] = []
    for (const [key, row] of this.#rows.overlay) {
      const dueMs = indexedDueMs(row)
      writes.push({ key, dueMs })
      if (dueMs !== null) this.#gate.noticed(dueMs)
    }
    return writes
  }

  /** True when a timer is due, or may be. */
  isDue (nowMs: number): boolean {
    return this.#isAsking || (this.#gate.nextDueMs !== null && this.#gate.nextDueMs <= nowMs)
  }

  async #ask (nowMs: number): Promise<void> {
    const { kafka, topics, partition, clock, signal, wake } = this.#options
    const parts = topics.map(topic => ({ topic, partition }))
    for (;;) {
      try {
        const ends = await kafka.endOffsets(parts)
        this.#gate.raise(nowMs, new Map(topics.map(topic => [topic, ends.get(partitionKey(topic, partition)) ?? 0n])))
        break
      } catch (error) {
        if (!isStreamsError(error) || error.disposition !== 'retry') throw error
        await clock.sleep(RETRY_MS, signal)
      }
    }
    this.#isAsking = false
    wake()
  }
}
