import { boundsOf, compareKeys, isWithin, type KeyBounds } from '../state/key-range.ts'
import { type ScanAnswer } from '../state/port.ts'
import { type RangeRequest } from '../state/query.ts'
import { type Row } from './row-cache.ts'
import { type StoreRows } from './rows.ts'

/** Bytes of scanned rows that one input may hold: a handler sees all of its pages at once when it runs again. */
export const MAX_SCANNED_BYTES = 32 * 1024 * 1024

/** What an entry costs beside its bytes. */
const ENTRY_BYTES = 96

/** One page as a handler sees it. */
export interface MergedPage {
  readonly rows: ReadonlyArray<readonly [key: string, row: Buffer]>
  readonly next: string | undefined
}

/** Committed rows of one range without a gap, from its beginning to the last one that is known. */
export class Stretch {
  readonly store: StoreRows
  readonly range: RangeRequest
  readonly #bounds: KeyBounds
  readonly #rows: Array<readonly [key: string, row: Buffer]> = []
  #isWhole = false
  #bytes = 0
  /** Whose scan it was last. */
  usedBy: unknown

  constructor (store: StoreRows, range: RangeRequest) {
    this.store = store
    this.range = range
    this.#bounds = boundsOf(range)
  }

  get bytes (): number { return this.#bytes }

  /** What to read to know more of it. */
  get unread (): RangeRequest {
    const last = this.#rows.at(-1)?.[0]
    return last === undefined ? this.range : { ...this.range, after: last }
  }

  add (page: ScanAnswer): void {
    for (const row of page.rows) {
      this.#rows.push(row)
      this.#bytes += row[0].length + row[1].length + ENTRY_BYTES
    }
    this.#isWhole = page.isWhole
  }

  /** The first `limit` rows under the writes of the running cycle; undefined = more of the range must be read first. */
  page (overlay: ReadonlyMap<string, Row>, limit: number, isGone: (key: string) => boolean): MergedPage | undefined {
    const merged: Array<readonly [string, Buffer]> = []
    for (const [key, committed] of this.#candidates(overlay)) {
      const own = overlay.get(key)
      const row = own === undefined ? committed : own
      if (row === null || isGone(key)) continue
      if (merged.length === limit) return { rows: merged, next: merged.at(-1)?.[0] }
      merged.push([key, row])
    }
    if (this.#isWhole) return { rows: merged, next: undefined }
    return merged.length < limit ? undefined : { rows: merged, next: merged.at(-1)?.[0] }
  }

  /** Every key of the known part, in order, with its committed row. */
  * #candidates (overlay: ReadonlyMap<string, Row>): Generator<readonly [key: string, row: Row]> {
    const last = this.#rows.at(-1)?.[0]
    const written = [...overlay.keys()]
      .filter(key => isWithin(this.#bounds, key) && (this.#isWhole || (last !== undefined && compareKeys(key, last) <= 0)))
      .sort(compareKeys)
    let at = 0
    for (const row of this.#rows) {
      for (let key = written[at]; key !== undefined && compareKeys(key, row[0]) <= 0; key = written[++at]) if (key !== row[0]) yield [key, null]
      yield row
    }
    for (const key of written.slice(at)) yield [key, null]
  }
}

/**
 * What was scanned for the running cycle. The committed rows do not change while it runs, so what is known of a range serves every
 * input of it; with its commit all of it is void.
 */
export class Scans {
  readonly #stretches = new Map<string, Stretch>()
  readonly #wanted = new Set<Stretch>()

  /** The stretch that serves this scan, for `user`; made, and to be read, when there is none. */
  use (store: StoreRows, range: RangeRequest, user: unknown): Stretch {
    const id = idOf(store, range)
    let stretch = this.#stretches.get(id)
    if (stretch === undefined) this.#stretches.set(id, stretch = this.want(new Stretch(store, range)))
    stretch.usedBy = user
    return stretch
  }

  /** Notes a stretch of which more must be read. */
  want (stretch: Stretch): Stretch {
    this.#wanted.add(stretch)
    return stretch
  }

  /** The stretches to read on, each once; forgets them. */
  takeWanted (): readonly Stretch[] {
    if (this.#wanted.size === 0) return []
    const wanted = [...this.#wanted]
    this.#wanted.clear()
    return wanted
  }

  /** Keeps what is held within its bytes, except what `user` itself holds: that is answered. */
  trim (user: unknown): number {
    let own = 0
    let all = 0
    for (const { bytes, usedBy } of this.#stretches.values()) {
      all += bytes
      if (usedBy === user) own += bytes
    }
    if (all > MAX_SCANNED_BYTES) for (const [id, { usedBy }] of this.#stretches) if (usedBy !== user) this.#stretches.delete(id)
    return own
  }

  clear (): void {
    this.#stretches.clear()
    this.#wanted.clear()
  }
}

function idOf (store: StoreRows, { prefix, from, to, after }: RangeRequest): string {
  return JSON.stringify([store.name, prefix, from, to, after])
}
