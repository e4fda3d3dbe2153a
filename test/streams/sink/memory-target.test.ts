import { test } from 'tap'
import { sinkTargetSuite } from '../../conformance/sink-target.ts'
import { MemoryTarget } from '../../../streams/sink/memory-target.ts'
import { type FetchedRecord } from '../../../streams/record.ts'
import { insertRecords, rangeOf } from '../../support/insert-records.ts'

test('memory target keeps what every sink target promises', async t => {
  await sinkTargetSuite(t, async () => ({ target: new MemoryTarget(), topic: 'events', border: 1000n }))
})

test('memory target forgets the oldest token when its window is full', async t => {
  const target = new MemoryTarget({ window: 2 })
  const record = (offset: bigint): FetchedRecord => ({ topic: 'a', partition: 0, offset, timestampMs: 0, key: null, value: Buffer.from('v'), headers: [] })
  const put = async (offset: bigint): Promise<void> => { await insertRecords(target, [record(offset)]) }
  for (const from of [1n, 2n, 3n]) await put(from)
  await put(2n)
  t.same(await target.count(rangeOf([record(2n)])), { rows: 1, distinct: 1 })
  await put(1n)
  t.same(await target.count(rangeOf([record(1n)])), { rows: 2, distinct: 1 })
})
