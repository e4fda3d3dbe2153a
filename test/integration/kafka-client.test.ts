import { KafkaJs, createKafkaJs } from '../../streams/kafka/kafkajs/client.ts'
import { TransactionEpoch } from '../../streams/kafka/kafkajs/transaction-epoch.ts'
import { planBatches } from '../../streams/kafka/wire/batch-plan.ts'
import { testKafkaPort } from '../conformance/kafka-port.ts'
import { useStack } from '../support/stack.ts'

testKafkaPort('the kafkajs client', async (t) => {
  const stack = await useStack(t, { services: ['kafka'] })
  if (stack === undefined) return undefined
  const { brokers } = stack.endpoints
  return {
    connect: async (clientId) => {
      const client = createKafkaJs({ brokers, clientId })
      await client.start()
      return client
    },
    openUnfinished: async (client, transactionalId) => {
      if (!(client instanceof KafkaJs)) throw new Error('not a client of this implementation')
      const epoch = await TransactionEpoch.begin(client.epochOptions({ transactionalId }))
      return {
        append: async (records) => {
          await client.describeTopics([...new Set(records.map(({ topic }) => topic))]) // the leaders must be known
          const plans = planBatches(records, () => Infinity)
          await epoch.addPartitions(plans)
          await epoch.produce(plans)
        }
      }
    },
    close: async () => {}
  }
})
