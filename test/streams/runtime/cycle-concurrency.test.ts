import { setImmediate as turn } from 'node:timers/promises'
import { test, type Test } from 'tap'
import {
  changelogNames, changelogTopics, createStreams, defineTopology, initialiseTasks, type Kafka, type OutgoingRecord, partitionOf,
  type ProcessorDef, type RuntimeOptions, type Streams
} from '../../../streams/index.ts'
import { createManualClock, createMemoryBackend, createMemoryBroker, type ManualClock, type MemoryClient } from '../../../streams/testing/index.ts'
import { counter, topic, type Command, type Event } from './counting.ts'

const PARTITIONS = 4
const commands = topic<Command>('commands', PARTITIONS)
const totals = topic<Event>('totals', PARTITIONS)

/** A key of that partition. */
function keyIn (partition: number): string {
  for (let n = 0; ; n++) if (partitionOf(`key-${n}`, PARTITIONS) === partition) return `key-${n}`
}

/** A client whose cycles stay in their transaction until they are let go; what each one writes is noted when it begins. */
class HoldingClient {
  readonly begun: Array<readonly OutgoingRecord[]> = []
  readonly #gates: Array<() => void> = []
  readonly kafka: Kafka

  constructor (client: MemoryClient) {
    this.kafka = new Proxy<Kafka>(client, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name)
        if (name === 'openTransactions') return (options: Parameters<Kafka['openTransactions']>[0]) => this.#hold(client.openTransactions(options))
        return typeof member === 'function' ? member.bind(target) as unknown : member
      }
    })
  }

  letGo (): void {
    this.#gates.shift()?.()
  }

  #hold (unit: ReturnType<Kafka['openTransactions']>): ReturnType<Kafka['openTransactions']> {
    return {
      transactionalId: unit.transactionalId,
      init: async signal => { await unit.init(signal) },
      close: () => { unit.close() },
      commit: async records => {
        const outputs = records.filter(record => record.topic === totals.name)
        if (outputs.length > 0) {
          this.begun.push(outputs)
          await new Promise<void>(resolve => { this.#gates.push(resolve) })
        }
        return await unit.commit(records)
      }
    }
  }
}

interface Scene {
  readonly clock: ManualClock
  readonly holding: HoldingClient
  readonly streams: Streams
  /** Sends one record to a partition, and lets everything happen that can happen now. */
  send (partition: number): Promise<void>
  settle (): Promise<void>
}

async function open (t: Test, node: Partial<ProcessorDef>, options: Partial<RuntimeOptions>): Promise<Scene> {
  const topology = defineTopology({ applicationId: 'app', version: '1', nodes: [counter({ inputs: [{ topic: commands }], outputs: [totals], ...node })] })
  const clock = createManualClock(1_000_000)
  const broker = createMemoryBroker({ clock })
  const backend = createMemoryBackend()
  for (const { name, partitions } of [commands, totals, { name: 'dlq', partitions: 1 }]) broker.createTopic({ name, partitions, replicas: 1, config: {} })
  for (const spec of changelogTopics(topology)) broker.createTopic(spec)
  await initialiseTasks({ kafka: broker.client(), topology, clock, created: new Set(changelogNames(topology)) })
  const holding = new HoldingClient(broker.client('one'))
  const streams = createStreams({ topology, kafka: holding.kafka, state: backend.connect(), clock, instance: 'one', options })
  t.teardown(async () => { await broker.close() })
  const settle = async (): Promise<void> => {
    for (let calm = 0, before = -1; calm < 5; before = broker.requests) {
      calm = broker.requests === before ? calm + 1 : 0
      await turn()
    }
  }
  const send = async (partition: number): Promise<void> => {
    const value = commands.value.encode({ type: 'Add', amount: 1 })
    await broker.client('sender').producer().send([{ topic: commands.name, partition, key: Buffer.from(keyIn(partition)), value, headers: [] }])
    await settle()
  }
  await streams.start()
  await settle()
  return { clock, holding, streams, send, settle }
}

test('a task beyond the cycles of its process takes what came meanwhile into one transaction', async t => {
  const { holding, streams, send, settle } = await open(t, {}, { cycleConcurrency: 1 })
  await send(0)
  await send(1)
  await send(2)
  await send(1)
  t.same(holding.begun.map(outputs => outputs.map(output => output.partition)), [[0]], 'one cycle at a time')
  holding.letGo()
  await settle()
  t.same(holding.begun.at(-1)?.map(output => output.partition), [1, 1], 'the next in line has both of its records in one')
  holding.letGo()
  await settle()
  t.same(holding.begun.at(-1)?.map(output => output.partition), [2])
  const closed = streams.close()
  holding.letGo()
  await closed
  t.equal(holding.begun.length, 3)
})

test('a task of a processor that lingers takes what came meanwhile into one transaction', async t => {
  const { clock, holding, streams, send, settle } = await open(t, { lingerMs: 100 }, {})
  await clock.advance(300) // its first turns found nothing to do
  await send(0)
  holding.letGo()
  await settle()
  await send(0)
  await send(0)
  t.equal(holding.begun.length, 1, 'it has just had a cycle')
  await send(1)
  t.equal(holding.begun.length, 2, 'another task has not')
  holding.letGo()
  await clock.advance(100)
  await settle()
  t.same(holding.begun.at(-1)?.map(output => output.partition), [0, 0])
  holding.letGo()
  await streams.close()
  t.equal(holding.begun.length, 3)
})
