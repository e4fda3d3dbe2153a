import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'tap'
import { defineGlobalTable, partitionOf, type ProcessorContext, type RecordInfo, silentLogger, StreamsError } from '../../../streams/index.ts'
import { createManualClock, createMemoryBroker, createTestDriver } from '../../../streams/testing/index.ts'
import { GlobalTableSet } from '../../../streams/runtime/global-table.ts'
import { type Add, commands, counter, topic, totals } from './counting.ts'

const R11 = 'R11 nothing is processed before every global table has reached the end seen at the start'

interface Price { readonly type: 'Price', readonly amount: number }
const prices = defineGlobalTable('prices', topic<Price>('prices', 2))
const priced = counter({
  globals: [prices],
  handlers: {
    Add: (context: ProcessorContext, _value: Add, { key }: RecordInfo) => {
      const row = context.global(prices).get(key)
      context.emit(totals, { key, value: { type: 'Total', id: String(row?.version ?? 'none'), total: row?.value.amount ?? -1, atMs: 0 } })
    }
  }
})

test(`${R11}, and a handler reads value and version`, async t => {
  const driver = await createTestDriver({ nodes: [priced], globals: [[prices, [['a', { type: 'Price', amount: 5 } as Price], ['a', { type: 'Price', amount: 7 } as Price]]]] })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(commands, 'a', { type: 'Add', amount: 0 })
  t.match((await driver.read(totals)).map(record => record.value), [{ total: 7, id: '1' }])
})

test(`${R11}, then tables follow their topics, removals included`, async t => {
  const driver = await createTestDriver({ nodes: [priced] })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(prices.topic, 'a', { type: 'Price', amount: 9 })
  await driver.run()
  await driver.pipe(commands, 'a', { type: 'Add', amount: 0 })
  await driver.run()
  await driver.pipeRaw(prices.topic, { key: Buffer.from('a'), value: null })
  await driver.run()
  await driver.pipe(commands, 'a', { type: 'Add', amount: 0 })
  t.match((await driver.read(totals)).map(record => record.value), [{ total: 9 }, { total: -1 }])
})

test(`${R11}: the bootstrap waits for a slow partition`, async t => {
  const clock = createManualClock()
  const broker = createMemoryBroker({ clock })
  t.teardown(async () => { await broker.close() })
  broker.createTopic({ name: 'prices', partitions: 2, replicas: 1, config: {} })
  await broker.client().producer().send([0, 1].map(partition =>
    ({ topic: 'prices', partition, key: Buffer.from(`k${partition}`), value: prices.topic.value.encode({ type: 'Price', amount: partition }), headers: [] })))
  const held = broker.faults.hold({ api: 'fetch', partition: 1 }, { phase: 'answer' })
  const tables = new GlobalTableSet({ kafka: broker.client(), clock, logger: silentLogger, defs: [prices] })
  t.teardown(async () => { await tables.close() })
  let isReady = false
  const started = tables.start().then(() => { isReady = true })
  await held.arrived
  for (let n = 0; n < 20; n++) await turn()
  t.notOk(isReady)
  held.release()
  await started
  t.same([...tables.table('prices').keys()].sort(), ['k0', 'k1'])
})

test(`${R11}: an empty table is ready at once, a missing topic is an error`, async t => {
  const clock = createManualClock()
  const broker = createMemoryBroker({ clock })
  t.teardown(async () => { await broker.close() })
  const tables = new GlobalTableSet({ kafka: broker.client(), clock, logger: silentLogger, defs: [prices] })
  await t.rejects(tables.start(), { code: 'STR_TOPIC_MISSING' })
  broker.createTopic({ name: 'prices', partitions: 2, replicas: 1, config: {} })
  await tables.start()
  t.equal(tables.table('prices').size, 0)
  t.throws(() => tables.table('other'), { code: 'STR_TOPOLOGY_INVALID' })
  await tables.close()
})

test('a global table passes over a record that does not decode, and goes on', async t => {
  const driver = await createTestDriver({ nodes: [priced] })
  t.teardown(async () => { await driver.close() })
  await driver.pipeRaw(prices.topic, { key: Buffer.from('a'), value: Buffer.from('{') })
  await driver.pipe(prices.topic, 'a', { type: 'Price', amount: 3 })
  await driver.run()
  await driver.pipe(commands, 'a', { type: 'Add', amount: 0 })
  t.match((await driver.read(totals)).map(record => record.value), [{ total: 3 }])
})

test('a global table waits for a registry that does not answer', async t => {
  const clock = createManualClock()
  const broker = createMemoryBroker({ clock })
  t.teardown(async () => { await broker.close() })
  let failures = 2
  const waiting = defineGlobalTable('prices', {
    ...prices.topic,
    partitions: 1,
    value: { ...prices.topic.value, prepare: async () => { if (failures-- > 0) throw new StreamsError('STR_REGISTRY_UNAVAILABLE') } }
  })
  broker.createTopic({ name: 'prices', partitions: 1, replicas: 1, config: {} })
  await broker.client().producer().send([{ topic: 'prices', partition: 0, key: Buffer.from('a'), value: prices.topic.value.encode({ type: 'Price', amount: 1 }), headers: [] }])
  const tables = new GlobalTableSet({ kafka: broker.client(), clock, logger: silentLogger, defs: [waiting] })
  t.teardown(async () => { await tables.close() })
  const started = tables.start()
  for (let n = 0; n < 10; n++) await clock.advance(500)
  await started
  t.equal(tables.table('prices').size, 1)
})

test('a row that a global table lacks counts as absent only once the table is at the end that its topic had when the command was taken', async t => {
  const driver = await createTestDriver({ nodes: [priced] })
  t.teardown(async () => { await driver.close() })
  const partition = partitionOf('late', 2)
  const held = driver.broker.faults.hold({ api: 'fetch', topic: 'prices', partition }, { phase: 'answer' })
  await driver.pipe(prices.topic, 'late', { type: 'Price', amount: 11 })
  await driver.pipe(commands, 'late', { type: 'Add', amount: 0 })
  await held.arrived
  for (let n = 0; n < 50; n++) await turn()
  const written = driver.broker.topic(totals.name)!.logs.map(log => log.entries.length)
  t.ok(written.every(count => count === 0), 'the command waits for the table')
  held.release()
  await driver.run()
  t.match((await driver.read(totals)).map(record => record.value), [{ total: 11 }])
})
