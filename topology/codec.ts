import { type MessageName, type MessageTypes } from '#schemas'
import { type Serde, type TypedValue } from '../streams/serde/serde.ts'

/** What turns records of one topic into bytes and back: made by `createCommerceCodec`, bound once a process with `bindCodec`. */
export interface CommerceCodec {
  /** A serde for the records of a topic: their subjects are `<topic>-<full name>`. */
  serde (topic: string, records: readonly MessageName[]): Serde<TypedValue>
}

/** A serde of the catalogue: knows its topic and records before any codec exists. */
export interface CommerceSerde<V extends TypedValue = TypedValue> extends Serde<V> {
  readonly topic: string
  readonly records: readonly MessageName[]
}

let bound: CommerceCodec | undefined

/**
 * Gives every serde of the catalogue its codec. Called at start, before the first record; a later call replaces it, as tests do.
 * Topics and stores can so be declared once, at module level, without a registry at hand.
 */
export function bindCodec (codec: CommerceCodec): void {
  bound = codec
}

/**
 * A serde for exactly these records on that topic (or changelog, for stores). A record of another type is unreadable.
 *
 * @throws {Error} on first use when no codec is bound.
 */
export function commerceSerde<Name extends MessageName> (topic: string, records: readonly Name[]): CommerceSerde<MessageTypes[Name]> {
  let codec: CommerceCodec | undefined
  let serde: Serde<MessageTypes[Name]> | undefined
  const current = (): Serde<MessageTypes[Name]> => {
    if (serde === undefined || codec !== bound) {
      if (bound === undefined) throw new Error(`the serde of ${topic} was used before bindCodec`)
      codec = bound
      serde = codec.serde(topic, records) as Serde<MessageTypes[Name]>
    }
    return serde
  }
  return Object.freeze({
    topic,
    records,
    encode: (value: MessageTypes[Name]) => current().encode(value),
    decode: (bytes: Buffer) => current().decode(bytes),
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
