import { decodeEffect } from '../effects/row.ts'
import { type FailureOrigin } from '../handlers.ts'
import { type Entry } from '../parking/entry.ts'
import { NO_HEADERS, type OutgoingRecord } from '../record.ts'
import { effectStore, TIMER_STORE } from '../state/changelog.ts'
import { decodeTimer } from '../time/timers.ts'
import { deadLetter, type DeadLetterTarget, type LetterDetails, type Rejected } from './dead-letter.ts'
import { type EffectItem, type RecordItem, type TimerItem } from './item.ts'
import { type Moment } from './moment.ts'
import { type Rows, type StoreRows } from './rows.ts'

export interface LettersOptions {
  readonly processor: string
  readonly partition: number
  readonly changelog: string
  readonly rows: Rows
  readonly outputs: OutgoingRecord[]
  readonly target: DeadLetterTarget
  readonly moment: Moment
}

/** The dead letters of one task: what an input is called in one, and what of it goes into one. */
export class Letters {
  readonly #options: LettersOptions
  readonly #timerRows: StoreRows

  constructor (options: LettersOptions) {
    this.#options = options
    this.#timerRows = options.rows.stores.get(TIMER_STORE) as StoreRows
  }

  /** The input of an item, as a queue or a letter has it; the row of a timer must be known to be there. */
  entryOf (item: RecordItem | TimerItem | EffectItem): Entry {
    switch (item.kind) {
      case 'record': {
        const { record, waited } = item
        return { kind: 'record', record, atMs: waited?.atMs ?? this.#options.moment.contextTimeMs, omittedBytes: waited?.omittedBytes ?? 0 }
      }
      case 'timer': return { kind: 'timer', key: item.key, dueMs: item.dueMs, version: decodeTimer(this.#timerRows.get(item.key) as Buffer).version }
      case 'effect': return { kind: 'effect', effect: item.effect.name, key: item.row.key, idempotencyKey: item.row.idempotencyKey }
    }
  }

  originOf (entry: Entry, attempts: number): FailureOrigin {
    const { processor, partition, changelog } = this.#options
    const { topic, offset } = entry.kind === 'record' ? entry.record : { topic: changelog, offset: -1n }
    return { processor, kind: entry.kind, topic, partition, offset, attempts }
  }

  /** Adds the dead letter of an input to the outputs. */
  write (entry: Entry, error: Error, origin: FailureOrigin, details: LetterDetails): void {
    const { outputs, target, moment } = this.#options
    outputs.push(deadLetter(target, this.#original(entry), error, origin, moment.contextTimeMs, details))
  }

  /** The row of a timer or an effect is over, if it is still the one that is meant. */
  remove (entry: Entry): void {
    const { rows } = this.#options
    if (entry.kind === 'record') return
    const store = this.#storeOf(entry)
    const row = store.get(entry.key)
    if (row === null || row === undefined) return
    const isMeant = entry.kind === 'timer' ? decodeTimer(row).version === entry.version : decodeEffect(row).idempotencyKey === entry.idempotencyKey
    if (isMeant) rows.write(store, entry.key, null)
  }

  #original (entry: Entry): Rejected {
    if (entry.kind === 'record') return entry.record
    const store = this.#storeOf(entry)
    return { key: Buffer.from(store.prefix + entry.key), value: store.get(entry.key) ?? null, headers: NO_HEADERS }
  }

  #storeOf (entry: Exclude<Entry, { readonly kind: 'record' }>): StoreRows {
    return this.#options.rows.stores.get(entry.kind === 'timer' ? TIMER_STORE : effectStore(entry.effect)) as StoreRows
  }
}
