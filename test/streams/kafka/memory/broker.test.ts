import { test } from 'tap'
import { type FetchedRecord, NO_HEADERS, type OutgoingRecord } from '../../../../streams/record.ts'
import { createMemoryBroker, type MemoryBroker } from '../../../../streams/kafka/memory/index.ts'
import { type PartitionReader } from '../../../../streams/kafka/port.ts'
import { createManualClock } from '../../../../streams/time/manual-clock.ts'

const config = { 'message.timestamp.type': 'LogAppendTime' }

function createBroker (): { broker: MemoryBroker, clock: ReturnType<typeof createManualClock> } {
  const clock = createManualClock(1_000)
  const broker = createMemoryBroker({ clock })
  broker.createTopic({ name: 'a', partitions: 2, replicas: 1, config })
  broker.createTopic({ name: 'b', partitions: 1, replicas: 1, config })
  return { broker, clock }
}

function record (value: string, topic = 'a', partition = 0, key = 'k'): OutgoingRecord {
  return { topic, partition, key: Buffer.from(key), value: Buffer.from(value), headers: NO_HEADERS }
}

async function turn (): Promise<void> {
  await new Promise(resolve => setImmediate(resolve))
}

async function drain (reader: PartitionReader): Promise<string[]> {
  await turn()
  const records: FetchedRecord[] = []
  for (let taken = reader.take(2); taken.length > 0; taken = reader.take(2)) records.push(...taken)
  return records.map(record => String(record.value))
}

test('memory broker gives markers an offset when a transaction commits', async t => {
  const { broker } = createBroker()
  const unit = broker.client().openTransactions({ transactionalId: 't' })
  await unit.init()
  const result = await unit.commit([record('1'), record('2'), record('3', 'b')])
  t.same(result.offsets.get('a-0'), { first: 0n, last: 1n })
  t.same(result.offsets.get('b-0'), { first: 0n, last: 0n })
  t.equal(result.brokerTimeMs, 1_000)
  t.equal((await broker.client().endOffsets([{ topic: 'a', partition: 0 }])).get('a-0'), 3n)
  t.same(broker.entries('a', 0).map(entry => entry.kind), ['data', 'data', 'commit'])
})

test('memory reader passes aborted records and markers, and its position passes them too', async t => {
  const { broker } = createBroker()
  const client = broker.client()
  const reader = client.openReader({ topic: 'a', partition: 0, offset: 0n })
  const unit = client.openTransactions({ transactionalId: 't' })
  await unit.init()
  broker.faults.fail({ api: 'endTxn' }, { phase: 'request' })
  await t.rejects(unit.commit([record('aborted')]), { code: 'STR_TXN_UNKNOWN' })
  t.same(await drain(reader), [])
  t.equal(reader.position, 0n, 'the open transaction holds the last stable offset')
  t.equal(reader.lastStableOffset, 0n)
  await unit.init()
  t.same(await drain(reader), [])
  t.equal(reader.position, 2n)
  await unit.commit([record('kept')])
  t.same(await drain(reader), ['kept'])
  t.equal(reader.position, 4n)
})

test('memory transaction unit is fenced when another client initialises its id', async t => {
  const { broker } = createBroker()
  const old = broker.client().openTransactions({ transactionalId: 't' })
  const young = broker.client().openTransactions({ transactionalId: 't' })
  await old.init()
  await young.init()
  await t.rejects(old.commit([record('zombie')]), { code: 'STR_TXN_FENCED' })
  await t.rejects(old.commit([record('zombie')]), { code: 'STR_TXN_ILLEGAL_STATE' })
  await young.commit([record('owner')])
  t.same(await drain(broker.client().openReader({ topic: 'a', partition: 0, offset: 0n })), ['owner'])
})

test('memory broker commits although the answer is lost', async t => {
  const { broker } = createBroker()
  const client = broker.client()
  const unit = client.openTransactions({ transactionalId: 't' })
  await unit.init()
  broker.faults.fail({ api: 'endTxn', transactionalId: 't' }, { phase: 'answer' })
  await t.rejects(unit.commit([record('1')]), { code: 'STR_TXN_UNKNOWN' })
  await unit.init()
  t.same(await drain(client.openReader({ topic: 'a', partition: 0, offset: 0n })), ['1'])
})

test('memory broker refuses a late Produce of a fenced owner, so that no transaction hangs', async t => {
  const { broker } = createBroker()
  const zombie = broker.client().openTransactions({ transactionalId: 't' })
  await zombie.init()
  const held = broker.faults.hold({ api: 'produce', transactionalId: 't' }, { phase: 'request' })
  const late = zombie.commit([record('late')])
  await held.arrived
  await broker.client().openTransactions({ transactionalId: 't' }).init()
  held.release()
  await t.rejects(late, { code: 'STR_TXN_FENCED' })
  t.same(broker.transactions.open(), [])
  t.equal((await broker.client().endOffsets([{ topic: 'a', partition: 0 }])).get('a-0'), 1n, 'only the abort marker')
})

test('memory broker aborts the transaction of a crashed client when its timeout is over', async t => {
  const { broker, clock } = createBroker()
  const client = broker.client()
  const unit = client.openTransactions({ transactionalId: 't', timeoutMs: 10_000 })
  await unit.init()
  const held = broker.faults.hold({ api: 'endTxn' }, { phase: 'request' })
  unit.commit([record('lost')]).then(() => { t.fail('a dead process hears nothing') }, () => { t.fail('a dead process hears nothing') })
  await held.arrived
  client.crash()
  held.release()
  await turn()
  const reader = broker.client().openReader({ topic: 'a', partition: 0, offset: 0n })
  await turn()
  t.equal(reader.lastStableOffset, 0n)
  await clock.advance(10_000)
  t.same(await drain(reader), [])
  t.equal(reader.position, 2n)
})

test('memory reader fails, and never resets, when its offset is out of range or its topic is gone', async t => {
  const { broker } = createBroker()
  const client = broker.client()
  await client.producer().send([record('0'), record('1'), record('2')])
  broker.deleteRecords('a', 0, 2n)
  const below = client.openReader({ topic: 'a', partition: 0, offset: 1n })
  const beyond = client.openReader({ topic: 'a', partition: 0, offset: 9n })
  const good = client.openReader({ topic: 'a', partition: 0, offset: 2n })
  await turn()
  t.match(below.failure, { code: 'STR_OFFSET_OUT_OF_RANGE' })
  t.throws(() => below.take(1), { code: 'STR_OFFSET_OUT_OF_RANGE' })
  t.match(beyond.failure, { code: 'STR_OFFSET_OUT_OF_RANGE' })
  broker.deleteTopic('a')
  await turn()
  t.same(good.take(5).map(record => String(record.value)), ['2'], 'what is queued is still given out')
  t.throws(() => good.take(1), { code: 'STR_TOPIC_MISSING' })
})

test('memory reader stops fetching when its queue is full and goes on when records are taken', async t => {
  const { broker } = createBroker()
  const client = broker.client()
  await client.producer().send(Array.from({ length: 50 }, (_, i) => record(String(i))))
  let readable = 0
  const reader = client.openReader({ topic: 'a', partition: 0, offset: 0n, maxQueuedBytes: 200, onReadable: () => { readable += 1 } })
  await turn()
  t.ok(reader.queuedRecords > 0 && reader.queuedRecords < 10)
  const seen: string[] = []
  while (seen.length < 50) {
    seen.push(...reader.take(1).map(record => String(record.value)))
    await turn()
  }
  t.same(seen, Array.from({ length: 50 }, (_, i) => String(i)))
  t.ok(readable > 1)
  t.equal(reader.position, 50n)
})

test('memory reader reaches the end of a compacted log whose last records are gone', async t => {
  const { broker } = createBroker()
  const client = broker.client()
  const unit = client.openTransactions({ transactionalId: 't' })
  await unit.init()
  await unit.commit([record('1'), record('2'), record('3', 'a', 0, 'other')])
  await unit.commit([{ ...record(''), value: null }])
  broker.compact('a', { dropTombstones: true })
  const reader = client.openReader({ topic: 'a', partition: 0, offset: 0n })
  t.same(await drain(reader), ['3'])
  t.equal(reader.position, 6n)
  t.equal(reader.lastStableOffset, 6n)
})

test('memory broker loses its tail when truncated', async t => {
  const { broker } = createBroker()
  const client = broker.client()
  await client.producer().send([record('0'), record('1')])
  const reader = client.openReader({ topic: 'a', partition: 0, offset: 2n })
  await turn()
  broker.truncateTo('a', 0, 1n)
  await turn()
  t.match(reader.failure, { code: 'STR_OFFSET_OUT_OF_RANGE' })
  t.equal((await client.producer().send([record('again')]))[0]?.offset, 1n)
})

test('memory broker deletes by append time when retention runs', async t => {
  const { broker, clock } = createBroker()
  const client = broker.client()
  await client.admin.alterTopicConfig('a', { 'retention.ms': '1000' })
  await client.producer().send([record('old')])
  await clock.advance(2_000)
  await client.producer().send([record('new')])
  broker.enforceRetention()
  t.equal((await client.startOffsets([{ topic: 'a', partition: 0 }])).get('a-0'), 1n)
})

test('memory broker copies what is appended, so that a writer may reuse its buffers', async t => {
  const { broker } = createBroker()
  const client = broker.client()
  const value = Buffer.from('one')
  await client.producer().send([{ ...record(''), value }])
  value.fill(0)
  t.same(await drain(client.openReader({ topic: 'a', partition: 0, offset: 0n })), ['one'])
})

test('memory client answers unavailable while isolated and goes on when healed', async t => {
  const { broker, clock } = createBroker()
  const client = broker.client()
  const reader = client.openReader({ topic: 'a', partition: 0, offset: 0n })
  client.isolate()
  await t.rejects(client.start(), { code: 'STR_BROKER_UNAVAILABLE' })
  const unit = client.openTransactions({ transactionalId: 't' })
  const initialised = unit.init()
  await broker.client().producer().send([record('1')])
  t.same(await drain(reader), [])
  client.heal()
  t.same(await drain(reader), ['1'])
  await clock.advance(20)
  await initialised
  await client.close()
  await t.rejects(client.start(), { code: 'STR_CLOSED' })
})

test('memory transaction unit stops waiting for its coordinator when aborted', async t => {
  const { broker, clock } = createBroker()
  const client = broker.client()
  client.isolate()
  const abort = new AbortController()
  const initialised = client.openTransactions({ transactionalId: 't' }).init(abort.signal)
  const rejected = t.rejects(initialised, { message: 'enough' })
  await clock.advance(100)
  abort.abort(new Error('enough'))
  await rejected
})
