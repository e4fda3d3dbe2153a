import { type Type } from 'avsc'
import { ensureError, isStreamsError, StreamsError } from '../errors.ts'
import { compileAvroType } from './avro-type.ts'
import { type SchemaRegistry } from './registry.ts'
import { type Serde, type TypedValue } from './serde.ts'
import { HEADER_BYTES, readSchemaId, writeHeader } from './wire-format.ts'
import { WriterSchemas } from './writer-schemas.ts'

export interface AvroCodecOptions {
  readonly registry: SchemaRegistry
  /** Complete schemas of every record that stands alone, by short name: the `type` of its values. */
  readonly schemas: Readonly<Record<string, object>>
  /** Subject of a record on a topic. @default `<topic>-<full record name>` (TopicRecordNameStrategy) */
  readonly subject?: (topic: string, fullName: string) => string
}

/** A subject and the schema that it must hold: what provisioning registers and `ready` looks up. */
export interface SubjectSchema { readonly subject: string, readonly schema: object }

/**
 * Avro values in Confluent wire format, for every topic and store of a process.
 *
 * Life: `serde` for everything that will be encoded → `ready`, once, at start → encode and decode without waiting. A changelog
 * counts as a topic: rows of stores use the changelog's name.
 */
export interface AvroCodec {
  /**
   * A serde for exactly these records on that topic.
   *
   * encode: by `value.type`. decode: with the schema of the writer, resolved to the one known here; sets `type`; a record of
   * another name is STR_RECORD_UNREADABLE, an id that the registry denies STR_SCHEMA_UNKNOWN.
   *
   * @throws {StreamsError} STR_SCHEMA_INVALID when a record has no schema here.
   */
  serde<V extends TypedValue = TypedValue> (topic: string, records: ReadonlyArray<V['type']>): Serde<V>
  /**
   * Looks up the schema ids of every serde made so far; may be called again after more were made.
   *
   * @throws {StreamsError} STR_SCHEMA_UNREGISTERED naming every subject that lacks its schema; STR_REGISTRY_UNAVAILABLE.
   */
  ready (): Promise<void>
  /** What the registry must hold for the serdes made so far. */
  subjects (): readonly SubjectSchema[]
}

interface RecordType { readonly name: string, readonly fullName: string, readonly schema: object, readonly type: Type }

/** An id being looked up (undefined) or known, by subject. */
interface Binding { readonly subject: string, readonly record: RecordType, id: number | undefined }

const LOOKUPS_AT_ONCE = 8

/** Creates a codec; nothing is compiled or looked up before it is needed. */
export function createAvroCodec (options: AvroCodecOptions): AvroCodec {
  const subjectOf = options.subject ?? ((topic: string, fullName: string) => `${topic}-${fullName}`)
  const records = new Map<string, RecordType>()
  const bindings = new Map<string, Binding>()
  const writers = new WriterSchemas(options.registry, readerOf)
  const encoder = new Encoder()

  function recordOf (name: string): RecordType {
    let record = records.get(name)
    if (record === undefined) records.set(name, record = compileRecord(name, options.schemas[name]))
    return record
  }

  function readerOf (fullName: string): Type | undefined {
    const name = shortName(fullName)
    if (options.schemas[name] === undefined) return undefined
    const record = recordOf(name)
    return record.fullName === fullName ? record.type : undefined
  }

  function bind (topic: string, name: string): Binding {
    const record = recordOf(name)
    const subject = subjectOf(topic, record.fullName)
    let binding = bindings.get(subject)
    if (binding === undefined) bindings.set(subject, binding = { subject, record, id: undefined })
    return binding
  }

  async function lookUp (binding: Binding): Promise<string | undefined> {
    try {
      binding.id = await options.registry.idOf(binding.subject, binding.record.schema)
      writers.addOwn(binding.id, binding.record.fullName, binding.record.type)
      return undefined
    } catch (error) {
      if (isStreamsError(error, 'STR_SCHEMA_UNREGISTERED')) return binding.subject
      throw error
    }
  }

  return {
    serde: <V extends TypedValue>(topic: string, names: ReadonlyArray<V['type']>): Serde<V> => {
      const bound = new Map(names.map(name => [name as string, bind(topic, name)]))
      const typeOf = (bytes: Buffer): string | undefined => {
        const fullName = writers.nameOf(readSchemaId(bytes))
        if (fullName === undefined) return undefined
        const type = shortName(fullName)
        return bound.get(type)?.record.fullName === fullName ? type : undefined
      }
      return {
        encode: value => {
          const binding = bound.get(value.type)
          if (binding === undefined) throw new StreamsError('STR_VALUE_INVALID', { topic, type: value.type, reason: 'not a record of the topic' })
          if (binding.id === undefined) throw new StreamsError('STR_SCHEMA_UNREGISTERED', { subject: binding.subject })
          return encoder.encode(binding.id, binding.record.type, value)
        },
        decode: bytes => {
          const { fullName, value } = writers.decode(bytes)
          const type = shortName(fullName)
          if (bound.get(type)?.record.fullName !== fullName) throw new StreamsError('STR_RECORD_UNREADABLE', { topic, record: fullName, reason: 'not a record of the topic' })
          return Object.assign(value, { type }) as unknown as V
        },
        typeOf,
        tell: (bytes, visitor) => {
          const type = typeOf(bytes)
          return type !== undefined && writers.tell(bytes, type, visitor) ? type : undefined
        },
        prepare: bytes => {
          const id = readSchemaId(bytes)
          return id === null ? null : writers.load(id)
        }
      }
    },
    ready: async () => {
      const open = [...bindings.values()].filter(binding => binding.id === undefined)
      const missing: string[] = []
      for (let i = 0; i < open.length; i += LOOKUPS_AT_ONCE) {
        const found = await Promise.all(open.slice(i, i + LOOKUPS_AT_ONCE).map(lookUp))
        missing.push(...found.filter(subject => subject !== undefined))
      }
      if (missing.length > 0) throw new StreamsError('STR_SCHEMA_UNREGISTERED', { subjects: missing.join(', ') })
    },
    subjects: () => [...bindings.values()].map(({ subject, record }) => ({ subject, schema: record.schema }))
  }
}

/** Frames and encodes into one growing buffer, then copies out. */
class Encoder {
  #scratch = Buffer.allocUnsafe(16 * 1024)

  encode (id: number, type: Type, value: TypedValue): Buffer {
    try {
      let end = type.encode(value, this.#scratch, HEADER_BYTES)
      while (end < 0) {
        this.#scratch = Buffer.allocUnsafe((this.#scratch.length - end) * 2)
        end = type.encode(value, this.#scratch, HEADER_BYTES)
      }
      writeHeader(this.#scratch, id)
      const bytes = Buffer.allocUnsafe(end)
      this.#scratch.copy(bytes, 0, 0, end)
      return bytes
    } catch (error) {
      throw new StreamsError('STR_VALUE_INVALID', { type: value.type, fields: invalidFields(type, value) }, ensureError(error))
    }
  }
}

/** Paths of the fields that do not fit, never their values. */
function invalidFields (type: Type, value: unknown): string {
  const paths: string[] = []
  try {
    type.isValid(value, { errorHook: path => { paths.push(path.join('.')) } })
  } catch {
    // A check that throws has no path to tell.
  }
  return paths.join(',')
}

function compileRecord (name: string, schema: object | undefined): RecordType {
  try {
    if (schema === undefined) throw new Error('there is no schema of that name')
    const type = compileAvroType(schema)
    if (type.typeName !== 'record' || type.name === undefined || shortName(type.name) !== name) throw new Error('the schema is not that of this record')
    return { name, fullName: type.name, schema, type }
  } catch (error) {
    throw new StreamsError('STR_SCHEMA_INVALID', { record: name }, error)
  }
}

function shortName (fullName: string): string {
  return fullName.slice(fullName.lastIndexOf('.') + 1)
}
