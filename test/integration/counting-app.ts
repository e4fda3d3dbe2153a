import {
  createStreams, defineProcessor, defineStore, defineTopic, defineTopology, jsonSerde, silentLogger, type Streams, type TopicDef, type Topology
} from '../../streams/index.ts'
import { createKafkaJs } from '../../streams/kafka/kafkajs/index.ts'
import { createRedisBackend } from '../../streams/state/redis/index.ts'

export interface Add { readonly type: 'Add', readonly amount: number }
export interface Total { readonly type: 'Total', readonly total: number, readonly id: string }

export interface CountingTopology { readonly topology: Topology, readonly input: TopicDef<Add>, readonly output: TopicDef<Total>, readonly deadLetters: string }

/** Adds up numbers per key and emits every total: a lost, repeated or reordered record shows in the totals. */
export function countingTopology (prefix: string, partitions: number): CountingTopology {
  const input = defineTopic<Add>({ name: `${prefix}in`, partitions, cleanup: { policy: 'keep' }, value: jsonSerde<Add>(), keyName: 'key' })
  const output = defineTopic<Total>({ name: `${prefix}out`, partitions, cleanup: { policy: 'keep' }, value: jsonSerde<Total>(), keyName: 'key' })
  const counts = defineStore<number>('counts', jsonSerde<number>())
  const node = defineProcessor<Add>({
    name: 'counter',
    inputs: [input],
    outputs: [output],
    stores: [counts],
    reads: (_value, key) => [[counts, key]],
    handlers: {
      Add: (context, { amount }, { key }) => {
        const total = (context.store(counts).get(key) ?? 0) + amount
        context.store(counts).put(key, total)
        context.emit(output, { key, value: { type: 'Total', total, id: context.nextId() } })
      }
    }
  })
  return { topology: defineTopology({ applicationId: `${prefix}app`, version: '1', nodes: [node] }), input, output, deadLetters: `${prefix}dlq` }
}

export interface CountingAppOptions {
  readonly brokers: readonly string[]
  readonly redisUrl: string
  readonly prefix: string
  readonly partitions: number
  readonly instance: string
}

/** One process' worth of the counting application, over real services. */
export async function startCountingApp (options: CountingAppOptions): Promise<{ readonly streams: Streams, close (): Promise<void> }> {
  const { brokers, redisUrl, prefix, partitions, instance } = options
  const { topology, deadLetters } = countingTopology(prefix, partitions)
  const kafka = createKafkaJs({ brokers, clientId: instance })
  const state = createRedisBackend({ url: redisUrl })
  await kafka.start()
  const streams = createStreams({
    topology,
    kafka,
    state,
    instance,
    instanceId: instance,
    logger: silentLogger,
    options: { deadLetterTopic: deadLetters, heartbeatMs: 300, sessionTimeoutMs: 10_000, stateCheckMs: 1000, maxCycleRecords: 200 }
  })
  await streams.start()
  return {
    streams,
    close: async () => {
      await streams.close()
      await state.close()
      await kafka.close()
    }
  }
}

if (process.argv[2] === 'run') {
  const { streams, close } = await startCountingApp(JSON.parse(process.argv[3] ?? '{}') as CountingAppOptions)
  streams.onTaskChange(({ id, state, reason }) => { process.stdout.write(`${id} ${state} ${reason?.message ?? ''}\n`) })
  process.on('SIGTERM', () => { close().then(() => process.exit(0), () => process.exit(1)) })
}
