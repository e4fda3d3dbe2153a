import { type FetchedRecord, type OutgoingRecord, type ProcessorDef, type TopicDef, type Topology, changelogTopic } from '#streams'
import { parseChangelogKey } from '../../streams/state/changelog.ts'
import { type Move } from './journal.ts'
import { type Growth, type Homes, RowMover, placeOfRecord } from './move-row.ts'
import { growthOf } from './survey.ts'

/** A topic, how it grows, and what becomes of its records. */
export interface MovedTopic { readonly topic: string, readonly growth: Growth, readonly isCompacted: boolean, readonly move: Move }

export interface PlanOptions {
  readonly topology: Topology
  readonly nodes: readonly ProcessorDef[]
  /** Every topic but changelogs. */
  readonly topics: ReadonlyArray<Pick<TopicDef, 'name' | 'partitions' | 'cleanup'>>
  /** What is written anew out of the rows of a store, `processor/store`, instead of being copied: it tells of tasks. */
  readonly derived: ReadonlyMap<string, Derived>
  /** Where rows and timers belong. @default those of the platform */
  readonly homes?: Homes
  /** Partitions in the old log; a topic without a number is not there. */
  readonly before: ReadonlyMap<string, number>
}

/** A topic whose records are rows of a store, one a task. */
export interface Derived { readonly topic: string, readonly record: (partition: number, value: Buffer | null) => Promise<OutgoingRecord> }

/** What has to be moved, topics first. @throws {OpsError} OPS_REPARTITION_REFUSED */
export function planMoves ({ topology, nodes, topics, derived, homes, before }: PlanOptions): readonly MovedTopic[] {
  const written = new Set([...derived.values()].map(({ topic }) => topic))
  const known = topics.filter(({ name }) => before.has(name) && !written.has(name))
  const copies = known.map(({ name, partitions, cleanup }): MovedTopic => {
    const growth = growthOf(name, before.get(name) ?? partitions, partitions)
    const move: Move = async record => [{ ...contentOf(record), topic: name, partition: placeOfRecord(record.key, record.partition, growth) }]
    return { topic: name, growth, isCompacted: cleanup.policy === 'compact', move }
  })
  const changelogs = nodes.map((node): MovedTopic => {
    const topic = changelogTopic(topology.applicationId, node.name)
    const after = node.inputs[0]?.topic.partitions ?? 1
    const growth = growthOf(topic, before.get(topic) ?? after, after)
    return { topic, growth, isCompacted: true, move: moveRows(topic, node, new RowMover(node, growth, homes), derived) }
  })
  return [...copies, ...changelogs]
}

/** Rows move; owners and progress are of the tasks of before. */
function moveRows (topic: string, node: ProcessorDef, mover: RowMover, derived: PlanOptions['derived']): Move {
  return async record => {
    const row = parseChangelogKey(record.key)
    if (row.kind !== 'row') return []
    const places = await mover.placesOf(row, record)
    const rows = places.map(place => ({ ...contentOf(record), topic, ...place }))
    const from = derived.get(`${node.name}/${row.store}`)
    if (from === undefined) return rows
    return [...rows, ...await Promise.all(places.map(async ({ partition, value }) => await from.record(partition, value)))]
  }
}

function contentOf ({ key, value, headers }: FetchedRecord): Pick<OutgoingRecord, 'key' | 'value' | 'headers'> {
  return { key, value, headers }
}
