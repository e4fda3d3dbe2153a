import { publish } from '../diagnostics.ts'
import { ensureError, StreamsError } from '../errors.ts'
import { type TransactionUnit } from '../kafka/port.ts'
import { type FetchedRecord } from '../record.ts'
import { type TaskContext } from '../runtime/runner.ts'
import { Wakeup } from '../runtime/wakeup.ts'
import { commitPlan } from './acquire.ts'
import { SinkIntake } from './intake.ts'
import { groupRanges, type LandingOptions, landRanges, settleRanges } from './landing.ts'
import { draftRange, hashRecords, nextPlan, resumeOffsets, type Plan } from './plan.ts'
import { type FrozenRows, type PlannedRange, type SinkDef } from './port.ts'
import { readRange } from './range-reader.ts'

/** An open plan is acknowledged this long after its rows landed when nothing follows, so that counts settle, ms. */
const ACKNOWLEDGE_MS = 200
/** A topic's queue is a quarter of a full batch, so that many quiet topics cannot hold much, but not less than this. */
const MIN_QUEUED_BYTES = 256 * 1024
/** A plan may be sent for this long; then the owner proves itself again (see LandingOptions.staleAtMs), ms. */
const STALE_MS = 120_000

export interface SinkSessionOptions {
  readonly context: TaskContext<SinkDef>
  readonly unit: TransactionUnit
  /** The plan that Acquire found. */
  readonly acquired: Plan
  /** Ends the session in good order. */
  readonly closing: AbortSignal
  /** Told when an insert had to be repeated. */
  readonly onTrouble: (error: Error) => void
}

/** A batch of one topic, frozen: ready to be planned. */
interface Batch { readonly records: readonly FetchedRecord[], readonly rows: FrozenRows }

/** Ranges on their way into the target: settled once, one way or the other. */
interface Landing { readonly done: Promise<void>, landedAtMs: number | undefined, failure: Error | undefined }

/**
 * The work of a sink task from one Acquire to the end of its producer epoch.
 *
 * One await loop: gather → freeze → (the plan before has landed) → commit the next plan → start its inserts, and gather meanwhile.
 * At most two batches are in memory; while the target does not take rows, nothing more is read.
 */
export class SinkSession {
  readonly #options: SinkSessionOptions
  readonly #context: TaskContext<SinkDef>
  readonly #wakeup = new Wakeup()
  readonly #ended = new AbortController()
  /** Aborted when the task closes or the session ends: ends every wait and keeps every next call from starting. */
  readonly #signal: AbortSignal
  #plan: Plan
  #intake: SinkIntake | undefined

  constructor (options: SinkSessionOptions) {
    this.#options = options
    this.#context = options.context
    this.#plan = options.acquired
    this.#signal = AbortSignal.any([options.closing, this.#ended.signal])
    options.closing.addEventListener('abort', this.#wakeup.wake)
  }

  /** What is acknowledged: next offset by topic. */
  get offsets (): ReadonlyMap<string, bigint> {
    return new Map([...this.#plan.marks].map(([topic, mark]) => [topic, mark.next]))
  }

  get lag (): bigint {
    return this.#intake?.lag ?? 0n
  }

  /** Proves the ranges that an earlier owner left open: inserts what is missing, from the log. */
  async settle (): Promise<void> {
    const options = this.#landingOptions()
    await this.#together(this.#plan.ranges, async ranges => { await settleRanges(ranges, async range => await this.#reread(range), options) })
  }

  /** Works until the task closes; then nothing of the session runs any more. Rejects with what ended it. */
  async run (): Promise<void> {
    const { kafka, node, partition, clock, options } = this.#context
    const maxQueuedBytes = Math.min(options.maxQueuedBytes, Math.max(MIN_QUEUED_BYTES, Math.ceil(node.maxBytes / 4)))
    const offsets = resumeOffsets(this.#plan)
    const intake = this.#intake = new SinkIntake({ kafka, node, partition, clock, offsets, maxQueuedBytes, onReadable: this.#wakeup.wake })
    let landing: Landing = { done: Promise.resolve(), landedAtMs: clock.now(), failure: undefined }
    try {
      while (true) {
        const gathered = await this.#gather(intake, landing)
        const batches = gathered === undefined ? [] : await this.#freeze(gathered)
        await landing.done
        if (landing.failure !== undefined) throw landing.failure
        if (gathered === undefined && this.#plan.ranges.length === 0) return
        await this.#commit(batches)
        if (gathered === undefined) return
        landing = this.#land(this.#plan, batches)
      }
    } finally {
      intake.close()
      this.close()
      await landing.done
    }
  }

  close (): void {
    this.#options.closing.removeEventListener('abort', this.#wakeup.wake)
    this.#ended.abort(new StreamsError('STR_CLOSED', { node: this.#context.node.name }))
  }

  async #reread (range: PlannedRange): Promise<FrozenRows> {
    const { topic, partition, from, to, rows, hash } = range
    const records = await readRange(this.#context.kafka, range, this.#signal)
    if (records.length !== rows || hashRecords(records) !== hash) {
      throw new StreamsError('STR_SINK_RANGE_LOST', { topic, partition, from, to, rows, found: records.length })
    }
    return await this.#context.node.target.freeze(records, { topic, partition, planFrom: from })
  }

  /**
   * Waits until records are due and takes them. Nothing taken: the open plan is to be acknowledged. Undefined: the task closes.
   */
  async #gather (intake: SinkIntake, landing: Landing): Promise<ReadonlyArray<readonly FetchedRecord[]> | undefined> {
    const { clock } = this.#context
    while (true) {
      if (landing.failure !== undefined) throw landing.failure
      if (this.#options.closing.aborted) return undefined
      const nowMs = clock.now()
      let dueMs = intake.dueMs()
      if (dueMs !== undefined && dueMs <= nowMs) return intake.take()
      if (dueMs === undefined && this.#plan.ranges.length > 0 && landing.landedAtMs !== undefined) {
        dueMs = landing.landedAtMs + ACKNOWLEDGE_MS
        if (dueMs <= nowMs) return []
      }
      const cancel = dueMs === undefined ? undefined : clock.schedule(dueMs - nowMs, this.#wakeup.wake)
      await this.#wakeup.wait()
      cancel?.()
    }
  }

  async #freeze (gathered: ReadonlyArray<readonly FetchedRecord[]>): Promise<Batch[]> {
    const { node, partition } = this.#context
    const batches: Batch[] = []
    for (const records of gathered) {
      const first = records[0]
      if (first === undefined) continue
      batches.push({ records, rows: await node.target.freeze(records, { topic: first.topic, partition, planFrom: first.offset }) })
    }
    return batches
  }

  /** Makes the ranges of these batches durable, which acknowledges those of the plan before. */
  async #commit (batches: readonly Batch[]): Promise<void> {
    const { node, partition } = this.#context
    const started = performance.now()
    const plan = nextPlan(this.#plan, partition, batches.map(batch => draftRange(batch.records)))
    await commitPlan(this.#context, this.#options.unit, plan)
    this.#plan = plan
    publish('streams:sink:planned', () => ({
      processor: node.name,
      partition,
      ranges: batches.length,
      rows: batches.reduce((sum, batch) => sum + batch.rows.rows, 0),
      bytes: batches.reduce((sum, batch) => sum + batch.rows.bytes.length, 0),
      commitMs: performance.now() - started
    }))
  }

  /** Starts the inserts of a committed plan. */
  #land (plan: Plan, batches: readonly Batch[]): Landing {
    const options = this.#landingOptions()
    const started = performance.now()
    const rowsOf = new Map(plan.ranges.map((range, index) => [range, batches[index]?.rows]))
    const inserts = this.#together(plan.ranges, async ranges => {
      await landRanges(ranges.map(range => {
        const rows = rowsOf.get(range)
        if (rows === undefined) throw new StreamsError('STR_SINK_PLAN_INVALID', { topic: range.topic })
        return { range, rows }
      }), options)
    })
    const landing: Landing = {
      landedAtMs: undefined,
      failure: undefined,
      done: inserts.then(
        () => {
          landing.landedAtMs = this.#context.clock.now()
          this.#report(batches, performance.now() - started, landing.landedAtMs)
        },
        (error: unknown) => { landing.failure = ensureError(error) }
      ).then(this.#wakeup.wake)
    }
    return landing
  }

  #report (batches: readonly Batch[], tookMs: number, nowMs: number): void {
    if (batches.length === 0) return
    const { node: { name: processor }, partition } = this.#context
    const oldestMs = Math.min(...batches.map(batch => batch.records[0]?.timestampMs ?? nowMs))
    const rows = batches.reduce((sum, batch) => sum + batch.rows.rows, 0)
    publish('streams:sink:landed', () => ({ processor, partition, rows, tookMs, freshnessMs: Math.max(0, nowMs - oldestMs), ranges: batches.map(batch => batch.records) }))
  }

  /** Works on every group of ranges at once. The first failure ends the others; settles when none of them runs any more. */
  async #together (ranges: readonly PlannedRange[], work: (group: readonly PlannedRange[]) => Promise<void>): Promise<void> {
    let failure: { readonly error: unknown } | undefined
    await Promise.all(groupRanges(ranges, this.#context.node.target).map(async group => {
      try {
        await work(group)
      } catch (error) {
        failure ??= { error }
        this.#ended.abort(error)
      }
    }))
    if (failure !== undefined) throw failure.error
  }

  #landingOptions (): LandingOptions {
    const { node, partition, clock, options, logger } = this.#context
    return {
      target: node.target,
      clock,
      signal: this.#signal,
      staleAtMs: clock.now() + STALE_MS,
      backoffMs: options.backoffMs,
      maxBackoffMs: options.maxBackoffMs,
      onTrouble: (error: Error, ranges: readonly PlannedRange[]) => {
        this.#options.onTrouble(error)
        for (const { topic } of ranges) publish('streams:sink:troubled', () => ({ processor: node.name, partition, topic, error }))
        logger.warn({ err: error, ranges: ranges.map(({ topic, from, to }) => `${topic} ${from}-${to}`) }, 'sink insert is repeated')
      },
      onRecognised: ({ topic, rows }: PlannedRange) => { publish('streams:sink:recognised', () => ({ processor: node.name, partition, topic, rows })) }
    }
  }
}
