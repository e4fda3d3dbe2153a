import { type CycleFigures } from './cycle-log.ts'
import { type HopJob, NODE } from './job.ts'
import { type KafkaStreamsSettings, startKafkaStreams } from './kafka-streams.ts'
import { type NodeProgram, startNode } from './node-contender.ts'

type Part = 'throughput' | 'latency'
/** A contender is a program of Node, or the Kafka Streams program with these settings. */
type Entry = { readonly parts: readonly Part[] } & ({ readonly node: NodeProgram } | { readonly kafkaStreams: KafkaStreamsSettings })

const BOTH: readonly Part[] = ['throughput', 'latency']
const LARGE_BATCH_BYTES = 262_144

/** Who takes part, and in which of the two measurements. */
const entries = {
  runtime: { parts: BOTH, node: { file: 'runtime-hop.ts' } },
  'at-least-once': { parts: BOTH, node: { file: 'at-least-once-hop.ts' } },
  // kafkajs schedules checks of its request queue in the past, and Node 24 warns of each.
  prototype: { parts: BOTH, node: { file: 'prototype-hop.ts', nodeOptions: ['--disable-warning=TimeoutNegativeWarning'] } },
  'kafka-streams-1': { parts: BOTH, kafkaStreams: { 'num.stream.threads': 1 } },
  'kafka-streams-2': { parts: ['throughput'], kafkaStreams: { 'num.stream.threads': 2 } },
  // Its producer sends batches of 16 KB by default; the runtime's are as large as the transaction.
  'kafka-streams-1-batched': { parts: ['throughput'], kafkaStreams: { 'num.stream.threads': 1, 'producer.batch.size': LARGE_BATCH_BYTES } },
  'kafka-streams-2-batched': { parts: ['throughput'], kafkaStreams: { 'num.stream.threads': 2, 'producer.batch.size': LARGE_BATCH_BYTES } },
  // It commits between two polls, so a poll must not wait longer than a commit.
  'kafka-streams-1-tuned': { parts: ['latency'], kafkaStreams: { 'num.stream.threads': 1, 'commit.interval.ms': 10, 'poll.ms': 10 } }
} as const satisfies Record<string, Entry>

export type ContenderName = keyof typeof entries
export const contenderNames = Object.keys(entries) as readonly ContenderName[]

/** True when the contender is a Kafka Streams program, which has to be built first. */
export function isKafkaStreams (name: ContenderName): boolean {
  return 'kafkaStreams' in entries[name]
}

export function takesPart (name: ContenderName, part: Part): boolean {
  return (entries[name] as Entry).parts.includes(part)
}

/** A contender at work, in a process of its own. */
export interface Contender {
  readonly pid: number
  /** Resolves with what was measured when it has done all its records. Rejects when it ended before. */
  readonly done: Promise<CycleFigures>
  /** Forgets what was measured so far. */
  restart (): void
  /** What was measured since then. */
  report (): Promise<CycleFigures>
  /** Ends it in good order. */
  stop (): Promise<void>
  kill (): void
}

export interface StartOptions {
  readonly job: HopJob
  /** Where a CPU profile goes; only programs of Node write one. */
  readonly profileDir: string | undefined
  /** Folder of the Kafka Streams program, when it was built. */
  readonly kafkaStreamsDir: string | undefined
}

/**
 * Starts a contender and resolves when it is at work.
 *
 * @throws {Error} when it ends before.
 */
export async function startContender (name: ContenderName, { job, profileDir, kafkaStreamsDir }: StartOptions): Promise<Contender> {
  const entry: Entry = entries[name]
  if ('node' in entry) return await startNode(name, entry.node, job, profileDir)
  if (kafkaStreamsDir === undefined) throw new Error(`${name} was not built`)
  // The store has the name of the runtime's node, which gives both changelogs one name.
  return await startKafkaStreams(kafkaStreamsDir, 'Hop', { input: job.input, output: job.output, store: NODE, ...entry.kafkaStreams }, job)
}
