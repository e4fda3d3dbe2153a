import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createAvroCodec } from '../../streams/serde/avro.ts'
import { createConfluentRegistry } from '../../streams/serde/confluent-registry.ts'
import { type TypedValue } from '../../streams/serde/serde.ts'
import { useStack } from '../support/stack.ts'

const money = { type: 'bytes', logicalType: 'decimal', precision: 18, scale: 4 }
const first = { type: 'record', name: 'Paid', namespace: 'test', doc: 'Grüße', fields: [{ name: 'amount', type: money, doc: 'Unit: 1/10,000.' }] }
const second = { ...first, fields: [...first.fields, { name: 'note', type: ['null', 'string'], default: null }] }
const breaking = { ...first, fields: [...first.fields, { name: 'must', type: 'int' }] }

t.test('confluent registry keeps, finds and denies schemas as the port says', async t => {
  const stack = await useStack(t, { services: ['registry'] })
  if (stack === undefined) return
  const registry = createConfluentRegistry({ url: stack.endpoints.registryUrl })
  const subject = `test-${randomUUID()}-test.Paid`

  t.equal(await registry.latest(subject), null)
  await t.rejects(registry.idOf(subject, first), { code: 'STR_SCHEMA_UNREGISTERED' })
  t.equal(await registry.isCompatible(subject, first), true)
  const id = await registry.register(subject, first)
  t.equal(await registry.register(subject, first), id)
  t.equal(await registry.idOf(subject, first), id)
  t.same(JSON.parse(await registry.schemaOf(id)), first)
  await registry.setCompatibility(subject, 'FULL_TRANSITIVE')
  t.equal(await registry.compatibilityOf(subject), 'FULL_TRANSITIVE')
  t.equal(await registry.isCompatible(subject, second), true)
  t.equal(await registry.isCompatible(subject, breaking), false)
  await t.rejects(registry.register(subject, breaking), { code: 'STR_SCHEMA_INCOMPATIBLE' })
  await t.rejects(registry.idOf(subject, breaking), { code: 'STR_SCHEMA_UNREGISTERED' })
  const next = await registry.register(subject, second)
  t.not(next, id)
  t.match(await registry.latest(subject), { id: next, version: 2 })
  await t.rejects(registry.schemaOf(2_000_000_000), { code: 'STR_SCHEMA_UNKNOWN' })
})

t.test('avro codec reads what another process wrote with a newer schema when both share a registry', async t => {
  const stack = await useStack(t, { services: ['registry'] })
  if (stack === undefined) return
  const registry = createConfluentRegistry({ url: stack.endpoints.registryUrl })
  const topic = `test-${randomUUID()}`
  const [writer, reader] = [second, first].map(schema => createAvroCodec({ registry, schemas: { Paid: schema } }))
  if (writer === undefined || reader === undefined) return
  const [written, read] = [writer.serde<TypedValue>(topic, ['Paid']), reader.serde<TypedValue>(topic, ['Paid'])]
  await t.rejects(reader.ready(), { code: 'STR_SCHEMA_UNREGISTERED' })
  for (const codec of [reader, writer]) {
    for (const { subject, schema } of codec.subjects()) await registry.register(subject, schema)
    await codec.ready()
  }
  const bytes = written.encode({ type: 'Paid', amount: 123_4500n, note: 'x' } as TypedValue)
  await read.prepare?.(bytes)
  t.same(read.decode(bytes), { type: 'Paid', amount: 123_4500n })
  const garbage = Buffer.from(bytes)
  garbage.writeInt32BE(2_000_000_001, 1)
  await read.prepare?.(garbage)
  t.throws(() => read.decode(garbage), { code: 'STR_SCHEMA_UNKNOWN' })
})
