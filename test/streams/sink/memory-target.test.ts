import { test } from 'tap'
import { sinkTargetSuite } from '../../conformance/sink-target.ts'
import { MemoryTarget } from '../../../streams/sink/memory-target.ts'
import { type PlannedRange } from '../../../streams/sink/port.ts'

test('memory target keeps what every sink target promises', async t => {
  await sinkTargetSuite(t, async () => ({ target: new MemoryTarget(), topic: 'events', border: 1000n }))
})

test('memory target forgets the oldest token when its window is full', async t => {
  const target = new MemoryTarget({ window: 2 })
  const range = (from: bigint): PlannedRange => ({ topic: 'a', partition: 0, from, to: from, rows: 1, hash: '', salt: '0', rowsBefore: 0n, lastOffsetBefore: -1n })
  const put = async (from: bigint): Promise<void> => {
    const record = { topic: 'a', partition: 0, offset: from, timestampMs: 0, key: null, value: Buffer.from('v'), headers: [] }
    await target.insert(range(from), await target.freeze([record], { planFrom: from }))
  }
  for (const from of [1n, 2n, 3n]) await put(from)
  await put(2n)
  t.same(await target.count(range(2n)), { rows: 1, distinct: 1 })
  await put(1n)
  t.same(await target.count(range(1n)), { rows: 2, distinct: 1 })
})
