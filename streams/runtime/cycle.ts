import { type Logger, publish } from '../diagnostics.ts'
import { ensureError, isStreamsError } from '../errors.ts'
import { type ExceptionHandlers, type Retry } from '../handlers.ts'
import { type EventTarget, eventRecord, type ParkingEvent, type Rehearsal } from '../parking/event.ts'
import { KeyOrder } from '../parking/key-order.ts'
import { OrderingKeys } from '../parking/ordering-key.ts'
import { type ParkedKeys } from '../parking/parked-keys.ts'
import { type ProcessorDef } from '../processor.ts'
import { type FetchedRecord, NO_HEADERS } from '../record.ts'
import { type HandlerContext, type MissingRow, SUSPENDED } from './context.ts'
import { type DeadLetterTarget } from './dead-letter.ts'
import { Dispatcher } from './dispatcher.ts'
import { Failures } from './failures.ts'
import { type CommandItem, type DropItem, isInput, type Item, type WaitingItem } from './item.ts'
import { Letters } from './letters.ts'
import { type Moment } from './moment.ts'
import { Operator } from './operator.ts'
import { rehearse } from './rehearse.ts'
import { type Rows } from './rows.ts'

export interface CycleOptions {
  readonly def: ProcessorDef
  readonly partition: number
  readonly changelog: string
  readonly rows: Rows
  readonly context: HandlerContext
  readonly parked: ParkedKeys
  readonly deadLetters: DeadLetterTarget
  /** Where operators are told of parked keys; undefined = nowhere. */
  readonly events: EventTarget | undefined
  readonly handlers: ExceptionHandlers
  readonly compensationRetry: Retry
  readonly compensationAlarmAfter: number
  readonly logger: Logger
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
  readonly #moment: Moment = { contextTimeMs: 0, nowMs: 0 }
  readonly #letters: Letters
  readonly #dispatcher: Dispatcher
  readonly #failures: Failures
  readonly #operator: Operator

  constructor (options: CycleOptions) {
    this.#options = options
    const { def, partition, changelog, rows, context, parked, events, handlers, compensationRetry, compensationAlarmAfter: alarmAfter, logger } = options
    const moment = this.#moment
    const task = { processor: def.name, partition }
    const tell = (event: ParkingEvent): void => {
      if (events !== undefined) context.outputs.push(eventRecord(events, task, event, moment.contextTimeMs))
    }
    const keys = new OrderingKeys(def)
    const order = new KeyOrder({ task, parked, moment, tell })
    const letters = this.#letters = new Letters({ ...task, changelog, rows, outputs: context.outputs, target: options.deadLetters, moment })
    this.#dispatcher = new Dispatcher({ def, partition, rows, context, letters, order, keys, moment })
    this.#failures = new Failures({ def, partition, handlers, rows, letters, order, keys, moment, compensationRetry, alarmAfter, logger })
    this.#operator = new Operator({ task, parked, order, letters, tell })
  }

  /**
   * `nowMs`: broker-corrected time, for timers and effects. `condemned`: items that failed in an earlier try of this cycle, by index.
   *
   * @throws {StreamsError} with a disposition other than 'dead-letter': the cycle must be dropped.
   */
  async run (items: readonly Item[], sequence: bigint, contextTimeMs: number, nowMs: number, condemned: ReadonlyMap<number, Condemned>): Promise<CycleResult> {
    const { context, rows } = this.#options
    const moment = this.#moment
    moment.contextTimeMs = contextTimeMs
    moment.nowMs = nowMs
    this.#dispatcher.startCycle()
    context.startCycle(sequence, nowMs)
    const outputEnds: number[] = []
    for (let index = 0; index < items.length; index++) {
      const item = items[index] as Item
      const atMs = isInput(item) ? item.record.timestampMs : nowMs
      if (atMs > moment.contextTimeMs) moment.contextTimeMs = atMs
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
    const { timers, effects, passed } = this.#dispatcher
    return { contextTimeMs: moment.contextTimeMs, timers, effects, passed, outputEnds, handled: outputEnds.length }
  }

  async #catchUp (table: string): Promise<void> {
    await this.#options.catchUp(table)
    this.#options.context.trustAbsence(table)
  }

  /** Runs one item: to its end, whatever that is, or until it waits for a row, or finds that the transaction has no room for it. */
  #attempt (item: Item, condemned: Condemned | undefined): 'ended' | 'suspended' | 'no-room' {
    const { context, rows } = this.#options
    const outputsBefore = context.outputs.length
    const failure = this.#failureOf(item, condemned)
    context.end()
    this.#tell(item, failure)
    if (failure === undefined) {
      context.keep()
      return 'ended'
    }
    rows.rollback()
    context.outputs.length = outputsBefore
    if (failure === SUSPENDED) return 'suspended'
    if (context.isShared && isStreamsError(failure, 'STR_TRANSACTION_TOO_LARGE')) return 'no-room'
    // What the runtime does itself fails for reasons of its own only.
    if (item.kind !== 'record' && item.kind !== 'timer' && item.kind !== 'effect') throw failure
    this.#failures.end(item, failure, condemned?.isOmitted === true)
    return 'ended'
  }

  #tell (item: Item, failure: Error | undefined): void {
    publish('streams:input:ended', () => {
      const { processor, partition } = this.#options.context.task
      const how = failure === undefined ? 'handled' : failure === SUSPENDED ? 'again' : 'failed'
      const key = item.kind === 'record' || item.kind === 'timer' ? item.key : item.kind === 'effect' ? item.row.key : ''
      return { processor, partition, how, key, value: item.kind === 'record' ? item.value : undefined, error: how === 'failed' ? failure : undefined }
    })
  }

  #failureOf (item: Item, condemned: Condemned | undefined): Error | undefined {
    const { context } = this.#options
    try {
      if (item.kind === 'command') this.#obey(item, condemned !== undefined)
      else if (item.kind === 'drop') this.#drop(item, condemned !== undefined)
      else this.#dispatcher.dispatch(item, condemned?.error)
    } catch (error) {
      if (context.missing === undefined) return context.failure ?? ensureError(error)
    }
    return context.missing === undefined ? context.failure : SUSPENDED
  }

  #obey (item: CommandItem, isReportRefused: boolean): void {
    const rehearsals = isReportRefused ? [] : this.#rehearse(item)
    this.#begin(item.record)
    this.#operator.obey(item.command, rehearsals)
  }

  #drop (item: DropItem, isLetterRefused: boolean): void {
    this.#begin(item.entry.kind === 'record' ? item.entry.record : undefined)
    this.#operator.drop(item, isLetterRefused)
  }

  /** Tries what a dry run would redrive. */
  #rehearse ({ trials }: CommandItem): Rehearsal[] {
    const { rows, context, parked, events } = this.#options
    const attempt = (item: WaitingItem): Error | undefined => {
      const failure = this.#failureOf(item, undefined)
      context.end()
      if (failure === SUSPENDED) throw failure
      return failure
    }
    const options = { rows, outputs: context.outputs, parked, letters: this.#letters, moment: this.#moment, eventTopic: events?.topic, attempt }
    const rehearsals = trials.map(trial => rehearse(trial, options))
    this.#dispatcher.startCycle()
    return rehearsals
  }

  /** What follows is the work of the runtime itself. */
  #begin (record: FetchedRecord | undefined): void {
    const { topic = '', partition = 0, offset = -1n } = record ?? {}
    this.#options.context.begin({ kind: 'record', topic, partition, offset }, this.#moment.contextTimeMs, NO_HEADERS)
  }
}
