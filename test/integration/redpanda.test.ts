import { randomUUID } from 'node:crypto'
import { test } from 'tap'
import { KafkaJs, createKafkaJs } from '../../streams/kafka/kafkajs/client.ts'
import { TransactionEpoch } from '../../streams/kafka/kafkajs/transaction-epoch.ts'
import { planBatches } from '../../streams/kafka/wire/batch-plan.ts'
import { createConfluentRegistry } from '../../streams/serde/confluent-registry.ts'
import { testKafkaPort } from '../conformance/kafka-port.ts'
import { useRedpanda } from '../support/redpanda.ts'

testKafkaPort('the kafkajs client on Redpanda', async (t) => {
  const redpanda = await useRedpanda(t)
  if (redpanda === undefined) return undefined
  return {
    connect: async clientId => {
      const client = createKafkaJs({ brokers: redpanda.brokers, clientId })
      await client.start()
      return client
    },
    openUnfinished: async (client, transactionalId) => {
      if (!(client instanceof KafkaJs)) throw new Error('not a client of this implementation')
      const epoch = await TransactionEpoch.begin(client.epochOptions({ transactionalId }))
      return {
        append: async records => {
          await client.describeTopics([...new Set(records.map(({ topic }) => topic))])
          const plans = planBatches(records, () => Infinity)
          await epoch.addPartitions(plans)
          await epoch.produce(plans)
        }
      }
    },
    close: async () => {}
  }
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
