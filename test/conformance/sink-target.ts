import { type Test } from 'tap'
import { NO_HEADERS, type FetchedRecord } from '../../streams/record.ts'
import { type PlannedRange, type RangeRows, type SinkTarget } from '../../streams/sink/port.ts'
import { insertRecords, rangeOf } from '../support/insert-records.ts'

/** What the suite needs of an implementation. */
export interface TargetBench {
  readonly target: SinkTarget
  /** Topic names of this run: nothing else writes to them. */
  readonly topic: string
  /** First offset of a bucket other than that of offset 0. */
  readonly border: bigint
}

const PARTITION = 3

function record (topic: string, offset: bigint, value: string | null = `value ${offset}`): FetchedRecord {
  const bytes = value === null ? null : Buffer.from(value)
  return { topic, partition: PARTITION, offset, timestampMs: 1_700_000_000_000 + Number(offset), key: Buffer.from(`key ${offset}`), value: bytes, headers: NO_HEADERS }
}

/** What every sink target promises: run by the test of each implementation. */
export async function sinkTargetSuite (t: Test, createBench: () => Promise<TargetBench>): Promise<void> {
  const { target, topic, border } = await createBench()

  async function fill (range: PlannedRange, records: readonly FetchedRecord[]): Promise<RangeRows> {
    return { range, rows: await target.freeze(records, { topic: range.topic, partition: PARTITION, planFrom: range.from }) }
  }

  const put = async (records: readonly FetchedRecord[], salt?: string): Promise<PlannedRange> => await insertRecords(target, records, salt)

  await t.test('target is fit', async t => {
    await target.check()
    t.pass()
  })

  await t.test('target cuts at a bucket border and never to nothing', async t => {
    t.equal(target.cut([record(topic, border - 2n), record(topic, border - 1n), record(topic, border), record(topic, border + 1n)]), 2)
    t.equal(target.cut([record(topic, border), record(topic, border + 1n)]), 2)
    t.equal(target.cut([record(topic, 7n)]), 1)
  })

  await t.test('target freezes the same records to the same bytes, a row per record', async t => {
    const records = [record(topic, 1n), record(topic, 2n, null), record(topic, 5n, 'unreadable\u0000{')]
    const first = await target.freeze(records, { topic, partition: PARTITION, planFrom: 1n })
    const second = await target.freeze(records.map(one => ({ ...one })), { topic, partition: PARTITION, planFrom: 1n })
    t.equal(first.rows, 3)
    t.ok(first.bytes.equals(second.bytes))
  })

  await t.test('target holds every row of a range once however often it is inserted', async t => {
    const one = `${topic}.repeat`
    const records = [record(one, 10n), record(one, 11n, null), record(one, 15n, 'not what it seems')]
    const range = rangeOf(records)
    t.same(await target.count(range), { rows: 0, distinct: 0 })
    for (let times = 0; times < 3; times++) await put(records)
    t.same(await target.count(range), { rows: 3, distinct: 3 })
  })

  await t.test('target drops other rows under a token it knows, and takes the same rows under another salt', async t => {
    const one = `${topic}.token`
    const records = [record(one, 20n), record(one, 21n)]
    const range = await put(records)
    await target.insert([await fill(range, [record(one, 20n, 'a'), record(one, 21n, 'b')])])
    t.same(await target.count(range), { rows: 2, distinct: 2 })
    await put(records, '1')
    t.same(await target.count(range), { rows: 4, distinct: 2 }, 'the suite would see a duplicate')
  })

  await t.test('target holds ranges of one token and place together, however often all or some of them are inserted', async t => {
    const records = ['x', 'y', 'z'].map((name, index) => [record(`${topic}.together-${name}`, BigInt(index)), record(`${topic}.together-${name}`, BigInt(index + 4))])
    const token = `${topic} together`
    const filled = await Promise.all(records.map(async some => await fill({ ...rangeOf(some), token }, some)))
    t.equal(new Set(filled.map(({ range }) => target.place(range))).size, 1, 'no topic is in the place')
    const there = async (): Promise<number[]> => await Promise.all(filled.map(async ({ range }) => (await target.count(range)).rows))
    await target.insert(filled)
    t.same(await there(), [2, 2, 2])
    await target.insert(filled)
    await target.insert(filled.slice(1, 2))
    t.same(await there(), [2, 2, 2], 'what is left of a plan is known by the token of all of it')
    const beyond = rangeOf([record(`${topic}.together-x`, border)])
    t.not(target.place(beyond), target.place(rangeOf([record(`${topic}.together-x`, 0n)])), 'a bucket is a place of its own')
    await target.insert([await fill({ ...beyond, token }, [record(beyond.topic, border)])])
    t.same(await target.count(beyond), { rows: 1, distinct: 1 }, 'and its tokens are its own')
  })

  await t.test('target takes concurrent inserts of the same range as one', async t => {
    const one = `${topic}.race`
    const records = Array.from({ length: 50 }, (_, index) => record(one, BigInt(index)))
    await Promise.all(Array.from({ length: 6 }, async () => await put(records)))
    t.same(await target.count(rangeOf(records)), { rows: 50, distinct: 50 })
  })

  await t.test('target counts only the range it is asked for', async t => {
    const one = `${topic}.count`
    await put([record(one, 0n), record(one, 1n)])
    await put([record(one, 2n), record(one, 4n), record(one, 5n)])
    t.same(await target.count({ ...rangeOf([record(one, 1n)]), to: 4n }), { rows: 3, distinct: 3 })
    t.same(await target.count({ ...rangeOf([record(one, 1n)]), partition: PARTITION + 1, to: 4n }), { rows: 0, distinct: 0 })
  })

  await t.test('target tells rows below and beyond a range', async t => {
    const one = `${topic}.bounds`
    t.same(await target.bounds(one, PARTITION, 0n, -1n), { below: 0n, beyond: 0n, last: -1n })
    await put([record(one, 0n), record(one, 3n)])
    await put([record(one, 4n), record(one, 9n)])
    await put([record(one, border), record(one, border + 5n)])
    t.same(await target.bounds(one, PARTITION, 4n, 9n), { below: 2n, beyond: 2n, last: 3n })
    t.same(await target.bounds(one, PARTITION, 0n, -1n), { below: 0n, beyond: 6n, last: -1n })
    t.same(await target.bounds(one, PARTITION, border + 6n, border + 5n), { below: 6n, beyond: 0n, last: border + 5n })
  })

  await t.test('target clears from an offset on, and the rows come back under another salt', async t => {
    const one = `${topic}.clear`
    const records = [record(one, 0n), record(one, 1n), record(one, 2n)]
    const range = await put(records)
    await target.clear(one, PARTITION, 1n)
    t.same(await target.count(range), { rows: 1, distinct: 1 })
    await put(records.slice(1), '1')
    t.same(await target.count(range), { rows: 3, distinct: 3 })
  })
}
