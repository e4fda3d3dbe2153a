import { type ValueVisitor } from '../../streams/serde/visitor.ts'
import { FACT_PATHS, type FactFields } from './payload.ts'
import { decimalText, type RowBytes } from './row-bytes.ts'

/** A field's name as JSON, with what stands before and behind it, and the fact that it holds. */
interface FieldName { readonly json: Buffer, readonly fact: keyof FactFields | undefined }

const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const CLOSE_RECORD = 0x7d
const COMMA = 0x2c
const QUOTE = 0x22
const TRUE = Buffer.from('true')
const FALSE = Buffer.from('false')
const NULL = Buffer.from('null')

const NO_FACTS = Object.fromEntries(FACT_PATHS.map(path => [path, undefined])) as FactFields

/**
 * Writes the payload of a row while it is told of a value, byte for byte as `RowBytes.json` writes the value itself, and keeps the
 * fields that facts are made of.
 */
export class PayloadWriter implements ValueVisitor<FieldName, Buffer> {
  #rows!: RowBytes
  #found: FactFields = NO_FACTS
  /** What the value that comes next is kept as. */
  #fact: keyof FactFields | undefined

  /** Before each value: where to write it. */
  begin (rows: RowBytes): void {
    this.#rows = rows
    this.#found = { ...NO_FACTS }
    this.#fact = undefined
  }

  /** Fields of the value that was told. */
  get found (): Readonly<FactFields> {
    return this.#found
  }

  name (name: string, path: string | undefined, isFirst: boolean): FieldName {
    return { json: Buffer.from(`${isFirst ? '{' : ','}"${name}":`), fact: FACT_PATHS.find(fact => fact === path) }
  }

  word (text: string): Buffer {
    return Buffer.from(text)
  }

  openRecord (): void {
    this.#fact = undefined
  }

  field ({ json, fact }: FieldName): void {
    this.#rows.copy(json)
    this.#fact = fact
  }

  closeRecord (): void {
    this.#rows.byte(CLOSE_RECORD)
  }

  openList (): void {
    this.#rows.byte(OPEN_LIST)
    this.#fact = undefined
  }

  nextItem (): void {
    this.#rows.byte(COMMA)
  }

  closeList (): void {
    this.#rows.byte(CLOSE_LIST)
  }

  nothing (): void {
    this.#rows.copy(NULL)
  }

  boolean (value: boolean): void {
    this.#rows.copy(value ? TRUE : FALSE)
    if (this.#fact !== undefined) this.#found[this.#fact] = value
  }

  number (value: number): void {
    this.#rows.number(value)
    if (this.#fact !== undefined) this.#found[this.#fact] = value
  }

  decimal (unscaled: number | bigint): void {
    const rows = this.#rows.byte(QUOTE)
    if (typeof unscaled === 'number') rows.amount(unscaled).byte(QUOTE)
    else rows.plain(decimalText(unscaled)).byte(QUOTE)
    if (this.#fact !== undefined) this.#found[this.#fact] = BigInt(unscaled)
  }

  text (utf8: Buffer, from: number, to: number): void {
    this.#rows.utf8Text(utf8, from, to)
    if (this.#fact !== undefined) this.#found[this.#fact] = utf8.toString('utf8', from, to)
  }

  symbol (word: Buffer): void {
    this.#rows.byte(QUOTE).copy(word).byte(QUOTE)
    if (this.#fact !== undefined) this.#found[this.#fact] = word.toString()
  }

  blob (bytes: Buffer, from: number, to: number): void {
    this.#rows.byte(QUOTE).plain(bytes.toString('base64', from, to)).byte(QUOTE)
    if (this.#fact !== undefined) this.#found[this.#fact] = bytes.subarray(from, to)
  }
}
