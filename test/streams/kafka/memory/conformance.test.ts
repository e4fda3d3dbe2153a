import { createMemoryBroker } from '../../../../streams/kafka/memory/index.ts'
import { testKafkaPort } from '../../../conformance/kafka-port.ts'

testKafkaPort('memory broker', async () => {
  const broker = createMemoryBroker()
  return {
    connect: async clientId => {
      const client = broker.client(clientId)
      await client.start()
      return client
    },
    openUnfinished: async (_client, transactionalId) => {
      const identity = broker.transactions.initProducer(transactionalId, 15_000)
      return {
        append: async records => {
          for (const record of records) {
            const log = broker.log(record.topic, record.partition)
            broker.transactions.addPartitions(identity, [log])
            log.appendTransactional([record], identity.producerId, identity.epoch, broker.clock.now())
          }
        }
      }
    },
    close: async () => { await broker.close() }
  }
})
