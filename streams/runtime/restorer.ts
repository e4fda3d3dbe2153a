import { StreamsError } from '../errors.ts'
import { type FetchedRecord } from '../record.ts'
import { decodeProgress, parseChangelogKey, type Progress, TIMER_STORE } from '../state/changelog.ts'
import { isEarlierMoment, type Lineage } from '../state/lineage.ts'
import { type StateMeta, type StateWrite, type TaskState, type TimerWrite } from '../state/port.ts'
import { type Clock } from '../time/clock.ts'
import { indexedDueMs } from '../time/timers.ts'
import { Applier, type Claim } from './applier.ts'

export interface RestorerOptions {
  readonly state: TaskState
  readonly clock: Clock
  readonly processor: string
  readonly partition: number
  readonly maxUnappliedBytes: number
}

/**
 * Puts the records of a replay into the state: rows from the stored position on, progress from wherever it is met.
 *
 * The last write of a key in a batch goes to the state, in chunks that each move the position; so an interrupted restore is
 * simply an older state.
 */
export class Restorer {
  readonly #options: RestorerOptions
  readonly #applier: Applier
  readonly #applyFrom: bigint
  /** Sequence that must be met again in the log (A7). */
  readonly #mustMeet: bigint
  readonly #isOld: boolean
  readonly #rows = new Map<string, Map<string, Buffer | null>>()
  #bytes = 0
  #met: bigint | undefined
  /** Of the newest progress met in the log, and of the one that the state was built from. */
  #lineage: Lineage = []
  readonly #builtBy: Lineage
  #progress: Buffer
  #decoded: Progress | undefined
  #progressOffset: bigint
  /** Until the restore has ended, the state stays as old as it was. */
  readonly #appliedAtMs: number
  /** Offset of the progress record that the state was built from. */
  readonly #builtFrom: bigint
  /** Whether rows may lie between that record and the position: an interrupted restore stands in the middle of a cycle. */
  readonly #isAmidCycle: boolean
  #isOtherLog = false
  #isStale = false

  /** `before`: the meta found, null when the state is empty. `isOld`: nothing was applied for longer than tombstones live (R5). */
  constructor (options: RestorerOptions, claim: Claim, before: StateMeta | null, isOld: boolean) {
    this.#options = options
    this.#applyFrom = before?.position ?? 0n
    this.#mustMeet = before?.sequence ?? 0n
    this.#isOld = isOld
    this.#appliedAtMs = before?.appliedAtMs ?? options.clock.now()
    this.#builtFrom = before?.progressOffset ?? -1n
    this.#isAmidCycle = before?.restoring === true
    this.#progress = before?.progress ?? Buffer.alloc(0)
    this.#decoded = this.#progress.length === 0 ? undefined : decodeProgress(this.#progress)
    this.#builtBy = this.#decoded?.lineage ?? []
    this.#progressOffset = before?.progressOffset ?? -1n
    this.#applier = new Applier({ ...options, claim, position: this.#applyFrom })
  }

  /** The newer of the progress in the log and the one the state had. */
  get progress (): Progress | undefined { return this.#decoded }

  /** Offset of that progress. */
  get progressOffset (): bigint { return this.#progressOffset }

  /**
   * True when the log holds the progress that the state was built from, or a newer one, and nothing else has taken the place of what was
   * applied: a log that lost its tail and went on has newer progress, too.
   */
  get hasMetProgress (): boolean {
    return !this.#isOtherLog && this.#met !== undefined && this.#met >= this.#mustMeet && isEarlierMoment(this.#builtBy, this.#builtFrom, this.#lineage)
  }

  /** True when cycles are missing in state so old that removals may have been cleaned out of the log. */
  get isStale (): boolean { return this.#isStale }

  /** @throws {StreamsError} STR_STATE_LOST when the state `isStale`; STR_CHANGELOG_UNREADABLE */
  take (record: FetchedRecord): void {
    const key = parseChangelogKey(record.key)
    if (record.offset === this.#builtFrom && key.kind !== 'progress') this.#isOtherLog = true
    if (key.kind === 'owner') return
    if (key.kind === 'progress') {
      if (record.value !== null) this.#takeProgress(record.value, record.offset)
      return
    }
    if (record.offset < this.#applyFrom) {
      // Every cycle ends with its progress record: behind the last one there are no rows that were applied.
      if (record.offset > this.#builtFrom && !this.#isAmidCycle) this.#isOtherLog = true
      return
    }
    let rows = this.#rows.get(key.store)
    if (rows === undefined) this.#rows.set(key.store, rows = new Map())
    rows.set(key.key, record.value)
    this.#bytes += (record.key?.length ?? 0) + (record.value?.length ?? 0)
  }

  #takeProgress (bytes: Buffer, offset: bigint): void {
    const progress = decodeProgress(bytes)
    if (offset === this.#builtFrom && progress.sequence !== this.#mustMeet) this.#isOtherLog = true
    if (this.#met === undefined || progress.sequence > this.#met) {
      this.#met = progress.sequence
      this.#lineage = progress.lineage ?? []
    }
    if (this.#isOld && progress.sequence > this.#mustMeet) {
      this.#isStale = true
      throw new StreamsError('STR_STATE_LOST', { reason: 'older than delete.retention.ms' })
    }
    if (this.#decoded !== undefined && progress.sequence < this.#decoded.sequence) return
    this.#decoded = progress
    this.#progress = Buffer.from(bytes)
    this.#progressOffset = offset
  }

  /** Sends what was taken; `position` is where the replay stands. */
  async flush (position: bigint): Promise<void> {
    if (this.#applier.failure !== undefined || this.#applier.unappliedBytes > this.#options.maxUnappliedBytes) await this.#applier.settle()
    if (position > this.#applyFrom && this.#bytes > 0) this.#send(position, this.#appliedAtMs, true)
  }

  /** Sends the rest, ends the restore, and waits for all of it. Resolves with the applier, positioned for the first cycle. */
  async finish (position: bigint, nowMs: number): Promise<Applier> {
    this.#send(position, nowMs, false)
    await this.#applier.settle()
    return this.#applier
  }

  #send (position: bigint, nowMs: number, restoring: boolean): void {
    const writes: StateWrite[] = []
    const timers: TimerWrite[] = []
    for (const [store, rows] of this.#rows) {
      for (const [key, value] of rows) {
        writes.push({ store, key, value })
        if (store === TIMER_STORE) timers.push({ key, dueMs: indexedDueMs(value) })
      }
    }
    const sequence = this.#decoded?.sequence ?? 0n
    const bytes = this.#bytes
    this.#rows.clear()
    this.#bytes = 0
    this.#applier.send({ position, sequence, progress: this.#progress, progressOffset: this.#progressOffset, nowMs, writes, timers, restoring }, bytes)
  }
}
