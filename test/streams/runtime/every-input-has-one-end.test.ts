import { test } from 'tap'
import { DEAD_LETTER_HEADERS, headerText, type ProcessorContext, type RecordInfo, StreamsError, type TypedValue } from '../../../streams/index.ts'
import { createTestDriver } from '../../../streams/testing/index.ts'
import { type Add, commands, counter, counts, type Event, topic, totals } from './counting.ts'
import { tapTransactions } from './transaction-tap.ts'
import { World } from './world.ts'

const R7 = 'R7 every input record has exactly one end'
const add = (amount: number): Add => ({ type: 'Add', amount })
const bytes = (value: object): Buffer => Buffer.from(JSON.stringify(value))

const unreadable: ReadonlyArray<readonly [what: string, key: Buffer | null, value: Buffer | null, reason: string]> = [
  ['a null key', null, bytes(add(1)), 'STR_KEY_INVALID'],
  ['a key that is not UTF-8', Buffer.from([0xff, 0xfe]), bytes(add(1)), 'STR_KEY_INVALID'],
  ['a value that does not decode', Buffer.from('a'), Buffer.from('{'), 'STR_RECORD_UNREADABLE'],
  ['an empty value', Buffer.from('a'), Buffer.alloc(0), 'STR_RECORD_UNREADABLE'],
  ['no value', Buffer.from('a'), null, 'STR_RECORD_UNREADABLE']
]

for (const [what, key, value, reason] of unreadable) {
  test(`${R7}: ${what} is dead-lettered with its bytes, and the partition goes on`, async t => {
    const driver = await createTestDriver({ nodes: [counter()] })
    t.teardown(async () => { await driver.close() })
    await driver.pipe(commands, 'a', add(1))
    await driver.pipeRaw(commands, { key, value }, { partition: 0, headers: [['note', Buffer.from('n')]] })
    await driver.pipe(commands, 'a', add(1))
    const dead = await driver.deadLetters()
    t.match(dead, [{ reason, topic: 'commands', partition: 0, offset: 1n, processor: 'counter', kind: 'record' }])
    t.same([dead[0]?.key, dead[0]?.value], [key, value], 'bytes are the original ones')
    t.equal(headerText(dead[0]?.headers ?? [], 'note'), 'n', 'headers too')
    t.match((await driver.read(totals)).map(record => record.value), [{ total: 1 }, { total: 2 }])
  })
}

test(`${R7}: a handler that fails leaves no row, no output and no timer of its record (A5)`, async t => {
  const driver = await createTestDriver({ nodes: [counter()] })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(commands, 'a', add(1))
  await driver.pipe(commands, 'a', { type: 'Fail', message: 'out of order' })
  await driver.pipe(commands, 'a', add(1))
  await driver.advance(60_000)
  t.match((await driver.read(totals)).map(record => record.value), [{ total: 1 }, { total: 2 }])
  t.equal(await driver.store('counter', counts).get('a'), 2)
  const [dead] = await driver.deadLetters()
  t.match(dead, { reason: 'STR_HANDLER_FAILED', offset: 1n })
  t.match(dead?.message, /out of order/)
})

test(`${R7}: a record that is dead-lettered is not processed again after a kill`, async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  const held = world.broker.faults.hold({ api: 'endTxn' }, { phase: 'answer' })
  await world.send(commands, 'a', { type: 'Fail', message: 'no' })
  await held.arrived
  owner.crash()
  world.broker.faults.clear()
  await world.own()
  await world.settle()
  t.equal(world.broker.entries('dlq', 0).filter(entry => entry.kind === 'data' && entry.outcome === 'committed').length, 1)
})

test(`${R7}: a type that no handler names is passed over`, async t => {
  const driver = await createTestDriver({ nodes: [counter()] })
  t.teardown(async () => { await driver.close() })
  await driver.pipeRaw(commands, { key: Buffer.from('a'), value: bytes({ type: 'toString' }) })
  await driver.pipe(commands, 'a', add(1))
  t.same(await driver.deadLetters(), [])
  t.equal((await driver.read(totals)).length, 1)
})

test(`${R7}: a record in the wrong partition is forwarded with its bytes and headers, and done once, there (A12)`, async t => {
  const spread = topic<Add>('spread', 3)
  const out = topic<Event>('out', 3)
  const driver = await createTestDriver({
    nodes: [counter({
      inputs: [{ topic: spread }],
      outputs: [out],
      handlers: {
        Add: (context: ProcessorContext, _value: Add, { key, partition }: RecordInfo) => {
          context.emit(out, { key, value: { type: 'Total', id: headerText(context.headers, 'note') ?? '', total: partition, atMs: 0 } })
        }
      }
    })]
  })
  t.teardown(async () => { await driver.close() })
  const { partition: home } = await driver.pipe(spread, 'order-1', add(1))
  await driver.run()
  await driver.read(out)
  await driver.pipeRaw(spread, { key: Buffer.from('order-1'), value: bytes(add(1)) }, { partition: (home + 1) % 3, headers: [['note', Buffer.from('kept')]] })
  t.match((await driver.read(out)).map(record => record.value), [{ total: home, id: 'kept' }])
  t.same(await driver.deadLetters(), [])
})

test(`${R7}: a record that belongs to two partitions is dead-lettered`, async t => {
  const spread = topic<Add>('spread', 3)
  const route = (value: Add): number[] => value.amount === 2 ? [0, 1] : [0]
  const driver = await createTestDriver({ nodes: [counter({ inputs: [{ topic: spread, route: route as never }] })] })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(spread, 'a', add(2), { partition: 0 })
  await driver.pipe(spread, 'a', add(1), { partition: 0 })
  t.match(await driver.deadLetters(), [{ reason: 'STR_ROUTE_MIXED' }])
  t.equal((await driver.read(totals)).length, 1)
})

const tooLarge = counter({
  handlers: {
    Add: (context: ProcessorContext, { amount }: Add, { key }: RecordInfo) => {
      context.store(counts).put(key, amount)
      try {
        context.emit(totals, { key, value: { type: 'Total', id: 'x'.repeat(amount), total: amount, atMs: 0 } })
      } catch {
        // a handler that hides it does not change its fate
      }
    }
  }
})

test(`${R7}: an output larger than its topic accepts fails its own record only, before anything is sent`, async t => {
  const driver = await createTestDriver({ nodes: [tooLarge] })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(commands, 'a', add(10))
  await driver.pipe(commands, 'b', add(1_100_000))
  await driver.pipe(commands, 'a', add(20))
  t.match((await driver.read(totals)).map(record => record.value), [{ total: 10 }, { total: 20 }])
  t.match(await driver.deadLetters(), [{ reason: 'STR_OUTPUT_TOO_LARGE', offset: 1n }])
  t.same([...await driver.store('counter', counts).rows()], [['a', 20]])
  t.equal(driver.status()[0]?.acquisitions, 1)
})

test(`${R7}: an output that the client refuses before anything is sent fails its own record only`, async t => {
  const world = await World.create(t, [counter()])
  const isRefused = (value: Buffer | null, topic: string): boolean => topic === 'totals' && value !== null && value.toString().includes('"total":12')
  tapTransactions(world, async (unit, records) => {
    const index = records.findIndex(({ value, topic }) => isRefused(value, topic))
    if (index >= 0) throw new StreamsError('STR_OUTPUT_TOO_LARGE', { index })
    return await unit.commit(records)
  })
  await world.own()
  const value = (amount: number): Buffer => bytes(add(amount))
  await world.broker.client('sender').producer().send([1, 11, 2].map(amount => ({ topic: 'commands', partition: 0, key: Buffer.from('a'), value: value(amount), headers: [] })))
  await world.settle()
  t.match(world.committed(totals), [{ total: 1 }, { total: 3 }])
  t.same(await world.rows('counts'), { a: '3' })
  const dead = world.broker.entries('dlq', 0).filter(entry => entry.kind === 'data')
  t.same(dead.map(entry => [entry.value?.toString(), headerText(entry.headers, 'dlq.reason'), headerText(entry.headers, 'dlq.offset')]), [[value(11).toString(), 'STR_OUTPUT_TOO_LARGE', '1']])
})

test(`${R7}: a dead letter that the client refuses too is written without key and value`, async t => {
  const world = await World.create(t, [counter()])
  tapTransactions(world, async (unit, records) => {
    const index = records.findIndex(({ value, topic }) => topic === 'dlq' && value !== null)
    if (index >= 0) throw new StreamsError('STR_OUTPUT_TOO_LARGE', { index })
    return await unit.commit(records)
  })
  const owner = await world.own()
  await world.sendRaw(commands, Buffer.from('a'), Buffer.from('{'))
  await world.settle()
  const [entry] = world.broker.entries('dlq', 0)
  t.equal(entry?.value, null)
  t.equal(headerText(entry?.headers ?? [], DEAD_LETTER_HEADERS.omitted), '2')
  t.equal(owner.task.status().state, 'running')
})

test(`${R7}: a dead letter that its topic would not take is written without key and value, with the size it had`, async t => {
  const world = await World.create(t, [counter()])
  world.broker.deleteTopic('dlq')
  world.broker.createTopic({ name: 'dlq', partitions: 1, replicas: 1, config: { 'max.message.bytes': '2000' } })
  await world.own()
  await world.sendRaw(commands, Buffer.from('a'), Buffer.alloc(3000, '{'))
  await world.settle()
  const [entry] = world.broker.entries('dlq', 0)
  t.same([entry?.key, entry?.value], [null, null])
  t.equal(headerText(entry?.headers ?? [], DEAD_LETTER_HEADERS.omitted), '3001')
  t.equal(headerText(entry?.headers ?? [], DEAD_LETTER_HEADERS.offset), '0', 'where it still can be read')
})

test(`${R7}: exception handlers may pass over a failure, or stop the task with a reason and nothing lost`, async t => {
  const passing = await createTestDriver({ nodes: [counter()], options: { handlers: { deserialization: () => 'continue', processing: () => 'continue', production: () => 'fail' } } })
  t.teardown(async () => { await passing.close() })
  await passing.pipe(commands, 'a', { type: 'Fail', message: 'no' })
  await passing.pipe(commands, 'a', add(1))
  t.same(await passing.deadLetters(), [])
  t.equal((await passing.read(totals)).length, 1)

  const stopping = await World.create(t, [counter()], { handlers: { deserialization: () => 'fail', processing: () => { throw new Error('broken') }, production: () => 'fail' } })
  const owner = await stopping.own()
  await stopping.send(commands, 'a', { type: 'Fail', message: 'no' })
  await stopping.settle()
  t.match(owner.task.status(), { state: 'failed', reason: { code: 'STR_STOPPED_BY_HANDLER' } })
  t.equal(owner.task.status().offsets.get('commands'), 0n, 'the record is still there to be handled')
})

test(`${R7}: records of an aborted transaction are never handled (R8)`, async t => {
  const world = await World.create(t, [counter()])
  await world.own()
  const unit = world.broker.client('producer').openTransactions({ transactionalId: 'producer' })
  await unit.init()
  const record = (amount: number): { topic: string, partition: number, key: Buffer, value: Buffer, headers: [] } =>
    ({ topic: 'commands', partition: 0, key: Buffer.from('a'), value: bytes(add(amount)), headers: [] })
  world.broker.faults.fail({ api: 'endTxn', transactionalId: 'producer' }, { phase: 'request' })
  await unit.commit([record(100)]).catch(() => {})
  await world.settle()
  t.same(world.committed(totals), [], 'open: not seen')
  await unit.init()
  await unit.commit([record(1)])
  await world.settle()
  t.match(world.committed<TypedValue>(totals as never), [{ total: 1 }])
})

test(`${R7}: trace headers of an input travel to its outputs, others do not`, async t => {
  const driver = await createTestDriver({ nodes: [counter()] })
  t.teardown(async () => { await driver.close() })
  await driver.pipe(commands, 'a', add(1), { headers: [['traceparent', Buffer.from('00-1')], ['tracestate', Buffer.from('s')], ['other', Buffer.from('o')]] })
  await driver.pipe(commands, 'a', add(1))
  t.same((await driver.read(totals)).map(record => record.headers.map(([name]) => name)), [['traceparent', 'tracestate'], []])
})
