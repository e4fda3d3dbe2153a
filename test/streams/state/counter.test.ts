import { test } from 'tap'
import { counterSerde, increment } from '../../../streams/state/counter.ts'
import { defineStore, type ProcessorContext, type RecordInfo } from '../../../streams/index.ts'
import { createTestDriver } from '../../../streams/testing/index.ts'
import { type Add, commands, counter, totals } from '../runtime/counting.ts'

const hits = defineStore('hits', counterSerde)
const counting = counter({
  stores: [hits],
  reads: () => [],
  handlers: {
    Add: (context: ProcessorContext, { amount }: Add, { key }: RecordInfo) => {
      increment(context.store(hits), key)
      const total = increment(context.store(hits), `${key}/sum`, amount)
      context.emit(totals, { key, value: { type: 'Total', id: '', total, atMs: 0 } })
    }
  }
})

test('a counter adds every input once, from nothing, over restarts', async t => {
  const driver = await createTestDriver({ nodes: [counting] })
  t.teardown(async () => { await driver.close() })
  for (const amount of [5, -2, 0]) await driver.pipe(commands, 'a', { type: 'Add', amount })
  await driver.run()
  await driver.restart()
  await driver.pipe(commands, 'a', { type: 'Add', amount: 10 })
  t.same((await driver.read(totals)).map(({ value }) => 'total' in value && value.total), [5, 3, 3, 13])
  t.same([...await driver.store(counting, hits).rows()].sort(), [['a', 4], ['a/sum', 13]])
})

test('a counter that would leave the exact whole numbers fails its input, and stays', async t => {
  const driver = await createTestDriver({ nodes: [counting] })
  t.teardown(async () => { await driver.close() })
  for (const amount of [Number.MAX_SAFE_INTEGER, 1, 0.5]) await driver.pipe(commands, 'a', { type: 'Add', amount })
  t.same((await driver.deadLetters()).map(letter => letter.reason), ['STR_VALUE_INVALID', 'STR_VALUE_INVALID'])
  t.same([...await driver.store(counting, hits).rows()].sort(), [['a', 1], ['a/sum', Number.MAX_SAFE_INTEGER]])
})

test('a counter does not read what is not one', t => {
  for (const text of ['', 'x', '1.5', '1e300']) t.throws(() => counterSerde.decode(Buffer.from(text)), { code: 'STR_RECORD_UNREADABLE' }, text)
  t.equal(counterSerde.decode(counterSerde.encode(-7)), -7)
  t.end()
})
