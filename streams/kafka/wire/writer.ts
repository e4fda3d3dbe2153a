/**
 * Writes the primitive types of the Kafka protocol (big-endian) into one growing buffer; those of flexible versions are `compact…` and `tags`.
 *
 * `bytes` and `at` are open so that record batches can be encoded in place; call `reserve` before writing there.
 */
export class WireWriter {
  bytes: Buffer
  at = 0

  constructor (sizeHint: number) {
    this.bytes = Buffer.allocUnsafe(Math.max(sizeHint, 64))
  }

  /** Makes room for `size` more bytes. */
  reserve (size: number): void {
    if (this.at + size <= this.bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.at + size, this.bytes.length * 2))
    this.bytes.copy(larger, 0, 0, this.at)
    this.bytes = larger
  }

  int8 (value: number): this {
    this.reserve(1)
    this.at = this.bytes.writeInt8(value, this.at)
    return this
  }

  boolean (value: boolean): this {
    return this.int8(value ? 1 : 0)
  }

  int16 (value: number): this {
    this.reserve(2)
    this.at = this.bytes.writeInt16BE(value, this.at)
    return this
  }

  int32 (value: number): this {
    this.reserve(4)
    this.at = this.bytes.writeInt32BE(value, this.at)
    return this
  }

  int64 (value: bigint): this {
    this.reserve(8)
    this.at = this.bytes.writeBigInt64BE(value, this.at)
    return this
  }

  /** A string with a 16-bit length; null is −1. */
  string (value: string | null): this {
    if (value === null) return this.int16(-1)
    const size = Buffer.byteLength(value)
    this.int16(size)
    this.reserve(size)
    this.at += this.bytes.write(value, this.at)
    return this
  }

  /** Bytes with a 32-bit length; null is −1. */
  nullableBytes (value: Uint8Array | null): this {
    if (value === null) return this.int32(-1)
    this.int32(value.length)
    this.reserve(value.length)
    this.bytes.set(value, this.at)
    this.at += value.length
    return this
  }

  /** A 32-bit count and each item. */
  array<T> (items: readonly T[], write: (out: this, item: T) => void): this {
    this.int32(items.length)
    for (const item of items) write(this, item)
    return this
  }

  /** A string of a flexible version. */
  compactString (value: string): this {
    const size = Buffer.byteLength(value)
    this.#varUint(size + 1)
    this.reserve(size)
    this.at += this.bytes.write(value, this.at)
    return this
  }

  /** Bytes of a flexible version. */
  compactBytes (value: Uint8Array): this {
    this.#varUint(value.length + 1)
    this.reserve(value.length)
    this.bytes.set(value, this.at)
    this.at += value.length
    return this
  }

  /** An array of a flexible version. */
  compactArray<T> (items: readonly T[], write: (out: this, item: T) => void): this {
    this.#varUint(items.length + 1)
    for (const item of items) write(this, item)
    return this
  }

  /** No tagged fields, as at the end of each structure of a flexible version. */
  tags (): this {
    return this.#varUint(0)
  }

  #varUint (value: number): this {
    this.reserve(5)
    let rest = value
    for (; rest > 127; rest >>>= 7) this.bytes[this.at++] = rest & 127 | 128
    this.bytes[this.at++] = rest
    return this
  }

  /** What was written so far: a view, not a copy. */
  finish (): Buffer {
    return this.bytes.subarray(0, this.at)
  }
}
