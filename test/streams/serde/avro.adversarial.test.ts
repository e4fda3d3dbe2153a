import assert from 'node:assert/strict'
import { test } from 'tap'
import fc from 'fast-check'
import { createAvroCodec } from '../../../streams/serde/avro.ts'
import { createMemoryRegistry, type MemoryRegistry } from '../../../streams/serde/memory-registry.ts'
import { decodeDecimal } from '../../../streams/serde/decimal.ts'
import { isStreamsError } from '../../../streams/errors.ts'
import { type Serde, type TypedValue } from '../../../streams/serde/serde.ts'
import { attack, isCaught } from '../attack.ts'

const money = { type: 'bytes', logicalType: 'decimal', precision: 18, scale: 4 }

/** A record with everything in it, itself included, so that lengths and counts stand in every place. */
const tree = {
  type: 'record',
  name: 'Tree',
  fields: [
    { name: 'name', type: 'string' },
    { name: 'bytes', type: 'bytes' },
    { name: 'amount', type: ['null', money], default: null },
    { name: 'size', type: { type: 'enum', name: 'Size', symbols: ['small', 'large'], default: 'small' } },
    { name: 'words', type: { type: 'array', items: 'string' } },
    { name: 'grid', type: { type: 'array', items: { type: 'array', items: 'int' } } },
    { name: 'labels', type: { type: 'map', values: 'string' } },
    { name: 'named', type: { type: 'map', values: { type: 'array', items: 'Tree' } } },
    { name: 'child', type: ['null', 'Tree'], default: null }
  ]
}
/** The same without most of it: what is left out has to be passed over. */
const leaf = { ...tree, fields: tree.fields.filter(({ name }) => name === 'name' || name === 'size') }

interface Codec { readonly serde: Serde<TypedValue>, readonly registry: MemoryRegistry }

/** A serde of these records, whose schemas have the ids 1, 2, … */
async function codecOf (...schemas: ReadonlyArray<{ readonly name: string }>): Promise<Codec> {
  const registry = createMemoryRegistry()
  const codec = createAvroCodec({ registry, schemas: Object.fromEntries(schemas.map(schema => [schema.name, schema])) })
  const serde = codec.serde<TypedValue>('t', schemas.map(({ name }) => name))
  for (const { subject, schema } of codec.subjects()) await registry.register(subject, schema)
  await codec.ready()
  return { serde, registry }
}

/** The body behind a frame of that id. */
function framed (id: number, body: Uint8Array): Buffer {
  const head = Buffer.alloc(5)
  head.writeInt32BE(id, 1)
  return Buffer.concat([head, body])
}

/** Avro's long. */
function long (value: bigint): number[] {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, value << 1n ^ value >> 63n)
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return [...bytes, Number(rest)]
}

/** Bytes that look like Avro here and there: lies about lengths and counts, also of the largest kind, among text and noise. */
const lie = fc.constantFrom(-1n, -2n, -3n, -40n, 1n, 2n, 7n, 1n << 20n, 1n << 31n, 1n << 40n, (1n << 53n) - 1n, 1n << 62n, -(1n << 62n)).map(long)
const piece = fc.oneof({ weight: 4, arbitrary: lie }, { weight: 3, arbitrary: fc.array(fc.constantFrom(0, 1, 2, 3, 4, 0x61), { minLength: 1, maxLength: 6 }) },
  { weight: 1, arbitrary: fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 6 }) })
const body = fc.array(piece, { maxLength: 14 }).map(pieces => Uint8Array.from(pieces.flat()))

/** Decodes; a failure by the declared code is an answer, any other is not. */
function attempt (serde: Serde<TypedValue>, bytes: Buffer): TypedValue | undefined {
  try {
    return serde.decode(bytes)
  } catch (error) {
    if (isStreamsError(error, 'STR_RECORD_UNREADABLE')) return undefined
    throw error
  }
}

test('avro decoder gives a value that encodes to what was read, or fails by its code, when the bytes are any', async t => {
  const { serde } = await codecOf(tree)
  fc.assert(fc.property(body, bytes => {
    const value = attempt(serde, framed(1, bytes))
    if (value === undefined) return
    const again = serde.encode(value)
    // Not always the same bytes: blocks may be cut otherwise, and numbers be longer than they need. The value is.
    assert.deepStrictEqual(serde.decode(again), value)
  }), attack(6_000))
  // Whole trees are rare among noise: these two are the same bytes but for one lie.
  const empty = [0, 0, 0, 0, 0, 0, 0, 0, 0]
  t.ok(attempt(serde, framed(1, Uint8Array.from(empty))))
  t.equal(attempt(serde, framed(1, Uint8Array.from([0, ...long(-1n), ...empty.slice(2)]))), undefined)
})

test('avro decoder allocates no more than the record has when lengths and counts lie', async t => {
  const { serde } = await codecOf(tree)
  const before = { allocUnsafe: Buffer.allocUnsafe, alloc: Buffer.alloc, allocUnsafeSlow: Buffer.allocUnsafeSlow }
  let largest = 0
  const watch = (allocate: (size: number) => Buffer<ArrayBuffer>) => (size: number) => {
    largest = Math.max(largest, size)
    return allocate(size)
  }
  const bodies = fc.sample(body, { numRuns: 4_000, seed: attack(0).seed }).map(bytes => framed(1, bytes))
  Object.assign(Buffer, { allocUnsafe: watch(before.allocUnsafe), alloc: watch(before.alloc), allocUnsafeSlow: watch(before.allocUnsafeSlow) })
  try {
    for (const bytes of bodies) attempt(serde, bytes)
    t.ok(largest <= 8 * 1024, `${largest} bytes at once`) // avsc takes the small buffers that it copies into from pools of that size
    Buffer.alloc(1 << 20)
    t.equal(largest, 1 << 20, 'and more would have been seen')
  } finally {
    Object.assign(Buffer, before)
  }
})

test('avro decoder leaves every prototype as it was, and keeps the entry, when a map has a key __proto__', async t => {
  const { serde } = await codecOf(tree)
  const evil = JSON.parse('{"__proto__":"polluted","constructor":"c","k":"v"}') as Record<string, string>
  const child = { name: 'c', bytes: Buffer.alloc(0), amount: null, size: 'small', words: [], grid: [], labels: {}, named: {}, child: null }
  const named = JSON.parse('{"__proto__":[],"toString":[]}') as Record<string, object[]>
  named['toString'] = [child]
  const value = { type: 'Tree', ...child, labels: evil, named }
  const found = serde.decode(serde.encode(value)) as unknown as { labels: object, named: object }
  for (const map of [found.labels, found.named]) t.equal(Object.getPrototypeOf(map), Object.prototype)
  t.same(Object.entries(found.labels), Object.entries(evil))
  t.same(Object.keys(found.named), ['__proto__', 'toString'])
  t.equal(({} as Record<string, unknown>)['polluted'], undefined)
})

test('avro decoder passes over what it does not want without hanging when the lengths in it lie', async () => {
  const { serde, registry } = await codecOf(leaf)
  const id = await registry.register('elsewhere', tree)
  await serde.prepare?.(framed(id, Buffer.alloc(0)))
  fc.assert(fc.property(body, bytes => {
    const value = attempt(serde, framed(id, bytes))
    if (value !== undefined) assert.deepStrictEqual(Object.keys(value).sort(), ['name', 'size', 'type'])
  }), attack(4_000))
})

test('avro decoder refuses a record that is nested more deeply than the stack is deep', async t => {
  const { serde } = await codecOf(tree)
  const open = [0, 0, 0, 0, 0, 0, 0, 0, 2] // an empty tree with a child
  t.equal(attempt(serde, framed(1, Uint8Array.from(Array.from({ length: 200_000 }, () => open).flat()))), undefined)
})

test('avro decoder is not held up by a decimal of a million bytes', async t => {
  const { serde } = await codecOf(tree)
  const large = Buffer.alloc(1 << 20, 0x7f)
  t.equal(decodeDecimal(large).toString(16), large.toString('hex'))
  const inTree = Uint8Array.from([0, 0, 2, ...long(BigInt(large.length)), ...large, 0, 0, 0, 0, 0, 0])
  t.equal(attempt(serde, framed(1, inTree)), undefined, 'beyond its precision')
})

interface Field { readonly name: string, readonly type: unknown, readonly default?: unknown }
interface Shape { readonly name: string, readonly fields: Field[] }
interface Evolved { readonly writer: Shape, readonly reader: Shape, readonly value: TypedValue, readonly wanted: object }

/** Kinds of fields: the schema that wrote it, the one that reads it, a value, and what is read. */
const kinds: ReadonlyArray<(n: number) => readonly [writer: unknown, reader: unknown, written: unknown, read: unknown]> = [
  n => ['int', 'long', n, n],
  n => ['int', ['null', 'int'], n, n],
  n => ['string', ['null', 'string'], `v${n}`, `v${n}`],
  n => [['null', 'string'], ['null', 'string', 'boolean'], n % 2 === 0 ? null : 'x', n % 2 === 0 ? null : 'x'],
  n => [money, { ...money, precision: 20 }, BigInt(n) * 10_000n, BigInt(n) * 10_000n],
  n => [{ type: 'array', items: 'int' }, { type: 'array', items: 'double' }, [n, -n, 0].map(x => x + 0), [n, -n, 0].map(x => x + 0)],
  n => [{ type: 'map', values: 'int' }, { type: 'map', values: 'long' }, { a: n }, { a: n }]
]
const evolved: fc.Arbitrary<Evolved> = fc.array(fc.record({
  kind: fc.nat(kinds.length - 1), n: fc.integer({ min: 1, max: 1_000_000 }), place: fc.nat(100), change: fc.constantFrom('both', 'added', 'removed')
}), { minLength: 1, maxLength: 10 }).map(list => {
  const made = list.map(({ kind, n, place, change }, index) => {
    const [writer, reader, written, read] = (kinds[kind] as typeof kinds[number])(n)
    return { name: `f${index}`, writer, reader, written, read, place, change }
  })
  const writer = made.filter(({ change }) => change !== 'added').map(({ name, writer }) => ({ name, type: writer }))
  const reader = [...made].sort((a, b) => a.place - b.place).filter(({ change }) => change !== 'removed').map(({ name, reader, change }) => (
    change === 'added' ? { name, type: ['null', 'string'], default: null } : { name, type: reader }))
  const ofValue = Object.fromEntries(made.filter(({ change }) => change !== 'added').map(({ name, written }) => [name, written]))
  const wanted = Object.fromEntries(made.filter(({ change }) => change !== 'removed').map(({ name, read, change }) => [name, change === 'added' ? null : read]))
  return { writer: { name: 'Pair', fields: writer }, reader: { name: 'Pair', fields: reader }, value: { type: 'Pair', ...ofValue }, wanted: { ...wanted, type: 'Pair' } }
})

/** Writes with one schema, reads with the other. */
function evolution (spoil: (wanted: object) => object = wanted => wanted): fc.IAsyncProperty<[Evolved]> {
  return fc.asyncProperty(evolved, async ({ writer, reader, value, wanted }) => {
    const { serde: writing } = await codecOf({ type: 'record', ...writer } as { name: string })
    const { serde: reading, registry } = await codecOf({ type: 'record', ...reader } as { name: string })
    const id = await registry.register('elsewhere', { type: 'record', ...writer })
    const bytes = framed(id, writing.encode(value).subarray(5))
    await reading.prepare?.(bytes)
    assert.deepStrictEqual(reading.decode(bytes), spoil(wanted))
  })
}

test('avro decoder gives what was written when fields were added, removed, moved and widened in between', async t => {
  await fc.assert(evolution(), attack(250))
  t.ok(await isCaught(evolution(wanted => Object.fromEntries(Object.entries(wanted).map(([name, value]) => [name, value === null ? '' : value])))), 'a wrong default is caught')
})

test('avro decoder refuses a writer whose schema is none, or not one that can be read as ours', async t => {
  const { serde, registry } = await codecOf(leaf)
  const strangers: object[] = [
    { type: 'record', name: 'Tree', fields: [{ name: 'name', type: 'int' }] }, { type: 'record', name: 'Tree', fields: [] },
    { type: 'enum', name: 'Tree', symbols: ['a'] }, { type: 'array', items: 'string' }, { type: 'record', name: 'Tree', fields: [{ name: 'name', type: 'Missing' }] },
    JSON.parse('{"type":"record","name":"__proto__","fields":[]}') as object
  ]
  for (const [index, schema] of strangers.entries()) {
    const id = await registry.register(`stranger-${index}`, schema)
    await serde.prepare?.(framed(id, Buffer.alloc(0)))
    t.throws(() => serde.decode(framed(id, Buffer.from([0, 0]))), { code: 'STR_RECORD_UNREADABLE' })
  }
})
