import { publish, type TraceCarrier } from '../diagnostics.ts'
import { ensureError, isStreamsError, StreamsError } from '../errors.ts'
import { type EffectDef, type EffectOutcome, type EffectRow } from '../processor.ts'
import { NO_HEADERS, type RecordHeader } from '../record.ts'
import { type EffectItem } from '../runtime/item.ts'
import { type Clock } from '../time/clock.ts'
import { effectBackoffMs, effectStep, type EffectStep } from './repeat-rule.ts'
import { decodeEffect } from './row.ts'

const DEFAULT_TIMEOUT_MS = 10_000
const DEFAULT_CONCURRENCY = 32

export interface EffectRunnerOptions {
  readonly effects: readonly EffectDef[]
  readonly processor: string
  readonly partition: number
  readonly clock: Clock
  /** Broker-corrected time, epoch ms. */
  readonly now: () => number
  /** An outcome is there, or `failure` is set. */
  readonly onFinished: () => void
}

/** waiting → calling → finished; waiting again after a backoff. Removed when its row is. */
interface Entry extends TraceCarrier {
  readonly lane: Lane
  readonly key: string
  readonly idempotencyKey: string
  readonly acceptedAtMs: number
  readonly bytes: Buffer
  wasCalled: boolean
  /** Since when nobody waits for the last call that may have been made, epoch ms. */
  doubtedAtMs: number
  attempt: number
  state: 'waiting' | 'calling' | 'backing-off' | 'finished'
  /** Its row is gone. */
  isEnded: boolean
  /** Ends the call or lookup that is under way. */
  asked: AbortController | undefined
  cancelBackoff: (() => void) | undefined
}

interface Lane { readonly effect: EffectDef, readonly entries: Map<string, Entry>, readonly queue: Entry[], calling: number }

/**
 * Calls the open effects of one task, each effect with bounded concurrency.
 *
 * It outlives an acquisition: a call in flight when the epoch ends is still awaited when its row is found again (`reconcile`), so
 * an at-most-once effect is not in doubt for that. Between two acquisitions nothing new is called (`pause`).
 */
export class EffectRunner {
  readonly #options: EffectRunnerOptions
  readonly #lanes = new Map<string, Lane>()
  #finished: Array<{ readonly entry: Entry, readonly item: EffectItem }> = []
  #paused = true
  #failure: Error | undefined

  constructor (options: EffectRunnerOptions) {
    this.#options = options
    for (const effect of options.effects) this.#lanes.set(effect.name, { effect, entries: new Map(), queue: [], calling: 0 })
  }

  /** Set when a stored request cannot be read: the task must stop. */
  get failure (): Error | undefined { return this.#failure }

  get hasFinished (): boolean { return this.#finished.length > 0 }

  /** Rows without a committed finish. */
  get openRows (): number {
    let rows = 0
    for (const lane of this.#lanes.values()) rows += lane.entries.size
    return rows
  }

  /** Calls that wait for an answer. */
  get calling (): number {
    let calling = 0
    for (const lane of this.#lanes.values()) calling += lane.calling
    return calling
  }

  /** Rows of an effect that were written by a committed cycle: accepted, or null = finished; and the trace context of who accepted them. */
  committed (
    effect: string, rows: Iterable<readonly [key: string, row: Buffer | null]>, traceOf: (key: string) => readonly RecordHeader[] = () => NO_HEADERS
  ): void {
    for (const [key, row] of rows) {
      this.remove(effect, key)
      if (row !== null) this.#add(this.#lanes.get(effect) as Lane, key, row, { wasCalled: false, trace: traceOf(key) })
    }
  }

  /** The row is gone. */
  remove (effect: string, key: string): void {
    const lane = this.#lanes.get(effect)
    const entry = lane?.entries.get(key)
    if (lane === undefined || entry === undefined) return
    lane.entries.delete(key)
    entry.cancelBackoff?.()
    entry.isEnded = true
    entry.asked?.abort()
  }

  /** Starts no further calls. */
  pause (): void {
    this.#paused = true
  }

  /**
   * After Acquire: `rows` are the open rows of the effect. What this runner already has in hand goes on; the rest may have been called.
   * Rows that are stopped (their finish failed and their key is parked) are left alone, here as in `committed`.
   */
  reconcile (effect: string, rows: ReadonlyArray<readonly [key: string, value: Buffer]>): void {
    const lane = this.#lanes.get(effect) as Lane
    const present = new Map(rows)
    for (const [key, entry] of lane.entries) {
      // The finish may have been committed and have opened the next effect under the same key: what is in hand is not its outcome.
      if (present.get(key)?.equals(entry.bytes) !== true) this.remove(effect, key)
    }
    for (const [key, bytes] of rows) if (!lane.entries.has(key)) this.#add(lane, key, bytes, { wasCalled: true, trace: NO_HEADERS })
  }

  resume (): void {
    this.#paused = false
    for (const lane of this.#lanes.values()) this.#pump(lane)
  }

  /** Outcomes whose rows are still open, at most `max`. */
  takeFinished (max: number): EffectItem[] {
    if (this.#finished.length === 0) return []
    const taken = this.#finished.splice(0, max)
    return taken.filter(({ entry }) => entry.lane.entries.get(entry.key) === entry).map(({ item }) => item)
  }

  /** Gives back what was taken and not committed. */
  giveBack (items: readonly EffectItem[]): void {
    for (const item of items) {
      const entry = this.#lanes.get(item.effect.name)?.entries.get(item.row.key)
      const { idempotencyKey, acceptedAtMs } = item.row
      if (entry?.idempotencyKey === idempotencyKey && entry.acceptedAtMs === acceptedAtMs) this.#finished.push({ entry, item })
    }
  }

  /** Aborts every call. */
  close (): void {
    this.#paused = true
    for (const [name, lane] of this.#lanes) for (const key of [...lane.entries.keys()]) this.remove(name, key)
    this.#finished = []
  }

  #add (lane: Lane, key: string, bytes: Buffer, { wasCalled, trace }: Pick<Entry, 'wasCalled' | 'trace'>): void {
    const { idempotencyKey, acceptedAtMs, failures, isStopped } = decodeEffect(bytes)
    if (isStopped) return
    const entry: Entry = {
      lane,
      key,
      idempotencyKey,
      acceptedAtMs,
      bytes: Buffer.from(bytes),
      wasCalled: wasCalled || failures > 0,
      doubtedAtMs: this.#options.now(),
      attempt: 0,
      state: 'waiting',
      isEnded: false,
      asked: undefined,
      cancelBackoff: undefined,
      trace
    }
    lane.entries.set(key, entry)
    lane.queue.push(entry)
    this.#pump(lane)
  }

  #requeue (entry: Entry): void {
    entry.state = 'waiting'
    entry.lane.queue.push(entry)
    this.#pump(entry.lane)
  }

  #pump (lane: Lane): void {
    const limit = lane.effect.concurrency ?? DEFAULT_CONCURRENCY
    while (!this.#paused && lane.calling < limit) {
      const entry = lane.queue.shift()
      if (entry === undefined) return
      if (entry.isEnded || entry.state !== 'waiting') continue
      entry.state = 'calling'
      lane.calling++
      this.#run(entry).catch((error: unknown) => {
        this.#failure ??= ensureError(error)
        this.#options.onFinished()
      }).finally(() => {
        lane.calling--
        this.#pump(lane)
      })
    }
  }

  async #run (entry: Entry): Promise<void> {
    const { effect } = entry.lane
    const { key, idempotencyKey, acceptedAtMs } = entry
    const started = performance.now()
    entry.attempt++
    try {
      const row: EffectRow = { key, idempotencyKey, acceptedAtMs, request: await requestOf(effect, entry.bytes) }
      const step = this.#step(entry)
      const outcome = step === 'unknown' ? IN_DOUBT : await this.#answer(entry, row, step)
      this.#report(entry, outcome.kind, started)
      this.#finish(entry, row, outcome)
    } catch (error) {
      if (isStreamsError(error, 'STR_CHANGELOG_UNREADABLE')) throw error
      this.#report(entry, 'rejected', started)
      if (entry.isEnded) return
      entry.state = 'backing-off'
      // What may no longer be repeated ends at once, the next time without a call.
      const waitMs = this.#step(entry) === 'unknown' ? 0 : effectBackoffMs(entry.attempt)
      entry.cancelBackoff = this.#options.clock.schedule(waitMs, () => { this.#requeue(entry) })
    }
  }

  #step (entry: Entry): EffectStep {
    return effectStep(entry.lane.effect, entry.wasCalled, this.#options.now() - entry.acceptedAtMs)
  }

  /** The outcome of a call, or what a lookup finds. One that finds nothing leads to a call when no earlier one can still be under way. */
  async #answer (entry: Entry, row: EffectRow, step: 'call' | 'lookup'): Promise<EffectOutcome> {
    const { effect } = entry.lane
    const { lookup, settleMs = effect.timeoutMs ?? DEFAULT_TIMEOUT_MS } = effect
    if (step === 'lookup' && lookup !== undefined) {
      const isSettled = this.#options.now() - entry.doubtedAtMs >= settleMs
      const found = await this.#ask(entry, signal => lookup.call(effect, row, signal))
      if (found !== null) return found
      if (!isSettled) throw new Error('an earlier call may still be carried out')
    }
    entry.wasCalled = true
    try {
      return await this.#ask(entry, signal => effect.call(row, signal))
    } finally {
      entry.doubtedAtMs = this.#options.now()
    }
  }

  #finish (entry: Entry, row: EffectRow, outcome: EffectOutcome): void {
    if (entry.isEnded) return
    entry.state = 'finished'
    this.#finished.push({ entry, item: { kind: 'effect', effect: entry.lane.effect, row, outcome, trace: entry.trace } })
    this.#options.onFinished()
  }

  /**
   * One call or lookup, ended by its timeout or when its row goes, whether it listens to its signal or not. Nothing is asked for a row that is gone.
   * One controller, and nobody aborts it when all goes well: an abort builds an error with its stack.
   */
  async #ask<Answer> (entry: Entry, ask: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    if (entry.isEnded) throw new Error('its row is gone')
    const timeoutMs = entry.lane.effect.timeoutMs ?? DEFAULT_TIMEOUT_MS
    const controller = entry.asked = new AbortController()
    const { signal } = controller
    const stopped = Promise.withResolvers<never>()
    const onAbort = (): void => { stopped.reject(ensureError(signal.reason)) }
    signal.addEventListener('abort', onAbort, { once: true })
    const cancel = this.#options.clock.schedule(timeoutMs, () => { controller.abort(new Error(`no answer within ${timeoutMs} ms`)) })
    try {
      return await Promise.race([ask(signal), stopped.promise])
    } finally {
      cancel()
      entry.asked = undefined
      signal.removeEventListener('abort', onAbort)
    }
  }

  #report (entry: Entry, outcome: string, started: number): void {
    const { processor, partition } = this.#options
    const { lane, attempt } = entry
    publish('streams:effect:called', () => ({ processor, partition, effect: lane.effect.name, outcome, attempt, tookMs: performance.now() - started, carrier: entry }))
  }
}

const IN_DOUBT: EffectOutcome = { kind: 'unknown', message: 'it may have been called before, its key is no longer known, and it cannot be looked up' }

/** @throws {StreamsError} STR_CHANGELOG_UNREADABLE: an open effect that cannot be read must not be passed over. */
async function requestOf (effect: EffectDef, bytes: Buffer): Promise<unknown> {
  const { request } = decodeEffect(bytes)
  try {
    await effect.request.prepare?.(request)
    return effect.request.decode(request)
  } catch (error) {
    if (isStreamsError(error) && error.disposition === 'retry') throw error
    throw new StreamsError('STR_CHANGELOG_UNREADABLE', { record: 'effect', effect: effect.name }, error)
  }
}
