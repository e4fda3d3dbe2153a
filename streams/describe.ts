import { changelogTopic } from './state/changelog.ts'
import { partitionsOf } from './runtime/initialise.ts'
import { inputTopics, type SubTopology, type Topology } from './topology.ts'

/** text: for people. mermaid: a flowchart for documents. json: for programs, stable keys. */
export type DescriptionFormat = 'text' | 'mermaid' | 'json'

/** One node, as data. Lists keep the order of the declaration. */
export interface NodeDescription {
  readonly name: string
  readonly kind: SubTopology['kind']
  readonly partitions: number
  readonly changelog: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly stores: readonly string[]
  readonly globals: ReadonlyArray<{ readonly name: string, readonly topic: string }>
  readonly effects: ReadonlyArray<{ readonly name: string, readonly policy: string }>
  readonly handles: readonly string[]
  readonly timers: boolean
  /** Whether a key whose input fails waits for an operator. */
  readonly parking: 'key' | 'none'
  /** Name of the target of a sink. */
  readonly target: string | null
}

export interface TopologyDescription { readonly applicationId: string, readonly version: string, readonly nodes: readonly NodeDescription[] }

/** The shape of a topology: what reads, writes and keeps what. Pure. */
export function describeNodes (topology: Topology): TopologyDescription {
  const { applicationId, version } = topology
  return { applicationId, version, nodes: topology.nodes.map(node => describeNode(applicationId, node)) }
}

/** Describes a topology. The same topology gives the same text: it can be checked in and compared. */
export function describeTopology (topology: Topology, format: DescriptionFormat): string {
  const description = describeNodes(topology)
  switch (format) {
    case 'json': return JSON.stringify(description, null, 2) + '\n'
    case 'mermaid': return mermaidOf(description)
    case 'text': return textOf(description)
  }
}

function describeNode (applicationId: string, node: SubTopology): NodeDescription {
  const shared = {
    name: node.name,
    kind: node.kind,
    partitions: partitionsOf(node),
    changelog: changelogTopic(applicationId, node.name),
    inputs: inputTopics(node).map(topic => topic.name)
  }
  if (node.kind === 'sink') return { ...shared, outputs: [], stores: [], globals: [], effects: [], handles: [], timers: false, parking: 'none', target: node.target.name }
  return {
    ...shared,
    outputs: node.outputs.map(topic => topic.name),
    stores: node.stores.map(store => store.name),
    globals: node.globals.map(({ name, topic }) => ({ name, topic: topic.name })),
    effects: node.effects.map(({ name, policy }) => ({ name, policy })),
    handles: Object.keys(node.handlers),
    timers: node.onTimer !== undefined,
    parking: node.parking ?? 'none',
    target: null
  }
}

function textOf ({ applicationId, version, nodes }: TopologyDescription): string {
  const lines = [`topology ${applicationId}, version ${version}`]
  for (const node of nodes) {
    lines.push('', `${node.kind} ${node.name}, ${node.partitions} ${node.partitions === 1 ? 'partition' : 'partitions'}`)
    const add = (what: string, names: readonly string[]): void => { for (const name of names) lines.push(`  ${what.padEnd(9)} ${name}`) }
    add('reads', node.inputs)
    if (node.handles.length > 0) add('handles', [node.handles.join(', ')])
    add('global', node.globals.map(({ name, topic }) => `${name} from ${topic}`))
    add('store', node.stores)
    if (node.timers) add('timers', ['yes'])
    add('effect', node.effects.map(({ name, policy }) => `${name}, ${policy}`))
    add('writes', node.outputs)
    if (node.parking === 'key') add('parks', ['by key'])
    if (node.target !== null) add('target', [node.target])
    add('changelog', [node.changelog])
  }
  return lines.join('\n') + '\n'
}

function mermaidOf ({ nodes }: TopologyDescription): string {
  const topics = new Map<string, string>()
  const lines = ['flowchart LR']
  const topic = (name: string): string => {
    let id = topics.get(name)
    if (id === undefined) {
      id = `t${topics.size}`
      topics.set(name, id)
      lines.push(`  ${id}[/"${name}"/]`)
    }
    return id
  }
  for (const [index, node] of nodes.entries()) {
    const id = `n${index}`
    lines.push(node.kind === 'sink' ? `  ${id}[("${node.name}")]` : `  ${id}["${node.name}"]`)
    for (const input of node.inputs) lines.push(`  ${topic(input)} --> ${id}`)
    for (const { topic: name } of node.globals) lines.push(`  ${topic(name)} -.-> ${id}`)
    for (const output of node.outputs) lines.push(`  ${id} --> ${topic(output)}`)
    for (const { name } of node.effects) lines.push(`  ${id} <--> ${id}_${name}(("${name}"))`)
  }
  return lines.join('\n') + '\n'
}
