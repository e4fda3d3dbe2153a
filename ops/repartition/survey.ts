import { type Kafka, type Progress, type ProcessorDef, type TopicPartition, type Topology, changelogTopic, decodeProgress, partitionKey } from '#streams'
import { PARKED_STORE, PROGRESS_KEY, WAITING_STORE, parseChangelogKey, taskId } from '../../streams/state/changelog.ts'
import { progressTopics } from '../../streams/topology.ts'
import { refused } from './refusal.ts'
import { type Growth } from './move-row.ts'
import { readBatches } from '../verify/read-partition.ts'
import { type Bounds, readRecords } from './read-log.ts'

/**
 * How a topic grows.
 *
 * @throws {OpsError} OPS_REPARTITION_REFUSED when its new number is not a multiple of its old one.
 */
export function growthOf (topic: string, before: number, after: number): Growth {
  if (after % before === 0) return { before, after }
  throw refused(`${topic} has ${before} partitions, and is to have ${after}: only a multiple keeps what is together in one place together`)
}

/** What the tasks of a platform at rest have come to, by id, e.g. `orders-3`. */
export type Standings = ReadonlyMap<string, Progress>

export interface SurveyOptions {
  readonly kafka: Kafka
  readonly topology: Topology
  readonly nodes: readonly ProcessorDef[]
  /** Partitions of every topic that there is. */
  readonly counts: ReadonlyMap<string, number>
  readonly bounds: Bounds
}

/**
 * Reads the changelogs of all processors: what each task has come to.
 *
 * @throws {OpsError} OPS_REPARTITION_REFUSED when a task is not at rest: without progress, with unread records, calls to the outside, or parked keys.
 */
export async function surveyTasks ({ kafka, topology, nodes, counts, bounds }: SurveyOptions): Promise<Standings> {
  const standings = new Map<string, Progress>()
  for (const node of nodes) {
    const topic = changelogTopic(topology.applicationId, node.name)
    for (let partition = 0; partition < (counts.get(topic) ?? 0); partition++) {
      const task = taskId(node.name, partition)
      const progress = await restOf(kafka, topic, partition, bounds, task)
      for (const input of progressTopics(topology, node)) await requireRead(kafka, { topic: input, partition }, progress.offsets.get(input), bounds, task)
      standings.set(task, progress)
    }
  }
  return standings
}

async function restOf (kafka: Kafka, topic: string, partition: number, bounds: Bounds, task: string): Promise<Progress> {
  let progress: Buffer | undefined
  const pending = new Map<string, string>()
  for await (const { key, value } of readRecords(kafka, { topic, partition }, bounds)) {
    if (key !== null && PROGRESS_KEY.equals(key)) progress = value === null ? undefined : Buffer.from(value)
    const row = parseChangelogKey(key)
    if (row.kind !== 'row') continue
    const isParked = row.store === PARKED_STORE || row.store === WAITING_STORE
    if (!isParked && !row.store.startsWith('#effects/')) continue
    const name = `${row.store}/${row.key}`
    if (value === null) pending.delete(name)
    else pending.set(name, isParked ? 'a parked key' : 'an open call to the outside')
  }
  if (progress === undefined) throw refused(`task ${task} has no progress`)
  const [what] = pending.values()
  if (what !== undefined) throw refused(`task ${task} has ${what}`)
  return decodeProgress(progress)
}

/** Between the progress of a task and the end of its input there may be markers of transactions, and no record. */
async function requireRead (kafka: Kafka, at: TopicPartition, next: bigint | undefined, { ends }: Bounds, task: string): Promise<void> {
  if (next === undefined) throw refused(`task ${task} has no progress in ${at.topic}: provision with the release that runs`)
  const rest = readBatches(kafka, at, next, ends.get(partitionKey(at.topic, at.partition)) ?? 0n)
  try {
    const { value } = await rest.next()
    if (value !== undefined) throw refused(`task ${task} has ${value.length} or more records of ${at.topic} to handle`)
  } finally {
    await rest.return(undefined)
  }
}
