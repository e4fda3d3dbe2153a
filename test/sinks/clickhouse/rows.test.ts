import fc from 'fast-check'
import { test } from 'tap'
import { crc32 } from 'node:zlib'
import { StreamsError } from '../../../streams/errors.ts'
import { defineTopic } from '../../../streams/topic.ts'
import { factFields, payloadFacts } from '../../../sinks/clickhouse/payload.ts'
import { decimalText, RowBytes } from '../../../sinks/clickhouse/row-bytes.ts'
import { type EventDecoder, RAW_COLUMNS, RowEncoder } from '../../../sinks/clickhouse/rows.ts'
import { type FetchedRecord } from '../../../streams/record.ts'
import { createClickHouseSink, createClickHouseSinks, openClickHouse, serdeDecoder } from '../../../sinks/index.ts'
import { createClickHouseTarget } from '../../../sinks/clickhouse/target.ts'
import { event, jsonDecoder } from './json-events.ts'

const UNESCAPED: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', b: '\b', f: '\f', 0: '\0', '\\': '\\' }

/** Fields of one line, as the engine reads them. */
function fieldsOf (line: string): string[] {
  return line.split('\t').map(field => field.replace(/\\(.)/g, (_, character: string) => UNESCAPED[character] ?? character))
}

function rowOf (record: FetchedRecord, decoder: EventDecoder = jsonDecoder): Record<string, string> {
  const rows = new RowBytes()
  new RowEncoder(decoder).add(rows, record, 3n)
  const [line, rest] = rows.take().toString().split('\n')
  if (rest !== '') throw new Error('a row is one line')
  return Object.fromEntries(fieldsOf(line as string).map((field, index) => [RAW_COLUMNS[index] ?? `field ${index}`, field]))
}

function jsonOf (value: unknown): unknown {
  return JSON.parse(fieldsOf(new RowBytes().json(value).take().toString())[0] as string)
}

test('decimal text is exact and has four decimals', t => {
  t.equal(decimalText(0n), '0.0000')
  t.equal(decimalText(1n), '0.0001')
  t.equal(decimalText(-1n), '-0.0001')
  t.equal(decimalText(123_456n), '12.3456')
  t.equal(decimalText(-999_999_999_999_999_999n), '-99999999999999.9999')
  t.end()
})

test('payload is the value as JSON, whatever is in it', t => {
  const value = { a: 'quote " \\ \u0000 €\n', b: [1n, null, true, undefined], c: Buffer.from('bytes'), d: new Map([['k', 2]]), e: undefined, f: { g: -0.5 }, h: NaN, i: {}, j: [] }
  const text = { a: 'quote " \\ \u0000 €\n', b: ['0.0001', null, true, null], c: 'Ynl0ZXM=', d: { k: 2 }, f: { g: -0.5 }, h: null, i: {}, j: [] }
  t.same(jsonOf(value), text)
  fc.assert(fc.property(fc.jsonValue(), json => JSON.stringify(jsonOf(json)) === JSON.stringify(json)))
  fc.assert(fc.property(fc.string({ unit: 'binary' }), any => fieldsOf(new RowBytes().field(any).take().toString())[0] === any.toWellFormed()))
  t.end()
})

test('payload facts come from the metadata and the first amount that is there', t => {
  t.same(payloadFacts(factFields({ meta: { eventId: 'e', occurredAt: 5 }, orderId: 'o', amount: 2n, total: 3n, currency: 'GBP' })), { eventId: 'e', occurredAtMs: 5, orderId: 'o', amount: 3n, currency: 'GBP' })
  t.same(payloadFacts(factFields({ meta: { commandId: 'c', issuedAt: 6 }, cost: 7n })), { eventId: 'c', occurredAtMs: 6, orderId: '', amount: 7n, currency: '' })
  t.same(payloadFacts(factFields({})), { eventId: '', occurredAtMs: undefined, orderId: '', amount: 0n, currency: '' })
  t.end()
})

test('payload facts leave out what the table cannot hold', t => {
  t.match(payloadFacts(factFields({ meta: { occurredAt: 1e300 }, total: 10n ** 30n, amount: 4n })), { occurredAtMs: undefined, amount: 4n })
  for (const occurredAt of [-1, 0.5, NaN, '5', 10_413_792_000_000]) t.equal(payloadFacts(factFields({ meta: { occurredAt } })).occurredAtMs, undefined)
  t.end()
})

test('row has every column of the table and nothing else', t => {
  const good = event('orders', 5n, { type: 'OrderConfirmed', meta: { eventId: 'e', occurredAt: 9 }, orderId: 'o"1', total: 50_000n, currency: 'GBP' })
  const row = rowOf({ ...good, headers: [['traceparent', Buffer.from('t')]] })
  t.same(Object.keys(row), [...RAW_COLUMNS])
  t.match(row, {
    _topic: 'orders',
    _partition: '0',
    _offset: '5',
    _plan_from: '3',
    event_type: 'OrderConfirmed',
    event_id: 'e',
    occurred_at: '1970-01-01 00:00:00.009',
    appended_at: '2023-11-14 22:13:20.005',
    order_id: 'o"1',
    amount: '5.0000',
    currency: 'GBP',
    entity_key: 'key',
    headers: '{"traceparent":"t"}',
    decode_error: '',
    raw: '',
    _crc: String(crc32(good.value as Buffer, crc32('key')))
  })
  t.match(JSON.parse(row['payload'] as string), { orderId: 'o"1', total: '5.0000' })
  t.end()
})

test('row of an unreadable record keeps its bytes and says why', async t => {
  const bad = { ...event('orders', 5n, {}), value: Buffer.from([0xff, 0x00, 0x7b]), key: Buffer.from([0xfe]) }
  const row = rowOf(bad)
  t.same(Object.keys(row), [...RAW_COLUMNS])
  t.match(row, { event_type: '', payload: '', decode_error: /does not decode/, raw: '/wB7', raw_key: '/g==', occurred_at: row['appended_at'] })
  t.match(rowOf({ ...bad, value: null, key: null }), { decode_error: 'the record has no value', raw: '', raw_key: '' })
  const unknown = { decode: jsonDecoder.decode, prepare: async () => { throw new StreamsError('STR_SCHEMA_UNKNOWN') } }
  t.same(await new RowEncoder(unknown).encode([bad], 3n), await new RowEncoder(jsonDecoder).encode([bad], 3n))
})

test('rows are not encoded when the decoder cannot work now', async t => {
  const good = event('orders', 5n, { type: 'A' })
  await t.rejects(new RowEncoder({ decode: jsonDecoder.decode, prepare: async () => { throw new StreamsError('STR_REGISTRY_UNAVAILABLE') } }).encode([good], 5n), { code: 'STR_REGISTRY_UNAVAILABLE' })
  await t.rejects(new RowEncoder({ decode: () => { throw new TypeError('a defect') } }).encode([good], 5n), { name: 'TypeError' })
})

test('rows are one line per record for more records than fit one turn', async t => {
  const records = Array.from({ length: 350 }, (_, index) => event('orders', BigInt(index), { type: 'A', text: 'line\nbreak' }))
  const lines = String(await new RowEncoder(jsonDecoder).encode(records, 0n)).trim().split('\n')
  t.same(lines.map(line => fieldsOf(line)[2]), records.map((_, index) => String(index)))
})

test('sinks have a node per partition count and refuse compacted topics', async t => {
  const client = openClickHouse({ url: 'http://127.0.0.1:1' })
  t.teardown(async () => { await client.close() })
  const text = { encode: (value: { readonly type: string }) => Buffer.from(value.type), decode: (bytes: Buffer) => ({ type: String(bytes) }) }
  const topic = (name: string, partitions: number, policy: 'keep' | 'compact' = 'keep') => defineTopic({ name, partitions, cleanup: { policy }, value: text, keyName: 'id' })
  const topics = [topic('a', 2), topic('b', 8), topic('c', 8)]
  t.same(createClickHouseSinks({ client, topics }).map(node => [node.name, node.topics.map(one => one.name)]), [['clickhouse-8', ['b', 'c']], ['clickhouse-2', ['a']]])
  t.throws(() => createClickHouseSink({ client, topics: [topic('d', 2, 'compact')] }), { code: 'SNK_TOPIC_COMPACTED' })
  t.same(serdeDecoder(topics).decode('a', Buffer.from('X')), { type: 'X' })
  t.throws(() => serdeDecoder(topics).decode('other', Buffer.from('X')), { code: 'STR_RECORD_UNREADABLE' })
  await t.rejects(createClickHouseTarget({ client, decoder: jsonDecoder }).check(), { code: 'ECONNREFUSED' })
  t.throws(() => createClickHouseTarget({ client, decoder: jsonDecoder, table: 'a; b' }), RangeError)
})

test('target cuts by rows, bytes and bucket', async t => {
  const client = openClickHouse({ url: 'http://127.0.0.1:1' })
  t.teardown(async () => { await client.close() })
  const target = createClickHouseTarget({ client, decoder: jsonDecoder, maxRangeRows: 3, maxRangeBytes: 100 })
  const of = (...sizes: number[]) => sizes.map((size, index) => ({ ...event('a', BigInt(index), {}), value: Buffer.alloc(size) }))
  t.equal(target.cut(of(1, 1, 1, 1)), 3)
  t.equal(target.cut(of(60, 60)), 1)
  t.equal(target.cut(of(500, 1)), 1)
  t.equal(target.cut([999_999n, 1_000_000n].map(offset => event('a', offset, {}))), 1)
})
