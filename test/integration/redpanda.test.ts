import { randomUUID } from 'node:crypto'
import { test } from 'tap'
import { createConfluentRegistry } from '../../streams/serde/confluent-registry.ts'
import { testKafkaPort } from '../conformance/kafka-port.ts'
import { kafkaJsHarness } from '../support/kafkajs-harness.ts'
import { useRedpanda } from '../support/redpanda.ts'

testKafkaPort('the kafkajs client on Redpanda', async (t) => {
  const redpanda = await useRedpanda(t)
  if (redpanda === undefined) return undefined
  return kafkaJsHarness({ brokers: redpanda.brokers })
})

test('the registry of Redpanda keeps ids and refuses what readers could not read', async t => {
  const redpanda = await useRedpanda(t)
  if (redpanda === undefined) return
  const registry = createConfluentRegistry({ url: redpanda.registryUrl })
  const subject = `test-${randomUUID()}`
  const schema = { type: 'record', name: 'Paid', namespace: 'test', fields: [{ name: 'amount', type: 'long' }] }
  const id = await registry.register(subject, schema)
  t.equal(await registry.idOf(subject, schema), id)
  await registry.setCompatibility(subject, 'FULL_TRANSITIVE')
  t.equal(await registry.isCompatible(subject, { ...schema, fields: [...schema.fields, { name: 'must', type: 'int' }] }), false)
})
