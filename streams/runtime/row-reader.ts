import { publish } from '../diagnostics.ts'
import { ensureError, isStreamsError } from '../errors.ts'
import { type ProcessorDef, type ReadSet } from '../processor.ts'
import { type Serde } from '../serde/serde.ts'
import { TIMER_STORE } from '../state/changelog.ts'
import { expiryKey, isReservedTimer } from '../state/expiry.ts'
import { checkRange } from '../state/query.ts'
import { type ScanAnswer } from '../state/port.ts'
import { decodeTimer } from '../time/timers.ts'
import { type Applier } from './applier.ts'
import { type MissingRow } from './context.ts'
import { type Item } from './item.ts'
import { type Rows, type StoreRows, type WantedRow } from './rows.ts'
import { type Stretch } from './scans.ts'

/** Brings rows into memory before handlers need them: every row of a cycle that is not there, in one fenced read (A1). */
export class RowReader {
  readonly #def: ProcessorDef
  readonly #partition: number
  readonly #rows: Rows
  readonly #applier: Applier
  readonly #timerRows: StoreRows
  readonly #serdes: ReadonlyMap<string, Serde<unknown>>
  /** Stores whose rows live for a time. */
  readonly #expiring: ReadonlySet<string>

  constructor (options: { readonly def: ProcessorDef, readonly partition: number, readonly rows: Rows, readonly applier: Applier }) {
    this.#def = options.def
    this.#partition = options.partition
    this.#rows = options.rows
    this.#applier = options.applier
    this.#timerRows = options.rows.stores.get(TIMER_STORE) as StoreRows
    this.#expiring = new Set(options.def.stores.filter(store => store.ttlMs !== undefined).map(store => store.name))
    this.#serdes = new Map(options.def.stores.filter(store => store.value.prepare !== undefined).map(store => [store.name, store.value]))
  }

  /**
   * Reads what the declared `reads` and `timerReads` of these items name.
   *
   * @throws {StreamsError} STR_STATE_LOST: the answer is not of the state this task wrote; nothing may be decided.
   */
  async prefetch (items: readonly Item[]): Promise<void> {
    const { reads, timerReads } = this.#def
    if (reads === undefined && timerReads === undefined) return
    this.#wantAll(items)
    await this.#fetch()
  }

  /** Reads the rows of these keys of one store. */
  async load (store: StoreRows, keys: readonly string[]): Promise<void> {
    for (const key of keys) this.#rows.want(store, key)
    await this.#fetch()
  }

  /** Reads what a handler waits for. */
  async supply (missing: MissingRow): Promise<void> {
    if (missing !== 'scan') this.#rows.want(missing.store, missing.key)
    await this.#fetch()
  }

  #wantAll (items: readonly Item[]): void {
    const { reads, timerReads } = this.#def
    for (const item of items) {
      if (item.kind === 'record') {
        const { value, handler, key } = item
        if (reads !== undefined && handler !== undefined && value !== undefined) this.#want(() => reads(value as never, key))
      } else if (item.kind === 'timer' && timerReads !== undefined) {
        const row = this.#timerRows.get(item.key)
        if (row === null || row === undefined || isReservedTimer(item.key)) continue
        const { payload, dueMs } = decodeTimer(row)
        this.#want(() => timerReads({ key: item.key, dueMs, payload }))
      } else if (item.kind === 'command') for (const trial of item.trials) this.#wantAll(trial.items)
    }
  }

  /** Notes what `reads` names. Where it fails, the handler asks for what it needs, and fails on its own account if it must. */
  #want (reads: () => ReadSet): void {
    try {
      for (const [def, what] of reads()) {
        const store = this.#rows.stores.get(def.name)
        if (store === undefined) continue
        if (typeof what !== 'string') this.#rows.scans.use(store, checkRange(what), undefined)
        else {
          this.#rows.want(store, what)
          if (this.#expiring.has(def.name)) this.#rows.want(this.#timerRows, expiryKey(def.name, what))
        }
      }
    } catch {
      // The handler will tell.
    }
  }

  async #fetch (): Promise<void> {
    const wanted = this.#rows.takeWanted()
    const stretches = this.#rows.scans.takeWanted()
    if (wanted.length === 0 && stretches.length === 0) return
    try {
      const keys = wanted.map(({ store, key }) => ({ store: store.name, key }))
      const scans = stretches.map(({ store, unread }) => ({ ...unread, store: store.name }))
      const answer = await this.#applier.read(scans.length === 0 ? { keys } : { keys, scans })
      const waits: Array<Promise<void>> = []
      for (let index = 0; index < wanted.length; index++) {
        const { store, key } = wanted[index] as WantedRow
        const row = answer.values[index] ?? null
        store.prefetched.set(key, row)
        this.#prepare(store, row, waits)
      }
      for (const [index, stretch] of stretches.entries()) this.#keep(stretch, answer.scans[index] as ScanAnswer, waits)
      if (waits.length > 0) await Promise.all(waits)
    } catch (error) {
      const reason = isStreamsError(error, 'STR_STATE_LOST') ? 'stale-read' : 'error'
      publish('streams:cycle:dropped', () => ({ processor: this.#def.name, partition: this.#partition, reason, error: ensureError(error) }))
      throw error
    }
    // Scanned rows that live for a time: when it ends is in their timers.
    if (stretches.length > 0) await this.#fetch()
  }

  #keep (stretch: Stretch, page: ScanAnswer, waits: Array<Promise<void>>): void {
    stretch.add(page)
    for (const [key, row] of page.rows) {
      this.#prepare(stretch.store, row, waits)
      if (this.#expiring.has(stretch.store.name)) this.#rows.want(this.#timerRows, expiryKey(stretch.store.name, key))
    }
  }

  #prepare (store: StoreRows, row: Buffer | null, waits: Array<Promise<void>>): void {
    const wait = row === null ? null : this.#serdes.get(store.name)?.prepare?.(row)
    if (wait !== null && wait !== undefined) waits.push(wait)
  }
}
