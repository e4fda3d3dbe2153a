import { test } from 'tap'
import { changelogTopics, defineGlobalTable, defineTopology, initialiseTasks, StreamsError, type TaskStatus } from '../../../streams/index.ts'
import { commands, countingApp, createApps, running, settle, totals } from './apps.ts'
import { counter, topic, type Event } from './counting.ts'

test('an application runs every task of its topology when it is alone', async t => {
  const w = await createApps(t)
  const streams = w.make('one')
  await streams.start()
  await settle(w)
  t.same(running(streams), ['counter-0', 'counter-1', 'counter-2', 'counter-3'])
  t.match(streams.health(), { state: 'running', healthy: true, reasons: [] })
})

test('two applications share the tasks, and one takes all when the other closes', async t => {
  const w = await createApps(t)
  const one = w.make('one')
  const two = w.make('two')
  await one.start()
  await settle(w)
  await two.start()
  await settle(w)
  t.equal(running(one).length, 2)
  t.equal(running(two).length, 2)
  t.same(Object.values(one.owners()).sort(), ['one', 'one', 'two', 'two'])
  await one.close()
  await settle(w)
  t.same(running(two), ['counter-0', 'counter-1', 'counter-2', 'counter-3'])
  t.same(one.tasks(), [])
})

test('an application that crashes gives its tasks to the other when its session is over', async t => {
  const w = await createApps(t)
  const kafka = w.broker.client('one')
  const one = w.make('one', { kafka })
  const two = w.make('two')
  await one.start()
  await settle(w)
  await two.start()
  await settle(w)
  kafka.crash()
  await w.clock.advance(29_000)
  await settle(w)
  t.equal(running(two).length, 2)
  await w.clock.advance(2000)
  await settle(w)
  t.same(running(two), ['counter-0', 'counter-1', 'counter-2', 'counter-3'])
})

test('a static member that restarts has its tasks back at once, and the one before it is out', async t => {
  const w = await createApps(t)
  const first = w.make('first', { instanceId: 'a' })
  await first.start()
  await settle(w)
  const second = w.make('second', { instanceId: 'a' })
  await second.start()
  await settle(w)
  await w.clock.advance(2000)
  await settle(w)
  t.same(running(second), ['counter-0', 'counter-1', 'counter-2', 'counter-3'])
  t.match(first.health(), { state: 'failed', healthy: false })
  t.match(await first.failed, { code: 'STR_MEMBERSHIP_LOST' })
  t.same(running(first), [])
})

test('a static member that restarts with other nodes gets tasks of those, and the others go to who runs them', async t => {
  const added = counter({ name: 'added' as never, inputs: [{ topic: commands }], outputs: [totals] })
  const topology = defineTopology({ ...countingApp, version: '2', nodes: [...countingApp.nodes, added] })
  const w = await createApps(t, topology)
  const other = w.make('other', { only: ['counter'] })
  await other.start()
  const before = w.make('before', { topology: countingApp, instanceId: 'a' })
  await before.start()
  await settle(w)
  t.equal(running(before).length, 2)
  await before.close()
  const after = w.make('after', { instanceId: 'a', only: ['added'] })
  await after.start()
  await settle(w)
  await w.clock.advance(2000)
  await settle(w)
  t.same(running(after), ['added-0', 'added-1', 'added-2', 'added-3'])
  t.same(running(other), ['counter-0', 'counter-1', 'counter-2', 'counter-3'])
})

test('an application commits offsets for lag tools every few seconds, and when it closes', async t => {
  const w = await createApps(t)
  const streams = w.make('one')
  await streams.start()
  await settle(w)
  const send = async (): Promise<void> => {
    const value = commands.value.encode({ type: 'Add', amount: 1 })
    await w.broker.client().producer().send([0, 1, 2, 3].map(n => ({ topic: 'commands', partition: n, key: Buffer.from(`k${n}`), value, headers: [] })))
    await settle(w)
  }
  await send()
  const total = (): bigint => [...w.broker.committedOffsets('app')].filter(([key]) => key.startsWith('commands')).reduce((sum, [, offset]) => sum + offset, 0n)
  t.equal(total(), 0n)
  await w.clock.advance(6000)
  await settle(w)
  t.ok(total() >= 4n)
  const before = total()
  await send()
  await streams.close()
  t.ok(total() > before)
})

test('an application stops a node whose input has grown another partition, and says so (R9)', async t => {
  const w = await createApps(t)
  const streams = w.make('one')
  await streams.start()
  await settle(w)
  const describe = w.broker.topic.bind(w.broker)
  w.broker.topic = name => {
    const topic = describe(name)
    return name === 'commands' && topic !== undefined ? { ...topic, logs: [...topic.logs, ...topic.logs.slice(0, 1)] } : topic
  }
  await w.clock.advance(31_000)
  await settle(w)
  t.same(running(streams), [])
  t.match(streams.health(), { state: 'running', healthy: false })
  t.match(streams.health().reasons[0], /counter: .*declared=4 found=5/)
})

test('an application says which task failed and why, while the others go on (R9)', async t => {
  const w = await createApps(t)
  w.broker.deleteTopic('app-counter-changelog')
  for (const spec of changelogTopics(countingApp)) w.broker.createTopic(spec)
  await initialiseTasks({ kafka: w.broker.client(), topology: countingApp, clock: w.clock, created: new Set(), only: ['counter-0', 'counter-1', 'counter-3'] })
  const streams = w.make('one')
  await streams.start()
  await settle(w)
  t.same(running(streams), ['counter-0', 'counter-1', 'counter-3'])
  t.equal(streams.health().healthy, false)
  t.match(streams.health().reasons, [/counter-2 is failed: .*no progress/])
})

test('an application does not start on a state backend that may drop keys (R5)', async t => {
  const w = await createApps(t)
  const state = { ...w.backend.connect(), check: async () => { throw new StreamsError('STR_STATE_EVICTING') } }
  const streams = w.make('one', { state })
  await t.rejects(streams.start(), { code: 'STR_STATE_EVICTING' })
  t.match(streams.health(), { state: 'failed', healthy: false })
  await streams.close()
  t.equal(streams.health().state, 'closed')
})

test('an application does not join before its global tables are there (R11)', async t => {
  const table = defineGlobalTable('prices', topic<Event>('prices'))
  const topology = defineTopology({ ...countingApp, nodes: [counter({ inputs: [{ topic: commands }], outputs: [totals], globals: [table] })] })
  const w = await createApps(t)
  const streams = w.make('one', { topology })
  await t.rejects(streams.start(), { code: 'STR_TOPIC_MISSING' })
  t.same(streams.tasks(), [])
})

test('an application runs only the nodes it is told to', async t => {
  const w = await createApps(t)
  t.throws(() => w.make('one', { only: ['nothing'] }), { code: 'STR_TOPOLOGY_INVALID' })
  const none = w.make('none', { only: [] })
  const streams = w.make('one', { only: ['counter'] })
  await none.start()
  await streams.start()
  await settle(w)
  t.equal(running(streams).length, 4)
  t.equal(none.tasks().length, 0)
})

test('an application tells every change of a task to who listens', async t => {
  const w = await createApps(t)
  const streams = w.make('one')
  const seen: TaskStatus[] = []
  const end = streams.onTaskChange(status => { seen.push(status) })
  await streams.start()
  await settle(w)
  t.same(seen.filter(status => status.id === 'counter-1').map(status => status.state), ['acquiring', 'running'])
  end()
  await streams.close()
  t.equal(seen.length, 8)
})

test('an application can be closed before it was started, and twice', async t => {
  const w = await createApps(t)
  const streams = w.make('one')
  await Promise.all([streams.close(), streams.close()])
  await streams.close()
  t.equal(streams.health().state, 'closed')
  await t.rejects(streams.start(), { code: 'STR_TXN_ILLEGAL_STATE' })
})
