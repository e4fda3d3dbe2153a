import { schemas } from '#schemas'
import { createAvroCodec } from '../../streams/serde/avro.ts'
import { createMemoryRegistry } from '../../streams/serde/memory-registry.ts'
import { bindCodec } from '../../topology/index.ts'

/**
 * Binds every serde that was declared to a registry in memory in which an id means the same schema in every process: all schemas are registered first, by
 * name, whatever a process has declared. For tests and benchmarks of several processes that need a broker and no schema registry.
 */
export async function bindAgreedCodec (): Promise<void> {
  const registry = createMemoryRegistry()
  const codec = createAvroCodec({ registry, schemas })
  bindCodec(codec)
  for (const [name, schema] of Object.entries(schemas).sort(([one], [other]) => one < other ? -1 : 1)) await registry.register(name, schema)
  for (const { subject, schema } of codec.subjects()) await registry.register(subject, schema)
  await codec.ready()
}
