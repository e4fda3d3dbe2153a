import avsc from 'avsc'
import { type AvroField, type AvroNamed, type AvroRecord, type AvroType, fullName, isArray, isLogical, isMap, isNamed, isUnion } from './avro-schemas.ts'

/** A place where data written with one schema cannot be read with another. */
export interface SchemaBreak { readonly path: string, readonly reason: string }

/**
 * Every reason why records written with `writer` cannot be read with `reader`, each naming record and field; empty = readable.
 * Both schemas are self-contained. The last word is with the resolver that reads the records at run time; stricter than it in one
 * point: a logical type (decimal, its scale, timestamp) may not change, because the bytes would be read as another value.
 */
export function findBreaks (reader: AvroNamed, writer: AvroNamed): readonly SchemaBreak[] {
  const walk = new Walk(reader, writer)
  walk.compare(reader, writer, reader.name)
  if (walk.breaks.length > 0) return walk.breaks
  const refusal = resolverRefusal(reader, writer)
  return refusal === undefined ? [] : [{ path: reader.name, reason: refusal }]
}

class Walk {
  readonly breaks: SchemaBreak[] = []
  readonly #readerNames = new Map<string, AvroNamed>()
  readonly #writerNames = new Map<string, AvroNamed>()

  constructor (reader: AvroNamed, writer: AvroNamed) {
    collectNames(reader, this.#readerNames)
    collectNames(writer, this.#writerNames)
  }

  compare (readerType: AvroType, writerType: AvroType, path: string): void {
    const reader = resolve(readerType, this.#readerNames)
    const writer = resolve(writerType, this.#writerNames)
    if (isUnion(reader) || isUnion(writer)) return this.#compareUnions(isUnion(reader) ? reader : [reader], isUnion(writer) ? writer : [writer], path)
    if (logicalText(reader) !== logicalText(writer)) return this.#fail(path, `is ${kind(reader)}, was ${kind(writer)}`)
    if (isArray(reader) && isArray(writer)) return this.compare(reader.items, writer.items, path)
    if (isMap(reader) && isMap(writer)) return this.compare(reader.values, writer.values, path)
    if (isNamed(reader) && isNamed(writer)) {
      if (fullName(reader) !== fullName(writer)) return this.#fail(path, `is ${fullName(reader)}, was ${fullName(writer)}`)
      if (reader.type === 'record' && writer.type === 'record') return this.#compareFields(reader, writer, path)
    }
    const refusal = resolverRefusal(reader, writer)
    if (refusal !== undefined) this.#fail(path, refusal)
  }

  #compareFields (reader: AvroRecord, writer: AvroRecord, path: string): void {
    const written = new Map(writer.fields.map(field => [field.name, field]))
    for (const field of reader.fields) {
      const there = written.get(field.name) ?? aliases(field).map(alias => written.get(alias)).find(found => found !== undefined)
      if (there !== undefined) this.compare(field.type, there.type, `${path}.${field.name}`)
      else if (!('default' in field)) this.#fail(`${path}.${field.name}`, 'is not in every version and has no default')
    }
  }

  /** Every branch that can have been written must be readable by a branch of the same kind. */
  #compareUnions (reader: readonly AvroType[], writer: readonly AvroType[], path: string): void {
    for (const branch of writer) {
      const written = resolve(branch, this.#writerNames)
      const candidate = reader.find(type => kind(resolve(type, this.#readerNames)) === kind(written))
      if (candidate === undefined) this.#fail(path, `cannot hold ${kind(written)}`)
      else this.compare(candidate, written, path)
    }
  }

  #fail (path: string, reason: string): void {
    this.breaks.push({ path, reason })
  }
}

function resolverRefusal (reader: AvroType, writer: AvroType): string | undefined {
  try {
    typeOf(reader).createResolver(typeOf(writer))
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function typeOf (schema: AvroType): avsc.Type {
  return avsc.Type.forSchema(schema as avsc.Schema, { noAnonymousTypes: false })
}

function collectNames (type: AvroType, names: Map<string, AvroNamed>): void {
  if (isUnion(type)) type.forEach(branch => collectNames(branch, names))
  else if (isArray(type)) collectNames(type.items, names)
  else if (isMap(type)) collectNames(type.values, names)
  else if (isNamed(type)) {
    names.set(fullName(type), type)
    if (type.type === 'record') type.fields.forEach(field => collectNames(field.type, names))
  }
}

function resolve (type: AvroType, names: ReadonlyMap<string, AvroNamed>): AvroType {
  return typeof type === 'string' ? names.get(type) ?? type : type
}

function aliases (field: AvroField): readonly string[] {
  return 'aliases' in field && Array.isArray(field.aliases) ? field.aliases : []
}

function logicalText (type: AvroType): string {
  return isLogical(type) ? `${type.logicalType}(${type.precision ?? ''},${type.scale ?? ''})` : ''
}

function kind (type: AvroType): string {
  if (typeof type === 'string') return type
  if (isLogical(type)) return `${type.type}/${logicalText(type)}`
  if (isNamed(type)) return fullName(type)
  return isUnion(type) ? 'union' : (type as { readonly type: string }).type
}
