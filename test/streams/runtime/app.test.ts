import { setImmediate as turn } from 'node:timers/promises'
import { test, type Test } from 'tap'
import { changelogNames, changelogTopics, createStreams, defineTopology, initialiseTasks, type Streams, type StreamsOptions } from '../../../streams/index.ts'
import { createManualClock, createMemoryBackend, createMemoryBroker, type MemoryBackend, type MemoryBroker, type ManualClock } from '../../../streams/testing/index.ts'
import { counter, topic, type Command, type Event } from './counting.ts'

const commands = topic<Command>('commands', 4)
const totals = topic<Event>('totals', 4)
const topology = defineTopology({ applicationId: 'app', version: '1', nodes: [counter({ inputs: [{ topic: commands }], outputs: [totals] })] })

interface World {
  readonly clock: ManualClock
  readonly broker: MemoryBroker
  readonly backend: MemoryBackend
  make (instance: string, given?: Partial<StreamsOptions>): Streams
}

async function world (t: Test): Promise<World> {
  const clock = createManualClock(1_000_000)
  const broker = createMemoryBroker({ clock })
  const backend = createMemoryBackend()
  for (const { name, partitions } of [commands, totals, { name: 'dlq', partitions: 4 }]) broker.createTopic({ name, partitions, replicas: 1, config: {} })
  for (const spec of changelogTopics(topology)) broker.createTopic(spec)
  await initialiseTasks({ kafka: broker.client(), topology, clock, created: new Set(changelogNames(topology)) })
  const made: Streams[] = []
  t.teardown(async () => {
    for (const streams of made) await streams.close()
    await broker.close()
  })
  return {
    clock,
    broker,
    backend,
    make: (instance, given = {}) => {
      const streams = createStreams({ topology, kafka: broker.client(instance), state: backend.connect(), clock, instance, ...given })
      made.push(streams)
      return streams
    }
  }
}

async function settle (world: World): Promise<void> {
  for (let calm = 0, before = -1; calm < 5; before = world.broker.requests) {
    calm = world.broker.requests === before ? calm + 1 : 0
    await turn()
  }
}

function running (streams: Streams): string[] {
  return streams.tasks().filter(task => task.state === 'running').map(task => task.id)
}

test('an application runs every task of its topology when it is alone', async t => {
  const w = await world(t)
  const streams = w.make('one')
  await streams.start()
  await settle(w)
  t.same(running(streams), ['counter-0', 'counter-1', 'counter-2', 'counter-3'])
  t.match(streams.health(), { state: 'running', healthy: true, reasons: [] })
})

test('two applications share the tasks, and one takes all when the other closes', async t => {
  const w = await world(t)
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
