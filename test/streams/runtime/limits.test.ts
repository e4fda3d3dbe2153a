import { readFileSync } from 'node:fs'
import { test } from 'tap'
import {
  createStreams, defineStore, defineTopic, defineTopology, headerText, jsonSerde, type ProcessorContext, type ProcessorDef, type RecordInfo, initialiseTasks,
  changelogNames, changelogTopics, compileOptions, StreamsError
} from '../../../streams/index.ts'
import { defaultHandlers } from '../../../streams/handlers.ts'
import { Defect, done, fragile, steps } from '../parking/fragile.ts'
import { textSerde } from '../../../streams/serde/text.ts'
import { createManualClock, createMemoryBackend, createMemoryBroker } from '../../../streams/testing/index.ts'
import { type Add, commands, counter, type Remind, topic } from './counting.ts'
import { tapTransactions } from './transaction-tap.ts'
import { World } from './world.ts'

interface Filled { readonly type: 'Filled', readonly key: string, readonly filler: string }
const filled = topic<Filled>('filled')
const rows = defineStore('rows', textSerde)

const deadLetters = { commands: { name: 'dlq.commands', partitions: 1 }, events: { name: 'dlq.events', partitions: 1 } }

/** Emits `amount` bytes, and keeps as many in a row when the amount is even. */
function filling (given: Partial<ProcessorDef> = {}): ProcessorDef {
  return counter({
    outputs: [filled],
    stores: [rows],
    handlers: {
      Add: (context: ProcessorContext, { amount }: Add, { key }: RecordInfo) => {
        context.emit(filled, { key, value: { type: 'Filled', key, filler: 'x'.repeat(amount) } })
        if (amount % 2 === 0) context.store(rows).put(key, 'y'.repeat(amount))
      },
      Remind: (context: ProcessorContext, { afterMs }: Remind, { key }: RecordInfo) => { context.timers.set(key, context.nowMs + afterMs) }
    },
    onTimer: (context, { key }) => { context.emit(filled, { key, value: { type: 'Filled', key: `timer ${key}`, filler: 'x'.repeat(1001) } }) },
    ...given
  })
}

function dead (world: World): Array<string | undefined> {
  return world.broker.entries('dlq', 0).filter(entry => entry.kind === 'data' && entry.outcome === 'committed').map(({ headers }) => headerText(headers, 'dlq.reason'))
}

async function fill (world: World, ...amounts: readonly number[]): Promise<void> {
  for (const [n, amount] of amounts.entries()) await world.send(commands, `k${n}`, { type: 'Add', amount })
}

test('limits that DESIGN.md tells are the ones that are kept', async t => {
  const options = compileOptions({}) as unknown as Readonly<Record<string, number>>
  const told = [...readFileSync('streams/DESIGN.md', 'utf8').matchAll(/^\|[^|]*\| `(\w+)` \((\d+)( MiB)?\)/gm)]
  t.ok(told.length >= 8, `${told.length} limits`)
  for (const [, name = '', value, unit] of told) t.equal(options[name], Number(value) * (unit === undefined ? 1 : 2 ** 20), name)
})

test('a record whose output or row is larger than its topic takes is dead-lettered, and leaves nothing', async t => {
  const world = await World.create(t, [filling()])
  await world.own()
  await fill(world, 11, 1_200_001, 1_200_000, 13)
  await world.settle()
  t.same(dead(world), ['STR_OUTPUT_TOO_LARGE', 'STR_OUTPUT_TOO_LARGE'])
  t.same(world.committed(filled).map(({ key }) => key), ['k0', 'k3'])
  t.same(await world.rows('rows'), {})
})

test('a record that causes more than one transaction may hold is dead-lettered alone, whatever came before it in its cycle', async t => {
  const world = await World.create(t, [filling()], { maxTransactionBytes: 5000 })
  await fill(world, 1001, 4001, 2500, 1003, 6001)
  await world.own()
  t.same(dead(world), ['STR_TRANSACTION_TOO_LARGE', 'STR_TRANSACTION_TOO_LARGE'])
  t.same(world.committed(filled).map(({ key }) => key), ['k0', 'k1', 'k3'], 'output and row count together')
  t.same(await world.rows('rows'), {})
})

test('a cycle that reaches the largest transaction commits what it has, and goes on with the rest in order', async t => {
  const world = await World.create(t, [filling()], { maxTransactionBytes: 5000 })
  for (let n = 0; n < 20; n++) await world.send(commands, `k${n}`, { type: 'Add', amount: 1001 })
  const sizes: number[] = []
  tapTransactions(world, async (unit, records) => {
    sizes.push(records.filter(({ topic }) => topic === 'filled').reduce((sum, { value }) => sum + (value?.length ?? 0), 0))
    return await unit.commit(records)
  })
  await world.own()
  t.same(world.committed(filled).map(({ key }) => key), Array.from({ length: 20 }, (_, n) => `k${n}`))
  t.ok(sizes.filter(size => size > 0).length >= 5 && sizes.every(size => size <= 5000), sizes.join(' '))
  t.same(dead(world), [])
})

test('what a full transaction left over is not lost with its owner, and not done twice', async t => {
  const world = await World.create(t, [filling()], { maxTransactionBytes: 3000, stateCheckMs: 1000 })
  for (let n = 0; n < 10; n++) await world.send(commands, `k${n}`, { type: 'Add', amount: 1000 })
  for (let crashes = 0; crashes < 12; crashes++) {
    world.broker.faults.fail({ api: 'endTxn', transactionalId: world.transactionalId }, { phase: crashes % 2 === 0 ? 'answer' : 'request', skip: 1 + crashes % 3 })
    const owner = world.start()
    await world.wait(100)
    owner.crash()
    world.broker.faults.clear()
  }
  await world.own()
  await world.wait(1000)
  t.same(world.committed(filled).map(({ key }) => key), Array.from({ length: 10 }, (_, n) => `k${n}`))
  t.same(Object.keys(await world.rows('rows')).length, 10)
})

test('what waited for its key and found no room is done once, in order, and moves no input back, whatever becomes of its owner', async t => {
  const names = ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']
  for (let skip = 0; skip < 6; skip++) {
    const defect = new Defect()
    const handlers = { ...defaultHandlers, processing: () => ({ kind: 'retry', firstMs: 100, maxMs: 100, tries: 9 }) as const }
    const world = await World.create(t, [fragile(defect)], { maxTransactionBytes: 1000, handlers }, deadLetters)
    const owner = await world.own()
    await world.send(steps, 'k', { type: 'Step', step: 'a' })
    await world.settle()
    defect.broken.add('b')
    for (const step of names) await world.send(steps, 'k', { type: 'Step', step })
    await world.settle()
    t.same(owner.task.status().parked, { keys: 1, dead: 0, retrying: 1, waiting: 8 })
    defect.broken.clear()
    world.broker.faults.fail({ api: 'endTxn', transactionalId: world.transactionalId }, { phase: skip % 2 === 0 ? 'request' : 'answer', skip })
    await world.wait(200)
    owner.crash()
    world.broker.faults.clear()
    await world.own()
    await world.wait(1000)
    t.same(world.committed(done).map(({ step }) => step), ['a', ...names], `transaction ${skip} failed`)
  }
})

test('timers that found no room fire in the next transaction, each once', async t => {
  const world = await World.create(t, [filling()], { maxTransactionBytes: 4000 })
  await world.own()
  for (let n = 0; n < 9; n++) await world.send(commands, `k${n}`, { type: 'Remind', afterMs: 100 })
  await world.settle()
  await world.wait(100)
  await world.wait(100)
  t.same(world.committed(filled).map(({ key }) => key), Array.from({ length: 9 }, (_, n) => `timer k${n}`))
  t.same(await world.rows('#timers'), {})
})

test('what a full transaction left over is finished before a task closes', async t => {
  const world = await World.create(t, [filling()], { maxTransactionBytes: 3000 })
  const held = world.broker.faults.hold({ api: 'endTxn', transactionalId: world.transactionalId }, { phase: 'request' })
  const owner = world.start()
  await held.arrived
  for (let n = 0; n < 10; n++) await world.send(commands, `k${n}`, { type: 'Add', amount: 1001 })
  const again = world.broker.faults.hold({ api: 'endTxn', transactionalId: world.transactionalId }, { phase: 'request' })
  held.release()
  await again.arrived
  const closed = owner.task.close()
  again.release()
  await closed
  t.same(owner.task.status().offsets.get('commands'), 10n)
  t.equal(world.committed(filled).length, 10)
})

test('an input record that is larger than a cycle and a queue may be is handled all the same, alone', async t => {
  const world = await World.create(t, [filling({ inputs: [{ topic: commands }] })], { maxCycleBytes: 100, maxQueuedBytes: 100 })
  await world.own()
  const padding = 'z'.repeat(50_000)
  for (const key of ['a', 'b', 'c']) {
    await world.sendRaw(commands, Buffer.from(key), Buffer.from(JSON.stringify({ type: 'Add', amount: 11, padding })))
  }
  await world.settle()
  t.same(world.committed(filled).map(({ key }) => key), ['a', 'b', 'c'])
})

test('a task whose state has no memory left waits, and has everything once there is some', async t => {
  const world = await World.create(t, [filling()], { stateCheckMs: 1000 })
  const owner = await world.own()
  await fill(world, 10)
  await world.settle()
  world.backend.faults.fail({ op: 'apply' }, { phase: 'request', times: 20, error: new StreamsError('STR_STATE_FULL') })
  await fill(world, 20, 30, 40)
  await world.wait(5000)
  t.match(owner.task.status(), { state: 'acquiring', reason: { code: 'STR_STATE_FULL' } })
  world.backend.faults.clear()
  await world.wait(30_000)
  t.equal(owner.task.status().state, 'running')
  t.same(await world.rows('rows'), { k0: 'y'.repeat(20), k1: 'y'.repeat(30), k2: 'y'.repeat(40) })
  t.equal(world.committed(filled).length, 4)
})

test('a process runs no more tasks than it may, says which wait, and leaves them to others', async t => {
  const clock = createManualClock(1_000_000)
  const broker = createMemoryBroker({ clock })
  const backend = createMemoryBackend()
  const input = defineTopic<Add>({ name: 'many', partitions: 5, cleanup: { policy: 'keep' }, value: jsonSerde<Add>(), keyName: 'id' })
  const topology = defineTopology({ applicationId: 'app', version: '1', nodes: [counter({ inputs: [{ topic: input }], outputs: [] })] })
  for (const name of ['many', 'dlq']) broker.createTopic({ name, partitions: 5, replicas: 1, config: {} })
  for (const spec of changelogTopics(topology)) broker.createTopic(spec)
  await initialiseTasks({ kafka: broker.client(), topology, clock, created: new Set(changelogNames(topology)) })
  const start = async (instance: string): Promise<ReturnType<typeof createStreams>> => {
    const streams = createStreams({ topology, kafka: broker.client(instance), state: backend.connect(), clock, instance, options: { maxTasks: 3 } })
    t.teardown(async () => { await streams.close() })
    await streams.start()
    for (let n = 0; n < 20; n++) await clock.advance(200)
    return streams
  }
  const one = await start('one')
  t.equal(one.tasks().filter(({ state }) => state === 'running').length, 3)
  t.match(one.health(), { healthy: false, state: 'running' })
  t.match(one.health().reasons.join(), /maxTasks.*limit=3 waiting=counter-3 counter-4/)
  const two = await start('two')
  t.same([...one.tasks(), ...two.tasks()].map(({ id, state }) => `${id} ${state}`).sort(), Array.from({ length: 5 }, (_, n) => `counter-${n} running`))
  t.match([one.health().healthy, two.health().healthy], [true, true])
})
