import { StreamsError } from '../errors.ts'
import { compileAvroType } from './avro-type.ts'
import { type Compatibility, type RegisteredSchema, type SchemaRegistry } from './registry.ts'

interface Subject { readonly versions: RegisteredSchema[], compatibility: Compatibility | null }

/** What a change must satisfy: which of the two directions, and against the newest version or all. */
const rules: Readonly<Record<Compatibility, { readonly backward: boolean, readonly forward: boolean, readonly all: boolean }>> = {
  NONE: { backward: false, forward: false, all: false },
  BACKWARD: { backward: true, forward: false, all: false },
  BACKWARD_TRANSITIVE: { backward: true, forward: false, all: true },
  FORWARD: { backward: false, forward: true, all: false },
  FORWARD_TRANSITIVE: { backward: false, forward: true, all: true },
  FULL: { backward: true, forward: true, all: false },
  FULL_TRANSITIVE: { backward: true, forward: true, all: true }
}

/** A registry in the process, with the checks of a real one; `isUp` makes it unreachable. */
export interface MemoryRegistry extends SchemaRegistry {
  isUp: boolean
  /** Calls answered so far. */
  readonly calls: number
}

/** Creates an empty registry. Ids count from 1 and belong to a schema, whatever its subjects. */
export function createMemoryRegistry (options: { readonly defaultCompatibility?: Compatibility } = {}): MemoryRegistry {
  const subjects = new Map<string, Subject>()
  const texts: string[] = []
  let isUp = true
  let calls = 0

  async function answer<T> (find: () => T): Promise<T> {
    await null
    if (!isUp) throw new StreamsError('STR_REGISTRY_UNAVAILABLE', { reason: 'memory registry is down' })
    calls += 1
    return find()
  }

  function accepts (subject: Subject | undefined, schema: object): boolean {
    if (subject === undefined) return true
    const rule = rules[subject.compatibility ?? options.defaultCompatibility ?? 'BACKWARD']
    return subject.versions.slice(rule.all ? 0 : -1).every(version => {
      const old = JSON.parse(version.schema) as object
      return (!rule.backward || canRead(schema, old)) && (!rule.forward || canRead(old, schema))
    })
  }

  function subjectOf (name: string): Subject {
    let subject = subjects.get(name)
    if (subject === undefined) subjects.set(name, subject = { versions: [], compatibility: null })
    return subject
  }

  return {
    get isUp () { return isUp },
    set isUp (value) { isUp = value },
    get calls () { return calls },
    idOf: async (subject, schema) => await answer(() => {
      const found = subjects.get(subject)?.versions.find(version => version.schema === JSON.stringify(schema))
      if (found === undefined) throw new StreamsError('STR_SCHEMA_UNREGISTERED', { subject })
      return found.id
    }),
    schemaOf: async id => await answer(() => {
      const text = texts[id - 1]
      if (text === undefined) throw new StreamsError('STR_SCHEMA_UNKNOWN', { schemaId: id })
      return text
    }),
    latest: async subject => await answer(() => subjects.get(subject)?.versions.at(-1) ?? null),
    register: async (name, schema) => await answer(() => {
      const text = JSON.stringify(schema)
      const subject = subjectOf(name)
      const existing = subject.versions.find(version => version.schema === text)
      if (existing !== undefined) return existing.id
      if (!accepts(subject, schema)) throw new StreamsError('STR_SCHEMA_INCOMPATIBLE', { subject: name })
      const id = texts.includes(text) ? texts.indexOf(text) + 1 : texts.push(text)
      subject.versions.push({ id, version: subject.versions.length + 1, schema: text })
      return id
    }),
    compatibilityOf: async subject => await answer(() => subjects.get(subject)?.compatibility ?? null),
    setCompatibility: async (subject, compatibility) => await answer(() => { subjectOf(subject).compatibility = compatibility }),
    isCompatible: async (subject, schema) => await answer(() => accepts(subjects.get(subject), schema))
  }
}

function canRead (reader: object, writer: object): boolean {
  try {
    compileAvroType(reader).createResolver(compileAvroType(writer))
    return true
  } catch {
    return false
  }
}
