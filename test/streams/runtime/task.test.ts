import { test } from 'tap'
import { type ProcessorContext, type RecordInfo, StreamsError } from '../../../streams/index.ts'
import { type Add, commands, counter, counts, topic, totals, type Total } from './counting.ts'
import { World } from './world.ts'

const add = (amount: number): Add => ({ type: 'Add', amount })

test('a task that is closed ends its transaction, applies it, and takes nothing more', async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  const held = world.broker.faults.hold({ api: 'endTxn' }, { phase: 'request' })
  await world.send(commands, 'a', add(1))
  await held.arrived
  const closed = owner.task.close()
  await world.send(commands, 'a', add(1))
  held.release()
  await closed
  t.equal(owner.task.status().state, 'closed')
  t.equal(world.committed(totals).length, 1)
  t.same(await world.rows('counts'), { a: '1' })
})

test('a task can be closed while it acquires, twice, and run again does nothing then', async t => {
  const world = await World.create(t, [counter()])
  const held = world.broker.faults.hold({ api: 'initProducerId' }, { phase: 'request' })
  const owner = world.start()
  await held.arrived
  const closed = Promise.all([owner.task.close(), owner.task.close()])
  held.release()
  await closed
  await owner.task.run()
  t.match(owner.task.status(), { state: 'closed', acquisitions: 0 })
})

test('a task can be closed while the registry does not answer, and loses nothing', async t => {
  const value = { ...commands.value, prepare: async () => { throw new StreamsError('STR_REGISTRY_UNAVAILABLE') } }
  const world = await World.create(t, [counter({ inputs: [{ topic: { ...commands, value } }] })])
  const owner = await world.own()
  await world.send(commands, 'a', add(1))
  await world.wait(1000)
  t.same(world.committed(totals), [])
  await owner.task.close()
  t.equal(owner.task.status().offsets.get('commands'), 0n)
})

test('a task waits for the registry, and dead-letters what it denies', async t => {
  let answers = 2
  const value = {
    ...commands.value,
    prepare: async () => { if (answers-- > 0) throw new StreamsError('STR_REGISTRY_UNAVAILABLE') },
    decode: (bytes: Buffer) => {
      if (bytes.includes('denied')) throw new StreamsError('STR_SCHEMA_UNKNOWN')
      return commands.value.decode(bytes)
    }
  }
  const world = await World.create(t, [counter({ inputs: [{ topic: { ...commands, value } }] })])
  await world.own()
  await world.sendRaw(commands, Buffer.from('a'), Buffer.from('denied'))
  await world.send(commands, 'a', add(1))
  await world.wait(1000)
  t.equal(world.committed(totals).length, 1)
  t.equal(world.broker.entries('dlq', 0).filter(entry => entry.kind === 'data').length, 1)
})

test('a handler that reads what it did not declare is run again with the row, and its first try leaves nothing', async t => {
  let runs = 0
  const wandering = counter({
    reads: () => [],
    handlers: {
      Add: (context: ProcessorContext, { amount }: Add, { key }: RecordInfo) => {
        runs++
        context.emit(totals, { key, value: { type: 'Total', id: context.nextId(), total: amount, atMs: 0 } })
        context.store(counts).put('other', amount)
        try {
          context.store(counts).get(`${key}-1`)
          context.store(counts).get(`${key}-2`)
        } catch {
          // hides the suspension: it counts all the same
        }
      }
    }
  })
  const world = await World.create(t, [wandering])
  await world.own()
  await world.send(commands, 'a', add(1))
  await world.settle()
  t.equal(runs, 3)
  t.equal(world.committed(totals).length, 1)
})

test('a handler sees its own writes, and ids that are the same in every try', async t => {
  const ids: string[] = []
  const seen: Array<number | undefined> = []
  const reading = counter({
    reads: () => { throw new Error('a fault in reads is no fault of the record') },
    handlers: {
      Add: (context: ProcessorContext, { amount }: Add, { key }: RecordInfo) => {
        ids.push(context.nextId())
        const store = context.store(counts)
        seen.push(store.get(key))
        store.put(key, amount)
        seen.push(store.get(key))
        store.delete(key)
        seen.push(store.get(key))
      }
    }
  })
  const world = await World.create(t, [reading])
  await world.own()
  await world.send(commands, 'a', add(5))
  await world.settle()
  t.equal(ids.length, 2)
  t.equal(ids[0], ids[1])
  t.same(seen, [undefined, 5, undefined])
})

for (const [what, handler] of [
  ['emits to a topic that is not declared', context => { context.emit(topic('elsewhere'), { key: 'a', value: { type: 'x' } }) }],
  ['uses a store that is not declared', context => { context.store({ name: 'other', value: { encode: () => Buffer.alloc(0), decode: () => 1 } }) }],
  ['returns a promise', async () => {}]
] as ReadonlyArray<readonly [string, (context: ProcessorContext) => void]>) {
  test(`a task stops when its handler ${what}, even if it catches the error`, async t => {
    const world = await World.create(t, [counter({
      handlers: {
        Add: context => {
          try {
            return handler(context)
          } catch {
            // not survived
          }
        }
      }
    })])
    const owner = await world.own()
    await world.send(commands, 'a', add(1))
    await world.settle()
    t.equal(owner.task.status().state, 'failed')
    t.match((owner.task.status().reason as StreamsError).code, /STR_OUTPUT_UNDECLARED|STR_TOPOLOGY_INVALID/)
    t.same(world.broker.entries('dlq', 0), [])
  })
}

test('a context that is kept does not work after its handler', async t => {
  let kept: ProcessorContext | undefined
  const world = await World.create(t, [counter({ handlers: { Add: context => { kept = context } } })])
  await world.own()
  await world.send(commands, 'a', add(1))
  await world.settle()
  t.throws(() => kept?.nextId(), { code: 'STR_TOPOLOGY_INVALID' })
  t.throws(() => kept?.store(counts).get('a'), { code: 'STR_TOPOLOGY_INVALID' })
})

for (const [what, key] of [['with half a character', '\ud800'], ['that is empty', '']] as const) {
  test(`a key ${what} is ${key === '' ? 'a key like others' : 'refused'}`, async t => {
    const world = await World.create(t, [counter({ handlers: { Add: context => { context.store(counts).put(key, 1) } } })])
    await world.own()
    await world.send(commands, 'a', add(1))
    await world.settle()
    t.same(await world.rows('counts'), key === '' ? { '': '1' } : {})
    t.equal(world.broker.entries('dlq', 0).filter(entry => entry.kind === 'data').length, key === '' ? 0 : 1)
  })
}

test('inputs are taken fairly: a full one does not starve another', async t => {
  const late = topic<Add>('late')
  const world = await World.create(t, [counter({ inputs: [{ topic: commands }, { topic: late }] })], { maxCycleRecords: 10 })
  const sender = world.broker.client('sender').producer()
  const record = (topic: string, key: string) => ({ topic, partition: 0, key: Buffer.from(key), value: commands.value.encode(add(1)), headers: [] })
  await sender.send(Array.from({ length: 300 }, () => record('commands', 'full')))
  await sender.send([record('late', 'rare')])
  await world.own()
  const values = world.committed(totals) as Total[]
  t.equal(values.length, 301)
  const cycles = world.broker.entries('totals', 0)
  const rare = cycles.findIndex(entry => entry.kind === 'data' && entry.key?.toString() === 'rare')
  t.ok(rare >= 0 && rare < 30, `the rare one came as number ${rare}`)
})

test('a second life of the same task starts with nothing in memory', async t => {
  const world = await World.create(t, [counter()])
  const owner = await world.own()
  await world.send(commands, 'a', add(1))
  await world.settle()
  world.broker.faults.fail({ api: 'endTxn', transactionalId: world.transactionalId }, { phase: 'request' })
  await world.send(commands, 'a', add(10))
  await world.wait(1000)
  await world.send(commands, 'a', add(100))
  await world.settle()
  t.match(world.committed(totals), [{ total: 1 }, { total: 11 }, { total: 111 }], 'the row of the lost cycle was not remembered')
  t.equal(owner.task.status().acquisitions, 2)
})
