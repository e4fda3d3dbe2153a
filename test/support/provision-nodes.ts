import { type Kafka, type SubTopology, type Topology, changelogNames, changelogTopics, defineTopology, initialiseTasks, systemClock, topicsOf } from '#streams'
import { applicationId } from '../../topology/codec.ts'
import { deadLetterCommandTopic, deadLetterEventTopic, deadLetterTopic, deadLetterTopics } from '../../topology/topics.ts'

/** Topic of the dead letters of such a topology. */
export const deadLetters = deadLetterTopic.name

/** Some nodes of the platform alone, as a topology; under the platform's name if they are given no other. */
export function topologyOf (nodes: readonly SubTopology[], name = applicationId): Topology {
  return defineTopology({ applicationId: name, version: '1', nodes, deadLetters: { commands: deadLetterCommandTopic, events: deadLetterEventTopic } })
}

/** Creates what the nodes need in an empty broker: topics, changelogs and first progress. */
export async function provisionNodes (kafka: Kafka, topology: Topology): Promise<void> {
  const config = { 'message.timestamp.type': 'LogAppendTime' }
  const plain = [...topicsOf(topology), ...deadLetterTopics].map(({ name, partitions }) => ({ name, partitions, replicas: 1, config }))
  const created = await kafka.admin.createTopics([...plain, ...changelogTopics(topology)])
  const changelogs = new Set(changelogNames(topology))
  await initialiseTasks({ kafka, topology, clock: systemClock, created: new Set(created.filter(name => changelogs.has(name))) })
}
