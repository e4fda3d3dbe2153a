import { type Type } from 'avsc'
import { ensureError, isStreamsError, StreamsError } from '../errors.ts'
import { compileAvroType } from './avro-type.ts'
import { type BodyWalk, compileWalk } from './avro-walk.ts'
import { type SchemaRegistry } from './registry.ts'
import { type ValueVisitor } from './visitor.ts'
import { HEADER_BYTES, readSchemaId } from './wire-format.ts'

type Resolver = ReturnType<Type['createResolver']>

/** Walks over bodies that need no resolving, by the visitor that each was compiled for; undefined = there is none. */
type Walks = WeakMap<ValueVisitor, BodyWalk | undefined>

/** What is known of a schema id that stood in front of a record. */
type Writer =
  | { readonly kind: 'readable', readonly fullName: string, readonly reader: Type, readonly resolver: Resolver | undefined, readonly walks: Walks }
  | { readonly kind: 'unreadable', readonly reason: string }
  | { readonly kind: 'denied' }

/** More ids than any registry gives to one process: beyond it they are garbage, and forgotten. */
const MAX_WRITERS = 10_000

/** Schemas of writers by id: loaded once, then decoding never waits. What the registry denied is remembered too. */
export class WriterSchemas {
  readonly #registry: SchemaRegistry
  readonly #readerOf: (fullName: string) => Type | undefined
  readonly #writers = new Map<number, Writer>()
  readonly #loading = new Map<number, Promise<void>>()

  /** `readerOf` answers the schema known here for a full record name. */
  constructor (registry: SchemaRegistry, readerOf: (fullName: string) => Type | undefined) {
    this.#registry = registry
    this.#readerOf = readerOf
  }

  /** An id that stands for a schema of this process itself. */
  addOwn (id: number, fullName: string, reader: Type): void {
    this.#writers.set(id, { kind: 'readable', fullName, reader, resolver: undefined, walks: new WeakMap() })
  }

  /**
   * Null when the id is known or denied, else a promise to wait for.
   *
   * @throws {StreamsError} STR_REGISTRY_UNAVAILABLE (rejects); ask again later.
   */
  load (id: number): Promise<void> | null {
    if (this.#writers.has(id)) return null
    let loading = this.#loading.get(id)
    if (loading === undefined) {
      loading = this.#fetch(id).finally(() => { this.#loading.delete(id) })
      this.#loading.set(id, loading)
    }
    return loading
  }

  /** Full name of the records of a writer schema; undefined = none that can be read here, or not loaded yet. */
  nameOf (id: number | null): string | undefined {
    const writer = id === null ? undefined : this.#writers.get(id)
    return writer?.kind === 'readable' ? writer.fullName : undefined
  }

  /** @throws {StreamsError} STR_RECORD_UNREADABLE, STR_SCHEMA_UNKNOWN; STR_REGISTRY_UNAVAILABLE when `load` was not waited for. */
  decode (bytes: Buffer): { readonly fullName: string, readonly value: object } {
    const id = readSchemaId(bytes)
    if (id === null) throw new StreamsError('STR_RECORD_UNREADABLE', { reason: 'no magic byte and schema id', length: bytes.length })
    const writer = this.#writers.get(id)
    if (writer === undefined) throw new StreamsError('STR_REGISTRY_UNAVAILABLE', { schemaId: id, reason: 'not loaded yet' })
    if (writer.kind === 'denied') throw new StreamsError('STR_SCHEMA_UNKNOWN', { schemaId: id })
    if (writer.kind === 'unreadable') throw new StreamsError('STR_RECORD_UNREADABLE', { schemaId: id, reason: writer.reason })
    const { fullName, reader, resolver } = writer
    return { fullName, value: readBody(id, reader, resolver, bytes) }
  }

  /** Tells the value of these bytes as one of this short name. False: ask `decode`, which alone resolves the schemas of others and knows what is wrong. */
  tell (bytes: Buffer, type: string, visitor: ValueVisitor): boolean {
    const id = readSchemaId(bytes)
    const writer = id === null ? undefined : this.#writers.get(id)
    if (writer?.kind !== 'readable' || writer.resolver !== undefined) return false
    const { walks, reader } = writer
    let walk = walks.get(visitor)
    if (walk === undefined && !walks.has(visitor)) walks.set(visitor, walk = compileWalk(reader, type, visitor))
    return walk !== undefined && walk(bytes, HEADER_BYTES)
  }

  async #fetch (id: number): Promise<void> {
    if (this.#writers.size >= MAX_WRITERS) this.#writers.clear()
    try {
      this.#writers.set(id, this.#compile(await this.#registry.schemaOf(id)))
    } catch (error) {
      if (!isStreamsError(error, 'STR_SCHEMA_UNKNOWN')) throw error
      this.#writers.set(id, { kind: 'denied' })
    }
  }

  #compile (text: string): Writer {
    try {
      const type = compileAvroType(JSON.parse(text))
      const fullName = type.name ?? ''
      const reader = this.#readerOf(fullName)
      if (reader === undefined) return { kind: 'unreadable', reason: `no schema here for ${fullName === '' ? type.typeName : fullName}` }
      return { kind: 'readable', fullName, reader, resolver: reader.createResolver(type), walks: new WeakMap() }
    } catch (error) {
      return { kind: 'unreadable', reason: `the schema of the writer cannot be read as ours: ${ensureError(error).message}` }
    }
  }
}

function readBody (schemaId: number, reader: Type, resolver: Resolver | undefined, bytes: Buffer): object {
  let decoded: { readonly value: unknown, readonly offset: number }
  try {
    decoded = reader.decode(bytes, HEADER_BYTES, resolver)
  } catch (error) {
    throw new StreamsError('STR_RECORD_UNREADABLE', { schemaId, reason: 'the body does not parse' }, error)
  }
  if (decoded.offset === bytes.length) return decoded.value as object
  throw new StreamsError('STR_RECORD_UNREADABLE', { schemaId, reason: decoded.offset < 0 ? 'the body is cut off' : 'bytes are left after the body' })
}
