/** Which changes of a subject's schema the registry accepts. Names as in the Confluent API. */
export type Compatibility =
  | 'NONE' | 'BACKWARD' | 'BACKWARD_TRANSITIVE' | 'FORWARD' | 'FORWARD_TRANSITIVE' | 'FULL' | 'FULL_TRANSITIVE'

/** The newest schema of a subject. */
export interface RegisteredSchema {
  readonly id: number
  readonly version: number
  /** The schema as JSON text, as it was registered. */
  readonly schema: string
}

/**
 * A schema registry with the Confluent model: immutable schemas with an id, versions of them under subjects. Two implementations:
 * `confluent-registry.ts` over HTTP and `memory-registry.ts`. Schemas are complete: no references.
 *
 * Every call rejects with STR_REGISTRY_UNAVAILABLE when there is no answer, or one that says the registry is not well.
 */
export interface SchemaRegistry {
  /**
   * The id under which the subject holds exactly this schema. Looks up only, registers nothing.
   *
   * @throws {StreamsError} STR_SCHEMA_UNREGISTERED when it does not hold it.
   */
  idOf (subject: string, schema: object): Promise<number>
  /**
   * The schema of that id, as JSON text.
   *
   * @throws {StreamsError} STR_SCHEMA_UNKNOWN when the registry says that there is none.
   */
  schemaOf (id: number): Promise<string>
  /** The newest version of a subject, or null when the subject does not exist. */
  latest (subject: string): Promise<RegisteredSchema | null>
  /**
   * Adds the schema to the subject as its newest version, unless it holds it already; answers its id.
   *
   * @throws {StreamsError} STR_SCHEMA_INCOMPATIBLE when the subject's compatibility forbids it.
   */
  register (subject: string, schema: object): Promise<number>
  /** The subject's own compatibility, or null when it has none and the registry's default counts. */
  compatibilityOf (subject: string): Promise<Compatibility | null>
  setCompatibility (subject: string, compatibility: Compatibility): Promise<void>
  /** Whether the schema could be registered now; true for a subject that does not exist. */
  isCompatible (subject: string, schema: object): Promise<boolean>
}
