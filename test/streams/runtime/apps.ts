import { setImmediate as turn } from 'node:timers/promises'
import { type Test } from 'tap'
import {
  changelogNames, changelogTopics, createStreams, defineTopology, initialiseTasks, partitionOf, type Streams, type StreamsOptions, type Topology, topicsOf
} from '../../../streams/index.ts'
import { createManualClock, createMemoryBackend, createMemoryBroker, type ManualClock, type MemoryBackend, type MemoryBroker } from '../../../streams/testing/index.ts'
import { counter, topic, type Command, type Event } from './counting.ts'

/** The counting application with so many partitions. */
export function countingWith (partitions: number): Topology {
  const [commands, totals] = [topic<Command>('commands', partitions), topic<Event>('totals', partitions)]
  return defineTopology({ applicationId: 'app', version: '1', nodes: [counter({ inputs: [{ topic: commands }], outputs: [totals] })] })
}

export const countingApp = countingWith(4)
export const commands = topic<Command>('commands', 4)
export const totals = topic<Event>('totals', 4)

/** Processes of one application on a memory broker and a manual clock. */
export interface Apps {
  readonly clock: ManualClock
  readonly broker: MemoryBroker
  readonly backend: MemoryBackend
  /** A process that is not started yet; it is closed with the test, unless it brought its own client. */
  make (instance: string, given?: Partial<StreamsOptions>): Streams
  /** Sends so many commands, over all partitions. */
  send (count: number): Promise<void>
  /** Totals that a read-committed reader sees. */
  committedTotals (): number
}

/** Provisions the topology; nothing runs yet. */
export async function createApps (t: Test, topology: Topology = countingApp): Promise<Apps> {
  const clock = createManualClock(1_000_000)
  const broker = createMemoryBroker({ clock })
  const backend = createMemoryBackend()
  const partitions = topicsOf(topology)[0]?.partitions ?? 0
  for (const name of ['commands', 'totals', 'dlq']) broker.createTopic({ name, partitions, replicas: 1, config: {} })
  for (const spec of changelogTopics(topology)) broker.createTopic(spec)
  await initialiseTasks({ kafka: broker.client(), topology, clock, created: new Set(changelogNames(topology)) })
  const made: Streams[] = []
  t.teardown(async () => {
    for (const streams of made) await streams.close()
    await broker.close()
  })
  let sent = 0
  return {
    clock,
    broker,
    backend,
    make: (instance, given = {}) => {
      const streams = createStreams({ topology, kafka: broker.client(instance), state: backend.connect(), clock, instance, ...given })
      // A client that a test brings along may crash: then nothing of it ever ends.
      if (given.kafka === undefined) made.push(streams)
      return streams
    },
    send: async (count) => {
      const value = commands.value.encode({ type: 'Add', amount: 1 })
      await broker.client().producer().send(Array.from({ length: count }, () => {
        const key = `key-${sent++}`
        return { topic: commands.name, partition: partitionOf(key, partitions), key: Buffer.from(key), value, headers: [] }
      }))
    },
    committedTotals: () => {
      let count = 0
      for (let partition = 0; partition < partitions; partition++) {
        const log = broker.log(totals.name, partition)
        count += log.entries().filter(({ kind, outcome, offset }) => kind === 'data' && outcome === 'committed' && offset < log.lastStableOffset).length
      }
      return count
    }
  }
}

/** Lets everything run until no request is made any more; the clock stands still. */
export async function settle (apps: Pick<Apps, 'broker'>): Promise<void> {
  for (let calm = 0, before = -1; calm < 5; before = apps.broker.requests) {
    calm = apps.broker.requests === before ? calm + 1 : 0
    await turn()
  }
}

/** Ids of the tasks that run. */
export function running (streams: Streams): string[] {
  return streams.tasks().filter(task => task.state === 'running').map(task => task.id)
}
