const FIRST_BYTES = 256 * 1024
/** UTF-8 bytes of one UTF-16 unit at most, and what escaping can make of it: `\u0000` with its backslash doubled. */
const MAX_UNIT_BYTES = 7

const QUOTE = 0x22
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const BACKSLASH = 0x5c
/** Digits that are worked out in 32 bits at a time, and the first number that has more. */
const CHUNK_DIGITS = 9
const CHUNK = 1e9
const TSV_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\b': '\\b', '\f': '\\f', '\0': '\\0' }

const TSV_ESCAPED = /[\\\t\n\r\b\f\0]/g

/**
 * Rows of tab-separated fields, written straight into bytes: plain ASCII, which is nearly everything, goes in code by code, and no
 * string of a row or of the whole is ever made.
 */
export class RowBytes {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES)
  #at = 0

  /** Text that needs no escapes: digits, separators, base64, names of ours. */
  plain (text: string): this {
    this.#room(text.length)
    const bytes = this.#bytes
    let at = this.#at
    for (let index = 0; index < text.length; index++) bytes[at++] = text.charCodeAt(index)
    this.#at = at
    return this
  }

  /** Any text as a field. */
  field (text: string): this {
    this.#room(text.length * MAX_UNIT_BYTES)
    const bytes = this.#bytes
    const start = this.#at
    let at = start
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index)
      if (code < 0x20 || code === BACKSLASH || code > 0x7e) {
        this.#at = start + bytes.write(text.replace(TSV_ESCAPED, character => TSV_ESCAPES[character] ?? character), start)
        return this
      }
      bytes[at++] = code
    }
    this.#at = at
    return this
  }

  /** UTF-8 as a field. */
  utf8Field (utf8: Buffer): this {
    return this.#ascii(utf8, 0, utf8.length) ? this : this.field(utf8.toString())
  }

  /** UTF-8 as text of JSON inside a field. */
  utf8Text (utf8: Buffer, from: number, to: number): this {
    const start = this.#at
    this.byte(QUOTE)
    if (this.#ascii(utf8, from, to)) return this.byte(QUOTE)
    this.#at = start
    return this.#text(utf8.toString('utf8', from, to))
  }

  /** Bytes as they are: of a few they are. */
  copy (ready: Uint8Array): this {
    const { length } = ready
    this.#room(length)
    const bytes = this.#bytes
    let at = this.#at
    for (let index = 0; index < length; index++) bytes[at++] = ready[index] as number
    this.#at = at
    return this
  }

  byte (code: number): this {
    this.#room(1)
    this.#bytes[this.#at++] = code
    return this
  }

  /** A number as JSON has it. */
  number (value: number): this {
    if (!Number.isSafeInteger(value)) return this.plain(Number.isFinite(value) ? String(value) : 'null')
    if (value < 0) this.byte(MINUS)
    return this.padded(Math.abs(value), 1)
  }

  /** An amount in 1/10,000 of the unit as decimal text: exact up to 2^53. */
  amount (unscaled: number): this {
    if (unscaled < 0) this.byte(MINUS)
    const size = Math.abs(unscaled)
    const whole = Math.floor(size / 10_000)
    return this.padded(whole, 1).byte(POINT).padded(size - whole * 10_000, 4)
  }

  /** A whole number from 0 on in at least so many digits. */
  padded (value: number, width: number): this {
    if (value >= CHUNK) {
      const high = Math.floor(value / CHUNK)
      return this.padded(high, width - CHUNK_DIGITS).padded(value - high * CHUNK, CHUNK_DIGITS)
    }
    let length = Math.max(width, 1)
    for (let first = 10 ** length; value >= first; first *= 10) length++
    this.#room(length)
    const bytes = this.#bytes
    const start = this.#at
    let rest = value | 0
    for (let at = start + length - 1; at >= start; at--) {
      const tenth = (rest / 10) | 0
      bytes[at] = ZERO + rest - tenth * 10
      rest = tenth
    }
    this.#at = start + length
    return this
  }

  /** A place to come back to. */
  mark (): number {
    return this.#at
  }

  /** Takes back whatever was added since. */
  reset (mark: number): void {
    this.#at = mark
  }

  /**
   * A decoded value as JSON inside a field. Every `bigint` is money, in 1/10,000 of the unit, and becomes decimal text; bytes
   * become base64; fields that are undefined are left out.
   */
  json (value: unknown): this {
    switch (typeof value) {
      case 'string': return this.#text(value)
      case 'bigint': return this.plain(`"${decimalText(value)}"`)
      case 'number': return this.number(value)
      case 'boolean': return this.plain(value ? 'true' : 'false')
      case 'object': return value === null ? this.plain('null') : this.#object(value)
      default: return this.plain('null')
    }
  }

  /** The bytes so far, in memory of their own size. */
  take (): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#at))
  }

  /** Copies what needs no escape anywhere; false, and nothing is added, when some of it does. */
  #ascii (utf8: Buffer, from: number, to: number): boolean {
    this.#room(to - from)
    const bytes = this.#bytes
    let at = this.#at
    for (let index = from; index < to; index++) {
      const code = utf8[index] as number
      if (code < 0x20 || code === QUOTE || code === BACKSLASH || code > 0x7e) return false
      bytes[at++] = code
    }
    this.#at = at
    return true
  }

  #text (text: string): this {
    this.#room(text.length * MAX_UNIT_BYTES + 2)
    const bytes = this.#bytes
    const start = this.#at
    let at = start
    bytes[at++] = QUOTE
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index)
      if (code < 0x20 || code === QUOTE || code === BACKSLASH || code > 0x7e) {
        // JSON leaves no control characters: only its backslashes have to be doubled for the field.
        this.#at = start + bytes.write(JSON.stringify(text).replaceAll('\\', '\\\\'), start)
        return this
      }
      bytes[at++] = code
    }
    bytes[at++] = QUOTE
    this.#at = at
    return this
  }

  #object (value: object): this {
    if (Array.isArray(value)) return this.#array(value)
    if (value instanceof Uint8Array) return this.plain(`"${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')}"`)
    if (value instanceof Map) return this.#object(Object.fromEntries(value))
    const record = value as Readonly<Record<string, unknown>>
    let separator = '{'
    for (const name of Object.keys(record)) {
      const field = record[name]
      if (field === undefined) continue
      this.plain(separator).#text(name).plain(':').json(field)
      separator = ','
    }
    return this.plain(separator === '{' ? '{}' : '}')
  }

  #array (values: readonly unknown[]): this {
    let separator = '['
    for (const value of values) {
      this.plain(separator).json(value)
      separator = ','
    }
    return this.plain(separator === '[' ? '[]' : ']')
  }

  #room (bytes: number): void {
    const needed = this.#at + bytes
    if (needed <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
  }
}

/** 1/10,000 units as decimal text with four decimals. */
export function decimalText (amount: bigint): string {
  const small = Number(amount)
  const digits = (Number.isSafeInteger(small) ? Math.abs(small) : amount < 0n ? -amount : amount).toString().padStart(5, '0')
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`
}
