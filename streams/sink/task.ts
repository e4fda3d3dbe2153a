import { ensureError, isStreamsError, StreamsError } from '../errors.ts'
import { type TransactionUnit } from '../kafka/port.ts'
import { type FetchedRecord } from '../record.ts'
import { Wakeup } from '../runtime/wakeup.ts'
import { type TaskContext, type TaskRunner, type TaskState, type TaskStatus } from '../runtime/runner.ts'
import { taskId, transactionalId } from '../state/changelog.ts'
import { acquirePlan, commitPlan } from './acquire.ts'
import { SinkIntake } from './intake.ts'
import { landRange, settleRange, type LandingOptions } from './landing.ts'
import { draftRange, hashRecords, nextPlan, resumeOffsets, type Plan } from './plan.ts'
import { type FrozenRows, type PlannedRange, type SinkDef } from './port.ts'
import { readRange } from './range-reader.ts'

/** An open plan is acknowledged this long after its rows landed when nothing follows, so that counts settle, ms. */
const ACKNOWLEDGE_MS = 200
/** A topic's queue is a quarter of a full batch, so that many quiet topics cannot hold much, but not less than this. */
const MIN_QUEUED_BYTES = 256 * 1024
/** A plan may be sent for this long; then the owner proves itself again (see LandingOptions.staleAtMs), ms. */
const STALE_MS = 120_000

/** Makes the task of a sink: plan, fence, insert, prove. See streams/DESIGN.md "Sinks". */
export function createSinkTask (context: TaskContext<SinkDef>): TaskRunner {
  return new SinkTask(context)
}

/** A batch of one topic, frozen: ready to be planned. */
interface Batch { readonly records: readonly FetchedRecord[], readonly rows: FrozenRows }

/** Ranges on their way into the target: settled once, one way or the other. */
interface Landing { readonly done: Promise<void>, landedAtMs: number | undefined, failure: Error | undefined }

/**
 * One await loop: gather → freeze → (the plan before has landed) → commit the next plan → start its inserts, and gather meanwhile.
 * At most two batches are in memory; while the target does not take rows, nothing more is read.
 */
class SinkTask implements TaskRunner {
  readonly id: string
  readonly #context: TaskContext<SinkDef>
  readonly #closing = new AbortController()
  readonly #wakeup = new Wakeup()
  #state: TaskState = 'created'
  #reason: Error | undefined
  #plan: Plan | undefined
  #intake: SinkIntake | undefined
  #acquisitions = 0
  #running: Promise<void> | undefined

  constructor (context: TaskContext<SinkDef>) {
    this.#context = context
    this.id = taskId(context.node.name, context.partition)
  }

  async run (): Promise<void> {
    this.#running ??= this.#loop()
    await this.#running
  }

  async close (): Promise<void> {
    if (!this.#closing.signal.aborted) {
      this.#closing.abort(new StreamsError('STR_CLOSED', { task: this.id }))
      if (this.#state === 'acquiring' || this.#state === 'running') this.#enter('closing')
      this.#wakeup.wake()
    }
    await this.#running
    if (this.#state === 'created') this.#enter('closed')
  }

  status (): TaskStatus {
    const { node, partition } = this.#context
    const offsets = new Map<string, bigint>()
    for (const [topic, mark] of this.#plan?.marks ?? []) offsets.set(topic, mark.next)
    return {
      id: this.id,
      node: node.name,
      kind: 'sink',
      partition,
      state: this.#state,
      reason: this.#reason,
      offsets,
      lag: this.#intake?.lag ?? 0n,
      acquisitions: this.#acquisitions,
      openEffects: 0
    }
  }

  async #loop (): Promise<void> {
    const { clock, options, logger } = this.#context
    for (let failures = 0; !this.#closing.signal.aborted; failures++) {
      const acquisitions = this.#acquisitions
      try {
        await this.#epoch()
      } catch (thrown) {
        const error = ensureError(thrown)
        if (this.#closing.signal.aborted) break
        this.#reason = error
        if (this.#acquisitions > acquisitions) failures = 0
        if (!isStreamsError(error) || error.disposition === 'fatal' || error.disposition === 'dead-letter') {
          logger.error({ err: error }, 'sink task stopped')
          this.#enter('failed')
          return
        }
        if (error instanceof NotOwner) break
        logger.warn({ err: error, failures }, 'sink task acquires again')
        this.#enter('acquiring')
        await clock.sleep(Math.min(options.maxBackoffMs, options.backoffMs * 2 ** Math.min(failures, 16)), this.#closing.signal).catch(() => {})
      }
    }
    this.#enter('closed')
  }

  /** From one Acquire to the end of its producer epoch. */
  async #epoch (): Promise<void> {
    const { kafka, topology, node, partition, options } = this.#context
    this.#enter('acquiring')
    const ended = new AbortController()
    const signal = AbortSignal.any([this.#closing.signal, ended.signal])
    const id = transactionalId(topology.applicationId, node.name, partition)
    const unit = kafka.openTransactions({ transactionalId: id, timeoutMs: options.transactionTimeoutMs })
    try {
      const confirm = async (): Promise<void> => await this.#context.confirm(signal).catch((error: unknown) => {
        throw isStreamsError(error, 'STR_TXN_FENCED') ? new NotOwner(error) : error
      })
      const plan = this.#plan = await acquirePlan({ ...this.#context, confirm }, unit, signal)
      await this.#settle(plan, signal, ended)
      this.#acquisitions++
      this.#reason = undefined
      this.#enter('running')
      await this.#work(unit, plan, signal, ended)
    } finally {
      ended.abort(new StreamsError('STR_CLOSED', { task: this.id }))
      unit.close()
    }
  }

  /** Proves the ranges of a plan that an earlier owner left open. */
  async #settle (plan: Plan, signal: AbortSignal, ended: AbortController): Promise<void> {
    const options = this.#landingOptions(signal)
    await together(plan.ranges, ended, async range => { await settleRange(range, async () => await this.#reread(range, signal), options) })
  }

  async #reread (range: PlannedRange, signal: AbortSignal): Promise<FrozenRows> {
    const { topic, partition, from, to, rows, hash } = range
    const records = await readRange(this.#context.kafka, range, signal)
    if (records.length !== rows || hashRecords(records) !== hash) {
      throw new StreamsError('STR_SINK_RANGE_LOST', { topic, partition, from, to, rows, found: records.length })
    }
    return await this.#context.node.target.freeze(records, { topic, partition, planFrom: from })
  }

  async #work (unit: TransactionUnit, acquired: Plan, signal: AbortSignal, ended: AbortController): Promise<void> {
    const { kafka, node, partition, clock, options } = this.#context
    const maxQueuedBytes = Math.min(options.maxQueuedBytes, Math.max(MIN_QUEUED_BYTES, Math.ceil(node.maxBytes / 4)))
    const offsets = resumeOffsets(acquired)
    const intake = this.#intake = new SinkIntake({ kafka, node, partition, clock, offsets, maxQueuedBytes, onReadable: this.#wakeup.wake })
    let plan = acquired
    let landing: Landing = { done: Promise.resolve(), landedAtMs: clock.now(), failure: undefined }
    try {
      while (true) {
        const gathered = await this.#gather(intake, plan, landing)
        const batches = gathered === undefined ? [] : await this.#freeze(gathered)
        await landing.done
        if (landing.failure !== undefined) throw landing.failure
        if (gathered === undefined && plan.ranges.length === 0) return
        plan = nextPlan(plan, partition, batches.map(batch => draftRange(batch.records)))
        await commitPlan(this.#context, unit, plan)
        this.#plan = plan
        if (gathered === undefined) return
        landing = this.#land(plan, batches, signal, ended)
      }
    } finally {
      intake.close()
      ended.abort(new StreamsError('STR_CLOSED', { task: this.id }))
      await landing.done
    }
  }

  /**
   * Waits until records are due and takes them. Nothing taken: the open plan is to be acknowledged. Undefined: the task closes.
   */
  async #gather (intake: SinkIntake, plan: Plan, landing: Landing): Promise<FetchedRecord[][] | undefined> {
    const { clock } = this.#context
    while (true) {
      if (landing.failure !== undefined) throw landing.failure
      if (this.#closing.signal.aborted) return undefined
      const nowMs = clock.now()
      let dueMs = intake.dueMs()
      if (dueMs !== undefined && dueMs <= nowMs) return intake.take()
      if (dueMs === undefined && plan.ranges.length > 0 && landing.landedAtMs !== undefined) {
        dueMs = landing.landedAtMs + ACKNOWLEDGE_MS
        if (dueMs <= nowMs) return []
      }
      const cancel = dueMs === undefined ? undefined : clock.schedule(dueMs - nowMs, this.#wakeup.wake)
      await this.#wakeup.wait()
      cancel?.()
    }
  }

  async #freeze (gathered: readonly FetchedRecord[][]): Promise<Batch[]> {
    const { node, partition } = this.#context
    const batches: Batch[] = []
    for (const records of gathered) {
      const first = records[0]
      if (first === undefined) continue
      batches.push({ records, rows: await node.target.freeze(records, { topic: first.topic, partition, planFrom: first.offset }) })
    }
    return batches
  }

  /** Starts the inserts of a committed plan. */
  #land (plan: Plan, batches: readonly Batch[], signal: AbortSignal, ended: AbortController): Landing {
    const options = this.#landingOptions(signal)
    const inserts = together(plan.ranges, ended, async (range, index) => {
      const batch = batches[index]
      if (batch === undefined) throw new StreamsError('STR_SINK_PLAN_INVALID', { topic: range.topic })
      await landRange(range, batch.rows, options)
    })
    const landing: Landing = {
      landedAtMs: undefined,
      failure: undefined,
      done: inserts.then(
        () => { landing.landedAtMs = this.#context.clock.now() },
        (error: unknown) => { landing.failure = ensureError(error) }
      ).then(this.#wakeup.wake)
    }
    return landing
  }

  #landingOptions (signal: AbortSignal): LandingOptions {
    const { node, clock, options, logger } = this.#context
    return {
      target: node.target,
      clock,
      signal,
      staleAtMs: clock.now() + STALE_MS,
      backoffMs: options.backoffMs,
      maxBackoffMs: options.maxBackoffMs,
      onTrouble: (error: Error, range: PlannedRange) => {
        this.#reason = error
        logger.warn({ err: error, topic: range.topic, from: range.from, to: range.to }, 'sink insert is repeated')
      }
    }
  }

  #enter (state: TaskState): void {
    if (this.#state === state) return
    this.#state = state
    this.#context.onState(this.status())
  }
}

/** The membership says that the task belongs to somebody else. */
class NotOwner extends StreamsError {
  constructor (cause: unknown) {
    super('STR_TXN_FENCED', { reason: 'not the owner any more' }, cause)
  }
}

/** Works on every range at once. The first failure ends the others; settles when none of them runs any more. */
async function together (
  ranges: readonly PlannedRange[], ended: AbortController, work: (range: PlannedRange, index: number) => Promise<void>
): Promise<void> {
  let failure: { readonly error: unknown } | undefined
  await Promise.all(ranges.map(async (range, index) => {
    try {
      await work(range, index)
    } catch (error) {
      failure ??= { error }
      ended.abort(error)
    }
  }))
  if (failure !== undefined) throw failure.error
}
