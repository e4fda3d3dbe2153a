import assert from 'node:assert/strict'
import fc from 'fast-check'
import { test } from 'tap'
import { schemas } from '#schemas'
import { type EventDecoder, RowEncoder } from '../../../sinks/clickhouse/rows.ts'
import { serdeDecoder } from '../../../sinks/index.ts'
import { type FetchedRecord, NO_HEADERS } from '../../../streams/record.ts'
import { createAvroCodec } from '../../../streams/serde/avro.ts'
import { createMemoryRegistry, type MemoryRegistry } from '../../../streams/serde/memory-registry.ts'
import { type Serde, type TypedValue } from '../../../streams/serde/serde.ts'
import { type TopicDef } from '../../../streams/topic.ts'
import { attack } from '../../streams/attack.ts'
import { avroValues } from '../../support/avro-values.ts'

const TOPIC = 'events'

interface Subject {
  readonly serde: Serde<TypedValue>
  readonly registry: MemoryRegistry
  /** Rows as the sink makes them, and how many payloads were told. */
  readonly told: RowEncoder
  readonly count: () => number
  /** The same from the values themselves. */
  readonly decoded: RowEncoder
}

/** A serde of these records, whose schemas have the ids 1, 2, …, and both ways to make rows of them. */
async function subjectOf (all: Readonly<Record<string, object>>): Promise<Subject> {
  const registry = createMemoryRegistry()
  const codec = createAvroCodec({ registry, schemas: all })
  const serde = codec.serde<TypedValue>(TOPIC, Object.keys(all))
  for (const { subject, schema } of codec.subjects()) await registry.register(subject, schema)
  await codec.ready()
  const { tell, ...rest } = serdeDecoder([{ name: TOPIC, value: serde } as unknown as TopicDef])
  let count = 0
  const counting: EventDecoder = {
    ...rest,
    tell: (...asked) => {
      const type = tell?.(...asked)
      if (type !== undefined) count++
      return type
    }
  }
  return { serde, registry, told: new RowEncoder(counting), count: () => count, decoded: new RowEncoder(rest) }
}

function recordOf (value: Buffer): FetchedRecord {
  return { topic: TOPIC, partition: 0, offset: 7n, timestampMs: 1_700_000_000_000, key: Buffer.from('a key'), value, headers: NO_HEADERS }
}

async function rowsOf (encoder: RowEncoder, values: readonly Buffer[]): Promise<string> {
  return String(await encoder.encode(values.map(recordOf), 0n))
}

const record = (name: string, fields: readonly object[]): Record<string, object> => ({ [name]: { type: 'record', name, fields } })
const money = { type: 'bytes', logicalType: 'decimal', precision: 18, scale: 4 }
const everything = record('Everything', [
  { name: 'meta', type: { type: 'record', name: 'Meta', fields: [{ name: 'eventId', type: 'string' }, { name: 'issuedAt', type: ['null', 'long'] }] } },
  { name: 'name', type: 'string' }, { name: 'bytes', type: 'bytes' }, { name: 'total', type: ['null', money] }, { name: 'isNew', type: 'boolean' },
  { name: 'size', type: { type: 'enum', name: 'Size', symbols: ['small', 'large'] } }, { name: 'cost', type: money },
  { name: 'grid', type: { type: 'array', items: { type: 'array', items: 'int' } } }, { name: 'at', type: 'long' }
])

test('payload that is told is that of the decoded value, byte for byte, for any value of every schema', async t => {
  const subject = await subjectOf(schemas)
  const untold = new Set<string>()
  for (const [name, schema] of Object.entries(schemas)) {
    const values = fc.sample(avroValues(schema), { ...attack(6), numRuns: 6 }).map(value => subject.serde.encode({ ...value, type: name }))
    const before = subject.count()
    assert.equal(await rowsOf(subject.told, values), await rowsOf(subject.decoded, values), name)
    if (subject.count() === before) untold.add(name)
  }
  const withMaps = Object.entries(schemas).filter(([, schema]) => JSON.stringify(schema).includes('"type":"map"')).map(([name]) => name)
  t.same([...untold].sort(), withMaps.sort(), 'maps alone need the value: all others are told')
})

test('row is that of the decoded value when the bytes are cut, changed or have bytes behind them', async t => {
  const { serde, told, decoded, count } = await subjectOf(everything)
  const damage = fc.record({
    value: avroValues(everything['Everything'] as object),
    at: fc.nat(),
    byte: fc.constantFrom(0, 1, 2, 3, 0x7f, 0x80, 0xff),
    cut: fc.option(fc.nat()),
    more: fc.uint8Array({ maxLength: 2 })
  })
  await fc.assert(fc.asyncProperty(damage, async ({ value, at, byte, cut, more }) => {
    const bytes = serde.encode({ ...value, type: 'Everything' })
    bytes[5 + at % (bytes.length - 5)] = byte
    const damaged = Buffer.concat([bytes.subarray(0, cut === null ? bytes.length : 5 + cut % (bytes.length - 5)), more])
    assert.equal(await rowsOf(told, [damaged, bytes]), await rowsOf(decoded, [damaged, bytes]))
  }), attack(1_000))
  t.ok(count() > 100, 'some are still whole')
})

test('row is that of the decoded value when lengths, counts and numbers are of the most unusual kind', async () => {
  const { told, decoded } = await subjectOf(everything)
  const ones = (length: number, last: number): number[] => [...Array.from({ length }, () => 0xff), last]
  const piece = fc.oneof(fc.constantFrom([0x80, 0], [0x81, 0x80, 0], ones(4, 0x0f), ones(7, 1), ones(8, 1), ones(12, 0)),
    fc.array(fc.constantFrom(0, 1, 2, 3, 4, 0x61), { minLength: 1, maxLength: 6 }))
  await fc.assert(fc.asyncProperty(fc.array(piece, { maxLength: 14 }), async pieces => {
    const bytes = Buffer.from([0, 0, 0, 0, 1, ...pieces.flat()])
    assert.equal(await rowsOf(told, [bytes]), await rowsOf(decoded, [bytes]))
  }), attack(1_000))
})

test('row of another writer is that of the decoded value: what is resolved is not told', async t => {
  const { registry, told, decoded, count } = await subjectOf(record('Placed', [{ name: 'orderId', type: 'string' }, { name: 'currency', type: 'string', default: 'GBP' }]))
  const older = createAvroCodec({ registry, schemas: record('Placed', [{ name: 'note', type: 'string' }, { name: 'orderId', type: 'string' }]) })
  const serde = older.serde<TypedValue>('old', ['Placed'])
  for (const { subject, schema } of older.subjects()) await registry.register(subject, schema)
  await older.ready()
  const bytes = serde.encode({ type: 'Placed', note: 'n', orderId: 'o' } as TypedValue)
  const row = await rowsOf(told, [bytes])
  t.match(row, '{"orderId":"o","currency":"GBP","type":"Placed"}')
  t.equal(row, await rowsOf(decoded, [bytes]))
  t.equal(count(), 0)
})

test('payload of a record within itself, with a field called type, or without fields is that of the decoded value', async t => {
  const odd = {
    ...record('Tree', [{ name: 'child', type: ['null', 'Tree'] }]),
    ...record('Typed', [{ name: 'type', type: 'string' }, { name: 'orderId', type: 'string' }]),
    ...record('Empty', []),
    ...record('Holder', [{ name: 'inner', type: { type: 'record', name: 'Inner', fields: [] } }])
  }
  const { serde, told, decoded, count } = await subjectOf(odd)
  const values = [{ type: 'Tree', child: { child: null } }, { type: 'Typed', orderId: 'o' }, { type: 'Empty' }, { type: 'Holder', inner: {} }].map(value => serde.encode(value))
  const rows = await rowsOf(told, values)
  t.equal(rows, await rowsOf(decoded, values))
  t.equal(rows.match(/"type":"(Tree|Typed|Empty|Holder)"/g)?.length, 4)
  t.equal(count(), 0)
})
