import assert from 'node:assert/strict'
import { test } from 'tap'
import fc from 'fast-check'
import { type AvroCodec, createAvroCodec } from '../../../streams/serde/avro.ts'
import { createMemoryRegistry, type MemoryRegistry } from '../../../streams/serde/memory-registry.ts'
import { type StreamsError } from '../../../streams/errors.ts'
import { type Serde, type TypedValue } from '../../../streams/serde/serde.ts'

interface Item { readonly sku: string, readonly quantity: number, readonly discount: bigint | null }

interface Placed extends TypedValue {
  readonly type: 'Placed'
  readonly id: string
  readonly at: number
  readonly total: bigint
  readonly channel: 'web' | 'shop'
  readonly note: string | null
  readonly gift: Item | null
  readonly items: readonly Item[]
  readonly labels: Readonly<Record<string, string>>
  readonly secret: Buffer
  readonly paid: boolean
}

const money = { type: 'bytes', logicalType: 'decimal', precision: 18, scale: 4 }
const item = {
  type: 'record',
  name: 'Item',
  namespace: 'test.orders',
  fields: [{ name: 'sku', type: 'string' }, { name: 'quantity', type: 'int' }, { name: 'discount', type: ['null', money], default: null }]
}
const placed = {
  type: 'record',
  name: 'Placed',
  namespace: 'test.orders',
  fields: [
    { name: 'id', type: { type: 'string', logicalType: 'uuid' } },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'total', type: money },
    { name: 'channel', type: { type: 'enum', name: 'Channel', symbols: ['web', 'shop'], default: 'web' } },
    { name: 'note', type: ['null', 'string'], default: null },
    { name: 'gift', type: ['null', item], default: null },
    { name: 'items', type: { type: 'array', items: 'test.orders.Item' } },
    { name: 'labels', type: { type: 'map', values: 'string' } },
    { name: 'secret', type: 'bytes' },
    { name: 'paid', type: 'boolean' }
  ]
}
const cancelled = { type: 'record', name: 'Cancelled', namespace: 'test.orders', fields: [{ name: 'id', type: 'string' }] }

const sample: Placed = {
  type: 'Placed',
  id: 'o-1',
  at: 1_700_000_000_000,
  total: 123_456_789n,
  channel: 'shop',
  note: null,
  gift: { sku: 'ribbon', quantity: 1, discount: null },
  items: [{ sku: 'cup', quantity: 2, discount: 5_000n }],
  labels: { season: 'winter' },
  secret: Buffer.from([0, 255]),
  paid: true
}

async function createCodec (schemas: Readonly<Record<string, object>> = { Placed: placed, Cancelled: cancelled }, registry = createMemoryRegistry()): Promise<{
  registry: MemoryRegistry, codec: AvroCodec, serde: Serde<Placed | TypedValue>
}> {
  const codec = createAvroCodec({ registry, schemas })
  const serde = codec.serde<Placed | TypedValue>('orders', Object.keys(schemas))
  for (const { subject, schema } of codec.subjects()) await registry.register(subject, schema)
  await codec.ready()
  return { registry, codec, serde }
}

let others = 0

/** What another process would have written: a schema of its own, in the same registry. */
async function writeWith (registry: MemoryRegistry, schema: { readonly name: string }, value: TypedValue): Promise<Buffer> {
  const codec = createAvroCodec({ registry, schemas: { [schema.name]: schema }, subject: () => `other-${++others}` })
  const serde = codec.serde('orders', [schema.name])
  for (const { subject, schema } of codec.subjects()) await registry.register(subject, schema)
  await codec.ready()
  return serde.encode(value)
}

test('avro serde frames a value with magic byte and schema id, and gives it back as a plain object', async t => {
  const { serde, registry } = await createCodec()
  const bytes = serde.encode(sample)
  t.equal(bytes[0], 0)
  t.equal(JSON.parse(await registry.schemaOf(bytes.readInt32BE(1))).name, 'Placed')
  const value = serde.decode(bytes) as Placed
  t.same(value, sample)
  t.equal(Object.getPrototypeOf(value), Object.prototype)
  t.equal(Object.getPrototypeOf(value.items[0]), Object.prototype)
  t.equal(Object.getPrototypeOf(value.gift), Object.prototype)
})

test('avro serde tells the type of a record without reading it, and of none that it does not know', async t => {
  const { serde, registry, codec } = await createCodec()
  const bytes = serde.encode(sample)
  t.equal(serde.typeOf?.(bytes.subarray(0, 5)), 'Placed')
  t.equal(codec.serde('orders', ['Cancelled']).typeOf?.(bytes), undefined, 'not a record of the topic')
  t.equal(serde.typeOf?.(Buffer.from('rubbish')), undefined)
  t.equal(serde.typeOf?.(Buffer.alloc(0)), undefined)
  const older = await writeWith(registry, { ...cancelled, doc: 'an older one' } as never, { type: 'Cancelled', id: 'o-1' } as TypedValue)
  t.equal(serde.typeOf?.(older), undefined, 'its schema is not loaded yet')
  await serde.prepare?.(older)
  t.equal(serde.typeOf?.(older), 'Cancelled')
})

test('avro serde gives back every value that it encoded', async t => {
  const { serde } = await createCodec()
  const amount = fc.bigInt(-999_999_999_999_999_999n, 999_999_999_999_999_999n)
  const line = fc.record({ sku: fc.string({ unit: 'binary' }), quantity: fc.integer(), discount: fc.option(amount) }, { noNullPrototype: true })
  const order = fc.record({
    type: fc.constant('Placed' as const),
    id: fc.uuid(),
    at: fc.integer({ min: -(2 ** 52), max: Number.MAX_SAFE_INTEGER - 1 }),
    total: amount,
    channel: fc.constantFrom('web' as const, 'shop' as const),
    note: fc.option(fc.string()),
    gift: fc.option(line),
    items: fc.array(line),
    labels: fc.dictionary(fc.string({ minLength: 1 }).filter(key => key !== '__proto__'), fc.string(), { noNullPrototype: true }),
    secret: fc.uint8Array().map(bytes => Buffer.from(bytes)),
    paid: fc.boolean()
  }, { noNullPrototype: true })
  fc.assert(fc.property(order, value => { assert.deepStrictEqual(serde.decode(serde.encode(value)), value) }), { numRuns: 300 })
  t.pass('prototypes included')
})

test('avro serde encodes values larger than its buffer', async t => {
  const { serde } = await createCodec()
  const large = { ...sample, note: 'ü'.repeat(100_000), secret: Buffer.alloc(300_000, 1) }
  t.same(serde.decode(serde.encode(large)), large)
  const before = serde.encode(sample)
  serde.encode(large)
  t.same(serde.decode(before), sample, 'earlier bytes are not touched')
})

test('avro serde reads what an older and a newer writer wrote', async t => {
  const { registry, serde } = await createCodec()
  const older = { ...cancelled, name: 'Placed', fields: placed.fields.filter(field => !['note', 'gift'].includes(field.name)) }
  const items = { ...older, fields: older.fields.map(field => field.name === 'items' ? { name: 'items', type: { type: 'array', items: item } } : field) }
  const newer = { ...placed, fields: [{ name: 'added', type: { type: 'array', items: 'string' }, default: [] }, ...placed.fields] }
  for (const [schema, extra] of [[items, {}], [newer, { added: ['x', 'y'] }]] as const) {
    const bytes = await writeWith(registry, schema, { ...sample, ...extra })
    await serde.prepare?.(bytes)
    const expected = schema === items ? { ...sample, gift: null } : sample
    t.strictSame(serde.decode(bytes), expected)
  }
})

test('avro serde loads the schema of an unknown writer once, however often it is asked', async t => {
  const { registry, serde } = await createCodec()
  const bytes = await writeWith(registry, { ...placed, doc: 'another id' } as { name: string }, sample)
  t.equal(serde.prepare?.(serde.encode(sample)), null, 'its own schemas are known')
  t.throws(() => serde.decode(bytes), { code: 'STR_REGISTRY_UNAVAILABLE' })
  const calls = registry.calls
  await Promise.all([serde.prepare?.(bytes), serde.prepare?.(bytes)])
  t.equal(registry.calls, calls + 1)
  t.equal(serde.prepare?.(bytes), null)
  t.same(serde.decode(bytes), sample)
})

test('avro serde remembers an id that the registry denies, and waits for one that is down', async t => {
  const { registry, serde } = await createCodec()
  const bytes = serde.encode(sample)
  bytes.writeInt32BE(4_711, 1)
  registry.isUp = false
  await t.rejects(serde.prepare?.(bytes) ?? Promise.resolve(), { code: 'STR_REGISTRY_UNAVAILABLE' })
  registry.isUp = true
  await serde.prepare?.(bytes)
  t.throws(() => serde.decode(bytes), { code: 'STR_SCHEMA_UNKNOWN' })
  t.equal(serde.prepare?.(bytes), null)
})

test('avro serde says unreadable when the frame or the body is broken', async t => {
  const { serde } = await createCodec()
  const good = serde.encode(sample)
  const wrongMagic = Buffer.from(good)
  wrongMagic[0] = 1
  const broken = [
    Buffer.alloc(0), Buffer.from([0, 0, 0]), wrongMagic, good.subarray(0, 5), good.subarray(0, good.length - 1), Buffer.concat([good, Buffer.from([0])]),
    Buffer.from('{"type":"Placed"}')
  ]
  for (const bytes of broken) {
    t.equal(serde.prepare?.(bytes) ?? null, null)
    t.throws(() => serde.decode(bytes), { code: 'STR_RECORD_UNREADABLE' }, bytes.toString('hex').slice(0, 20))
  }
})

test('avro serde never hangs, and fails by code only, when bytes of the body are changed at random', async t => {
  const { serde } = await createCodec()
  const good = serde.encode(sample)
  fc.assert(fc.property(fc.integer({ min: 5, max: good.length - 1 }), fc.uint8Array({ minLength: 1, maxLength: 9 }), (at, noise) => {
    const bytes = Buffer.concat([good.subarray(0, at), noise, good.subarray(Math.min(good.length, at + noise.length))])
    try {
      serde.decode(bytes)
    } catch (error) {
      assert.equal((error as StreamsError).code, 'STR_RECORD_UNREADABLE')
    }
  }), { numRuns: 2_000 })
  t.pass('every change was read or refused')
})

test('avro serde refuses a block count larger than the record', async t => {
  const schema = { type: 'record', name: 'List', fields: [{ name: 'items', type: { type: 'array', items: 'string' } }, { name: 'map', type: { type: 'map', values: 'string' } }] }
  const { serde } = await createCodec({ List: schema })
  const head = serde.encode({ type: 'List', items: [], map: {} } as TypedValue).subarray(0, 5)
  const huge = Buffer.from([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f])
  t.throws(() => serde.decode(Buffer.concat([head, huge])), { code: 'STR_RECORD_UNREADABLE' })
  t.throws(() => serde.decode(Buffer.concat([head, Buffer.from([0]), huge])), { code: 'STR_RECORD_UNREADABLE' })
})

test('avro serde refuses to encode what does not fit, and names the fields', async t => {
  const { serde } = await createCodec()
  t.throws(() => serde.encode({ ...sample, channel: 'moon' } as never), { code: 'STR_VALUE_INVALID', context: { fields: 'channel' } })
  t.throws(() => serde.encode({ ...sample, total: 10n ** 18n }), { code: 'STR_VALUE_INVALID' })
  t.throws(() => serde.encode({ ...sample, total: 12 } as never), { code: 'STR_VALUE_INVALID' })
  t.throws(() => serde.encode({ ...sample, at: 2 ** 60 }), { code: 'STR_VALUE_INVALID' })
  t.throws(() => serde.encode({ type: 'Unknown' }), { code: 'STR_VALUE_INVALID' })
})

test('avro serde refuses a decimal beyond its precision, or of another scale, when it reads', async t => {
  const { registry, serde } = await createCodec({ Paid: { type: 'record', name: 'Paid', fields: [{ name: 'amount', type: money }] } })
  const wide = { type: 'record', name: 'Paid', fields: [{ name: 'amount', type: { ...money, precision: 30 } }] }
  const fine = { type: 'record', name: 'Paid', fields: [{ name: 'amount', type: { ...money, scale: 2 } }] }
  for (const [schema, amount] of [[wide, 10n ** 20n], [fine, 5n]] as const) {
    const bytes = await writeWith(registry, schema, { type: 'Paid', amount } as TypedValue)
    await serde.prepare?.(bytes)
    t.throws(() => serde.decode(bytes), { code: 'STR_RECORD_UNREADABLE' })
  }
})

test('avro serde takes a record of another name on its topic for unreadable', async t => {
  const { codec, registry } = await createCodec()
  const only = codec.serde<TypedValue>('orders', ['Cancelled'])
  const placedSerde = codec.serde<Placed>('orders', ['Placed'])
  t.throws(() => only.decode(placedSerde.encode(sample)), { code: 'STR_RECORD_UNREADABLE' })
  const stranger = await writeWith(registry, { type: 'record', name: 'Stranger', fields: [{ name: 'x', type: 'int' }] } as { name: string }, { type: 'Stranger', x: 1 } as TypedValue)
  await only.prepare?.(stranger)
  t.throws(() => only.decode(stranger), { code: 'STR_RECORD_UNREADABLE' })
  const namesake = await writeWith(registry, { ...cancelled, namespace: 'elsewhere' } as { name: string }, { type: 'Cancelled', id: 'x' } as TypedValue)
  await only.prepare?.(namesake)
  t.throws(() => only.decode(namesake), { code: 'STR_RECORD_UNREADABLE' })
})

test('avro serde reads an enum symbol that it does not know as the default', async t => {
  const { registry, serde } = await createCodec()
  const newer = { ...placed, fields: placed.fields.map(field => field.name === 'channel' ? { ...field, type: { type: 'enum', name: 'Channel', symbols: ['web', 'shop', 'phone'], default: 'web' } } : field) }
  const bytes = await writeWith(registry, newer, { ...sample, channel: 'phone' } as TypedValue)
  await serde.prepare?.(bytes)
  t.match(serde.decode(bytes), { channel: 'web' })
})

test('avro codec names every subject that the registry lacks', async t => {
  const codec = createAvroCodec({ registry: createMemoryRegistry(), schemas: { Placed: placed, Cancelled: cancelled } })
  const serde = codec.serde('orders', ['Placed', 'Cancelled'])
  t.throws(() => serde.encode(sample), { code: 'STR_SCHEMA_UNREGISTERED' })
  await t.rejects(codec.ready(), {
    code: 'STR_SCHEMA_UNREGISTERED',
    context: { subjects: 'orders-test.orders.Placed, orders-test.orders.Cancelled' }
  })
})

test('avro codec refuses a record without a schema, and a schema of another record', async t => {
  const codec = createAvroCodec({ registry: createMemoryRegistry(), schemas: { Placed: cancelled, Broken: { type: 'record', name: 'Broken' } } })
  for (const name of ['Nothing', 'Placed', 'Broken']) t.throws(() => codec.serde('orders', [name]), { code: 'STR_SCHEMA_INVALID' })
})
