import { test } from 'tap'
import { inboxStore } from '../../streams/inbox.ts'
import { topicsOf } from '../../streams/topology.ts'
import { changelogOf, createTopology, isCommerceSerde, topics } from '../../topology/index.ts'
import { allTopics } from '../../topology/topics.ts'
import { ScriptedGateway } from './payments/scripted-gateway.ts'

const topology = createTopology({ payments: { gateway: new ScriptedGateway() } })

test('the topology has one node per sub-topology when it is created', t => {
  t.equal(topology.applicationId, 'commerce')
  t.same(topology.nodes.map(node => node.name), [
    'orders', 'inventory', 'payments', 'shipping', 'risk', 'catalog', 'imports', 'ledger', 'identity', 'privacy', 'behaviour', 'analytics', 'webhooks', 'notifications',
    'audit-stock', 'audit-orders'
  ])
  t.end()
})

test('every topic of the catalogue is written or read by a processor when the topology is whole', t => {
  t.same(topicsOf(topology).map(topic => topic.name).sort(), allTopics.map(topic => topic.name).sort())
  t.end()
})

test('every topic that a processor asks by has a processor that answers when the topology is whole', t => {
  const read = new Set(topology.nodes.flatMap(node => node.kind === 'processor' ? node.inputs.map(input => input.topic.name) : []))
  const { orders, inventory, payments, shipping, compensations, risk, customers, catalog, imports, identity } = topics
  const commands = [
    orders.commands, orders.commandsTrusted, inventory.commands, payments.commands, shipping.commands, risk.commands, customers.commands, catalog.commands,
    identity.commands, topics.behaviour.commands, topics.webhooks.commands, topics.notifications.requests, topics.notifications.commands
  ]
  const asked = [...commands, ...Object.values(compensations), ...Object.values(imports)]
  for (const topic of asked) t.ok(read.has(topic.name), topic.name)
  t.end()
})

test('a store has the subjects of its own changelog when it is declared', t => {
  for (const node of topology.nodes) {
    if (node.kind !== 'processor') continue
    for (const store of node.stores.filter(({ name }) => name !== inboxStore.name)) t.equal(isCommerceSerde(store.value) && store.value.topic, changelogOf(node.name), `${node.name}/${store.name}`)
  }
  t.end()
})

test('createTopology refuses a sink when its name is taken', t => {
  const [first] = topology.nodes
  t.throws(() => createTopology({ payments: { gateway: new ScriptedGateway() }, sinks: first === undefined ? [] : [first] }), { code: 'STR_TOPOLOGY_INVALID' })
  t.end()
})
