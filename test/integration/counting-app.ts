import {
  createStreams, defineProcessor, defineStore, defineTopic, defineTopology, jsonSerde, type Logger, type RuntimeOptions, silentLogger, type Streams,
  type TopicDef, type Topology
} from '../../streams/index.ts'
import { createKafkaJs } from '../../streams/kafka/kafkajs/index.ts'
import { createRedisBackend } from '../../streams/state/redis/index.ts'
import { type Line, type Told } from './counting-process.ts'

export interface Add { readonly type: 'Add', readonly amount: number }
export interface Total { readonly type: 'Total', readonly total: number, readonly id: string }

export interface CountingTopology { readonly topology: Topology, readonly input: TopicDef<Add>, readonly output: TopicDef<Total>, readonly deadLetters: string }

/**
 * Adds up numbers per key and emits every total: a lost, repeated or reordered record shows in the totals. Version 2 has a second node,
 * `auditor`, that counts the totals of each key.
 */
export function countingTopology (prefix: string, partitions: number, version: 1 | 2 = 1): CountingTopology {
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
  const audits = defineStore<number>('audits', jsonSerde<number>())
  const auditor = defineProcessor<Total>({
    name: 'auditor',
    inputs: [output],
    outputs: [],
    stores: [audits],
    reads: (_value, key) => [[audits, key]],
    handlers: { Total: (context, _value, { key }) => { context.store(audits).put(key, (context.store(audits).get(key) ?? 0) + 1) } }
  })
  const nodes = version === 1 ? [node] : [node, auditor]
  return { topology: defineTopology({ applicationId: `${prefix}app`, version: String(version), nodes }), input, output, deadLetters: `${prefix}dlq` }
}

export interface CountingAppOptions {
  readonly brokers: readonly string[]
  readonly redisUrl: string
  readonly prefix: string
  readonly partitions: number
  readonly instance: string
  /** @default 10000 */
  readonly requestTimeoutMs?: number
  readonly version?: 1 | 2
  /** False: a dynamic member. @default true */
  readonly isStatic?: boolean
  readonly options?: Partial<RuntimeOptions>
}

/** A running process of the counting application. */
export interface CountingApp { readonly streams: Streams, close (): Promise<void> }

/** One process' worth of the counting application, over real services. */
export async function startCountingApp (given: CountingAppOptions, logger: Logger = silentLogger): Promise<CountingApp> {
  const { brokers, redisUrl, prefix, partitions, instance, isStatic = true, requestTimeoutMs = 10_000, options } = given
  const { topology, deadLetters } = countingTopology(prefix, partitions, given.version)
  const kafka = createKafkaJs({ brokers, clientId: instance, requestTimeoutMs })
  const state = createRedisBackend({ url: redisUrl })
  await kafka.start()
  const streams = createStreams({
    topology,
    kafka,
    state,
    instance,
    ...(isStatic ? { instanceId: instance } : {}),
    logger,
    options: { deadLetterTopic: deadLetters, heartbeatMs: 300, sessionTimeoutMs: 10_000, stateCheckMs: 1000, maxCycleRecords: 200, ...options }
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

/** Hands every assignment of a process to `listener`. */
export function assignmentLogger (listener: (told: Told) => void): Logger {
  return { ...silentLogger, info: (details, message) => { if (message === 'assignment') listener(details as Told) } }
}

if (process.argv[2] === 'run') {
  const write = (line: Line): void => { process.stdout.write(`${JSON.stringify(line)}\n`) }
  const { streams, close } = await startCountingApp(JSON.parse(process.argv[3] ?? '{}') as CountingAppOptions, assignmentLogger(write))
  for (const { id, state } of streams.tasks()) write({ task: id, state })
  streams.onTaskChange(({ id, state }) => { write({ task: id, state }) })
  process.on('SIGTERM', () => { close().then(() => process.exit(0), () => process.exit(1)) })
}
