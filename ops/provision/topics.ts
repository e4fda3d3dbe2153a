import { StreamsError } from '../../streams/errors.ts'
import { type Kafka, type TopicSpec } from '../../streams/kafka/port.ts'
import { changelogTopics } from '../../streams/runtime/initialise.ts'
import { type Cleanup, type TopicDef } from '../../streams/topic.ts'
import { type Topology } from '../../streams/topology.ts'
import { type ChangeLog } from './report.ts'

/** A topic as provisioning sees it: catalogue topics, changelogs and the dead-letter topic alike. */
export interface WantedTopic {
  readonly name: string
  readonly partitions: number
  readonly config: Readonly<Record<string, string>>
}

/** Segments of compacted topics are closed after this long at the latest, so that compaction reaches them. */
const compactedSegmentMs = 3_600_000

/** Tombstones stay at least this long: readers of a compacted topic that are away for less see every deletion. */
const tombstoneMs = 86_400_000

/** Largest record: an order of 10,000 lines with room to spare. */
const maxMessageBytes = 4 * 1024 * 1024

/** What dead letters and parked records add to the record that they hold. */
const letterBytes = 64 * 1024

/** A topic of the catalogue. */
export function wantedTopic ({ name, partitions, cleanup }: Pick<TopicDef, 'name' | 'partitions' | 'cleanup'>): WantedTopic {
  return { name, partitions, config: topicConfig(cleanup) }
}

/** A topic of the runtime's own: it holds whole records of the catalogue, and more. */
export function wantedRuntimeTopic (topic: Pick<TopicDef, 'name' | 'partitions' | 'cleanup'>): WantedTopic {
  return withRoom(wantedTopic(topic))
}

/** The changelog of every node, as the runtime wants it; a record that waits for its key lies in one. */
export function wantedChangelogs (topology: Topology): readonly WantedTopic[] {
  return changelogTopics(topology).map(withRoom)
}

function withRoom ({ name, partitions, config }: WantedTopic): WantedTopic {
  return { name, partitions, config: { ...config, 'max.message.bytes': String(maxMessageBytes + letterBytes) } }
}

/**
 * The broker configuration of a topic. Every topic is stamped by the broker: event time lies in the payload, and an old one must
 * never decide about retention.
 */
export function topicConfig (cleanup: Cleanup): Readonly<Record<string, string>> {
  const shared = { 'message.timestamp.type': 'LogAppendTime', 'max.message.bytes': String(maxMessageBytes) }
  if (cleanup.policy === 'compact') {
    return { ...shared, 'cleanup.policy': 'compact', 'segment.ms': String(compactedSegmentMs), 'delete.retention.ms': String(tombstoneMs) }
  }
  const retentionMs = cleanup.policy === 'keep' ? -1 : cleanup.retentionMs
  return { ...shared, 'cleanup.policy': 'delete', 'retention.ms': String(retentionMs), 'retention.bytes': '-1' }
}

/**
 * Creates topics that are missing and corrects the configuration of those that differ. Returns the names it created.
 *
 * @throws {StreamsError} STR_TOPIC_CHANGED naming the topic whose partition count is another one: that is never corrected, because
 * every key would move. Nothing is changed then.
 */
export async function provisionTopics (kafka: Kafka, wanted: readonly WantedTopic[], changes: ChangeLog): Promise<ReadonlySet<string>> {
  const found = await kafka.describeTopics(wanted.map(topic => topic.name))
  for (const { name, partitions } of wanted) {
    const actual = found.get(name)?.partitions
    if (actual !== undefined && actual !== partitions) throw new StreamsError('STR_TOPIC_CHANGED', { topic: name, declared: partitions, found: actual })
  }
  const before = changes.count
  const created = await createMissing(kafka, wanted.filter(topic => !found.has(topic.name)), changes)
  await correctConfigs(kafka, wanted.filter(topic => found.has(topic.name)), changes)
  if (changes.count === before) changes.unchanged(`topics (${wanted.length})`)
  return created
}

async function createMissing (kafka: Kafka, missing: readonly WantedTopic[], changes: ChangeLog): Promise<ReadonlySet<string>> {
  if (missing.length === 0) return new Set()
  const replicas = Math.min(3, await kafka.admin.brokerCount())
  const specs = missing.map<TopicSpec>(topic => ({ ...topic, replicas }))
  const created = new Set(await kafka.admin.createTopics(specs))
  for (const { name, partitions, config } of missing) {
    if (created.has(name)) changes.add('+', `topic ${name} (${partitions} partitions, ${cleanupText(config)})`)
  }
  return created
}

async function correctConfigs (kafka: Kafka, existing: readonly WantedTopic[], changes: ChangeLog): Promise<void> {
  if (existing.length === 0) return
  const actual = await kafka.admin.topicConfigs(existing.map(topic => topic.name))
  for (const { name, config } of existing) {
    const differences = Object.entries(config).filter(([key, value]) => actual.get(name)?.[key] !== value)
    if (differences.length === 0) continue
    // The whole set is sent: some brokers reset what an alteration leaves out.
    await kafka.admin.alterTopicConfig(name, config)
    for (const [key, value] of differences) changes.add('~', `config ${name} ${key}: ${actual.get(name)?.[key] ?? 'not set'} → ${value}`)
  }
}

function cleanupText (config: Readonly<Record<string, string>>): string {
  if (config['cleanup.policy'] === 'compact') return 'compacted'
  const retentionMs = Number(config['retention.ms'])
  return retentionMs < 0 ? 'kept' : `deleted after ${retentionMs / 86_400_000} d`
}
