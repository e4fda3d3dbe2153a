import assert from 'node:assert/strict'
import fc from 'fast-check'
import { test } from 'tap'
import { type StreamErrorCode, isStreamsError } from '../../../../streams/errors.ts'
import { type FetchedRecord } from '../../../../streams/record.ts'
import { decompress } from '../../../../streams/kafka/wire/compression.ts'
import { scanCommitted } from '../../../../streams/kafka/wire/read-committed.ts'
import { RecordCursor } from '../../../../streams/kafka/wire/record-batch-decoder.ts'
import { batchLayout } from '../../../../streams/kafka/wire/record-batch.ts'
import { attack, isCaught } from '../../attack.ts'
import { encodePlainly, type PlainBatch, type PlainRecord, resealPlainly, zigzag } from './plain-batch.ts'

const CORRUPT: StreamErrorCode = 'STR_BATCH_CORRUPT'
const bytes = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constantFrom('', 'the same words', 'the same words and more', '\0\0\0\0').map(text => Buffer.from(text)))
  .map(array => Buffer.from(array))
const content = fc.record({
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.array(fc.tuple(fc.string({ maxLength: 5 }), fc.option(bytes)), { maxLength: 3 }),
  timeDeltaMs: fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
  /** Places before it that compaction emptied. */
  gap: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(300) })
})
const shape = fc.record({
  contents: fc.array(content, { maxLength: 8 }),
  tail: fc.oneof(fc.constant(0), fc.nat(50)),
  codec: fc.nat(4),
  timeMs: fc.integer({ min: 0, max: 2 ** 42 }),
  appendTimeMs: fc.option(fc.integer({ min: 0, max: 2 ** 42 }), { nil: undefined })
})
const shapes = fc.array(shape, { minLength: 1, maxLength: 4 })
/** Batches that follow each other without a place between them. */
const log: fc.Arbitrary<PlainBatch[]> = fc.tuple(fc.bigInt({ min: 0n, max: 2n ** 60n }), shapes).map(([first, shapes]) => {
  let baseOffset = first
  return shapes.map(({ contents, tail, codec, timeMs, appendTimeMs }) => {
    let delta = -1
    const records: PlainRecord[] = contents.map(({ gap, ...one }) => {
      delta += 1 + gap
      return { ...one, delta }
    })
    const lastOffsetDelta = Math.max(0, delta) + tail
    const batch: PlainBatch = { baseOffset, lastOffsetDelta, records, codec, timeMs, ...appendTimeMs === undefined ? {} : { appendTimeMs } }
    baseOffset += BigInt(lastOffsetDelta) + 1n
    return batch
  })
})

type Seen = Pick<FetchedRecord, 'offset' | 'timestampMs' | 'key' | 'value' | 'headers'>

function wanted (batches: readonly PlainBatch[]): Seen[] {
  return batches.flatMap(({ baseOffset, records, timeMs = 0, appendTimeMs }) => records.map(({ delta, timeDeltaMs = 0, key, value, headers = [] }) => ({
    offset: baseOffset + BigInt(delta), timestampMs: appendTimeMs ?? timeMs + timeDeltaMs, key, value, headers
  })))
}

/** What can be had of these bytes: records up to the first failure, and where to go on. */
function read (source: Buffer): { records: Seen[], nextOffset: bigint | undefined, failure: Error | undefined } {
  const { visible, nextOffset, failure } = scanCommitted(source, [])
  const records: Seen[] = []
  try {
    for (const batch of visible) {
      const cursor = new RecordCursor(batch, 't', 0)
      for (let record = cursor.next(); record !== undefined; record = cursor.next()) {
        const { offset, timestampMs, key, value, headers } = record
        records.push({ offset, timestampMs, key, value, headers })
      }
    }
  } catch (error) {
    return { records, nextOffset, failure: error as Error }
  }
  return { records, nextOffset, failure }
}

function roundTrip (decode: (source: Buffer) => Seen[]): fc.IProperty<[PlainBatch[]]> {
  return fc.property(log, batches => { assert.deepStrictEqual(decode(Buffer.concat(batches.map(encodePlainly))), wanted(batches)) })
}

test('decoder gives every record of any log, whatever the codec, the gaps and the times', async t => {
  fc.assert(roundTrip(source => {
    const { records, failure } = read(source)
    if (failure !== undefined) throw failure
    return records
  }), attack(400))
  const counts = (source: Buffer): Seen[] => read(source).records.map((record, index, all) => ({ ...record, offset: (all[0]?.offset ?? 0n) + BigInt(index) }))
  t.ok(await isCaught(roundTrip(counts)), 'a decoder that counts offsets instead of reading them is caught')
})

test('decoder gives the whole batches and nothing of the one that is cut, wherever an answer ends', async () => {
  fc.assert(fc.property(log, batches => {
    const encoded = batches.map(encodePlainly)
    const source = Buffer.concat(encoded)
    for (let end = 0, whole = 0, behind = encoded[0]?.length ?? 0; end <= source.length; end++) {
      while (whole < batches.length && end >= behind) behind += encoded[++whole]?.length ?? 0
      const { records, failure } = read(source.subarray(0, end))
      assert.equal(failure, undefined)
      assert.equal(records.length, wanted(batches.slice(0, whole)).length)
    }
  }), attack(25))
})

/** One bit of the batch in the middle of three is flipped: what is read must be the beginning of what was written, or it has to fail by its code. */
function flipped (decode: typeof read): fc.IProperty<[PlainBatch[], number]> {
  const three = log.filter(batches => batches.length >= 3)
  return fc.property(three, fc.nat(), (batches, place) => {
    const encoded = batches.map(encodePlainly)
    const [before = Buffer.alloc(0), middle = Buffer.alloc(0)] = encoded
    const bit = place % (middle.length * 8)
    const source = Buffer.concat(encoded)
    source.writeUInt8(source.readUInt8(before.length + (bit >> 3)) ^ 1 << (bit & 7), before.length + (bit >> 3))
    const { records, failure } = decode(source)
    const all = wanted(batches)
    const isEpoch = bit >> 3 >= batchLayout.leaderEpoch && bit >> 3 < batchLayout.magic // nobody's business, outside the checksum
    if (isEpoch) assert.deepStrictEqual(records, all)
    assert.deepStrictEqual(records, all.slice(0, records.length))
    if (failure !== undefined) assert.ok(isStreamsError(failure, CORRUPT), String(failure))
  })
}

test('decoder never gives a wrong record when any one bit of a batch is flipped, in what the checksum covers or before it', async t => {
  fc.assert(flipped(read), attack(500))
  const unchecked = (source: Buffer): ReturnType<typeof read> => {
    const copy = Buffer.from(source)
    for (let at = 0; at + batchLayout.records <= copy.length;) {
      const end = at + 12 + copy.readInt32BE(at + batchLayout.length)
      if (end > copy.length || end < at + batchLayout.records) break
      resealPlainly(copy.subarray(at, end))
      at = end
    }
    return read(copy)
  }
  t.ok(await isCaught(flipped(unchecked)), 'a decoder that does not check is caught')
})

test('decoder refuses a batch whose offsets do not go on where the one before it ended', async t => {
  const batch = (baseOffset: bigint): Buffer => encodePlainly({ baseOffset, records: [{ delta: 0, key: null, value: Buffer.from(String(baseOffset)) }] })
  for (const second of [4n, 5n, -3n]) {
    const { records, nextOffset, failure } = read(Buffer.concat([batch(5n), batch(second)]))
    t.same([records.length, nextOffset], [0, undefined], 'one of the two is wrong, nobody knows which')
    t.ok(isStreamsError(failure, CORRUPT))
  }
  t.equal(read(Buffer.concat([batch(5n), batch(90n)])).records.length, 2, 'places may be missing')
})

test('decoder refuses records whose offsets are not in their batch, or not in order, whoever sealed it', async t => {
  const one = (delta: number): PlainRecord => ({ delta, key: null, value: null })
  for (const deltas of [[0, 0], [1, 0], [-1], [3], [0, 2 ** 31 - 1], [-(2 ** 31)]]) {
    const { failure } = read(encodePlainly({ baseOffset: 10n, lastOffsetDelta: 2, records: deltas.map(one) }))
    t.ok(isStreamsError(failure, CORRUPT), deltas.join())
  }
  t.ok(isStreamsError(read(encodePlainly({ baseOffset: 10n, lastOffsetDelta: -1, records: [] })).failure, CORRUPT))
  t.equal(read(encodePlainly({ baseOffset: 10n, lastOffsetDelta: 2, records: [one(0), one(2)] })).failure, undefined)
})

test('decoder gives a record or its code, and never asks for more memory than the batch may unpack to, when anything in a sealed batch lies', async t => {
  const largestAsked = { bytes: 0 }
  const { allocUnsafe } = Buffer
  Buffer.allocUnsafe = size => {
    largestAsked.bytes = Math.max(largestAsked.bytes, size)
    return allocUnsafe(size)
  }
  try {
    const noise = fc.array(fc.constantFrom(0, 1, 2, 127, 128, 254, 255, 0x61), { minLength: 1, maxLength: 5 })
    fc.assert(fc.property(log, fc.nat(), noise, ([first], place, lies) => {
      const source = encodePlainly(first as PlainBatch)
      const from = batchLayout.attributes
      const at = from + place % (source.length - from)
      Buffer.from(lies).copy(source, at)
      const { failure } = read(resealPlainly(source))
      if (failure !== undefined) assert.ok(isStreamsError(failure, CORRUPT), String(failure))
    }), attack(1_000))
    t.ok(largestAsked.bytes < 1 << 20, `${largestAsked.bytes} bytes at once`)
  } finally {
    Buffer.allocUnsafe = allocUnsafe
  }
})

test('unpacker asks for no memory that the packed bytes cannot fill when a length says so', async t => {
  const asked: number[] = []
  const { allocUnsafe } = Buffer
  Buffer.allocUnsafe = size => {
    asked.push(size)
    return allocUnsafe(size)
  }
  try {
    // 200 MiB of snappy in eight bytes, raw and framed as Java clients do.
    const lie = Buffer.from([0x80, 0x80, 0x80, 0x64, 0, 0x61, 0, 0x61])
    const frame = Buffer.concat([Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, lie.length]), lie])
    for (const packed of [lie, frame]) t.throws(() => decompress(2, packed), { code: CORRUPT })
    t.ok(Math.max(0, ...asked) < 1 << 20, `${Math.max(0, ...asked)} bytes`)
    t.equal(decompress(2, Buffer.from([65, 0, 0x61, 63 << 2 | 2, 1, 0])).toString(), 'a'.repeat(65), 'the most that snappy can')
  } finally {
    Buffer.allocUnsafe = allocUnsafe
  }
})

test('decoder refuses a varint that does not end, wherever it stands', async t => {
  const endless = Buffer.from([255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1])
  const fields = [[0], [0], [0], zigzag(-1), zigzag(-1), [0]]
  for (let field = 0; field < fields.length; field++) {
    const body = fields.flatMap((one, index) => index === field ? [...endless] : one)
    const batch = encodePlainly({ baseOffset: 0n, lastOffsetDelta: 0, records: [{ delta: 0, key: null, value: null }] })
    const source = Buffer.concat([batch.subarray(0, batchLayout.records), Buffer.from([...zigzag(body.length), ...body])])
    source.writeInt32BE(source.length - 12, batchLayout.length)
    const { failure } = read(resealPlainly(source))
    if (field > 0) t.ok(isStreamsError(failure, CORRUPT), `field ${field}`)
    else t.ok(failure === undefined || isStreamsError(failure, CORRUPT))
  }
})
