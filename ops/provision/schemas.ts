import { fullNames, schemas } from '#schemas'
import { isStreamsError } from '../../streams/errors.ts'
import { type Compatibility, type SchemaRegistry } from '../../streams/serde/registry.ts'
import { type Serde } from '../../streams/serde/serde.ts'
import { type Topology } from '../../streams/topology.ts'
import { isCommerceSerde } from '../../topology/codec.ts'
import { allTopics } from '../../topology/topics.ts'
import { type ChangeLog } from './report.ts'

/** Readers of any age read records of any age. */
const compatibility: Compatibility = 'FULL_TRANSITIVE'

/** Subjects worked on at the same time: a registry answers each in a few milliseconds. */
const concurrency = 8

/** A subject (TopicRecordNameStrategy: topic and full name of the record) and the schema it must hold. */
export interface WantedSubject { readonly subject: string, readonly schema: object }

/** Subjects of every record that a topic, a store or an effect of the topology may carry. */
export function wantedSubjects (topology: Topology): readonly WantedSubject[] {
  const serdes: Array<Serde<unknown>> = allTopics.map(topic => topic.value)
  for (const node of topology.nodes) {
    if (node.kind === 'processor') serdes.push(...node.stores.map(store => store.value), ...node.effects.map(effect => effect.request))
  }
  const wanted = new Map<string, WantedSubject>()
  for (const serde of serdes) {
    if (!isCommerceSerde(serde)) continue
    for (const record of serde.records) {
      const subject = `${serde.topic}-${fullNames[record]}`
      wanted.set(subject, { subject, schema: schemas[record] })
    }
  }
  return [...wanted.values()]
}

/**
 * Registers every schema under its subject and demands full, transitive compatibility of each.
 *
 * @throws {StreamsError} STR_SCHEMA_INCOMPATIBLE naming the subject whose registered versions forbid the schema.
 */
export async function provisionSchemas (registry: SchemaRegistry, topology: Topology, changes: ChangeLog): Promise<void> {
  const wanted = wantedSubjects(topology)
  const before = changes.count
  const queue = [...wanted]
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await provisionSubject(registry, next, changes)
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  if (changes.count === before) changes.unchanged(`schemas (${wanted.length} subjects)`)
}

/** A new subject gets its schema first: some registries know no compatibility of a subject that holds nothing. */
async function provisionSubject (registry: SchemaRegistry, { subject, schema }: WantedSubject, changes: ChangeLog): Promise<void> {
  const isPresent = await isRegistered(registry, subject, schema)
  const before = isPresent ? undefined : await registry.latest(subject)
  if (before === null) {
    const id = await register(registry, subject, schema)
    await registry.setCompatibility(subject, compatibility)
    changes.add('+', `schema ${subject} (id ${id})`)
    return
  }
  const actual = await registry.compatibilityOf(subject)
  if (actual !== compatibility) {
    await registry.setCompatibility(subject, compatibility)
    changes.add('~', `compatibility ${subject}: ${actual ?? 'default'} → ${compatibility}`)
  }
  if (before === undefined) return
  const id = await register(registry, subject, schema)
  changes.add('~', `schema ${subject} (version ${before.version} → ${before.version + 1}, id ${id})`)
}

/** Registers, or finds that somebody who provisions at the same time was faster: some registries answer that with an error. */
async function register (registry: SchemaRegistry, subject: string, schema: object): Promise<number> {
  try {
    return await registry.register(subject, schema)
  } catch (error) {
    if (await isRegistered(registry, subject, schema)) return await registry.idOf(subject, schema)
    throw error
  }
}

async function isRegistered (registry: SchemaRegistry, subject: string, schema: object): Promise<boolean> {
  try {
    await registry.idOf(subject, schema)
    return true
  } catch (error) {
    if (isStreamsError(error, 'STR_SCHEMA_UNREGISTERED')) return false
    throw error
  }
}
