import avro, { type Schema, type Type } from 'avsc'
import { decimalLimit, decodeDecimal, encodeDecimal } from './decimal.ts'

/** The part of avsc's reader that the types below use. */
interface Tap {
  readonly buf: Buffer
  pos: number
  readLong (): number
  skipLong (): void
  readString (): string
  skipString (): void
}

interface Codable {
  _read (tap: Tap): unknown
  _skip (tap: Tap): void
}

/** decimal ↔ bigint, the unscaled value: at scale 4 that is 1/10,000 of the unit. Beyond the precision is an error both ways. */
export class DecimalType extends avro.types.LogicalType {
  readonly scale: number
  readonly limit: bigint

  constructor (schema: Schema, options?: object) {
    super(schema, options)
    const { precision, scale } = schema as unknown as { readonly precision: number, readonly scale?: number }
    if (!Number.isInteger(precision) || precision < 1) throw new Error('a decimal needs a precision')
    this.scale = scale ?? 0
    this.limit = decimalLimit(precision)
  }

  override _fromValue (bytes: Buffer): bigint {
    return this.#checked(decodeDecimal(bytes))
  }

  override _toValue (value: unknown): Buffer | undefined {
    return typeof value === 'bigint' ? encodeDecimal(this.#checked(value)) : undefined
  }

  override _resolve (writer: Type): ((value: bigint) => bigint) | undefined {
    return writer instanceof DecimalType && writer.scale === this.scale ? value => this.#checked(value) : undefined
  }

  #checked (value: bigint): bigint {
    if (value > this.limit || value < -this.limit) throw new RangeError('a decimal is beyond its precision')
    return value
  }
}

/** An array whose block counts cannot be larger than the bytes that are left: a broken record must not hang the process. */
class BoundedArrayType extends avro.types.ArrayType {
  _read (this: { readonly itemsType: Codable }, tap: Tap): unknown[] {
    const items: unknown[] = []
    for (let count = readCount(tap); count > 0; count = readCount(tap)) {
      while (count-- > 0) items.push(this.itemsType._read(tap))
    }
    return items
  }

  _skip (tap: Tap): void {
    const items = this.itemsType as unknown as Codable
    for (let count = readCount(tap); count > 0; count = readCount(tap)) while (count-- > 0) items._skip(tap)
  }
}

/** A map with the same bound, in which `__proto__` is a key like any other. */
class BoundedMapType extends avro.types.MapType {
  _read (this: { readonly valuesType: Codable }, tap: Tap): Record<string, unknown> {
    const values: Record<string, unknown> = {}
    for (let count = readCount(tap); count > 0; count = readCount(tap)) {
      while (count-- > 0) {
        const key = tap.readString()
        const value = this.valuesType._read(tap)
        if (key === '__proto__') Object.defineProperty(values, key, { value, writable: true, enumerable: true, configurable: true })
        else values[key] = value
      }
    }
    return values
  }

  _skip (tap: Tap): void {
    const values = this.valuesType as unknown as Codable
    for (let count = readCount(tap); count > 0; count = readCount(tap)) {
      while (count-- > 0) {
        tap.skipString()
        values._skip(tap)
      }
    }
  }
}

/** Items of the next block; a negative count is followed by the size of the block, which is of no use here. */
function readCount (tap: Tap): number {
  let count = tap.readLong()
  if (count < 0) {
    count = -count
    tap.skipLong()
  }
  if (count > tap.buf.length - tap.pos) throw new RangeError('a block count is larger than what is left')
  return count
}

function boundedType (schema: Schema, options: object): Type | undefined {
  if (typeof schema !== 'object' || Array.isArray(schema) || !('type' in schema)) return undefined
  if (schema.type === 'array') return new BoundedArrayType(schema as never, options)
  if (schema.type === 'map') return new BoundedMapType(schema as never, options)
  return undefined
}

/**
 * Compiles a schema to avsc's type, with this project's mapping: decimal → bigint (unscaled), timestamps → epoch ms number, uuid
 * and enum → string, nullable → value or null, records → plain objects. A long is exact from −2^52 to 2^53 − 2; beyond 2^53 it is an
 * error (between −2^53 and −2^52 avsc loses the last bit, and the sign with it).
 *
 * @throws {Error} when the schema is not valid Avro, or a union cannot be told apart by its values.
 */
export function compileAvroType (schema: unknown): Type {
  const type = avro.Type.forSchema(schema as Schema, {
    logicalTypes: { decimal: DecimalType as never },
    assertLogicalTypes: true,
    omitRecordMethods: true,
    wrapUnions: 'never',
    typeHook: boundedType
  })
  makeRecordsPlain(type, new Set())
  return type
}

/** Gives decoded records the prototype of a literal: equal to, and printed like, the objects that code writes. */
function makeRecordsPlain (type: Type, seen: Set<Type>): void {
  if (seen.has(type)) return
  seen.add(type)
  for (const inner of innerTypes(type)) makeRecordsPlain(inner, seen)
  if (type instanceof avro.types.RecordType) (type.recordConstructor as unknown as { prototype: object }).prototype = Object.prototype
}

function innerTypes (type: Type): readonly Type[] {
  if (type instanceof avro.types.RecordType) return type.fields.map(field => field.type)
  if (type instanceof avro.types.ArrayType) return [type.itemsType]
  if (type instanceof avro.types.MapType) return [type.valuesType as Type]
  if (type instanceof avro.types.UnwrappedUnionType) return [...type.types]
  return []
}
