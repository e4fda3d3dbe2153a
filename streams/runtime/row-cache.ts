/** A row a handler may see: its bytes, or null = known to be absent. */
export type Row = Buffer | null

/** What an entry costs beside its bytes. */
const ENTRY_BYTES = 96

/**
 * Committed rows of one store, kept in memory up to a number of bytes.
 *
 * Two generations: a row that is read or written moves to the young one; when that is full the old one is dropped. A read costs
 * one or two map look-ups and nothing is re-linked.
 */
export class RowCache {
  readonly #limitBytes: number
  #young = new Map<string, Row>()
  #old = new Map<string, Row>()
  #bytes = 0

  /** `limitBytes` 0 = keeps nothing. */
  constructor (limitBytes: number) {
    this.#limitBytes = Math.floor(limitBytes / 2)
  }

  /** undefined = not known. */
  get (key: string): Row | undefined {
    const young = this.#young.get(key)
    if (young !== undefined) return young
    const old = this.#old.get(key)
    if (old !== undefined) this.set(key, old)
    return old
  }

  /** Only rows that are known to be committed. */
  set (key: string, row: Row): void {
    if (this.#limitBytes === 0) return
    this.#young.set(key, row === null ? null : compact(row))
    this.#bytes += key.length + (row?.length ?? 0) + ENTRY_BYTES
    if (this.#bytes <= this.#limitBytes) return
    this.#old = this.#young
    this.#young = new Map()
    this.#bytes = 0
  }
}

/** A small view must not keep a large network buffer alive. */
function compact (row: Buffer): Buffer {
  return row.buffer.byteLength > 16_384 && row.buffer.byteLength > row.length * 4 ? Buffer.from(row) : row
}
