import { type Contender } from '../hop/contender.ts'
import { type KafkaStreamsSettings, startKafkaStreams } from '../hop/kafka-streams.ts'
import { startNode } from '../hop/node-contender.ts'
import { type SagaJob } from './job.ts'

/** It commits between two polls, so a poll must not wait longer than a commit. */
const tuned = { 'commit.interval.ms': 10, 'poll.ms': 10 } as const

/** Kafka Streams as it is by default, and tuned to short commits; undefined = the runtime. */
const entries = {
  runtime: undefined,
  'kafka-streams-1': { 'num.stream.threads': 1 },
  'kafka-streams-2': { 'num.stream.threads': 2 },
  'kafka-streams-1-tuned': { 'num.stream.threads': 1, ...tuned },
  'kafka-streams-2-tuned': { 'num.stream.threads': 2, ...tuned }
} as const satisfies Readonly<Record<string, KafkaStreamsSettings | undefined>>

export type SagaContenderName = keyof typeof entries
export const sagaContenders = Object.keys(entries) as readonly SagaContenderName[]

/** True when the contender is a Kafka Streams program, which has to be built first. */
export function isKafkaStreams (name: SagaContenderName): boolean {
  return entries[name] !== undefined
}

export interface StartOptions {
  readonly job: SagaJob
  /** Where a CPU profile goes; only the runtime writes one. */
  readonly profileDir: string | undefined
  /** Folder of the Kafka Streams program, when it was built. */
  readonly kafkaStreamsDir: string | undefined
  /** Whether its stores have Kafka Streams' record cache. */
  readonly cached: boolean
}

/**
 * Starts a contender and resolves when it is at work.
 *
 * @throws {Error} when it ends before.
 */
export async function startSaga (name: SagaContenderName, { job, profileDir, kafkaStreamsDir, cached }: StartOptions): Promise<Contender> {
  const settings = entries[name]
  if (settings === undefined) return await startNode(name, { file: 'runtime-saga.ts' }, job, profileDir)
  if (kafkaStreamsDir === undefined) throw new Error(`${name} was not built`)
  return await startKafkaStreams(kafkaStreamsDir, 'Saga', { prefix: job.application, cached: String(cached), ...settings }, job)
}
