import { test } from 'tap'
import { type Topology, NO_HEADERS, jsonSerde, defineProcessor, defineStore, defineTopic } from '#streams'
import { createManualClock, createMemoryBackend, createMemoryBroker, createTestDriver } from '#streams/testing'
import { stateRows } from '../../../ops/verify/state-rows.ts'
import { RecordCounter, countRecords } from '../../../ops/verify/topic-count.ts'
import { countUnprocessed, untilQuiet } from '../../../ops/verify/quiescence.ts'
import { applicationId } from '../../../topology/codec.ts'
import { taskKey } from '../../../streams/state/changelog.ts'

interface Note { readonly type: 'Note', readonly text: string }
const notes = defineTopic<Note>({ name: 'notes', partitions: 2, cleanup: { policy: 'keep' }, keyName: 'id', value: jsonSerde<Note>() })
const store = defineStore('texts', jsonSerde<string>())

test('records are counted as a committed reader sees them when a transaction was aborted', async t => {
  const broker = createMemoryBroker({ clock: createManualClock() })
  t.teardown(async () => { await broker.close() })
  broker.createTopic({ name: 'notes', partitions: 2, replicas: 1, config: {} })
  const kafka = broker.client()
  const record = (partition: number) => ({ topic: 'notes', partition, key: Buffer.from('k'), value: Buffer.from('{}'), headers: NO_HEADERS })
  const unit = kafka.openTransactions({ transactionalId: 'a' })
  await unit.init()
  await unit.commit([record(0), record(0), record(1)])
  broker.faults.fail({ api: 'endTxn', transactionalId: 'a' }, { phase: 'request' })
  await t.rejects(unit.commit([record(0), record(1)]))
  await unit.init()
  const counts = await countRecords(kafka, [notes], new Map())
  t.same([...counts], [['notes-0', 2], ['notes-1', 1]], 'the aborted records do not count')
  t.same([...await countRecords(kafka, [notes], new Map([['notes-0', 1n]]))], [['notes-0', 1], ['notes-1', 1]], 'counting starts where it is told to')
})

test('records that no processor has consumed are counted, and none when all is done', async t => {
  const processor = defineProcessor<Note>({ name: 'reader', inputs: [notes], stores: [store], handlers: { Note: () => {} } })
  const driver = await createTestDriver({ nodes: [processor] })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(notes, 'a', { type: 'Note', text: 'x' })
  await driver.run()
  await driver.advance(1000)
  const kafka = driver.broker.client()
  t.equal(await countUnprocessed(kafka, driver.backend, driver.topology), 0)
  const elsewhere: Topology = { ...driver.topology, applicationId: 'another' }
  t.equal(await countUnprocessed(kafka, driver.backend, elsewhere), 1, 'an application that never ran has everything before it')
})

test('records that come while it is looked are counted as not consumed, so that nothing is called quiet too early', async t => {
  const processor = defineProcessor<Note>({ name: 'reader', inputs: [notes], stores: [store], handlers: { Note: () => {} } })
  const driver = await createTestDriver({ nodes: [processor] })
  t.teardown(async () => { await driver.close() })
  await driver.run()
  const kafka = driver.broker.client()
  let looks = 0
  const endOffsets: typeof kafka.endOffsets = async partitions => {
    const ends = await kafka.endOffsets(partitions)
    if (++looks === 1) await driver.pipe(notes, 'late', { type: 'Note', text: 'x' })
    return ends
  }
  const busy = new Proxy(kafka, { get: (target, name) => name === 'endOffsets' ? endOffsets : Reflect.get(target, name).bind(target) })
  t.equal(await countUnprocessed(busy, driver.backend, driver.topology), 1)
})

test('a counter goes on where it ended, and begins at the first record that the log still has', async t => {
  const broker = createMemoryBroker({ clock: createManualClock() })
  t.teardown(async () => { await broker.close() })
  broker.createTopic({ name: 'notes', partitions: 2, replicas: 1, config: {} })
  const kafka = broker.client()
  const write = async (count: number): Promise<void> => {
    const record = { topic: 'notes', partition: 0, key: Buffer.from('k'), value: Buffer.from('{}'), headers: [] }
    await kafka.producer().send(Array.from({ length: count }, () => record))
  }
  await write(5)
  broker.deleteRecords('notes', 0, 2n)
  const counter = new RecordCounter(kafka, [notes], new Map([['notes-0', 1n]]))
  t.equal((await counter.count()).get('notes-0'), 3)
  await write(4)
  t.equal((await counter.count(new Map([['notes-0', 7n]]))).get('notes-0'), 5, 'up to where it is told to')
  t.equal((await counter.count()).get('notes-0'), 7)
  t.equal((await counter.count()).get('notes-0'), 7)
})

test('rows of a store are read over all partitions, and refused when a task has no state', async t => {
  const backend = createMemoryBackend()
  t.teardown(async () => { await backend.close() })
  for (const partition of [0, 1]) {
    const task = backend.open(taskKey(applicationId, 'reader', partition))
    const claim = { token: 1n, incarnation: 'i' }
    await task.claim({ ...claim, nowMs: 0 })
    await task.apply({
      ...claim,
      expectedPosition: 0n,
      position: 2n,
      sequence: 1n,
      progress: Buffer.from('p'),
      progressOffset: 1n,
      nowMs: 0,
      writes: [{ store: 'texts', key: `k${partition}`, value: store.value.encode(`v${partition}`) }],
      timers: [],
      restoring: false
    })
  }
  t.same([...await stateRows(backend, 'reader', 2, store)], [['k0', 'v0'], ['k1', 'v1']])
  t.same([...await stateRows(backend, 'reader', 2, store, key => key === 'k1')], [['k1', 'v1']])
  await t.rejects(stateRows(backend, 'reader', 3, store), /state of reader-2 cannot be read: missing/)
})

test('waiting for quiet ends at the goal, and gives up when nothing moves', async t => {
  const clock = createManualClock()
  const signal = new AbortController().signal
  let looks = 0
  const done = untilQuiet({ clock, signal, look: async () => ++looks, isDone: seen => seen === 3 })
  for (let n = 0; n < 3; n++) await clock.advance(300)
  t.equal(await done, 3)
  const stuck = untilQuiet({ clock, signal, look: async () => 'same', isDone: () => false, stallMs: 900 })
  for (let n = 0; n < 5; n++) await clock.advance(300)
  t.equal(await stuck, 'same')
})
