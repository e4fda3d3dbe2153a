import { StreamsError } from '../errors.ts'
import { type TopicDescription } from '../kafka/port.ts'
import { partitionKey, type TopicPartition } from '../record.ts'
import { changelogTopic } from '../state/changelog.ts'
import { inputTopics, type SubTopology } from '../topology.ts'
import { type TaskStatus } from './runner.ts'

export interface OffsetToCommit { readonly topic: string, readonly partition: number, readonly offset: bigint }

/**
 * What the group commits for lag tools, by `partitionKey`: the progress of each task on the inputs its node has now. Where two
 * nodes read one topic the slower one counts: that is the lag.
 */
export function offsetsForLagTools (nodes: ReadonlyMap<string, SubTopology>, tasks: readonly TaskStatus[]): Map<string, OffsetToCommit> {
  const offsets = new Map<string, OffsetToCommit>()
  for (const { node: name, partition, offsets: committed } of tasks) {
    const node = nodes.get(name)
    for (const { name: topic } of node === undefined ? [] : inputTopics(node)) {
      const offset = committed.get(topic)
      const key = partitionKey(topic, partition)
      const known = offsets.get(key)
      if (offset !== undefined && (known === undefined || offset < known.offset)) offsets.set(key, { topic, partition, offset })
    }
  }
  return offsets
}

/** Why a node cannot go on with its input topics as they are now (R9): one is gone, or has another partition count. */
export function topicFault (node: SubTopology, topics: ReadonlyMap<string, TopicDescription>): StreamsError | undefined {
  for (const { name, partitions } of inputTopics(node)) {
    const found = topics.get(name)
    if (found === undefined) return new StreamsError('STR_TOPIC_MISSING', { topic: name })
    if (found.partitions !== partitions) return new StreamsError('STR_TOPIC_CHANGED', { topic: name, declared: partitions, found: found.partitions })
  }
  return undefined
}

/** Every partition that the tasks of a process read: inputs, changelogs, and the whole of each global table. */
export function partitionsRead (applicationId: string, nodes: ReadonlyMap<string, SubTopology>, tasks: readonly TaskStatus[]): TopicPartition[] {
  const read = new Map<string, TopicPartition>()
  const add = (topic: string, partition: number): void => { read.set(partitionKey(topic, partition), { topic, partition }) }
  for (const { node: name, partition, state } of tasks) {
    const node = nodes.get(name)
    if (node === undefined || (state !== 'acquiring' && state !== 'running')) continue
    for (const { name: topic } of inputTopics(node)) add(topic, partition)
    add(changelogTopic(applicationId, name), partition)
    for (const { topic } of node.kind === 'processor' ? node.globals : []) for (let each = 0; each < topic.partitions; each++) add(topic.name, each)
  }
  return [...read.values()]
}
