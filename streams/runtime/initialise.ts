import { randomUUID } from 'node:crypto'
import { StreamsError } from '../errors.ts'
import { type Kafka, type TopicSpec } from '../kafka/port.ts'
import { NO_HEADERS, partitionKey, type TopicPartition } from '../record.ts'
import { changelogTopic, PROGRESS_KEY, taskId, transactionalId, writeOwnership } from '../state/changelog.ts'
import { replay } from '../state/restore.ts'
import { type Clock } from '../time/clock.ts'
import { inputTopics, progressTopics, type SubTopology, type Topology } from '../topology.ts'
import { addToProgress, inputsOfProgress } from './first-progress.ts'
import { createSlots } from './slots.ts'
import { Wakeup } from './wakeup.ts'

/** Where a topic begins for a task that has never read it. */
interface Start { readonly topic: string, readonly start: 'earliest' | 'latest' }

/** What the progress of a node must name, each with its declared start. */
function startsOf (topology: Topology, node: SubTopology): readonly Start[] {
  const declared = new Map(node.kind === 'processor' ? node.inputs.map(({ topic, start }) => [topic.name, start]) : [])
  return progressTopics(topology, node).map(topic => ({ topic, start: declared.get(topic) ?? 'earliest' }))
}

/** Partition count of a node: that of all its inputs, and of its changelog. */
export function partitionsOf (node: SubTopology): number {
  return inputTopics(node)[0]?.partitions ?? 0
}

export interface ChangelogSettings {
  /** @default 1 */
  readonly replicas?: number
  /** Must be the `changelogDeleteRetentionMs` of the runtime. @default 86400000 */
  readonly deleteRetentionMs?: number
  /** How long the newest segment stays out of the cleaner's reach. @default 3600000 */
  readonly segmentMs?: number
}

/** The changelog topics that provisioning creates for a topology. */
export function changelogTopics (topology: Topology, settings: ChangelogSettings = {}): TopicSpec[] {
  const config = {
    'cleanup.policy': 'compact',
    'message.timestamp.type': 'LogAppendTime',
    'delete.retention.ms': String(settings.deleteRetentionMs ?? 86_400_000),
    'segment.ms': String(settings.segmentMs ?? 3_600_000),
    'min.cleanable.dirty.ratio': '0.1'
  }
  return topology.nodes.map(node => ({
    name: changelogTopic(topology.applicationId, node.name), partitions: partitionsOf(node), replicas: settings.replicas ?? 1, config
  }))
}

/**
 * initialised: the first progress was written. inputs-added: new inputs joined the progress. unchanged: nothing to do. missing:
 * there is no progress in a changelog that was not created now; it may have been lost, so only `only` initialises it, by name.
 */
export type InitialiseAction = 'initialised' | 'inputs-added' | 'unchanged' | 'missing'

export interface InitialiseReport {
  /** `orders-3` */
  readonly task: string
  readonly action: InitialiseAction
  /** Inputs that were given a start. */
  readonly inputs: readonly string[]
}

export interface InitialiseOptions {
  readonly kafka: Kafka
  readonly topology: Topology
  readonly clock: Clock
  /** Changelog topics that this run of provisioning has created. */
  readonly created: ReadonlySet<string>
  /** Tasks (`orders-3`) to initialise although their changelog exists: how a half-done first run is finished. */
  readonly only?: readonly string[]
  readonly instance?: string
  readonly signal?: AbortSignal
}

/** Tasks worked on at the same time: each is a chain of small requests. */
const CONCURRENCY = 8

/**
 * Writes the progress that a task needs to start: into a changelog just created, or for inputs that are new. Never over an existing
 * entry; always as the owner of the task (same transactional id, ownership record, read to its end, merge), so a running task is
 * fenced and acquires again. Tasks that need nothing are only read, not fenced. Reports come in the order of the topology.
 *
 * The first failure rejects, once the tasks in hand have ended; no further one is begun.
 */
export async function initialiseTasks (options: InitialiseOptions): Promise<InitialiseReport[]> {
  const failed = new AbortController()
  const signal = options.signal === undefined ? failed.signal : AbortSignal.any([options.signal, failed.signal])
  const slot = createSlots(CONCURRENCY)
  const tasks = options.topology.nodes.flatMap(node => Array.from({ length: partitionsOf(node) }, (_, partition) => ({ node, partition })))
  const outcomes = await Promise.allSettled(tasks.map(async ({ node, partition }) => {
    const release = await slot(signal)
    try {
      return await initialiseTask({ ...options, signal }, node, partition)
    } catch (error) {
      failed.abort(error)
      throw error
    } finally {
      release()
    }
  }))
  signal.throwIfAborted()
  return outcomes.flatMap(outcome => outcome.status === 'fulfilled' ? [outcome.value] : [])
}

async function initialiseTask (options: InitialiseOptions, node: SubTopology, partition: number): Promise<InitialiseReport> {
  const { kafka, topology, created } = options
  const task = taskId(node.name, partition)
  const changelog = changelogTopic(topology.applicationId, node.name)
  const found = created.has(changelog) ? undefined : await findProgress(kafka, { topic: changelog, partition })
  const known = found === undefined ? new Set<string>() : inputsOfProgress(found, partition)
  const missing = startsOf(topology, node).filter(({ topic }) => !known.has(topic))
  if (missing.length === 0) return { task, action: 'unchanged', inputs: [] }
  const inputs = missing.map(({ topic }) => topic)
  const isFirst = found === undefined
  if (isFirst && !created.has(changelog) && options.only?.includes(task) !== true) return { task, action: 'missing', inputs }
  await writeProgress(options, node, partition, missing)
  return { task, action: isFirst ? 'initialised' : 'inputs-added', inputs }
}

/** The Acquire of provisioning: owns the changelog, reads all of it, adds what is missing in the newest progress. */
async function writeProgress (options: InitialiseOptions, node: SubTopology, partition: number, missing: readonly Start[]): Promise<void> {
  const { kafka, topology, clock, signal } = options
  const topic = changelogTopic(topology.applicationId, node.name)
  const unit = kafka.openTransactions({ transactionalId: transactionalId(topology.applicationId, node.name, partition) })
  try {
    await unit.init(signal)
    const incarnation = randomUUID()
    const instance = options.instance ?? 'provisioning'
    const { token, brokerTimeMs } = await writeOwnership(unit, { topic, partition }, { incarnation, instance, timeMs: clock.now() })
    const starts = await firstOffsets(kafka, missing, partition)
    const logStart = (await kafka.startOffsets([{ topic, partition }])).get(partitionKey(topic, partition)) ?? 0n
    let newest: Buffer | undefined
    await replay({
      kafka,
      topic,
      partition,
      from: logStart,
      until: token,
      incarnation,
      ...(signal === undefined ? {} : { signal }),
      onRecord: record => {
        if (record.key !== null && PROGRESS_KEY.equals(record.key) && record.value !== null) newest = Buffer.from(record.value)
      }
    })
    await unit.commit([{ topic, partition, key: PROGRESS_KEY, value: addToProgress(newest, starts, partition, brokerTimeMs), headers: NO_HEADERS }])
  } finally {
    unit.close()
  }
}

async function firstOffsets (kafka: Kafka, starts: readonly Start[], partition: number): Promise<Map<string, bigint>> {
  const at = (which: Start['start']): TopicPartition[] => starts.filter(({ start }) => start === which).map(({ topic }) => ({ topic, partition }))
  const [earliest, latest] = await Promise.all([kafka.startOffsets(at('earliest')), kafka.endOffsets(at('latest'))])
  return new Map(starts.map(({ topic }) => {
    const key = partitionKey(topic, partition)
    const offset = earliest.get(key) ?? latest.get(key)
    if (offset === undefined) throw new StreamsError('STR_TOPIC_MISSING', { topic })
    return [topic, offset]
  }))
}

/** First reach of the search for a progress record, offsets back from the end; each further one is larger. */
const REACH = 256n
const REACH_GROWTH = 16n

/** The newest progress record of a changelog partition, without owning it: read from the end backwards in growing steps. */
async function findProgress (kafka: Kafka, at: TopicPartition): Promise<Buffer | undefined> {
  const key = partitionKey(at.topic, at.partition)
  const [starts, ends] = await Promise.all([kafka.startOffsets([at]), kafka.endOffsets([at])])
  const start = starts.get(key) ?? 0n
  const end = ends.get(key) ?? 0n
  for (let reach = REACH, until = end; until > start; reach *= REACH_GROWTH) {
    const from = end - reach > start ? end - reach : start
    const found = await lastProgress(kafka, at, from, until)
    if (found !== undefined) return found
    until = from
  }
  return undefined
}

async function lastProgress (kafka: Kafka, at: TopicPartition, from: bigint, until: bigint): Promise<Buffer | undefined> {
  const wakeup = new Wakeup()
  const reader = kafka.openReader({ ...at, offset: from, onReadable: wakeup.wake })
  let found: Buffer | undefined
  try {
    while (reader.position < until) {
      const records = reader.take(5000)
      for (const { key, value } of records) if (key !== null && PROGRESS_KEY.equals(key) && value !== null) found = Buffer.from(value)
      if (records.length === 0 && reader.position < until) await wakeup.wait()
    }
    return found
  } finally {
    reader.close()
  }
}
