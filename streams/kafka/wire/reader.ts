/**
 * Reads the primitive types of the Kafka protocol (big-endian) from one answer; those of flexible versions are `compact…` and `tags`.
 *
 * @throws {RangeError} when the answer ends early; the caller treats that as a broken connection.
 */
export class WireReader {
  readonly #bytes: Buffer
  #at = 0

  constructor (bytes: Buffer) {
    this.#bytes = bytes
  }

  int8 (): number {
    const value = this.#bytes.readInt8(this.#at)
    this.#at += 1
    return value
  }

  boolean (): boolean {
    return this.int8() !== 0
  }

  int16 (): number {
    const value = this.#bytes.readInt16BE(this.#at)
    this.#at += 2
    return value
  }

  int32 (): number {
    const value = this.#bytes.readInt32BE(this.#at)
    this.#at += 4
    return value
  }

  int64 (): bigint {
    const value = this.#bytes.readBigInt64BE(this.#at)
    this.#at += 8
    return value
  }

  /** A string with a 16-bit length, or null. */
  nullableString (): string | null {
    const size = this.int16()
    return size < 0 ? null : this.#take(size).toString()
  }

  /** A string with a 16-bit length; null reads as the empty string. */
  string (): string {
    return this.nullableString() ?? ''
  }

  /** Bytes with a 32-bit length as a view; null reads as no bytes. */
  bytes (): Buffer {
    const size = this.int32()
    return this.#take(Math.max(size, 0))
  }

  /** A 32-bit count and each item; a null array reads as empty. */
  array<T> (read: (input: this) => T): T[] {
    const count = this.int32()
    const items: T[] = []
    for (let index = 0; index < count; index++) items.push(read(this))
    return items
  }

  /** A string of a flexible version; null reads as the empty string. */
  compactString (): string {
    const size = this.#varUint() - 1
    return size < 0 ? '' : this.#take(size).toString()
  }

  /** An array of a flexible version; a null array reads as empty. */
  compactArray<T> (read: (input: this) => T): T[] {
    const count = this.#varUint() - 1
    const items: T[] = []
    for (let index = 0; index < count; index++) items.push(read(this))
    return items
  }

  /** Passes over the tagged fields at the end of a structure of a flexible version. */
  tags (): void {
    for (let left = this.#varUint(); left > 0; left--) {
      this.#varUint()
      this.#take(this.#varUint())
    }
  }

  #varUint (): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#take(1)[0] ?? 0
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value
    }
    throw new RangeError('a length of more than five bytes')
  }

  #take (size: number): Buffer {
    const end = this.#at + size
    if (end > this.#bytes.length) throw new RangeError('the answer ends early')
    const view = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return view
  }
}
