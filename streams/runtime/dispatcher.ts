import { publish } from '../diagnostics.ts'
import { decodeEffect } from '../effects/row.ts'
import { StreamsError } from '../errors.ts'
import { type KeyOrder } from '../parking/key-order.ts'
import { type OrderingKeys } from '../parking/ordering-key.ts'
import { type ProcessorDef, type Source } from '../processor.ts'
import { NO_HEADERS } from '../record.ts'
import { effectStore, TIMER_STORE } from '../state/changelog.ts'
import { parseExpiryKey } from '../state/expiry.ts'
import { decodeTimer } from '../time/timers.ts'
import { type HandlerContext, SUSPENDED } from './context.ts'
import { type AgainItem, type EffectItem, type RecordItem, type TimerItem } from './item.ts'
import { type Letters } from './letters.ts'
import { type Moment } from './moment.ts'
import { type Rows, type StoreRows } from './rows.ts'
import { setAside, takeUp } from './set-aside.ts'

export interface DispatcherOptions {
  readonly def: ProcessorDef
  readonly partition: number
  readonly rows: Rows
  readonly context: HandlerContext
  readonly letters: Letters
  readonly order: KeyOrder
  readonly keys: OrderingKeys
  readonly moment: Moment
}

/**
 * Hands one input to the code of the processor, unless it has to wait for its key; throws what that throws. `failure`: what an earlier
 * try of the cycle found out about it, to be thrown in place of handling it again.
 */
export class Dispatcher {
  timers = 0
  effects = 0
  /** Records whose type no handler names. */
  passed = 0
  readonly #options: DispatcherOptions
  readonly #timerRows: StoreRows

  constructor (options: DispatcherOptions) {
    this.#options = options
    this.#timerRows = options.rows.stores.get(TIMER_STORE) as StoreRows
  }

  startCycle (): void {
    this.timers = this.effects = this.passed = 0
  }

  dispatch (item: RecordItem | TimerItem | EffectItem | AgainItem, failure: Error | undefined): void {
    switch (item.kind) {
      case 'record': return this.#record(item, failure)
      case 'timer': return this.#timer(item, failure)
      case 'effect': return this.#effect(item, failure)
      case 'again': return this.#again(item)
    }
  }

  #record (item: RecordItem, failure: Error | undefined): void {
    const { context, def, order, moment } = this.#options
    const { record, waited } = item
    const source: Source = { kind: 'record', topic: record.topic, partition: record.partition, offset: record.offset }
    context.begin(source, waited?.atMs ?? moment.contextTimeMs, record.headers)
    if (waited === undefined) {
      if (!order.isEmpty && this.#holdsRecord(item)) return
    } else if (!order.isTurn(waited)) return
    if (failure !== undefined) throw failure
    if (item.error !== undefined) throw item.error
    if (item.forwardTo >= 0) this.#forward(item)
    else if (item.handler === undefined || item.value === undefined) this.passed++
    else {
      const { topic, partition, offset, timestampMs } = record
      mustBeSynchronous(item.handler(context, item.value, { topic, partition, offset, key: item.key, timestampMs }), def.name)
    }
    if (waited !== undefined) order.handled(waited)
  }

  /** Only what a handler would see has a place in the order of its key. */
  #holdsRecord (item: RecordItem): boolean {
    const { order, keys, letters } = this.#options
    if (item.handler === undefined || item.error !== undefined || item.forwardTo >= 0) return false
    return order.holds(keys.ofRecord(item.record.topic, item.value, item.key), () => letters.entryOf(item))
  }

  #forward ({ record, forwardTo }: RecordItem): void {
    const { context, def, partition } = this.#options
    const { topic, key, value, headers } = record
    context.outputs.push({ topic, partition: forwardTo, key, value, headers })
    publish('streams:record:diverted', () => ({ processor: def.name, partition, how: 'forward', reason: 'partition' }))
  }

  #timer (item: TimerItem, failure: Error | undefined): void {
    const { context, def, order, moment } = this.#options
    const { key, dueMs, waited } = item
    const bytes = this.#timerRows.get(key)
    context.begin({ kind: 'timer', key, dueMs, version: 0n }, moment.contextTimeMs, NO_HEADERS)
    if (bytes === undefined) {
      context.missing = { store: this.#timerRows, key }
      throw SUSPENDED
    }
    if (waited !== undefined && !order.isTurn(waited)) return
    const row = bytes === null ? undefined : decodeTimer(bytes)
    const isMeant = row?.dueMs === dueMs && row.isWaiting === (waited !== undefined) && (waited === undefined || waited.version === row.version)
    if (isMeant) {
      const { version, payload } = row
      const expired = parseExpiryKey(key)
      if (expired !== undefined) return this.#expire(key, expired)
      if (waited === undefined && !order.isEmpty && this.#holdsTimer(item, payload)) return
      if (failure !== undefined) throw failure
      context.source = { kind: 'timer', key, dueMs, version }
      context.remove(this.#timerRows, key)
      mustBeSynchronous(def.onTimer?.(context, { key, dueMs, payload }), def.name)
      this.timers++
    }
    if (waited === undefined) return
    if (isMeant) order.handled(waited)
    else order.leave(waited)
  }

  /** The time of a row is over, whether its key waits or not. A store that no longer lets its rows end keeps it. */
  #expire (timer: string, { store, key }: { readonly store: string, readonly key: string }): void {
    const { context, def, rows } = this.#options
    context.remove(this.#timerRows, timer)
    const stored = def.stores.find(({ name }) => name === store)
    if (stored?.ttlMs !== undefined) context.remove(rows.stores.get(store) as StoreRows, key)
  }

  #holdsTimer (item: TimerItem, payload: string): boolean {
    const { order, keys, letters, rows } = this.#options
    const entry = letters.entryOf(item)
    if (!order.holds(keys.ofTimer({ key: item.key, dueMs: item.dueMs, payload }), () => entry)) return false
    setAside(rows, entry, 0)
    return true
  }

  #effect (item: EffectItem, failure: Error | undefined): void {
    const { context, def, moment, rows } = this.#options
    const { effect, row } = item
    context.begin({ kind: 'effect', effect: effect.name, key: row.key, idempotencyKey: row.idempotencyKey }, moment.contextTimeMs, item.trace)
    const store = rows.stores.get(effectStore(effect.name)) as StoreRows
    const open = store.get(row.key)
    if (open === null || open === undefined) return
    const { idempotencyKey, isStopped } = decodeEffect(open)
    if (isStopped || idempotencyKey !== row.idempotencyKey) return
    if (failure !== undefined) throw failure
    context.remove(store, row.key)
    mustBeSynchronous(effect.finish(context, row, item.outcome), def.name)
    this.effects++
  }

  #again ({ entry, waited }: AgainItem): void {
    const { context, moment, order, rows } = this.#options
    const { effect, key, idempotencyKey } = entry
    context.begin({ kind: 'effect', effect, key, idempotencyKey }, moment.contextTimeMs, NO_HEADERS)
    if (!order.isTurn(waited)) return
    takeUp(rows, entry)
    order.handled(waited)
  }
}

/** A handler that returns a promise would go on after its cycle: refuse it the first time. */
function mustBeSynchronous (result: unknown, processor: string): void {
  if (typeof result !== 'object' || result === null || !('then' in result)) return
  throw new StreamsError('STR_TOPOLOGY_INVALID', { processor, reason: 'a handler returned a promise: handlers are synchronous' })
}
