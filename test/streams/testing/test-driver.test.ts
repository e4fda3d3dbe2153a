import { test } from 'tap'
import { createTestDriver } from '../../../streams/testing/index.ts'
import { commands, counter, counts, totals } from '../runtime/counting.ts'

test('the driver runs records through a processor into its outputs and its store', async t => {
  const driver = await createTestDriver({ nodes: [counter()] })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(commands, 'a', { type: 'Add', amount: 2 })
  await driver.pipe(commands, 'a', { type: 'Add', amount: 3 })
  await driver.run()
  t.match((await driver.read(totals)).map(record => record.value), [{ total: 2 }, { total: 5 }])
  t.same(await driver.read(totals), [], 'what was read is not read again')
  t.equal(await driver.store('counter', counts).get('a'), 5)
})

test('the driver keeps the state of a processor over a restart without goodbye', async t => {
  const driver = await createTestDriver({ nodes: [counter()] })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(commands, 'a', { type: 'Add', amount: 2 })
  await driver.run()
  await driver.restart()
  await driver.pipe(commands, 'a', { type: 'Add', amount: 3 })
  t.match((await driver.read(totals)).map(record => record.value), [{ total: 2 }, { total: 5 }])
})

test('the driver fires timers when its clock gets there', async t => {
  const driver = await createTestDriver({ nodes: [counter()] })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(commands, 'a', { type: 'Remind', afterMs: 1000 })
  await driver.advance(999)
  t.same(await driver.read(totals), [])
  await driver.advance(1)
  t.match((await driver.read(totals)).map(record => record.value), [{ type: 'Reminded', payload: 'after 1000' }])
  await driver.advance(10_000)
  t.same(await driver.read(totals), [], 'it fires once')
})

test('the driver shows the dead letter of a failing record, and nothing of its work', async t => {
  const driver = await createTestDriver({ nodes: [counter()] })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(commands, 'a', { type: 'Fail', message: 'no' })
  await driver.pipe(commands, 'a', { type: 'Add', amount: 1 })
  await driver.advance(5000)
  t.match((await driver.read(totals)).map(record => record.value), [{ total: 1 }])
  t.match(await driver.deadLetters(), [{ reason: 'STR_HANDLER_FAILED', topic: 'commands', offset: 0n, processor: 'counter', kind: 'record' }])
})
