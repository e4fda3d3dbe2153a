import { createRequire } from 'node:module'
import fc from 'fast-check'
import { test } from 'tap'
import { type FetchedRecord, NO_HEADERS } from '../../../../streams/record.ts'
import { batchLayout, varIntSize } from '../../../../streams/kafka/wire/record-batch.ts'
import { type BatchHeader, isAbortMarker, readBatch, RecordCursor } from '../../../../streams/kafka/wire/record-batch-decoder.ts'
import { anyRecord, encodeBatch, encodeMarker, record, seal } from './batches.ts'

const load = createRequire(import.meta.url)

function read (bytes: Buffer): BatchHeader {
  const batch = readBatch(bytes, 0)
  if (batch === undefined) throw new Error('no whole batch')
  return batch
}

function decode (bytes: Buffer): FetchedRecord[] {
  const cursor = new RecordCursor(read(bytes), 't', 0)
  const records: FetchedRecord[] = []
  for (let next = cursor.next(); next !== undefined; next = cursor.next()) records.push(next)
  return records
}

test('encoder writes the bytes of kafkajs when names of headers are distinct', async () => {
  const { RecordBatch } = load('kafkajs/src/protocol/recordBatch/v0') as { RecordBatch (batch: object): Promise<{ buffer: Buffer }> }
  const Record = load('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => object
  // kafkajs takes headers as an object: no repeated names, no names that are array indexes, no null values.
  const comparable = anyRecord.map((one) => ({
    ...one,
    headers: [...new Map(one.headers.map(([name, value]) => [`h${name}`, value ?? Buffer.alloc(0)]))]
  }))
  const batches = fc.record({
    records: fc.array(comparable, { minLength: 1, maxLength: 200 }),
    producerId: fc.bigInt({ min: -1n, max: 2n ** 62n }),
    producerEpoch: fc.integer({ min: 0, max: 32_767 }),
    firstSequence: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    transactional: fc.boolean(),
    timestampMs: fc.integer({ min: 0, max: 4_000_000_000_000 })
  })
  await fc.assert(fc.asyncProperty(batches, async ({ records, producerId, producerEpoch, firstSequence, transactional, timestampMs }) => {
    const expected = await RecordBatch({
      firstTimestamp: timestampMs,
      maxTimestamp: timestampMs,
      lastOffsetDelta: records.length - 1,
      transactional,
      producerId: producerId.toString(),
      producerEpoch,
      firstSequence,
      records: records.map(({ key, value, headers }, offsetDelta) => {
        return Record({ offsetDelta, timestampDelta: 0, key, value, headers: Object.fromEntries(headers) })
      })
    })
    const actual = encodeBatch(records, { sequence: firstSequence, origin: { producerId, producerEpoch, transactional, timestampMs } })
    return actual.equals(expected.buffer)
  }), { numRuns: 200 })
})

test('decoder gives back what the encoder wrote when records are any', async (t) => {
  fc.assert(fc.property(fc.array(anyRecord, { minLength: 1, maxLength: 300 }), fc.bigInt({ min: 0n, max: 2n ** 62n }), (records, baseOffset) => {
    const decoded = decode(encodeBatch(records, { baseOffset }))
    t.strictSame(decoded.map(({ key, value, headers }) => ({ key, value, headers })), records.map(({ key, value, headers }) => ({ key, value, headers })))
    t.strictSame(decoded.map(({ offset }) => offset), records.map((_, index) => baseOffset + BigInt(index)))
  }), { numRuns: 100 })
})

test('decoder shares one empty list when records have no headers', async (t) => {
  t.equal(decode(encodeBatch([record('k', 'v')]))[0]?.headers, NO_HEADERS)
})

test('decoder gives the append time to every record when the broker stamps them', async (t) => {
  const batch = encodeBatch([record('a', 'b'), record('c', 'd')], { attributes: 1 << 3, maxTimestampMs: 1_700_000_000_000 })
  t.same(decode(batch).map(({ timestampMs }) => timestampMs), [1_700_000_000_000, 1_700_000_000_000])
})

test('decoder adds the delta to the first time when producers stamp them', async (t) => {
  const batch = encodeBatch([record('a', 'b')], { origin: { timestampMs: 5_000 } })
  const at = batchLayout.records + 2 // behind length and attributes
  const wide = Buffer.concat([batch.subarray(0, at), Buffer.from([0x90, 0xa1, 0x0f]), batch.subarray(at + 1)])
  wide[batchLayout.records] = (wide[batchLayout.records] ?? 0) + 4 // two more bytes, zigzag
  t.equal(decode(seal(wide))[0]?.timestampMs, 5_000 + 125_000)
  const past = Buffer.from(wide)
  past[at] = 0x91 // an odd zigzag is negative
  t.equal(decode(seal(past))[0]?.timestampMs, 5_000 - 125_001)
})

test('cursor passes records before an offset when a fetch starts inside a batch', async (t) => {
  const cursor = new RecordCursor(read(encodeBatch([1, 2, 3, 4].map((n) => record(null, String(n))), { baseOffset: 10n })), 't', 0)
  t.equal(cursor.skipBefore(12n), 2)
  t.equal(cursor.next()?.offset, 12n)
  t.equal(cursor.skipBefore(100n), 0)
  t.equal(cursor.next(), undefined)
})

test('readBatch finds no batch when only a part of it came', async (t) => {
  const batch = encodeBatch([record('key', 'value')])
  for (let size = 0; size < batch.length; size++) t.equal(readBatch(batch.subarray(0, size), 0), undefined)
  t.ok(readBatch(batch, 0))
})

test('readBatch throws when any bit behind the checksum is flipped', async (t) => {
  const batch = encodeBatch([record('key', 'value'), record('other', 'one')])
  for (let at = batchLayout.crc; at < batch.length; at++) {
    const broken = Buffer.from(batch)
    broken[at] = (broken[at] ?? 0) ^ 0x10
    t.throws(() => readBatch(broken, 0), { code: 'STR_BATCH_CORRUPT' })
  }
})

test('readBatch throws when the format is older or the length impossible', async (t) => {
  const old = encodeBatch([record('k', 'v')])
  old.writeInt8(1, batchLayout.magic)
  t.throws(() => readBatch(old, 0), { code: 'STR_BATCH_CORRUPT' })
  const short = encodeBatch([record('k', 'v')])
  short.writeInt32BE(10, batchLayout.length)
  t.throws(() => readBatch(short, 0), { code: 'STR_BATCH_CORRUPT' })
  const negative = encodeBatch([record('k', 'v')])
  negative.writeInt32BE(-5, batchLayout.count)
  t.throws(() => readBatch(seal(negative), 0), { code: 'STR_BATCH_CORRUPT' })
})

test('cursor throws and never runs away when records do not fit a batch with a good checksum', async (t) => {
  const batch = encodeBatch([record('key', 'value', [['h', Buffer.from('x')]]), record('other', 'one')])
  let refused = 0
  fc.assert(fc.property(fc.integer({ min: batchLayout.records, max: batch.length - 1 }), fc.integer({ min: 0, max: 255 }), (at, byte) => {
    const broken = Buffer.from(batch)
    broken[at] = byte
    try {
      decode(seal(broken))
    } catch (error) {
      refused++
      t.match(error, { code: 'STR_BATCH_CORRUPT' })
    }
  }), { numRuns: 1_000 })
  t.ok(refused > 100)
})

test('cursor throws when the header says more records than there are', async (t) => {
  const batch = encodeBatch([record('k', 'v')])
  batch.writeInt32BE(3, batchLayout.count)
  t.throws(() => decode(seal(batch)), { code: 'STR_BATCH_CORRUPT' })
})

test('isAbortMarker is true only for the abort marker when keys look alike', async (t) => {
  t.equal(isAbortMarker(read(encodeMarker('abort', 7n, 3n))), true)
  t.equal(isAbortMarker(read(encodeMarker('commit', 7n, 3n))), false)
  t.equal(isAbortMarker(read(encodeBatch([record(Buffer.alloc(4), 'user')]))), false)
})

test('varIntSize is the number of bytes the encoder writes when values are extreme', async (t) => {
  const sizes = [[0, 1], [-1, 1], [63, 1], [64, 2], [-64, 1], [-65, 2], [8_191, 2], [8_192, 3], [1_048_576, 4], [2 ** 31 - 1, 5], [-(2 ** 31), 5]] as const
  for (const [value, size] of sizes) t.equal(varIntSize(value), size, String(value))
})
