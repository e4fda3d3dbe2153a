import { KafkaJs, createKafkaJs } from '../../streams/kafka/kafkajs/client.ts'
import { TransactionEpoch } from '../../streams/kafka/kafkajs/transaction-epoch.ts'
import { planBatches } from '../../streams/kafka/wire/batch-plan.ts'
import { localEndpoints } from '../../ops/stack/local.ts'
import { kafkaOptions } from '../../ops/platform/kafka.ts'
import { testKafkaPort } from '../conformance/kafka-port.ts'
import { ownService } from '../support/stack.ts'

testKafkaPort('the kafkajs client over TLS and SCRAM', async t => {
  const broker = await ownService(t, 'kafka', [], { COMMERCE_KAFKA_SECURE: 'on' })
  if (broker === undefined) return undefined
  const { config } = broker
  const options = await kafkaOptions(config, localEndpoints(config).brokers, 'admin')
  return {
    connect: async clientId => {
      const client = createKafkaJs({ ...options, clientId })
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
