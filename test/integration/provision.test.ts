import { test } from 'tap'
import { initialiseTasks, systemClock } from '#streams'
import { createKafkaJs } from '../../streams/kafka/kafkajs/client.ts'
import { createConfluentRegistry } from '../../streams/serde/confluent-registry.ts'
import { provision } from '../../ops/provision/index.ts'
import { bindRegistry } from '../../topology/codec.ts'
import { createTopology, topics } from '../../topology/index.ts'
import { type CancelOrder } from '../../schemas/index.ts'
import { uniquePrefix, useStack } from '../support/stack.ts'

test('provisioning changes nothing when it runs a second time on real services', async t => {
  const stack = await useStack(t, { services: ['kafka', 'registry'] })
  if (stack === undefined) return
  const kafka = createKafkaJs({ brokers: stack.endpoints.brokers, clientId: 'provision-test' })
  t.teardown(async () => await kafka.close())
  await kafka.start()
  const registry = createConfluentRegistry({ url: stack.endpoints.registryUrl })
  const gateway = { call: async (): Promise<never> => { throw new Error('not called') } }
  const topology = { ...createTopology({ payments: { gateway: gateway as never }, sinks: [] }), applicationId: `${uniquePrefix()}app` }
  const lines: string[] = []
  const run = async (): Promise<number> => {
    lines.length = 0
    return await provision({
      kafka,
      registry,
      topology,
      report: line => { lines.push(line) },
      initialiseTasks: async created => (await initialiseTasks({ kafka, topology, clock: systemClock, created })).filter(({ action }) => action !== 'unchanged').map(({ task }) => task)
    })
  }
  const first = await run()
  t.ok(first >= topology.nodes.length)
  t.ok(lines.some(line => line.startsWith(`+ topic ${topology.applicationId}-orders-changelog (8 partitions, compacted)`)), lines.join('\n'))
  t.equal(await run(), 0, lines.join('\n'))
  t.ok(lines.every(line => line.startsWith('= ')), lines.join('\n'))

  await bindRegistry(registry)
  const command: CancelOrder = {
    type: 'CancelOrder',
    meta: { commandId: 'c', bodyHash: null, issuedAt: 1, correlationId: '', principal: null, tenant: 'default' },
    orderId: '0198c0de-0000-8000-8000-000000000001',
    reason: 'test'
  }
  t.same(topics.orders.commands.value.decode(topics.orders.commands.value.encode(command)), command)
  const described = await kafka.describeTopics([topics.orders.events.name])
  t.equal(described.get(topics.orders.events.name)?.maxMessageBytes, 4 * 1024 * 1024)
  const configs = await kafka.admin.topicConfigs([topics.orders.events.name])
  t.match(configs.get(topics.orders.events.name), { 'message.timestamp.type': 'LogAppendTime', 'retention.ms': '-1' })
})
