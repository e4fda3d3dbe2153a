import { type OutgoingRecord, NO_HEADERS } from '../record.ts'
import { changelogPrefix } from '../state/changelog.ts'
import { type StateWrite } from '../state/port.ts'
import { CacheBudget, type Row, type RowCache } from './row-cache.ts'
import { Scans } from './scans.ts'

const nothing = new CacheBudget(0)

/** The rows of one store, as a handler sees them: writes of the cycle → rows read for it → committed rows in memory. */
export class StoreRows {
  readonly name: string
  readonly prefix: string
  /** Writes of the running cycle. */
  readonly overlay = new Map<string, Row>()
  /** Rows read for the running cycle by a fenced read. */
  readonly prefetched = new Map<string, Row>()
  readonly cache: RowCache
  /** Keys to read before the handlers run. */
  readonly wanted = new Set<string>()
  /** Every committed row, for stores held whole; a row that is not here does not exist. */
  readonly whole: Map<string, Buffer> | undefined

  /** Without a budget it is held whole. */
  constructor (name: string, budget: CacheBudget | undefined) {
    this.name = name
    this.prefix = changelogPrefix(name)
    this.cache = (budget ?? nothing).open()
    this.whole = budget === undefined ? new Map() : undefined
  }

  /** The row as of this point of the cycle; null = absent, undefined = not known: read it first. */
  get (key: string): Row | undefined {
    const own = this.overlay.get(key)
    return own === undefined ? this.committed(key) : own
  }

  /** The committed row, without the running cycle. */
  committed (key: string): Row | undefined {
    if (this.whole !== undefined) return this.whole.get(key) ?? null
    const fresh = this.prefetched.get(key)
    return fresh === undefined ? this.cache.get(key) : fresh
  }

  /** The running cycle is committed: its writes and its reads are known now. */
  commit (): void {
    for (const [key, row] of this.prefetched) if (!this.overlay.has(key)) this.cache.set(key, row)
    for (const [key, row] of this.overlay) {
      if (this.whole === undefined) this.cache.set(key, row)
      else if (row === null) this.whole.delete(key)
      else this.whole.set(key, row)
    }
    this.overlay.clear()
    this.prefetched.clear()
  }
}

export interface WantedRow { readonly store: StoreRows, readonly key: string }

/** What a cycle wrote: changelog records and the same writes for the state backend. */
export interface Changes {
  readonly records: OutgoingRecord[]
  readonly writes: StateWrite[]
  readonly sizeBytes: number
}

/**
 * All stores of a task with one undo log: `savepoint` before a record, `rollback` when it fails (A5).
 *
 * Holds only rows of one acquisition: a new Acquire makes a new one (A3).
 */
export class Rows {
  readonly stores = new Map<string, StoreRows>()
  readonly scans = new Scans()
  readonly #undo: Array<{ readonly store: StoreRows, readonly key: string, readonly before: Row | undefined }> = []

  /** Stores by how much of them is held in memory: the newest rows as far as the budget allows, no row but those of the running cycle, every row. */
  constructor (names: { readonly cached: readonly string[], readonly passing: readonly string[], readonly whole: readonly string[] }, budget: CacheBudget) {
    for (const name of names.cached) this.stores.set(name, new StoreRows(name, budget))
    for (const name of names.passing) this.stores.set(name, new StoreRows(name, nothing))
    for (const name of names.whole) this.stores.set(name, new StoreRows(name, undefined))
  }

  /** Gives back what the caches hold. */
  close (): void {
    for (const store of this.stores.values()) store.cache.close()
  }

  /** Notes a row that will be read, unless it is in memory. */
  want (store: StoreRows, key: string): void {
    if (store.get(key) === undefined) store.wanted.add(key)
  }

  /** The rows to read, each once; forgets them. */
  takeWanted (): WantedRow[] {
    const wanted: WantedRow[] = []
    for (const store of this.stores.values()) {
      if (store.wanted.size === 0) continue
      for (const key of store.wanted) wanted.push({ store, key })
      store.wanted.clear()
    }
    return wanted
  }

  write (store: StoreRows, key: string, row: Row): void {
    this.#undo.push({ store, key, before: store.overlay.get(key) })
    store.overlay.set(key, row)
  }

  /** What was written so far stays, whatever comes. */
  savepoint (): void {
    this.#undo.length = 0
  }

  /** Writes since the savepoint. */
  get depth (): number { return this.#undo.length }

  /** Rows that the first `depth` writes since the savepoint were about, each once, by store. */
  touched (depth: number): ReadonlyMap<string, number> {
    const keys = new Map<string, Set<string>>()
    for (const { store, key } of this.#undo.slice(0, depth)) keys.set(store.name, (keys.get(store.name) ?? new Set()).add(key))
    return new Map([...keys].map(([name, touched]) => [name, touched.size]))
  }

  /** Takes back every write since the savepoint. */
  rollback (): void {
    for (let entry = this.#undo.pop(); entry !== undefined; entry = this.#undo.pop()) {
      if (entry.before === undefined) entry.store.overlay.delete(entry.key)
      else entry.store.overlay.set(entry.key, entry.before)
    }
  }

  /** Takes back the whole cycle; rows that were read for it stay. */
  reset (): void {
    this.#undo.length = 0
    for (const store of this.stores.values()) store.overlay.clear()
  }

  /** Last write per key, in the order of first writes. */
  changes (topic: string, partition: number): Changes {
    const records: OutgoingRecord[] = []
    const writes: StateWrite[] = []
    let sizeBytes = 0
    for (const store of this.stores.values()) {
      for (const [key, value] of store.overlay) {
        const changelogKey = Buffer.from(store.prefix + key)
        records.push({ topic, partition, key: changelogKey, value, headers: NO_HEADERS })
        writes.push({ store: store.name, key, value })
        sizeBytes += changelogKey.length + (value?.length ?? 0)
      }
    }
    return { records, writes, sizeBytes }
  }

  commit (): void {
    this.#undo.length = 0
    this.scans.clear()
    for (const store of this.stores.values()) store.commit()
  }
}
