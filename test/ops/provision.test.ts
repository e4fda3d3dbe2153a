import { test } from 'tap'
import { schemas } from '../../schemas/index.ts'
import { type Topology } from '../../streams/topology.ts'
import { defineProcessor, defineStore } from '../../streams/processor.ts'
import { createMemoryBroker } from '../../streams/kafka/memory/index.ts'
import { StreamsError } from '../../streams/errors.ts'
import { type SchemaRegistry } from '../../streams/serde/registry.ts'
import { createMemoryRegistry } from '../../streams/serde/memory-registry.ts'
import { provision } from '../../ops/provision/index.ts'
import { topicConfig } from '../../ops/provision/topics.ts'
import { stateSerde } from '../../topology/codec.ts'
import { allTopics, partitions, stockPartitions, topics } from '../../topology/topics.ts'

const topology: Topology = {
  applicationId: 'commerce',
  version: '1',
  nodes: [
    defineProcessor({ name: 'orders', inputs: [topics.orders.commands], stores: [defineStore('view', stateSerde('orders', 'OrderView'))], handlers: {} }),
    defineProcessor({ name: 'inventory', inputs: [topics.inventory.commands], handlers: {} })
  ]
}

async function platform (change: (registry: SchemaRegistry) => SchemaRegistry = registry => registry) {
  const broker = createMemoryBroker()
  const kafka = broker.client()
  await kafka.start()
  const registry = createMemoryRegistry()
  const lines: string[] = []
  const initialised: Array<ReadonlySet<string>> = []
  const run = async (more: { readonly migrate?: () => Promise<readonly string[]> } = {}): Promise<number> => {
    lines.length = 0
    const report = (line: string): void => { lines.push(line) }
    const initialiseTasks = async (created: ReadonlySet<string>): Promise<string[]> => {
      initialised.push(created)
      return []
    }
    return await provision({ kafka, registry: change(registry), topology, report, initialiseTasks, ...more })
  }
  return { kafka, registry, lines, initialised, run }
}

test('provisioning makes everything on an empty platform and says each thing', async t => {
  const { kafka, lines, initialised, run } = await platform()
  const changes = await run()
  t.equal(lines.filter(line => line.startsWith('+') || line.startsWith('~')).length, changes)
  t.ok(lines.includes(`+ topic commerce.orders.events (${partitions} partitions, kept)`))
  t.ok(lines.includes('+ topic commerce.orders.commands (8 partitions, deleted after 7 d)'))
  t.ok(lines.includes('+ topic commerce-inventory-changelog (2 partitions, compacted)'))
  t.ok(lines.some(line => line.startsWith('+ schema commerce.orders.commands-commerce.orders.PlaceOrder (id ')))
  t.ok(lines.some(line => line.startsWith('+ schema commerce-orders-changelog-commerce.orders.OrderView ')))
  const described = await kafka.describeTopics([...allTopics.map(topic => topic.name), 'commerce.dlq', 'commerce.dlq.commands', 'commerce.dlq.events', 'commerce-orders-changelog'])
  t.equal(described.size, allTopics.length + 4)
  t.equal(described.get('commerce.compensations.inventory')?.partitions, stockPartitions)
  t.ok(initialised[0]?.has('commerce-orders-changelog'))
  await kafka.close()
})

test('provisioning changes nothing when it runs again', async t => {
  const { kafka, lines, initialised, run } = await platform()
  await run()
  t.equal(await run(), 0)
  t.ok(lines.every(line => line.startsWith('= ')), lines.join('\n'))
  t.equal(lines.length, 3)
  t.equal(initialised[1]?.size, 0)
  await kafka.close()
})

test('provisioning goes on when somebody who provisions at the same time was faster with a schema', async t => {
  const refuse = new StreamsError('STR_REGISTRY_UNAVAILABLE', { reason: 'HTTP 409: the artifact exists' })
  const { run, registry } = await platform(registry => ({
    ...registry,
    register: async (subject, schema) => {
      await registry.register(subject, schema)
      throw refuse
    }
  }))
  t.ok(await run() > 0)
  t.ok(await registry.idOf('commerce.orders.commands-commerce.orders.PlaceOrder', schemas.PlaceOrder) > 0)
})

test('provisioning fails when a schema cannot be registered by anybody', async t => {
  const { run } = await platform(registry => ({ ...registry, register: async () => { throw new StreamsError('STR_REGISTRY_UNAVAILABLE') } }))
  await t.rejects(run(), { code: 'STR_REGISTRY_UNAVAILABLE' })
})

test('provisioning corrects a configuration that was changed by hand', async t => {
  const { kafka, lines, run } = await platform()
  await run()
  await kafka.admin.alterTopicConfig('commerce.orders.events', { 'retention.ms': '1000' })
  t.equal(await run(), 1)
  t.ok(lines.includes('~ config commerce.orders.events retention.ms: 1000 → -1'))
  t.equal((await kafka.admin.topicConfigs(['commerce.orders.events'])).get('commerce.orders.events')?.['retention.ms'], '-1')
  await kafka.close()
})

test('provisioning refuses a topic with another partition count before it changes any topic', async t => {
  const { kafka, run } = await platform()
  await kafka.admin.createTopics([{ name: 'commerce.payments.events', partitions: 3, replicas: 1, config: {} }])
  await t.rejects(run(), { code: 'STR_TOPIC_CHANGED', message: /topic=commerce\.payments\.events declared=8 found=3/ })
  t.same(await kafka.admin.listTopics(), ['commerce.payments.events'])
  await kafka.close()
})

test('provisioning demands full compatibility of a subject that somebody loosened', async t => {
  const { kafka, registry, lines, run } = await platform()
  await run()
  const subject = 'commerce.orders.events-commerce.orders.OrderCreated'
  await registry.setCompatibility(subject, 'NONE')
  t.equal(await run(), 1)
  t.ok(lines.includes(`~ compatibility ${subject}: NONE → FULL_TRANSITIVE`))
  t.equal(await registry.compatibilityOf(subject), 'FULL_TRANSITIVE')
  await kafka.close()
})

test('provisioning registers a compatible change as a new version', async t => {
  const { kafka, registry, lines, run } = await platform()
  const subject = 'commerce.orders.commands-commerce.orders.CancelOrder'
  await registry.register(subject, { ...schemas.CancelOrder, doc: 'Earlier words.' })
  await run()
  t.ok(lines.some(line => line.startsWith(`~ schema ${subject} (version 1 → 2, id `)), lines.filter(line => line.includes('Cancel')).join('\n'))
  await kafka.close()
})

test('provisioning fails by the subject when the registered versions forbid the schema', async t => {
  const { kafka, registry, run } = await platform()
  const subject = 'commerce.orders.commands-commerce.orders.CancelOrder'
  await registry.register(subject, { type: 'record', name: 'CancelOrder', namespace: 'commerce.orders', fields: [{ name: 'other', type: 'int' }] })
  await t.rejects(run(), { code: 'STR_SCHEMA_INCOMPATIBLE', message: new RegExp(subject.replaceAll('.', '\\.')) })
  await kafka.close()
})

test('provisioning reports the migrations that it ran', async t => {
  const { kafka, lines, run } = await platform()
  await run({ migrate: async () => ['table events_raw'] })
  t.ok(lines.includes('~ table events_raw'))
  t.equal(await run({ migrate: async () => [] }), 0)
  t.ok(lines.includes('= analytics tables up to date'))
  await kafka.close()
})

test('every kind of topic is stamped by the broker', t => {
  for (const cleanup of [{ policy: 'keep' }, { policy: 'compact' }, { policy: 'delete', retentionMs: 5 }] as const) {
    t.equal(topicConfig(cleanup)['message.timestamp.type'], 'LogAppendTime')
  }
  t.match(topicConfig({ policy: 'delete', retentionMs: 5 }), { 'cleanup.policy': 'delete', 'retention.ms': '5' })
  t.match(topicConfig({ policy: 'compact' }), { 'cleanup.policy': 'compact', 'delete.retention.ms': '86400000' })
  t.end()
})
