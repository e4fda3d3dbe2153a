import { type Kafka, type ProcessorDef, type TopicDef, type Topology, changelogTopic, partitionKey, partitionsOf } from '#streams'
import { OWNER_KEY } from '../../streams/state/changelog.ts'
import { deadLetterTopics } from '../../topology/topics.ts'
import { refused } from './refusal.ts'
import { ChangeLog } from '../provision/report.ts'
import { type WantedTopic, provisionTopics, wantedChangelogs, wantedRuntimeTopic, wantedTopic } from '../provision/topics.ts'
import { boundsOf, readRecords } from './read-log.ts'

export interface TargetOptions {
  readonly target: Kafka
  readonly topology: Topology
  readonly topics: ReadonlyArray<Pick<TopicDef, 'name' | 'partitions' | 'cleanup'>>
  /** Those whose state is moved; the changelogs of others are made by provisioning. */
  readonly nodes: readonly ProcessorDef[]
  readonly report: (line: string) => void
}

/** What is done, and how far it came: the first topic of the new log. */
function journalOf ({ applicationId }: Topology): string {
  return `${applicationId}-repartition-journal`
}

function wantedAs (topic: TargetOptions['topics'][number]): WantedTopic {
  return deadLetterTopics.some(({ name }) => name === topic.name) ? wantedRuntimeTopic(topic) : wantedTopic(topic)
}

/**
 * Makes the topics of the new log; where an earlier run was cut short, those that are missing. Returns the name of the journal.
 *
 * @throws {OpsError} OPS_REPARTITION_REFUSED when there are topics that no run of this made.
 */
export async function prepareTarget ({ target, topology, topics, nodes, report }: TargetOptions): Promise<string> {
  const journal = journalOf(topology)
  const moved = new Set(nodes.map(({ name }) => changelogTopic(topology.applicationId, name)))
  const wanted = [...topics.map(wantedAs), ...wantedChangelogs(topology).filter(({ name }) => moved.has(name))]
  const found = await target.describeTopics([journal, ...wanted.map(({ name }) => name)])
  const [stranger] = found.keys()
  if (!found.has(journal) && stranger !== undefined) throw refused(`the new log is not empty: ${stranger} is there`)
  const quiet = new ChangeLog(() => {})
  await provisionTopics(target, [wantedTopic({ name: journal, partitions: 1, cleanup: { policy: 'compact' } })], quiet)
  const created = await provisionTopics(target, wanted, quiet)
  report(`${created.size} topics made, ${wanted.length - created.size} were there`)
  return journal
}

/**
 * Takes the new log away again, whole or begun. Returns how many topics there were.
 *
 * @throws {OpsError} OPS_REPARTITION_REFUSED when there is none, or a task has run on it: what it did would be lost.
 */
export async function discardTarget ({ target, topology, topics, nodes }: Omit<TargetOptions, 'report'>): Promise<number> {
  const journal = journalOf(topology)
  const changelogs = nodes.map(node => ({ node, topic: changelogTopic(topology.applicationId, node.name) }))
  const found = await target.describeTopics([journal, ...topics.map(({ name }) => name), ...changelogs.map(({ topic }) => topic)])
  if (!found.has(journal)) throw refused('there is nothing to discard: no run of this made that log')
  for (const { node, topic } of changelogs.filter(({ topic }) => found.has(topic))) {
    const partitions = Array.from({ length: partitionsOf(node) }, (_, partition) => ({ topic, partition }))
    const bounds = await boundsOf(target, partitions)
    for (const at of partitions) {
      for await (const { key } of readRecords(target, at, bounds)) {
        if (key !== null && OWNER_KEY.equals(key)) throw refused(`task ${partitionKey(node.name, at.partition)} has run on the new log`)
      }
    }
  }
  // The journal goes last: what is left of a discard that was cut short can be discarded.
  const names = [...found.keys()].filter(name => name !== journal)
  if (names.length > 0) await target.admin.deleteTopics(names)
  await target.admin.deleteTopics([journal])
  return names.length
}
