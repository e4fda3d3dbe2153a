import { type TopologyDescription, describeNodes, describeTopology } from '#streams'
import { type PaymentGateway, createTopology } from '../../topology/index.ts'

type Node = TopologyDescription['nodes'][number]

/** The text of docs/topology.md: every node of the platform with what it reads, writes and keeps, drawn out of the topology itself. */
export function topologyDoc (): string {
  // Nothing is called: a description asks for names only.
  const topology = createTopology({ payments: { gateway: {} as PaymentGateway } })
  const nodes = describeNodes(topology).nodes
  const sections = nodes.map((node, index) => {
    const drawn = describeTopology({ ...topology, nodes: topology.nodes.slice(index, index + 1) }, 'mermaid')
    return `## ${node.name}\n\n\`\`\`mermaid\n${drawn.replaceAll(`${topology.applicationId}.`, '')}\`\`\`\n`
  })
  return `# Topology

<!-- Generated from the topology by \`npm run generate\`: what a node reads and writes is declared beside its handlers. -->

Version ${topology.version}. Topics without their prefix \`${topology.applicationId}.\`. A dotted arrow is a global table, a double one an effect: a call to the outside. The sinks into
ClickHouse read every topic that is not compacted. What each handler does: [handlers.md](handlers.md); the life of an order: [order-states.md](order-states.md).

| node | partitions | stores | timers | a key whose record fails |
| --- | --- | --- | --- | --- |
${nodes.map(row).join('\n')}

${sections.join('\n')}`
}

function row ({ name, partitions, stores, timers, parking }: Node): string {
  return `| [${name}](#${name}) | ${partitions} | ${stores.join(', ')} | ${timers ? 'yes' : 'no'} | ${parking === 'key' ? 'waits for an operator' : 'goes on'} |`
}
