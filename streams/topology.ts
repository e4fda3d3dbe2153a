import { StreamsError } from './errors.ts'
import { type ProcessorDef } from './processor.ts'
import { type SinkDef } from './sink/port.ts'
import { type RuntimeTopic, type TopicDef } from './topic.ts'

/** A node of the topology: a processor or a sink. Its name is the sub-topology's name, in task ids and transactional ids. */
export type SubTopology = ProcessorDef | SinkDef

/** What runs: an application id (prefix of transactional ids, changelogs, hash slots, group) and its nodes. */
export interface Topology {
  readonly applicationId: string
  /** Named in the membership metadata: the leader assigns only tasks that a member knows. */
  readonly version: string
  readonly nodes: readonly SubTopology[]
  /**
   * Part of every id that is derived from a place in the log. A log that was made of another one has places that the other had, too: with a name of its
   * own no id is given twice. Never changed otherwise. @default none
   */
  readonly idSpace?: string
  /** Needed by processors that park keys: without it nobody could release one. Every processor reads it, by partition. */
  readonly deadLetters?: DeadLetterTopics
}

/** How operators and the runtime talk about dead letters. The letters themselves go where the options say. */
export interface DeadLetterTopics {
  /** Redrive and Discard; task p of every processor reads partition p. */
  readonly commands: RuntimeTopic
  /** What became of parked keys and of commands. */
  readonly events: RuntimeTopic
}

/** Names that become parts of topic names, keys and ids: no separator of theirs may be in them. */
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const STORE_NAME = /^[A-Za-z][A-Za-z0-9_-]*$/

/**
 * Checks a topology and freezes it.
 *
 * @throws {StreamsError} STR_TOPOLOGY_INVALID, naming what is wrong: names, no input, inputs of different partition counts, an input
 * twice, a topic declared in two ways, a compacted topic read by a sink, a processor that parks without topics to release its keys.
 */
export function defineTopology (topology: Topology): Topology {
  if (!NAME.test(topology.applicationId)) invalid({ applicationId: topology.applicationId })
  if (topology.nodes.length === 0) invalid({ reason: 'no nodes' })
  unique(topology.nodes.map(node => node.name), 'node')
  for (const node of topology.nodes) {
    if (!NAME.test(node.name)) invalid({ node: node.name, reason: 'a name is lower-case words joined by hyphens' })
    checkInputs(node)
    if (node.kind === 'processor') checkProcessor(node, topology.deadLetters)
    else if (node.topics.some(topic => topic.cleanup.policy === 'compact')) invalid({ sink: node.name, reason: 'a sink cannot read a compacted topic' })
  }
  checkTopics(topology)
  return Object.freeze({ ...topology, nodes: Object.freeze([...topology.nodes]) })
}

/** Input topics of a node. */
export function inputTopics (node: SubTopology): readonly TopicDef[] {
  return node.kind === 'processor' ? node.inputs.map(input => input.topic) : node.topics
}

/** Names of the topics that the progress of a node covers: its inputs, and the commands of a processor. */
export function progressTopics ({ deadLetters }: Pick<Topology, 'deadLetters'>, node: SubTopology): string[] {
  const inputs = inputTopics(node).map(topic => topic.name)
  return node.kind === 'sink' || deadLetters === undefined ? inputs : [...inputs, deadLetters.commands.name]
}

/** Every topic that a topology names, once, changelogs and dead letters apart. */
export function topicsOf (topology: Topology): readonly TopicDef[] {
  const topics = new Map<string, TopicDef>()
  for (const node of topology.nodes) {
    for (const topic of inputTopics(node)) topics.set(topic.name, topic)
    if (node.kind !== 'processor') continue
    for (const topic of node.outputs) topics.set(topic.name, topic)
    for (const { topic } of node.globals) topics.set(topic.name, topic)
  }
  return [...topics.values()]
}

function checkInputs (node: SubTopology): void {
  const inputs = inputTopics(node)
  const [first] = inputs
  if (first === undefined) return invalid({ node: node.name, reason: 'no inputs' })
  unique(inputs.map(topic => topic.name), `input of ${node.name}`)
  const other = inputs.find(topic => topic.partitions !== first.partitions)
  if (other !== undefined) invalid({ node: node.name, topic: other.name, reason: `has ${other.partitions} partitions, ${first.name} has ${first.partitions}` })
}

function checkProcessor (node: ProcessorDef, deadLetters: DeadLetterTopics | undefined): void {
  unique(node.outputs.map(topic => topic.name), `output of ${node.name}`)
  unique(node.stores.map(store => store.name), `store of ${node.name}`)
  unique(node.globals.map(table => table.name), `global table of ${node.name}`)
  unique(node.effects.map(effect => effect.name), `effect of ${node.name}`)
  for (const { name, ttlMs } of node.stores) {
    if (!STORE_NAME.test(name)) invalid({ node: node.name, store: name })
    if (ttlMs !== undefined && (!Number.isSafeInteger(ttlMs) || ttlMs < 1)) invalid({ node: node.name, store: name, ttlMs })
  }
  if (node.lingerMs !== undefined && !(Number.isSafeInteger(node.lingerMs) && node.lingerMs >= 0)) invalid({ node: node.name, lingerMs: node.lingerMs })
  for (const { name } of node.effects) if (!STORE_NAME.test(name)) invalid({ node: node.name, effect: name })
  if (deadLetters === undefined && node.parking === 'key') invalid({ node: node.name, reason: 'parks keys, and the topology has no dead-letter topics to release them' })
  const partitions = node.inputs[0]?.topic.partitions ?? 0
  if (deadLetters !== undefined && deadLetters.commands.partitions < partitions) {
    invalid({ node: node.name, reason: `has ${partitions} partitions, ${deadLetters.commands.name} only ${deadLetters.commands.partitions}` })
  }
}

function checkTopics (topology: Topology): void {
  const partitions = new Map<string, number>()
  const all = topology.nodes.flatMap(node => node.kind === 'processor'
    ? [...inputTopics(node), ...node.outputs, ...node.globals.map(table => table.topic)]
    : node.topics)
  for (const topic of all) {
    const known = partitions.get(topic.name) ?? topic.partitions
    if (!Number.isInteger(topic.partitions) || topic.partitions < 1) invalid({ topic: topic.name, partitions: topic.partitions })
    if (known !== topic.partitions) invalid({ topic: topic.name, reason: `declared with ${known} and with ${topic.partitions} partitions` })
    partitions.set(topic.name, topic.partitions)
  }
}

function unique (names: readonly string[], what: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) invalid({ reason: `${what} declared twice`, name: twice })
}

function invalid (context: Readonly<Record<string, unknown>>): never {
  throw new StreamsError('STR_TOPOLOGY_INVALID', context)
}
