import { type SubTopology, type Topology, describeNodes } from '#streams'
import { type Grant } from '../../streams/kafka/kafkajs/access-admin.ts'
import { changelogTopic } from '../../streams/state/changelog.ts'
import { serviceOf, streamServices } from '../start/services.ts'
import { privacyName } from '../../topology/privacy/process-privacy.ts'
import { allTopics, deadLetterCommandTopic, deadLetterEventTopic, deadLetterTopic, topics } from '../../topology/topics.ts'

/**
 * Users of the broker beside the administrator, who may do everything: one for each service and for each role of several, and foreign producers.
 * Analysts ask ClickHouse: they have no user here.
 */
export const principals = [...streamServices, 'processors', 'sink', 'api', 'producer'] as const
export type Principal = typeof principals[number]

/** What the API writes: commands of customers and staff, what providers tell, and what its audits find. */
const apiWrites = [
  topics.orders.commands, topics.orders.commandsTrusted, topics.inventory.commands, topics.payments.callbacks, topics.shipping.commands,
  topics.compensations.payment, topics.compensations.shipment,
  topics.customers.commands, topics.flags.state, topics.behaviour.commands, topics.catalog.commands, topics.identity.commands, topics.webhooks.commands,
  topics.privacy.commands, topics.notifications.requests, topics.notifications.commands, topics.audit.invariants
]

/** Hashes of passwords pass through it: nobody reads it but the processor whose they are. */
const unreadable = [topics.identity.commands]

/** Groups of foreign producers begin with it. */
export const producerGroups = 'external.'

/**
 * Who may do what: services, processors and sink what the topology says that their nodes read and write; the API every topic but one, and the commands that
 * it writes; foreign producers order commands, and what became of them.
 */
export function wantedGrants (topology: Topology): readonly Grant[] {
  const { applicationId } = topology
  return [
    ...streamServices.flatMap(service => grantsOfNodes(service, topology, node => serviceOf(node) === service)),
    ...grantsOfNodes('processors', topology, ({ kind }) => kind === 'processor'),
    ...grantsOfNodes('sink', topology, ({ kind }) => kind === 'sink'),
    ...readers('api', allTopics.filter(topic => !unreadable.some(({ name }) => name === topic.name)).map(({ name }) => name)),
    ...readers('api', [deadLetterTopic.name, deadLetterEventTopic.name, ...topology.nodes.map(({ name }) => changelogTopic(applicationId, name))]),
    ...writers('api', [...apiWrites.map(({ name }) => name), deadLetterCommandTopic.name]),
    ...writers('producer', [topics.orders.commands.name]),
    ...readers('producer', [topics.orders.events.name, topics.orders.rejections.name]),
    { principal: 'producer', resource: 'group', name: producerGroups, isPrefix: true, operations: ['read'] }
  ]
}

/** What tasks do: their inputs, their outputs, their changelogs, dead letters, transactions, and the group that shares them out. */
function grantsOfNodes (principal: Principal, topology: Topology, isMine: (node: SubTopology) => boolean): Grant[] {
  const { applicationId } = topology
  const mine = topology.nodes.filter(isMine).map(({ name }) => name)
  const nodes = describeNodes(topology).nodes.filter(({ name }) => mine.includes(name))
  const changelogs = mine.map(name => changelogTopic(applicationId, name))
  const read = nodes.flatMap(({ inputs, globals }) => [...inputs, ...globals.map(({ topic }) => topic)])
  // Whose process has the keys of persons follows who was erased.
  const erased = mine.includes(privacyName) ? [topics.privacy.keys.name] : []
  return [
    ...readers(principal, [...new Set([...read, ...erased, ...changelogs, deadLetterCommandTopic.name])]),
    ...writers(principal, [...new Set([...nodes.flatMap(({ outputs }) => outputs), ...changelogs, deadLetterTopic.name, deadLetterEventTopic.name])]),
    ...mine.map<Grant>(name => ({ principal, resource: 'transactionalId', name: `${applicationId}.${name}.`, isPrefix: true, operations: ['write', 'describe'] })),
    { principal, resource: 'group', name: applicationId, isPrefix: false, operations: ['read'] }
  ]
}

function readers (principal: Principal, names: readonly string[]): Grant[] {
  return names.map(name => ({ principal, resource: 'topic', name, isPrefix: false, operations: ['read', 'describe', 'describeConfigs'] }))
}

function writers (principal: Principal, names: readonly string[]): Grant[] {
  return names.map(name => ({ principal, resource: 'topic', name, isPrefix: false, operations: ['write', 'describe', 'describeConfigs'] }))
}
