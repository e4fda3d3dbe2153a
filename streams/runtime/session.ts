import { publish } from '../diagnostics.ts'
import { ensureError, isStreamsError, StreamsError } from '../errors.ts'
import { type EffectRunner } from '../effects/runner.ts'
import { type CommitResult, type TopicDescription, type TransactionUnit } from '../kafka/port.ts'
import { type InputDef, type ProcessorDef } from '../processor.ts'
import { type FetchedRecord, NO_HEADERS, partitionKey, type OutgoingRecord } from '../record.ts'
import { changelogTopic, effectStore, encodeProgress, PROGRESS_KEY, TIMER_STORE } from '../state/changelog.ts'
import { type Acquired } from './acquire.ts'
import { Alarm } from './alarm.ts'
import { type Applier } from './applier.ts'
import { reportCycle } from './cycle-report.ts'
import { HandlerContext, type OutputTarget } from './context.ts'
import { type Condemned, Cycle, type CycleResult } from './cycle.ts'
import { Intake } from './intake.ts'
import { type EffectItem, type Item, offsetsBefore, readRecords } from './item.ts'
import { CacheBudget } from './row-cache.ts'
import { RowReader } from './row-reader.ts'
import { type Changes, Rows, type StoreRows } from './rows.ts'
import { type TaskContext } from './runner.ts'
import { TimerWatch } from './timer-watch.ts'

/** A pause before the schema registry is asked again, ms. */
const REGISTRY_AGAIN_MS = 200

export interface SessionOptions {
  readonly task: TaskContext<ProcessorDef>
  readonly unit: TransactionUnit
  readonly acquired: Acquired
  readonly effects: EffectRunner
  readonly topics: ReadonlyMap<string, TopicDescription>
  /** The task is closing: waits end, what was begun and is not committed is dropped. */
  readonly signal: AbortSignal
  readonly wake: () => void
  /** Waits for something that may take long, while other tasks have their turn. */
  readonly lend: (wait: () => Promise<void>) => Promise<void>
}

/**
 * The work of a task between two Acquires: step after step, each at most one transaction. Everything it remembers dies with it.
 *
 * A step: take what waits → decode → due timers → one fenced read of the rows they need → handlers → one transaction → one apply,
 * whose answer is not waited for: it is checked before the next step decides anything.
 */
export class Session {
  readonly #task: TaskContext<ProcessorDef>
  readonly #options: SessionOptions
  readonly #changelog: string
  readonly #inputs: ReadonlyMap<string, InputDef>
  readonly #intake: Intake
  readonly #rows: Rows
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
  #taken: readonly EffectItem[] = []
  /** Items that found no room in the transaction before: they come first. */
  #left: readonly Item[] = []
  #checkedMs: number
  readonly #alarm: Alarm

  constructor (options: SessionOptions) {
    const { task, acquired, topics } = options
    const { node, partition, topology } = task
    this.#options = options
    this.#task = task
    this.#changelog = changelogTopic(topology.applicationId, node.name)
    this.#inputs = new Map(node.inputs.map(input => [input.topic.name, input]))
    this.#applier = acquired.applier
    this.#applier.onFailure = options.wake
    this.#alarm = new Alarm(task.clock, options.wake)
    this.#sequence = acquired.progress.sequence
    this.#contextTimeMs = acquired.progress.contextTimeMs
    this.#skewMs = acquired.skewMs
    this.#checkedMs = task.clock.now()
    this.#committed = acquired.progress.offsets
    const stores = [...node.stores.map(store => store.name), TIMER_STORE]
    this.#rows = new Rows(stores, node.effects.map(effect => effectStore(effect.name)), task.caches ?? new CacheBudget(task.options.cacheBytes))
    this.#reader = new RowReader({ def: node, partition, rows: this.#rows, applier: this.#applier })
    this.#context = new HandlerContext({
      def: node,
      partition,
      rows: this.#rows,
      globals: task.globals,
      outputs: new Map<string, OutputTarget>(node.outputs.map(({ name }) => [name, topics.get(name) as TopicDescription])),
      maxRowBytes: topics.get(this.#changelog)?.maxMessageBytes ?? 0,
      maxTransactionBytes: task.options.maxTransactionBytes,
      runningSinceMs: this.now()
    })
    const { partitions, maxMessageBytes } = topics.get(task.options.deadLetterTopic) as TopicDescription
    this.#cycle = new Cycle({
      def: node,
      partition,
      changelog: this.#changelog,
      rows: this.#rows,
      context: this.#context,
      deadLetters: { topic: task.options.deadLetterTopic, partitions, maxMessageBytes },
      handlers: task.options.handlers,
      load: async missing => { await this.#reader.supply(missing) },
      catchUp: async table => { await options.lend(async () => { await task.globals.catchUp(table, options.signal) }) }
    })
    const inputs = [...this.#inputs.keys()]
    this.#intake = new Intake({
      kafka: task.kafka, topics: inputs, partition, offsets: acquired.progress.offsets, maxQueuedBytes: task.options.maxQueuedBytes, onReadable: options.wake
    })
    const watch = { kafka: task.kafka, clock: task.clock, limit: task.options.maxCycleTimers, signal: this.#ended.signal, wake: options.wake }
    this.#timers = new TimerWatch({ ...watch, applier: this.#applier, rows: this.#rows, topics: inputs, partition })
  }

  /** Reads the open effects and hands them to the runner. Call once, before the first step. */
  async start (): Promise<void> {
    const { effects } = this.#options
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

  /** True when a step would find nothing to do, and nothing is under way. */
  get isIdle (): boolean {
    const { effects } = this.#options
    return this.#left.length === 0 && !this.#intake.isReadable && !effects.hasFinished && effects.calling === 0 && !this.#timers.isDue(this.now())
  }

  /**
   * Does what there is to do now, at most one cycle; false = nothing was there. `isClosing`: take no further input.
   *
   * @throws {StreamsError} whatever ends this session; nothing it did after the last commit counts.
   */
  async step (isClosing: boolean): Promise<boolean> {
    await this.#checkHealth()
    if (this.#left.length > 0) return await this.#work(this.#left, false)
    const { options } = this.#task
    const records = isClosing ? [] : this.#intake.take(options.maxCycleRecords, options.maxCycleBytes)
    const items: Item[] = records.length === 0 ? [] : await this.#read(records)
    if (!isClosing) {
      const timers = await this.#timers.take(this.now(), topic => this.#intake.position(topic))
      for (const timer of timers) items.push(timer)
      if (timers.length > 0) await this.#reader.load(this.#rows.stores.get(TIMER_STORE) as StoreRows, timers.map(timer => timer.key))
    }
    this.#taken = this.#options.effects.takeFinished(options.maxCycleRecords)
    for (const item of this.#taken) items.push(item)
    const isPassDue = this.#passedSinceMs !== undefined && (isClosing || this.#task.clock.now() - this.#passedSinceMs >= options.passCommitMs)
    if (items.length === 0 && !isPassDue) {
      if (!isClosing) await this.#checkState()
      this.#setAlarm()
      return false
    }
    return await this.#work(items, isPassDue)
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
    this.#options.effects.giveBack(this.#taken)
    this.#taken = []
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

  /** Checks and decodes; waits while the registry does not answer. */
  async #read (records: readonly FetchedRecord[]): Promise<Item[]> {
    const { node, partition, clock, logger } = this.#task
    return await readRecords(records, this.#inputs, node, partition, async () => {
      logger.warn({}, 'the schema registry does not answer: waiting')
      await this.#options.lend(async () => { await clock.sleep(REGISTRY_AGAIN_MS, this.#options.signal) })
    })
  }

  /** One cycle: handlers, transaction, apply. Again from the start when the client refuses an output before sending anything. */
  async #work (items: readonly Item[], isPassDue: boolean): Promise<true> {
    const startedMs = performance.now()
    await this.#reader.prefetch(items)
    const condemned = new Map<number, Condemned>()
    for (;;) {
      const result = await this.#cycle.run(items, this.#sequence + 1n, this.#contextTimeMs, this.now(), condemned)
      const { processor, partition } = this.#context.task
      if (result.passed > 0) publish('streams:record:passed', () => ({ processor, partition, records: result.passed }))
      const changes = this.#rows.changes(this.#changelog, partition)
      if (this.#context.outputs.length === 0 && changes.records.length === 0 && !isPassDue) return this.#pass(result)
      const left = items.slice(result.handled)
      const positions = offsetsBefore(left, new Map([...this.#committed, ...this.#intake.positions()]))
      const progress = encodeProgress({ sequence: this.#sequence + 1n, contextTimeMs: result.contextTimeMs, offsets: positions })
      const records: OutgoingRecord[] = this.#context.outputs.concat(changes.records)
      records.push({ topic: this.#changelog, partition, key: PROGRESS_KEY, value: progress, headers: NO_HEADERS })
      const sentMs = performance.now()
      const committed = await this.#commit(records, result, condemned)
      if (committed === undefined) continue
      this.#apply(committed, changes, progress, result.contextTimeMs)
      this.#committed = positions
      this.#left = left
      this.#taken = left.filter(item => item.kind === 'effect')
      this.#passedSinceMs = undefined
      reportCycle({ processor, partition, items, result, outputs: this.#context.outputs, changes: changes.records, startedMs, sentMs, committed })
      return true
    }
  }

  /** Nothing came of these items: their progress goes with the next commit, or one of its own soon. */
  #pass (result: CycleResult): true {
    this.#contextTimeMs = result.contextTimeMs
    this.#taken = this.#left = []
    this.#passedSinceMs ??= this.#task.clock.now()
    this.#rows.commit()
    return true
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
    for (const { name } of this.#task.node.effects) this.#options.effects.committed(name, this.#rows.stores.get(effectStore(name))?.overlay ?? [])
    this.#rows.commit()
  }

  /** Wakes the task when a timer is due, passed records must be committed, or the state is to be looked after. */
  #setAlarm (): void {
    const { options } = this.#task
    const dueMs = this.#timers.wakeMs - this.#skewMs
    const passMs = this.#passedSinceMs === undefined ? Infinity : this.#passedSinceMs + options.passCommitMs
    const checkMs = options.stateCheckMs === 0 ? Infinity : this.#checkedMs + options.stateCheckMs
    this.#alarm.set(Math.min(dueMs, passMs, checkMs))
  }
}
