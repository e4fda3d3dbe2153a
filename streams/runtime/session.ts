import { publish } from '../diagnostics.ts'
import { ensureError, isStreamsError, StreamsError } from '../errors.ts'
import { type CommitResult } from '../kafka/port.ts'
import { nothingParked, type ParkedCounts, type ParkedKeys } from '../parking/parked-keys.ts'
import { type ProcessorDef } from '../processor.ts'
import { NO_HEADERS, partitionKey, type OutgoingRecord } from '../record.ts'
import { changelogTopic, effectStore, encodeProgress, PARKED_STORE, PROGRESS_KEY } from '../state/changelog.ts'
import { Alarm } from './alarm.ts'
import { type Applier } from './applier.ts'
import { reportCycle } from './cycle-report.ts'
import { type HandlerContext } from './context.ts'
import { type Condemned, type Cycle, type CycleResult } from './cycle.ts'
import { type Harvest } from './harvest.ts'
import { type Intake } from './intake.ts'
import { type Item, offsetsBefore } from './item.ts'
import { type RowReader } from './row-reader.ts'
import { type Changes, type Rows, type StoreRows } from './rows.ts'
import { type TaskContext } from './runner.ts'
import { createParts, type SessionOptions } from './session-parts.ts'
import { type TimerWatch } from './timer-watch.ts'

/**
 * The work of a task between two Acquires: step after step, each at most one transaction. Everything it remembers dies with it.
 *
 * A step: take what there is to do (harvest.ts) → one fenced read of the rows it needs → handlers → one transaction → one apply, whose
 * answer is not waited for: it is checked before the next step decides anything.
 */
export class Session {
  readonly #task: TaskContext<ProcessorDef>
  readonly #options: SessionOptions
  readonly #changelog: string
  readonly #intake: Intake
  readonly #harvest: Harvest
  readonly #rows: Rows
  readonly #parked: ParkedKeys
  readonly #cycle: Cycle
  readonly #context: HandlerContext
  readonly #applier: Applier
  readonly #reader: RowReader
  readonly #timers: TimerWatch
  readonly #ended = new AbortController()
  #sequence: bigint
  #contextTimeMs: number
  #skewMs: number
  #committed: ReadonlyMap<string, bigint>
  /** When records were first passed over without a commit; undefined = nothing is uncommitted. */
  #passedSinceMs: number | undefined
  #checkedMs: number
  readonly #alarm: Alarm

  constructor (options: SessionOptions) {
    const { task, acquired } = options
    this.#options = options
    this.#task = task
    this.#changelog = changelogTopic(task.topology.applicationId, task.node.name)
    this.#applier = acquired.applier
    this.#applier.onFailure = options.wake
    this.#alarm = new Alarm(task.clock, options.wake)
    this.#sequence = acquired.progress.sequence
    this.#contextTimeMs = acquired.progress.contextTimeMs
    this.#skewMs = acquired.skewMs
    this.#checkedMs = task.clock.now()
    this.#committed = acquired.progress.offsets
    const parts = createParts(options, { runningSinceMs: this.now(), ended: this.#ended.signal })
    this.#rows = parts.rows
    this.#parked = parts.parked
    this.#reader = parts.reader
    this.#context = parts.context
    this.#cycle = parts.cycle
    this.#intake = parts.intake
    this.#timers = parts.timers
    this.#harvest = parts.harvest
  }

  /** Reads the parked keys and the open effects, and hands these to the runner. Call once, before the first step. */
  async start (): Promise<void> {
    const { effects } = this.#options
    const parked = this.#rows.stores.get(PARKED_STORE) as StoreRows
    for (const [key, value] of await this.#applier.rows(PARKED_STORE)) parked.whole?.set(key, value)
    this.#reportParked()
    for (const { name } of this.#task.node.effects) {
      const rows = await this.#applier.rows(effectStore(name))
      const store = this.#rows.stores.get(effectStore(name)) as StoreRows
      for (const [key, value] of rows) store.whole?.set(key, value)
      effects.reconcile(name, rows)
    }
    effects.resume()
  }

  /** Next offset of every input, as committed; inputs of another version of the topology included. */
  get committed (): ReadonlyMap<string, bigint> { return this.#committed }

  lag (): bigint { return this.#intake.lag() }

  /** Broker-corrected time, epoch ms. */
  now (): number { return this.#task.clock.now() + this.#skewMs }

  /** Keys that are parked, and what waits in them. */
  get parked (): ParkedCounts { return this.#parked.counts }

  /** True when a step would find nothing to do, and nothing is under way. */
  get isIdle (): boolean {
    const { effects } = this.#options
    const nowMs = this.now()
    const hasInput = this.#harvest.hasLeft || this.#intake.isReadable || this.#timers.isDue(nowMs) || this.#parked.nextDueMs <= nowMs
    return !hasInput && !effects.hasFinished && effects.calling === 0
  }

  /**
   * Does what there is to do now, at most one cycle; false = nothing was there. `isClosing`: take no further input.
   *
   * @throws {StreamsError} whatever ends this session; nothing it did after the last commit counts.
   */
  async step (isClosing: boolean): Promise<boolean> {
    await this.#checkHealth()
    const { options, clock } = this.#task
    const items = await this.#harvest.take(isClosing, this.now())
    // Commands for others and batches without records move positions, too.
    if (items.length === 0 && this.#passedSinceMs === undefined && this.#intake.isBeyond(this.#committed)) this.#passedSinceMs = clock.now()
    const isPassDue = this.#passedSinceMs !== undefined && (isClosing || clock.now() - this.#passedSinceMs >= options.passCommitMs)
    if (items.length === 0 && !isPassDue) {
      if (!isClosing) await this.#checkState()
      this.#setAlarm()
      return false
    }
    this.#harvest.done(await this.#work(items, isPassDue))
    return true
  }

  /** Waits for the state to answer everything sent. */
  async settle (): Promise<void> {
    await this.#applier.settle()
  }

  /** Stops reading. Outcomes that were taken and not committed go back to the runner. */
  close (): void {
    this.#ended.abort()
    this.#alarm.set(Infinity)
    this.#intake.close()
    this.#rows.close()
    this.#options.effects.pause()
    this.#harvest.giveBack()
    const { processor, partition } = this.#context.task
    if (!this.#parked.isEmpty) publish('streams:parking:changed', () => ({ processor, partition, ...nothingParked }))
  }

  async #checkHealth (): Promise<void> {
    const failure = this.#applier.failure ?? this.#options.effects.failure ?? this.#timers.failure
    if (failure !== undefined) throw failure
    if (this.#applier.unappliedBytes > this.#task.options.maxUnappliedBytes) await this.#applier.settle()
  }

  /** An idle task finds out too when its state is gone, so that queries have it back without waiting for input. */
  async #checkState (): Promise<void> {
    const { clock, options } = this.#task
    if (options.stateCheckMs === 0 || clock.now() - this.#checkedMs < options.stateCheckMs) return
    this.#checkedMs = clock.now()
    await this.#applier.read({ keys: [] })
  }

  /**
   * One cycle: handlers, transaction, apply. Again from the start when the client refuses an output before sending anything.
   * Resolves with the items that found no room.
   */
  async #work (items: readonly Item[], isPassDue: boolean): Promise<readonly Item[]> {
    const startedMs = performance.now()
    await this.#reader.prefetch(items)
    const condemned = new Map<number, Condemned>()
    for (;;) {
      const result = await this.#cycle.run(items, this.#sequence + 1n, this.#contextTimeMs, this.now(), condemned)
      const { processor, partition } = this.#context.task
      if (result.passed > 0) publish('streams:record:passed', () => ({ processor, partition, records: result.passed }))
      const changes = this.#rows.changes(this.#changelog, partition)
      const left = items.slice(result.handled)
      if (this.#context.outputs.length === 0 && changes.records.length === 0 && !isPassDue) {
        this.#pass(result)
        return left
      }
      const positions = offsetsBefore(left, new Map([...this.#committed, ...this.#intake.positions()]))
      const { lineage } = this.#options.acquired
      const progress = encodeProgress({ sequence: this.#sequence + 1n, contextTimeMs: result.contextTimeMs, offsets: positions, lineage })
      const records: OutgoingRecord[] = this.#context.outputs.concat(changes.records)
      records.push({ topic: this.#changelog, partition, key: PROGRESS_KEY, value: progress, headers: NO_HEADERS })
      const sentMs = performance.now()
      const committed = await this.#commit(records, result, condemned)
      if (committed === undefined) continue
      this.#apply(committed, changes, progress, result.contextTimeMs)
      this.#committed = positions
      this.#passedSinceMs = undefined
      reportCycle({ processor, partition, items, result, outputs: this.#context.outputs, changes: changes.records, startedMs, sentMs, committed })
      return left
    }
  }

  /** Nothing came of these items: their progress goes with the next commit, or one of its own soon. */
  #pass (result: CycleResult): void {
    this.#contextTimeMs = result.contextTimeMs
    this.#passedSinceMs ??= this.#task.clock.now()
    this.#rows.commit()
  }

  /** undefined = one item was condemned: run again. */
  async #commit (records: readonly OutgoingRecord[], result: CycleResult, condemned: Map<number, Condemned>): Promise<CommitResult | undefined> {
    const { processor, partition } = this.#context.task
    try {
      return await this.#options.unit.commit(records)
    } catch (error) {
      const index = isStreamsError(error, 'STR_OUTPUT_TOO_LARGE') ? error.context['index'] : undefined
      const item = typeof index === 'number' ? result.outputEnds.findIndex(end => index < end) : -1
      if (item < 0 || condemned.get(item)?.isOmitted === true) {
        const isFenced = isStreamsError(error, 'STR_TXN_FENCED')
        publish('streams:transaction:failed', () => ({ processor, partition, result: isFenced ? 'fenced' : 'unknown', error: ensureError(error) }))
        throw error
      }
      publish('streams:cycle:dropped', () => ({ processor, partition, reason: 'output-too-large', error: ensureError(error) }))
      condemned.set(item, { error: ensureError(error), isOmitted: condemned.has(item) })
      this.#rows.reset()
      return undefined
    }
  }

  #apply (committed: CommitResult, changes: Changes, progress: Buffer, contextTimeMs: number): void {
    const { partition, clock } = this.#task
    const offsets = committed.offsets.get(partitionKey(this.#changelog, partition))
    if (offsets === undefined || offsets.first < this.#applier.position) {
      // The broker took our batch for an older one (A2): what it answered is not where our records are.
      throw new StreamsError('STR_TXN_UNKNOWN', { partition, offset: offsets?.first ?? 'none', position: this.#applier.position })
    }
    this.#sequence++
    this.#contextTimeMs = contextTimeMs
    this.#skewMs = committed.brokerTimeMs - clock.now()
    this.#applier.send({
      position: offsets.last + 1n,
      sequence: this.#sequence,
      progress,
      progressOffset: offsets.last,
      nowMs: clock.now(),
      writes: changes.writes,
      timers: this.#timers.committed(),
      restoring: false
    }, changes.sizeBytes)
    for (const { name } of this.#task.node.effects) {
      this.#options.effects.committed(name, this.#rows.stores.get(effectStore(name))?.overlay ?? [], key => this.#context.traceOfEffect(name, key))
    }
    const { hasChanged } = this.#parked
    this.#rows.commit()
    if (hasChanged) this.#reportParked()
  }

  #reportParked (): void {
    const { processor, partition } = this.#context.task
    publish('streams:parking:changed', () => ({ processor, partition, ...this.#parked.counts }))
  }

  /** Wakes the task when a timer is due, passed records must be committed, or the state is to be looked after. */
  #setAlarm (): void {
    const { options } = this.#task
    const dueMs = Math.min(this.#timers.wakeMs, this.#parked.nextDueMs) - this.#skewMs
    const passMs = this.#passedSinceMs === undefined ? Infinity : this.#passedSinceMs + options.passCommitMs
    const checkMs = options.stateCheckMs === 0 ? Infinity : this.#checkedMs + options.stateCheckMs
    this.#alarm.set(Math.min(dueMs, passMs, checkMs))
  }
}
