import { type ValueVisitor } from './visitor.ts'

/**
 * Turns values into bytes and back, synchronously: handlers never wait for a schema.
 *
 * `prepare` is the only place where a lookup may happen (a writer schema this process has not seen yet). The runtime calls it
 * before `decode`, outside the handler. An unknown schema id that the registry denies makes `decode` throw; a registry that
 * cannot be reached makes `prepare` reject, and the runtime waits.
 */
export interface Serde<T> {
  encode (value: T): Buffer
  /** @throws {StreamsError} STR_RECORD_UNREADABLE: the bytes are not a value of this serde; the record is dead-lettered. */
  decode (bytes: Buffer): T
  /** What `decode` would call the type of these bytes, told without reading them; undefined = only `decode` tells, or refuses them. */
  typeOf? (bytes: Buffer): string | undefined
  /**
   * Tells a visitor the parts of the value that `decode` would give, and answers its type. Undefined: ask `decode`; what was told is void then.
   * For the hot path of who makes no use of the value itself.
   */
  tell? (bytes: Buffer, visitor: ValueVisitor): string | undefined
  /** Returns null when `decode` can be called at once (the hot path), else a promise to wait for. */
  prepare? (bytes: Buffer): Promise<void> | null
}

/** Values carried by topics are discriminated by `type`, the short name of the Avro record. */
export interface TypedValue {
  readonly type: string
}
