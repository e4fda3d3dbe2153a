import { setImmediate as turn } from 'node:timers/promises'
import { type Test } from 'tap'
import { type StateBackend, type Topology, changelogNames, changelogTopics, createStreams, initialiseTasks, partitionOf, topicsOf } from '#streams'
import { type MemoryClient, createManualClock, createMemoryBackend, createMemoryBroker } from '#streams/testing'
import { type TypedValue } from '../../../streams/serde/serde.ts'
import { createProcessClock } from '../../../streams/testing/process-clock.ts'
import { type TopicDef } from '../../../streams/topic.ts'

/** Three processes that share the work of a topology over one log and one state; each can be killed and is replaced then. */
export interface Shared {
  readonly backend: StateBackend
  send<V extends TypedValue> (topic: TopicDef<V>, key: string, value: V): Promise<void>
  /** Lets everything happen, and the clock go on. */
  settle (): Promise<void>
  /** Kills one process, starts another, and forgets all of the state. */
  disturb (): Promise<void>
  /** How many tasks each process has. */
  shares (): number[]
}

export async function startThree (t: Test, topology: Topology): Promise<Shared> {
  const clock = createManualClock(Date.UTC(2026, 3, 1))
  const broker = createMemoryBroker({ clock })
  const backend = createMemoryBackend()
  const parking = topology.deadLetters === undefined ? [] : Object.values(topology.deadLetters)
  for (const { name, partitions } of [...topicsOf(topology), ...parking, { name: 'dlq', partitions: 8 }]) broker.createTopic({ name, partitions, replicas: 1, config: {} })
  for (const spec of changelogTopics(topology)) broker.createTopic(spec)
  const outside = broker.client('outside')
  await initialiseTasks({ kafka: outside, topology, clock, created: new Set(changelogNames(topology)) })
  const start = () => {
    const client: MemoryClient = broker.client()
    const state = backend.connect()
    const processClock = createProcessClock(clock)
    const options = { maxCycleRecords: 3, sessionTimeoutMs: 6_000 }
    const streams = createStreams({ topology, kafka: client, state, clock: processClock, instance: client.clientId, options })
    streams.start().catch(() => {})
    return {
      streams,
      crash: () => {
        client.crash()
        state.crash()
        processClock.stop()
      }
    }
  }
  const processes = [start(), start(), start()]
  t.teardown(async () => {
    for (const { crash } of processes) crash()
    await broker.close()
  })
  const calm = async (): Promise<void> => {
    for (let quiet = 0, before = -1; quiet < 5; before = broker.requests) {
      quiet = broker.requests === before ? quiet + 1 : 0
      await turn()
    }
  }
  const settle = async (): Promise<void> => {
    for (let step = 0; step < 30; step++) {
      await calm()
      await clock.advance(1_000)
    }
    await calm()
  }
  await settle()
  return {
    backend,
    settle,
    send: async (topic, key, value) => {
      const bytes = Buffer.from(key)
      const partition = partitionOf(bytes, topic.partitions)
      await outside.producer().send([{ topic: topic.name, partition, key: bytes, value: topic.value.encode(value), headers: [] }])
    },
    disturb: async () => {
      processes.shift()?.crash()
      backend.flush()
      processes.push(start())
      await settle()
    },
    shares: () => processes.map(({ streams }) => streams.tasks().filter(task => task.state === 'running').length)
  }
}
