import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { test } from 'tap'
import { decompress } from '../../../../streams/kafka/wire/compression.ts'
import { unpackLz4 } from '../../../../streams/kafka/wire/lz4.ts'
import { readBatch, RecordCursor } from '../../../../streams/kafka/wire/record-batch-decoder.ts'
import { batchLayout } from '../../../../streams/kafka/wire/record-batch.ts'
import { unpackSnappy } from '../../../../streams/kafka/wire/snappy.ts'
import { encodeBatch, record, withRecords } from './batches.ts'

const LIMIT = 1_000_000

/** The shortest valid snappy: one literal. */
function snappyLiteral (bytes: Buffer): Buffer {
  if (bytes.length > 60) throw new Error('only short literals')
  return Buffer.concat([Buffer.from([bytes.length, bytes.length - 1 << 2]), bytes])
}

function lz4Frame (blocks: readonly Buffer[], flags = 0b0110_0000): Buffer {
  const head = Buffer.from([0x04, 0x22, 0x4d, 0x18, flags, 0x40, 0])
  const framed = blocks.flatMap((block) => {
    const size = Buffer.alloc(4)
    size.writeUInt32LE(block.length)
    return [size, block]
  })
  return Buffer.concat([head, ...framed, Buffer.alloc(4)])
}

test('decoder reads records when their batch is compressed with gzip or zstd', async (t) => {
  const batch = encodeBatch([record('k', 'v'.repeat(500)), record(null, null)])
  const plain = batch.subarray(batchLayout.records)
  for (const [codec, packed] of [[1, gzipSync(plain)], [4, zstdCompressSync(plain)]] as const) {
    const read = readBatch(withRecords(batch, packed, codec), 0)
    if (read === undefined) throw new Error('no batch')
    const cursor = new RecordCursor(read, 't', 0)
    t.equal(String(cursor.next()?.value), 'v'.repeat(500))
    t.equal(cursor.next()?.value, null)
  }
})

test('decompress refuses when the codec is unknown or the bytes are not packed', async (t) => {
  for (const codec of [1, 2, 3, 4, 5, 7]) t.throws(() => decompress(codec, Buffer.from('these bytes are not compressed')), { code: 'STR_BATCH_CORRUPT' })
})

test('snappy unpacks literals and copies when they overlap', async (t) => {
  // "abcd", then a copy of 8 bytes from 4 back (one-byte offset form), then a copy of 3 from 12 back (two-byte form)
  const packed = Buffer.from([15, 3 << 2, 0x61, 0x62, 0x63, 0x64, (8 - 4) << 2 | 1, 4, 2 << 2 | 2, 12, 0])
  t.equal(unpackSnappy(packed, LIMIT).toString(), 'abcdabcdabcdabc')
  // the four-byte form, and a literal with its length in an extra byte
  const literal = Buffer.alloc(100, 0x7a)
  const long = Buffer.concat([Buffer.from([101, 60 << 2, 99]), literal, Buffer.from([0 << 2 | 3, 100, 0, 0, 0])])
  t.equal(unpackSnappy(long, LIMIT).toString(), 'z'.repeat(101))
})

test('snappy unpacks every block when they are framed as Java clients do', async (t) => {
  const block = (text: string): Buffer => {
    const packed = snappyLiteral(Buffer.from(text))
    const size = Buffer.alloc(4)
    size.writeInt32BE(packed.length)
    return Buffer.concat([size, packed])
  }
  const framed = Buffer.concat([Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]), block('one '), block('two')])
  t.equal(unpackSnappy(framed, LIMIT).toString(), 'one two')
})

test('lz4 unpacks matches when they reach back into the block before', async (t) => {
  const first = Buffer.from([0x40, 0x61, 0x62, 0x63, 0x64]) // literals only
  const second = Buffer.from([0x10, 0x65, 5, 0, 0x10, 0x66]) // "e", then 4 bytes from 5 back = "abcd", then "f"
  t.equal(unpackLz4(lz4Frame([first, second]), LIMIT).toString(), 'abcdeabcdf')
})

test('lz4 unpacks long lengths, stored blocks, checksums and several frames', async (t) => {
  const run = Buffer.from([0x1f, 0x78, 1, 0, 255, 10, 0x10, 0x79]) // "x", a match of 4 + 15 + 265 from 1 back, "y"
  t.equal(unpackLz4(lz4Frame([run]), LIMIT).toString(), 'x'.repeat(285) + 'y')
  const stored = lz4Frame([Buffer.from('plain')])
  stored.writeUInt32LE((5 | 0x80000000) >>> 0, 7)
  t.equal(unpackLz4(Buffer.concat([stored, stored]), LIMIT).toString(), 'plainplain')
  const checked = Buffer.concat([lz4Frame([]).subarray(0, 4), Buffer.from([0b0111_1100, 0x40, 9, 0, 0, 0, 0, 0, 0, 0, 0]),
    Buffer.from([2, 0, 0, 0, 0x10, 0x7a]), Buffer.alloc(4), Buffer.alloc(4), Buffer.alloc(4)])
  t.equal(unpackLz4(checked, LIMIT).toString(), 'z', 'content size, block and content checksums are passed over')
})

test('unpackers throw and never write out of range when bytes are random', async () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    for (const unpack of [() => unpackSnappy(Buffer.from(bytes), 10_000), () => unpackLz4(lz4Frame([Buffer.from(bytes)]), 10_000)]) {
      try {
        if (unpack().length > 10_000) return false
      } catch (error) {
        if (!(error instanceof RangeError)) return false
      }
    }
    return true
  }), { numRuns: 3_000 })
})

test('unpackers throw when the result would be larger than allowed', async (t) => {
  t.throws(() => unpackSnappy(snappyLiteral(Buffer.alloc(50)), 49), RangeError)
  t.throws(() => unpackLz4(lz4Frame([Buffer.from([0x1f, 0x78, 1, 0, 255, 10, 0x10, 0x79])]), 100), RangeError)
})
