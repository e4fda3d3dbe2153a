import { schemas } from '../../schemas/index.ts'
import { createAvroCodec } from '../../streams/serde/avro.ts'
import { type MemoryRegistry, createMemoryRegistry } from '../../streams/serde/memory-registry.ts'
import { bindCodec } from '../../topology/codec.ts'

/**
 * Binds every serde declared by what a test has imported to a registry in memory that holds all their schemas. Call it after the
 * imports, once a file; the returned registry is for codecs of a test's own.
 */
export async function bindMemoryCodec (): Promise<MemoryRegistry> {
  const registry = createMemoryRegistry()
  const codec = createAvroCodec({ registry, schemas })
  bindCodec(codec)
  for (const { subject, schema } of codec.subjects()) await registry.register(subject, schema)
  await codec.ready()
  return registry
}
