import { publish } from '../diagnostics.ts'
import { ensureError, isStreamsError, StreamsError } from '../errors.ts'
import { type ExceptionHandlers, type FailureOrigin, type Verdict } from '../handlers.ts'
import { type ProcessorDef, type Source } from '../processor.ts'
import { NO_HEADERS } from '../record.ts'
import { changelogPrefix, effectStore, TIMER_STORE } from '../state/changelog.ts'
import { parseExpiryKey } from '../state/expiry.ts'
import { decodeTimer } from '../time/timers.ts'
import { decodeEffect } from '../effects/row.ts'
import { type HandlerContext, type MissingRow, SUSPENDED } from './context.ts'
import { deadLetter, reasonOf, type DeadLetterTarget, type Rejected } from './dead-letter.ts'
import { type EffectItem, type Item, type RecordItem, type TimerItem } from './item.ts'
import { type Rows, type StoreRows } from './rows.ts'

export interface CycleOptions {
  readonly def: ProcessorDef
  readonly partition: number
  readonly changelog: string
  readonly rows: Rows
  readonly context: HandlerContext
  readonly deadLetters: DeadLetterTarget
  readonly handlers: ExceptionHandlers
  /** Reads a row that a handler asked for and that was not prefetched, or on where it scanned. */
  readonly load: (missing: MissingRow) => Promise<void>
  /** Waits until a global table is at the end that its topic has now. */
  readonly catchUp: (table: string) => Promise<void>
}

/** What a cycle did, beside what lies in the context and the rows. */
export interface CycleResult {
  readonly contextTimeMs: number
  readonly timers: number
  readonly effects: number
  /** Records whose type no handler names. */
  readonly passed: number
  /** For each item, how many outputs there were after it. */
  readonly outputEnds: readonly number[]
  /** Items that were handled; the others found no room in the transaction. */
  readonly handled: number
}

/** An item that failed after it was handled: the client refused one of its outputs before anything was sent. */
export interface Condemned {
  readonly error: Error
  /** Its dead letter was refused too: leave key and value out. */
  readonly isOmitted: boolean
}

/**
 * Runs items through their handlers, one after the other, each under a savepoint (A5). Synchronous, but where a handler asks for
 * a row that is not there: then it is undone, the row is loaded, and it runs again.
 */
export class Cycle {
  readonly #options: CycleOptions
  readonly #timerRows: StoreRows
  #contextTimeMs = 0
  #timers = 0
  #effects = 0
  #passed = 0

  constructor (options: CycleOptions) {
    this.#options = options
    this.#timerRows = options.rows.stores.get(TIMER_STORE) as StoreRows
  }

  /**
   * `nowMs`: broker-corrected time, for timers and effects. `condemned`: items that failed in an earlier try of this cycle, by index.
   *
   * @throws {StreamsError} with a disposition other than 'dead-letter': the cycle must be dropped.
   */
  async run (items: readonly Item[], sequence: bigint, contextTimeMs: number, nowMs: number, condemned: ReadonlyMap<number, Condemned>): Promise<CycleResult> {
    const { context, rows } = this.#options
    this.#contextTimeMs = contextTimeMs
    this.#timers = this.#effects = this.#passed = 0
    context.startCycle(sequence, nowMs)
    const outputEnds: number[] = []
    for (let index = 0; index < items.length; index++) {
      const item = items[index] as Item
      const atMs = item.kind === 'record' ? item.record.timestampMs : nowMs
      if (atMs > this.#contextTimeMs) this.#contextTimeMs = atMs
      let end = this.#attempt(item, condemned.get(index))
      for (; end === 'suspended'; end = this.#attempt(item, condemned.get(index))) {
        const { missing } = context
        if (missing === undefined) continue
        if (missing === 'scan' || 'store' in missing) await this.#options.load(missing)
        else await this.#catchUp(missing.table)
      }
      if (end === 'no-room') break
      rows.savepoint()
      outputEnds.push(context.outputs.length)
    }
    return { handled: outputEnds.length, contextTimeMs: this.#contextTimeMs, timers: this.#timers, effects: this.#effects, passed: this.#passed, outputEnds }
  }

  async #catchUp (table: string): Promise<void> {
    await this.#options.catchUp(table)
    this.#options.context.trustAbsence(table)
  }

  /** Runs one item: to its end, whatever that is, or until it waits for a row, or finds that the transaction has no room for it. */
  #attempt (item: Item, condemned: Condemned | undefined): 'ended' | 'suspended' | 'no-room' {
    const { context, rows } = this.#options
    const outputsBefore = context.outputs.length
    const failure = condemned?.error ?? this.#failureOf(item)
    context.end()
    if (failure === undefined) {
      context.keep()
      return 'ended'
    }
    rows.rollback()
    context.outputs.length = outputsBefore
    if (failure === SUSPENDED) return 'suspended'
    if (context.isShared && isStreamsError(failure, 'STR_TRANSACTION_TOO_LARGE')) return 'no-room'
    this.#reject(item, failure, condemned?.isOmitted === true)
    return 'ended'
  }

  #failureOf (item: Item): Error | undefined {
    const { context } = this.#options
    try {
      this.#dispatch(item)
    } catch (error) {
      if (context.missing === undefined) return context.failure ?? ensureError(error)
    }
    return context.missing === undefined ? context.failure : SUSPENDED
  }

  #dispatch (item: Item): void {
    switch (item.kind) {
      case 'record': return this.#record(item)
      case 'timer': return this.#timer(item)
      case 'effect': return this.#effect(item)
    }
  }

  #record (item: RecordItem): void {
    const { context, def } = this.#options
    const { record } = item
    const source: Source = { kind: 'record', topic: record.topic, partition: record.partition, offset: record.offset }
    context.begin(source, this.#contextTimeMs, record.headers)
    if (item.error !== undefined) throw item.error
    if (item.forwardTo >= 0) {
      const { topic, key, value, headers } = record
      context.outputs.push({ topic, partition: item.forwardTo, key, value, headers })
      publish('streams:record:diverted', () => ({ processor: def.name, partition: this.#options.partition, how: 'forward', reason: 'partition' }))
      return
    }
    if (item.handler === undefined || item.value === undefined) {
      this.#passed++
      return
    }
    const { topic, partition, offset, timestampMs } = record
    mustBeSynchronous(item.handler(context, item.value, { topic, partition, offset, key: item.key, timestampMs }), def.name)
  }

  #timer (item: TimerItem): void {
    const { context, def } = this.#options
    const bytes = this.#timerRows.get(item.key)
    context.begin({ kind: 'timer', key: item.key, dueMs: item.dueMs, version: 0n }, this.#contextTimeMs, NO_HEADERS)
    if (bytes === undefined) {
      context.missing = { store: this.#timerRows, key: item.key }
      throw SUSPENDED
    }
    if (bytes === null) return
    const row = decodeTimer(bytes)
    if (row.dueMs !== item.dueMs) return
    context.source = { kind: 'timer', key: item.key, dueMs: row.dueMs, version: row.version }
    context.remove(this.#timerRows, item.key)
    const expired = parseExpiryKey(item.key)
    if (expired !== undefined) return this.#expire(expired.store, expired.key)
    mustBeSynchronous(def.onTimer?.(context, { key: item.key, dueMs: row.dueMs, payload: row.payload }), def.name)
    this.#timers++
  }

  /** The time of a row is over. A store that no longer lets its rows end keeps it. */
  #expire (store: string, key: string): void {
    const { context, def, rows } = this.#options
    const stored = def.stores.find(({ name }) => name === store)
    if (stored?.ttlMs !== undefined) context.remove(rows.stores.get(store) as StoreRows, key)
  }

  #effect (item: EffectItem): void {
    const { context, def } = this.#options
    const { effect, row } = item
    context.begin({ kind: 'effect', effect: effect.name, key: row.key, idempotencyKey: row.idempotencyKey }, this.#contextTimeMs, NO_HEADERS)
    const store = this.#effectRows(item)
    const open = store.get(row.key)
    if (open === null || open === undefined || decodeEffect(open).idempotencyKey !== row.idempotencyKey) return
    context.remove(store, row.key)
    mustBeSynchronous(effect.finish(context, row, item.outcome), def.name)
    this.#effects++
  }

  #effectRows (item: EffectItem): StoreRows {
    return this.#options.rows.stores.get(effectStore(item.effect.name)) as StoreRows
  }

  /** The end of an item that failed: its dead letter, unless an exception handler says otherwise (R7). */
  #reject (item: Item, thrown: Error, isOmitted: boolean): void {
    if (isStreamsError(thrown) && thrown.disposition !== 'dead-letter') throw thrown
    const { context, def, partition } = this.#options
    const error = isStreamsError(thrown) ? thrown : new StreamsError('STR_HANDLER_FAILED', { processor: def.name, kind: item.kind }, thrown)
    const origin = this.#origin(item)
    const verdict = this.#verdict(item, error, origin)
    if (verdict === 'fail') throw new StreamsError('STR_STOPPED_BY_HANDLER', { ...origin, reason: error.code }, thrown)
    if (verdict === 'dead-letter') context.outputs.push(deadLetter(this.#options.deadLetters, this.#original(item), error, origin, this.#contextTimeMs, isOmitted))
    if (item.kind === 'timer') context.remove(this.#timerRows, item.key)
    if (item.kind === 'effect') context.remove(this.#effectRows(item), item.row.key)
    publish('streams:record:diverted', () => ({ processor: def.name, partition, how: verdict, reason: reasonOf(error) }))
  }

  #verdict (item: Item, error: StreamsError, origin: FailureOrigin): Verdict {
    const { handlers } = this.#options
    try {
      if (item.kind === 'record' && item.error !== undefined) return handlers.deserialization(error, origin)
      return error.code === 'STR_OUTPUT_TOO_LARGE' ? handlers.production(error, origin) : handlers.processing(error, origin)
    } catch {
      return 'fail'
    }
  }

  #origin (item: Item): FailureOrigin {
    const { def, partition, changelog } = this.#options
    const { topic, offset } = item.kind === 'record' ? item.record : { topic: changelog, offset: -1n }
    return { processor: def.name, kind: item.kind, topic, partition, offset }
  }

  #original (item: Item): Rejected {
    if (item.kind === 'record') return item.record
    if (item.kind === 'timer') {
      const row = this.#timerRows.get(item.key)
      return { key: Buffer.from(changelogPrefix(TIMER_STORE) + item.key), value: row ?? null, headers: NO_HEADERS }
    }
    const store = this.#effectRows(item)
    return { key: Buffer.from(store.prefix + item.row.key), value: store.get(item.row.key) ?? null, headers: NO_HEADERS }
  }
}

/** A handler that returns a promise would go on after its cycle: refuse it the first time. */
function mustBeSynchronous (result: unknown, processor: string): void {
  if (typeof result !== 'object' || result === null || !('then' in result)) return
  throw new StreamsError('STR_TOPOLOGY_INVALID', { processor, reason: 'a handler returned a promise: handlers are synchronous' })
}
