import avro, { type Type } from 'avsc'
import { DecimalType } from './avro-type.ts'
import { decodeDecimal } from './decimal.ts'
import { type ValueVisitor } from './visitor.ts'

/** First encoded long that is not told: from it on `decode` knows what is exact and what is refused. */
const FIRST_LARGE_LONG = 2 ** 53
/** A decimal of so many bytes is a number that is exact. */
const SMALL_DECIMAL_BYTES = 6

/**
 * Tells the value whose body starts at `at` to the visitor. False: only `decode` can tell, and what was told is void. That is so for every
 * body that does not parse, so a walk has no errors of its own.
 */
export type BodyWalk = (bytes: Buffer, at: number) => boolean

type Walk = (cursor: Cursor) => void

/**
 * Compiles the walk over bodies of a record type; `name` becomes the last field, `type`, as in decoded values. Undefined for what needs
 * the value itself: maps (of equal keys the last one counts), records within themselves, a field of its own called `type`.
 */
export function compileWalk (type: Type, name: string, visitor: ValueVisitor): BodyWalk | undefined {
  const walk = compileRecord(type, { visitor, path: '', within: [] }, name)
  if (walk === undefined) return undefined
  const cursor = new Cursor()
  return (bytes, at) => {
    cursor.start(bytes, at)
    walk(cursor)
    return cursor.at === bytes.length
  }
}

/** Where in the schema: `path` of the record that is open, `''` = the top, undefined = within a list. */
interface Place { readonly visitor: ValueVisitor, readonly path: string | undefined, readonly within: readonly Type[] }

function compileValue (type: Type, place: Place): Walk | undefined {
  const { visitor } = place
  if (type instanceof DecimalType) return decimalWalk(type, visitor)
  if (type instanceof avro.types.LogicalType) return undefined
  if (type instanceof avro.types.RecordType) return compileRecord(type, place)
  if (type instanceof avro.types.ArrayType) return compileList(type.itemsType, place)
  if (type instanceof avro.types.UnwrappedUnionType) return compileUnion(type.types, place)
  if (type instanceof avro.types.EnumType) return enumWalk(type.symbols, visitor)
  if (type instanceof avro.types.StringType) return cursor => { if (cursor.span()) visitor.text(cursor.bytes, cursor.from, cursor.at) }
  if (type instanceof avro.types.BytesType) return cursor => { if (cursor.span()) visitor.blob(cursor.bytes, cursor.from, cursor.at) }
  if (type instanceof avro.types.LongType || type instanceof avro.types.IntType) return cursor => { visitor.number(cursor.long()) }
  if (type instanceof avro.types.BooleanType) return cursor => { visitor.boolean(cursor.byte() !== 0) }
  if (type instanceof avro.types.NullType) return () => { visitor.nothing() }
  return undefined
}

function compileRecord (type: Type, { visitor, path, within }: Place, name?: string): Walk | undefined {
  if (!(type instanceof avro.types.RecordType) || type.fields.length === 0 || within.includes(type)) return undefined
  const walks: Walk[] = []
  const names: unknown[] = []
  for (const [index, field] of type.fields.entries()) {
    const fieldPath = path === undefined ? undefined : path === '' ? field.name : `${path}.${field.name}`
    const walk = compileValue(field.type, { visitor, path: fieldPath, within: [...within, type] })
    if (walk === undefined || (name !== undefined && field.name === 'type')) return undefined
    walks.push(walk)
    names.push(visitor.name(field.name, fieldPath, index === 0))
  }
  if (name !== undefined) {
    const word = visitor.word(name)
    walks.push(() => { visitor.symbol(word) })
    names.push(visitor.name('type', 'type', false))
  }
  return cursor => {
    visitor.openRecord()
    for (let index = 0; index < walks.length; index++) {
      visitor.field(names[index])
      ;(walks[index] as Walk)(cursor)
    }
    visitor.closeRecord()
  }
}

function compileList (items: Type, { visitor, within }: Place): Walk | undefined {
  const walk = compileValue(items, { visitor, path: undefined, within })
  return walk && (cursor => {
    visitor.openList()
    let isFirst = true
    for (let count = cursor.blockCount(); count > 0; count = cursor.blockCount()) {
      for (; count > 0; count--) {
        if (!isFirst) visitor.nextItem()
        isFirst = false
        walk(cursor)
      }
    }
    visitor.closeList()
  })
}

function compileUnion (types: readonly Type[], place: Place): Walk | undefined {
  const walks: Walk[] = []
  for (const type of types) {
    const walk = compileValue(type, place)
    if (walk === undefined) return undefined
    walks.push(walk)
  }
  return cursor => {
    const walk = walks[cursor.long()]
    if (walk === undefined) cursor.fail()
    else walk(cursor)
  }
}

function enumWalk (symbols: readonly string[], visitor: ValueVisitor): Walk {
  const words = symbols.map(symbol => visitor.word(symbol))
  return cursor => {
    const index = cursor.long()
    if (index < 0 || index >= words.length) cursor.fail()
    else visitor.symbol(words[index])
  }
}

function decimalWalk ({ limit }: DecimalType, visitor: ValueVisitor): Walk {
  const smallLimit = Number(limit)
  return cursor => {
    if (!cursor.span() || cursor.at === cursor.from) return cursor.fail()
    const { bytes, from, at } = cursor
    if (at - from > SMALL_DECIMAL_BYTES) {
      const large = decodeDecimal(bytes.subarray(from, at))
      return large > limit || large < -limit ? cursor.fail() : visitor.decimal(large)
    }
    let small = (bytes[from] as number) << 24 >> 24
    for (let index = from + 1; index < at; index++) small = small * 256 + (bytes[index] as number)
    if (small > smallLimit || small < -smallLimit) cursor.fail()
    else visitor.decimal(small)
  }
}

/** A place in a body. Beyond its end everything is 0, and the place is never the end again. */
class Cursor {
  bytes: Buffer = Buffer.alloc(0)
  at = 0
  /** Start of the last span. */
  from = 0

  start (bytes: Buffer, at: number): void {
    this.bytes = bytes
    this.at = at
  }

  fail (): void {
    this.at = this.bytes.length + 1
  }

  byte (): number {
    return this.at < this.bytes.length ? this.bytes[this.at++] as number : this.#beyond()
  }

  /** An int, a long, a count or an index. */
  long (): number {
    const first = this.byte()
    if (first < 0x80) return (first >>> 1) ^ -(first & 1)
    let value = first & 0x7f
    let place = 0x80
    let byte
    do {
      byte = this.byte()
      value += (byte & 0x7f) * place
      place *= 0x80
      if (value >= FIRST_LARGE_LONG || place > FIRST_LARGE_LONG * 0x80) return this.#beyond()
    } while (byte >= 0x80)
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  /** Takes a length and as many bytes: `from` up to `at`. False when there are not so many. */
  span (): boolean {
    const length = this.long()
    this.from = this.at
    if (length >= 0 && length <= this.bytes.length - this.at) {
      this.at += length
      return true
    }
    this.fail()
    return false
  }

  /** Items of the next block of an array; a negative count is followed by the size of the block. No more than there are bytes. */
  blockCount (): number {
    let count = this.long()
    if (count < 0) {
      count = -count
      this.long()
    }
    return count <= this.bytes.length - this.at ? count : this.#beyond()
  }

  #beyond (): number {
    this.fail()
    return 0
  }
}
