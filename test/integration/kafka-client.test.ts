import { testKafkaPort } from '../conformance/kafka-port.ts'
import { kafkaJsHarness } from '../support/kafkajs-harness.ts'
import { useStack } from '../support/stack.ts'

testKafkaPort('the kafkajs client', async t => {
  const stack = await useStack(t, { services: ['kafka'] })
  return stack === undefined ? undefined : kafkaJsHarness({ brokers: stack.endpoints.brokers })
})
