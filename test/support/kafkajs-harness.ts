import { type KafkaJsOptions, KafkaJs, createKafkaJs } from '../../streams/kafka/kafkajs/client.ts'
import { TransactionEpoch } from '../../streams/kafka/kafkajs/transaction-epoch.ts'
import { planBatches } from '../../streams/kafka/wire/batch-plan.ts'
import { type KafkaPortHarness } from '../conformance/kafka-port.ts'

/** What the suite of the Kafka port needs of our client, on a broker that somebody else ends. */
export function kafkaJsHarness (options: Omit<KafkaJsOptions, 'clientId'>): KafkaPortHarness {
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
          await client.describeTopics([...new Set(records.map(({ topic }) => topic))]) // the leaders must be known
          const plans = planBatches(records, () => Infinity)
          await epoch.addPartitions(plans)
          await epoch.produce(plans)
        }
      }
    },
    close: async () => {}
  }
}
