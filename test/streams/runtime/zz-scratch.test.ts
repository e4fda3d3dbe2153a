import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'tap'
import { createStreams, changelogNames, changelogTopics, defineTopology, initialiseTasks, StreamsError, jsonSerde, defineProcessor, type EffectDef } from '../../../streams/index.ts'
import { createManualClock, createMemoryBackend, createMemoryBroker } from '../../../streams/testing/index.ts'
import { commands, counter, topic, totals, type Command, type Event, type Remind } from './counting.ts'
import { World } from './world.ts'

async function isDone (promise: Promise<unknown>, advance: () => Promise<void>): Promise<boolean> {
  let done = false
  promise.then(() => { done = true }, () => { done = true })
  for (let n = 0; n < 20 && !done; n++) { await advance(); for (let k = 0; k < 20; k++) await turn() }
  return done
}

test('D2 close while registry down', async t => {
  let up = false
  const value = { ...commands.value, prepare: async () => { if (!up) throw new StreamsError('STR_REGISTRY_UNAVAILABLE') } }
  const world = await World.create(t, [counter({ inputs: [{ topic: { ...commands, value } }] })])
  const owner = await world.own()
  await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await world.settle()
  const closing = owner.task.close()
  t.ok(await isDone(closing, async () => { await world.clock.advance(1000) }), 'closed')
  up = true
})

test('D1 timer due between look and alarm', async t => {
  const world = await World.create(t, [counter()], { stateCheckMs: 0 })
  await world.own()
  await world.send(commands, 'a', { type: 'Remind', afterMs: 1000 } as Remind)
  await world.settle()
  // a record arrives at 999 ms; while its cycle commits nothing; state check read held
  const clock = world.clock
  t.equal(clock.waiting > 0, true)
  const held = world.backend.faults.hold({ op: 'apply' }, { phase: 'request' })
  void held
  await world.wait(2000)
  t.equal(world.committed(totals).length, 1)
})

test('D3 close while start waits for the first assignment', async t => {
  const clock = createManualClock(1_000_000)
  const broker = createMemoryBroker({ clock })
  t.teardown(async () => { await broker.close() })
  const backend = createMemoryBackend()
  const c4 = topic<Command>('commands', 1)
  const t4 = topic<Event>('totals', 1)
  const topology = defineTopology({ applicationId: 'app', version: '1', nodes: [counter({ inputs: [{ topic: c4 }], outputs: [t4] })] })
  for (const { name, partitions } of [c4, t4, { name: 'dlq', partitions: 1 }]) broker.createTopic({ name, partitions, replicas: 1, config: {} })
  for (const spec of changelogTopics(topology)) broker.createTopic(spec)
  await initialiseTasks({ kafka: broker.client(), topology, clock, created: new Set(changelogNames(topology)) })
  for (const [what, hold] of [['join', () => broker.faults.hold({ api: 'joinGroup' }, { phase: 'request' })], ['check', undefined]] as const) {
    const gate = Promise.withResolvers<void>()
    const state = backend.connect()
    const streams = createStreams({ topology, kafka: broker.client(), state: what === 'check' ? { ...state, check: async () => { await gate.promise } } : state, clock, instance: 'x' })
    const held = hold?.()
    const started = streams.start()
    started.catch(() => {})
    for (let k = 0; k < 20; k++) await turn()
    const closing = streams.close()
    for (let k = 0; k < 20; k++) await turn()
    held?.release()
    gate.resolve()
    const closed = await isDone(closing, async () => { await clock.advance(1000) })
    t.ok(closed, `${what}: closed`)
    t.ok(await isDone(started, async () => { await clock.advance(1000) }), `${what}: start settled`)
    t.same(broker.group('app').memberIds, [], `${what}: no member left`)
  }
})

test('D4 outcome of an old call with the same key', async t => {
  const calls: string[] = []
  const outcomes: string[] = []
  const gates: Array<PromiseWithResolvers<string>> = []
  const charge: EffectDef<{ n: number }> = {
    name: 'charge', request: jsonSerde<{ n: number }>(), keyLifeMs: 1000000, policy: 'at-least-once',
    call: async row => { calls.push(`${row.request.n}`); const g = Promise.withResolvers<string>(); gates.push(g); return { kind: 'succeeded', result: await g.promise } },
    finish: (context, row, outcome) => {
      outcomes.push(outcome.kind === 'succeeded' ? String(outcome.result) : outcome.kind)
      const { n } = row.request as { n: number }
      context.emit(totals, { key: row.key, value: { type: 'Total', id: context.nextId(), total: n, atMs: 0 } })
      if (n < 2) context.startEffect(charge, { key: row.key, idempotencyKey: 'same', request: { n: n + 1 } })
    }
  }
  const node = defineProcessor<Command>({ name: 'pay', inputs: [commands], outputs: [totals], effects: [charge], handlers: { Add: (context, _v, { key }) => { context.startEffect(charge, { key, idempotencyKey: 'same', request: { n: 1 } }) } } })
  const world = await World.create(t, [node])
  await world.own()
  await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await world.settle()
  t.same(calls, ['1'])
  world.broker.faults.fail({ api: 'endTxn' }, { phase: 'answer' })
  gates[0]!.resolve('first answer')
  await world.settle()
  await world.wait(1000)
  await world.wait(1000)
  t.same(calls, ['1', '2'], 'the second is called')
  gates[1]?.resolve('second answer')
  await world.wait(1000)
  t.same(world.committed(totals).map(e => (e as { total: number }).total), [1, 2])
  t.same(outcomes.slice(-1), ['second answer'])
})

test('D5 static member restarts with more nodes', async t => {
  const clock = createManualClock(1_000_000)
  const broker = createMemoryBroker({ clock })
  t.teardown(async () => { await broker.close() })
  const backend = createMemoryBackend()
  const one = counter()
  const two = counter({ name: 'second' } as never)
  const before = defineTopology({ applicationId: 'app', version: '1', nodes: [one] })
  const after = defineTopology({ applicationId: 'app', version: '2', nodes: [one, two] })
  for (const { name, partitions } of [commands, totals, { name: 'dlq', partitions: 1 }]) broker.createTopic({ name, partitions, replicas: 1, config: {} })
  for (const spec of changelogTopics(after)) broker.createTopic(spec)
  await initialiseTasks({ kafka: broker.client(), topology: after, clock, created: new Set(changelogNames(after)) })
  const first = createStreams({ topology: before, kafka: broker.client(), state: backend.connect(), clock, instance: 'x', instanceId: 'x' })
  await first.start()
  for (let k = 0; k < 50; k++) await turn()
  await first.close()
  const second = createStreams({ topology: after, kafka: broker.client(), state: backend.connect(), clock, instance: 'x', instanceId: 'x' })
  await second.start()
  for (let k = 0; k < 10; k++) { await clock.advance(1000); for (let j = 0; j < 20; j++) await turn() }
  t.same(second.tasks().map(task => `${task.id} ${task.state}`), ['counter-0 running', 'second-0 running'])
  await second.close()
})
