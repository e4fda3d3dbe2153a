import {
  createStreams, defineProcessor, defineStore, defineTopic, defineTopology, jsonSerde, silentLogger, type TopicDef, type Topology
} from '../../streams/index.ts'
import { createKafkaJs } from '../../streams/kafka/kafkajs/index.ts'
import { createRedisBackend } from '../../streams/state/redis/index.ts'

export interface Step { readonly type: 'Step', readonly step: string }
export interface Done { readonly type: 'Done', readonly steps: string, readonly id: string, readonly atMs: number }

export interface ParkingAppOptions {
  readonly brokers: readonly string[]
  readonly redisUrl: string
  readonly prefix: string
  /** The release has the defect: every step `poison` fails. */
  readonly isBroken: boolean
}

export interface ParkingTopology {
  readonly topology: Topology
  readonly input: TopicDef<Step>
  readonly output: TopicDef<Done>
  readonly deadLetters: string
  readonly commands: string
  readonly events: string
}

/** Writes down the steps of each key, in order; a release with the defect fails at `poison`. */
export function parkingTopology (prefix: string, isBroken: boolean): ParkingTopology {
  const input = defineTopic<Step>({ name: `${prefix}steps`, partitions: 1, cleanup: { policy: 'keep' }, value: jsonSerde<Step>(), keyName: 'key' })
  const output = defineTopic<Done>({ name: `${prefix}done`, partitions: 1, cleanup: { policy: 'keep' }, value: jsonSerde<Done>(), keyName: 'key' })
  const steps = defineStore<string>('steps', jsonSerde<string>())
  const node = defineProcessor<Step>({
    name: 'steps',
    inputs: [input],
    outputs: [output],
    stores: [steps],
    parking: 'key',
    reads: (_value, key) => [[steps, key]],
    handlers: {
      Step: (context, { step }, { key }) => {
        const all = `${context.store(steps).get(key) ?? ''} ${step}`.trim()
        context.store(steps).put(key, all)
        context.emit(output, { key, value: { type: 'Done', steps: all, id: context.nextId(), atMs: context.nowMs } })
        if (isBroken && step === 'poison') throw new Error('the defect of this release')
      }
    }
  })
  const [commands, events] = [`${prefix}dlq.commands`, `${prefix}dlq.events`]
  const deadLetters = { commands: { name: commands, partitions: 1 }, events: { name: events, partitions: 1 } }
  const topology = defineTopology({ applicationId: `${prefix}app`, version: '1', nodes: [node], deadLetters })
  return { topology, input, output, deadLetters: `${prefix}dlq`, commands, events }
}

if (process.argv[2] === 'run') {
  const { brokers, redisUrl, prefix, isBroken } = JSON.parse(process.argv[3] ?? '{}') as ParkingAppOptions
  const { topology, deadLetters } = parkingTopology(prefix, isBroken)
  const kafka = createKafkaJs({ brokers, clientId: 'one' })
  const state = createRedisBackend({ url: redisUrl })
  await kafka.start()
  const options = { deadLetterTopic: deadLetters, heartbeatMs: 300, sessionTimeoutMs: 10_000, stateCheckMs: 500 }
  const streams = createStreams({ topology, kafka, state, instance: 'one', instanceId: 'one', logger: silentLogger, options })
  await streams.start()
}
