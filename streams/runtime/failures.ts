import { type Logger, publish } from '../diagnostics.ts'
import { decodeEffect } from '../effects/row.ts'
import { isStreamsError, StreamsError } from '../errors.ts'
import { type ExceptionHandlers, type FailureOrigin, isRetry, type Retry, type Verdict } from '../handlers.ts'
import { type Entry } from '../parking/entry.ts'
import { type Ending, endingOf, retryDelayMs } from '../parking/ending.ts'
import { type Failed, type KeyOrder } from '../parking/key-order.ts'
import { type LaneRef } from '../parking/lane.ts'
import { type OrderingKeys } from '../parking/ordering-key.ts'
import { type ProcessorDef } from '../processor.ts'
import { headerText } from '../record.ts'
import { effectStore, TIMER_STORE } from '../state/changelog.ts'
import { decodeTimer } from '../time/timers.ts'
import { messageOf, reasonOf } from './dead-letter.ts'
import { type EffectItem, type RecordItem, type TimerItem } from './item.ts'
import { type Letters } from './letters.ts'
import { type Moment } from './moment.ts'
import { type Rows, type StoreRows } from './rows.ts'
import { setAside } from './set-aside.ts'

/** An item that the code of the processor handles. */
export type HandledItem = RecordItem | TimerItem | EffectItem

export interface FailuresOptions {
  readonly def: ProcessorDef
  readonly partition: number
  readonly handlers: ExceptionHandlers
  readonly rows: Rows
  readonly letters: Letters
  readonly order: KeyOrder
  readonly keys: OrderingKeys
  readonly moment: Moment
  /** How compensations are tried again, for ever. */
  readonly compensationRetry: Retry
  /** Failures of a compensation after which somebody is told, and again after as many. */
  readonly alarmAfter: number
  readonly logger: Logger
}

/** What an input caused finds no room: one output or row of it, or all of them together. */
const TOO_LARGE: ReadonlySet<string> = new Set(['STR_OUTPUT_TOO_LARGE', 'STR_TRANSACTION_TOO_LARGE'])

/** Decides what becomes of an input that failed, once all that it did is undone, and does it in the running cycle (R6, R7). */
export class Failures {
  readonly #options: FailuresOptions

  constructor (options: FailuresOptions) {
    this.#options = options
  }

  /**
   * `isOmitted`: its dead letter was refused; leave key and value out.
   *
   * @throws {StreamsError} what was thrown, when it is no failure of the input; STR_STOPPED_BY_HANDLER; STR_PARKED_TOO_MANY
   */
  end (item: HandledItem, thrown: Error, isOmitted: boolean): void {
    if (isStreamsError(thrown) && thrown.disposition !== 'dead-letter') throw thrown
    const { def, partition, letters, order } = this.#options
    const error = isStreamsError(thrown) ? thrown : new StreamsError('STR_HANDLER_FAILED', { processor: def.name, kind: item.kind }, thrown)
    const entry = letters.entryOf(item)
    const origin = letters.originOf(entry, this.#failuresOf(item) + 1)
    const ref = this.#refOf(item)
    const ending = this.#endingOf(item, error, origin, ref)
    const reason = reasonOf(error)
    if (ending.kind === 'fail') throw new StreamsError('STR_STOPPED_BY_HANDLER', { ...origin, reason: error.code }, thrown)
    if (ending.kind === 'dead-letter' || ending.kind === 'park') letters.write(entry, error, origin, { isOmitted, parkedKey: ending.kind === 'park' ? ref.key : undefined })
    const waited = item.kind === 'effect' ? undefined : item.waited
    if (ending.kind === 'park' || ending.kind === 'retry') this.#park(ref, ending, { entry, waited, origin, reason, message: messageOf(error) })
    else {
      letters.remove(entry)
      if (waited !== undefined) order.leave(waited)
    }
    publish('streams:record:diverted', () => ({ processor: def.name, partition, how: ending.kind, reason }))
  }

  #endingOf (item: HandledItem, error: StreamsError, origin: FailureOrigin, ref: LaneRef): Ending {
    const { def, compensationRetry } = this.#options
    const isElsewhere = item.kind === 'record' && item.forwardTo >= 0
    const isHopeless = isUnreadable(item) || isElsewhere || error.code === 'STR_RECORD_REFUSED'
    const failure = { isHopeless, compensates: ref.lane === 'compensation', parks: def.parking === 'key', attempts: origin.attempts }
    return endingOf({ ...failure, verdict: this.#verdict(item, error, origin) }, compensationRetry)
  }

  #verdict (item: HandledItem, error: StreamsError, origin: FailureOrigin): Verdict {
    const handler = isUnreadable(item) ? 'deserialization' : TOO_LARGE.has(error.code) ? 'production' : 'processing'
    try {
      const verdict = this.#options.handlers[handler](error, origin)
      return typeof verdict === 'string' || isRetry(verdict) ? verdict : 'fail'
    } catch {
      return 'fail'
    }
  }

  #park (ref: LaneRef, ending: Ending, failed: Failed): void {
    const { def, partition, rows, order, moment, alarmAfter, logger } = this.#options
    const { entry, origin: { attempts, topic, offset }, reason, message } = failed
    const retry = ending.kind === 'retry' ? ending.retry : undefined
    const isStuck = retry !== undefined && ref.lane === 'compensation' && attempts % alarmAfter === 0
    const dueMs = retry === undefined ? undefined : moment.nowMs + retryDelayMs(ref.key, attempts, retry)
    setAside(rows, entry, attempts)
    order.park(ref, { dueMs, isTold: retry === undefined || isStuck }, failed)
    const details = { topic, offset: String(offset), attempts, reason, message, ...traceOf(entry) }
    if (retry === undefined) logger.warn(details, 'a key is parked until its dead letter is redriven or discarded')
    if (!isStuck) return
    logger.error(details, 'a compensation fails again and again: it is tried on, somebody should look at it')
    publish('streams:parking:stuck', () => ({ processor: def.name, partition, attempts, reason, topic, offset }))
  }

  #failuresOf (item: HandledItem): number {
    if (item.kind !== 'effect') return this.#options.order.failureOf(item.waited)?.attempts ?? 0
    return decodeEffect(this.#store(effectStore(item.effect.name)).get(item.row.key) as Buffer).failures
  }

  #refOf (item: HandledItem): LaneRef {
    const { keys } = this.#options
    if (item.kind === 'effect') return keys.ofEffect(item.effect.name, item.row.key)
    if (item.waited !== undefined) return { lane: item.waited.lane, key: item.waited.key }
    if (item.kind === 'timer') return keys.ofTimer({ ...decodeTimer(this.#store(TIMER_STORE).get(item.key) as Buffer), key: item.key })
    return keys.ofRecord(item.record.topic, item.value, item.key)
  }

  #store (name: string): StoreRows {
    return this.#options.rows.stores.get(name) as StoreRows
  }
}

/** The trace of a record that failed, for its lines in the log. @source W3C Trace Context: version-traceId-parentId-flags */
function traceOf (entry: Entry): { readonly traceId?: string } {
  const traceId = entry.kind === 'record' ? headerText(entry.record.headers, 'traceparent')?.split('-')[1] : undefined
  return traceId === undefined ? {} : { traceId }
}

/** Nobody can make anything of its bytes; what was too large to wait is still readable at its origin. */
function isUnreadable (item: HandledItem): boolean {
  return item.kind === 'record' && item.error !== undefined && (item.waited?.omittedBytes ?? 0) === 0
}
