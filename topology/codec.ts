import { type MessageName, type MessageTypes, schemas } from '#schemas'
import { createAvroCodec } from '../streams/serde/avro.ts'
import { type SchemaRegistry } from '../streams/serde/registry.ts'
import { type Serde, type TypedValue } from '../streams/serde/serde.ts'
import { type ValueVisitor } from '../streams/serde/visitor.ts'

/** What turns records of one topic into bytes and back. */
export interface CommerceCodec {
  /** A serde for the records of a topic: their subjects are `<topic>-<full name>`. */
  serde (topic: string, records: readonly MessageName[]): Serde<TypedValue>
}

/** A serde of the catalogue: knows its topic and records before any codec exists. */
export interface CommerceSerde<V extends TypedValue = TypedValue> extends Serde<V> {
  readonly topic: string
  readonly records: readonly MessageName[]
}

/** Serdes of the process wait here for a codec; a new one binds itself when there is one already. */
const waiting: Array<(codec: CommerceCodec) => void> = []
let bound: CommerceCodec | undefined

/**
 * Gives every serde of the catalogue its codec. Called at start, before the first record; a later call replaces it, as tests do.
 * Topics and stores can so be declared once, at module level, without a registry at hand.
 */
export function bindCodec (codec: CommerceCodec): void {
  bound = codec
  for (const bind of waiting) bind(codec)
}

/**
 * Makes the platform's codec over a registry, binds it, and looks up the schema ids of everything declared so far: afterwards
 * encoding never waits.
 *
 * @throws {StreamsError} STR_SCHEMA_UNREGISTERED naming the subjects that provisioning has not registered; STR_REGISTRY_UNAVAILABLE.
 */
export async function bindRegistry (registry: SchemaRegistry): Promise<void> {
  const codec = createAvroCodec({ registry, schemas })
  bindCodec(codec)
  await codec.ready()
}

/**
 * A serde for exactly these records on that topic (or changelog, for stores). A record of another type is unreadable.
 *
 * @throws {Error} on use when no codec is bound.
 */
export function commerceSerde<Name extends MessageName> (topic: string, records: readonly Name[]): CommerceSerde<MessageTypes[Name]> {
  let serde: Serde<MessageTypes[Name]> | undefined
  const bind = (codec: CommerceCodec): void => { serde = codec.serde(topic, records) as Serde<MessageTypes[Name]> }
  waiting.push(bind)
  if (bound !== undefined) bind(bound)
  const current = (): Serde<MessageTypes[Name]> => {
    if (serde === undefined) throw new Error(`the serde of ${topic} was used before bindCodec`)
    return serde
  }
  return Object.freeze({
    topic,
    records,
    encode: (value: MessageTypes[Name]) => current().encode(value),
    decode: (bytes: Buffer) => current().decode(bytes),
    typeOf: (bytes: Buffer) => current().typeOf?.(bytes),
    tell: (bytes: Buffer, visitor: ValueVisitor) => current().tell?.(bytes, visitor),
    prepare: (bytes: Buffer) => current().prepare?.(bytes) ?? null
  })
}

/** Prefix of transactional ids, changelogs, hash slots and the consumer group. */
export const applicationId = 'commerce'

/** A serde for values of a processor's stores and effects; their subjects are those of its changelog. */
export function stateSerde<Name extends MessageName> (processor: string, ...records: readonly Name[]): CommerceSerde<MessageTypes[Name]> {
  return commerceSerde(changelogOf(processor), records)
}

/** Name of the changelog topic of a processor. */
export function changelogOf (processor: string): string {
  return `${applicationId}-${processor}-changelog`
}

/** The serde's topic and records when it belongs to the catalogue, else undefined. */
export function isCommerceSerde (serde: Serde<unknown>): serde is CommerceSerde {
  return 'records' in serde && 'topic' in serde
}
