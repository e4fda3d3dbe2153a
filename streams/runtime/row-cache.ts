/** A row a handler may see: its bytes, or null = known to be absent. */
export type Row = Buffer | null

/** What an entry costs beside its row and its key, as measured. */
const ENTRY_BYTES = 80
/** A key costs at most so much for each of its UTF-16 units. */
const UNIT_BYTES = 2
const LENGTH_BYTES = 4
const LARGEST_SLAB_BYTES = 256 * 1024
const ABSENT = -1

/**
 * The bytes that all row caches of a process may hold together, with the rows themselves.
 *
 * Two generations: a row that is read or written moves to the young one of its cache; when the young ones together are full, the old
 * ones are dropped and the young become the old: for all caches at once, so that what nobody uses goes first, whichever task it
 * belongs to. Rows are copied into slabs that belong to a generation and to nobody else: a kept row never keeps a network buffer
 * alive, a dropped generation gives back all that it held, and every byte of it was counted.
 */
export class CacheBudget {
  readonly #halfBytes: number
  readonly #slabBytes: number
  readonly #caches = new Set<RowCache>()
  #young: Slabs
  #old: Slabs

  /** `limitBytes` 0 = keeps nothing. */
  constructor (limitBytes: number) {
    this.#halfBytes = Math.floor(limitBytes / 2)
    this.#slabBytes = Math.min(LARGEST_SLAB_BYTES, Math.ceil(this.#halfBytes / 8))
    this.#young = new Slabs(this.#slabBytes)
    this.#old = new Slabs(this.#slabBytes)
  }

  /** A cache for the rows of one store of one task. */
  open (): RowCache {
    const cache = new RowCache(this)
    this.#caches.add(cache)
    return cache
  }

  /** What is held, bytes. */
  get bytes (): number { return this.#young.bytes + this.#old.bytes }

  close (cache: RowCache): void {
    this.#caches.delete(cache)
  }

  /** Where the row lies from now on; undefined = it is not kept. */
  keep (key: string, row: Row): number | undefined {
    const bytes = ENTRY_BYTES + key.length * UNIT_BYTES
    if (bytes + (row?.length ?? 0) > this.#halfBytes) return undefined
    if (this.#young.bytes + bytes + this.#young.growth(row) > this.#halfBytes) this.#turnOver()
    this.#young.bytes += bytes
    return row === null ? ABSENT : this.#young.add(row)
  }

  read (place: number, isOld: boolean): Row {
    return place === ABSENT ? null : (isOld ? this.#old : this.#young).get(place)
  }

  #turnOver (): void {
    this.#old = this.#young
    this.#young = new Slabs(this.#slabBytes)
    for (const cache of this.#caches) cache.age()
  }
}

/** Committed rows of one store, kept in memory as long as the budget of the process allows. */
export class RowCache {
  readonly #budget: CacheBudget
  /** Where the rows lie. */
  #young = new Map<string, number>()
  #old = new Map<string, number>()

  /** Made by `CacheBudget.open`. */
  constructor (budget: CacheBudget) {
    this.#budget = budget
  }

  /** undefined = not known. */
  get (key: string): Row | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return this.#budget.read(young, false)
    const old = this.#old.get(key)
    if (old === undefined) return undefined
    const row = this.#budget.read(old, true)
    this.set(key, row)
    return row
  }

  /** Only rows that are known to be committed. */
  set (key: string, row: Row): void {
    const place = this.#budget.keep(key, row)
    if (place !== undefined) this.#young.set(key, place)
    else {
      this.#young.delete(key)
      this.#old.delete(key)
    }
  }

  /** The young generation is the old one now. */
  age (): void {
    this.#old = this.#young
    this.#young = new Map()
  }

  /** Gives everything back. */
  close (): void {
    this.#budget.close(this)
    this.#young = new Map()
    this.#old = new Map()
  }
}

/** The rows of one generation, one behind the other, each after its length. A place is the number of a slab and an offset in it. */
class Slabs {
  readonly #slabBytes: number
  readonly #slabs: Buffer[] = []
  #current = -1
  #at: number
  /** Bytes of all slabs, and of whatever its owner adds. */
  bytes = 0

  constructor (slabBytes: number) {
    this.#slabBytes = slabBytes
    this.#at = slabBytes
  }

  /** Bytes that have to be allocated to add this row. */
  growth (row: Row): number {
    if (row === null) return 0
    const size = row.length + LENGTH_BYTES
    if (this.#isLarge(size)) return size
    return this.#at + size > this.#slabBytes ? this.#slabBytes : 0
  }

  add (row: Buffer): number {
    const size = row.length + LENGTH_BYTES
    if (this.#isLarge(size)) return this.#write(this.#allocate(size), 0, row)
    if (this.#at + size > this.#slabBytes) {
      this.#current = this.#allocate(this.#slabBytes)
      this.#at = 0
    }
    const at = this.#at
    this.#at += size
    return this.#write(this.#current, at, row)
  }

  get (place: number): Buffer {
    const slab = this.#slabs[Math.floor(place / LARGEST_SLAB_BYTES)] as Buffer
    const at = place % LARGEST_SLAB_BYTES
    return slab.subarray(at + LENGTH_BYTES, at + LENGTH_BYTES + slab.readUInt32LE(at))
  }

  /** A row that would leave much of a slab empty has one of its own. */
  #isLarge (size: number): boolean {
    return size > this.#slabBytes / 8
  }

  #allocate (bytes: number): number {
    this.bytes += bytes
    return this.#slabs.push(Buffer.allocUnsafeSlow(bytes)) - 1
  }

  #write (slab: number, at: number, row: Buffer): number {
    const bytes = this.#slabs[slab] as Buffer
    bytes.writeUInt32LE(row.length, at)
    bytes.set(row, at + LENGTH_BYTES)
    return slab * LARGEST_SLAB_BYTES + at
  }
}
