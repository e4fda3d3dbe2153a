import { localEndpoints } from '../../ops/stack/local.ts'
import { kafkaOptions } from '../../ops/platform/kafka.ts'
import { testKafkaPort } from '../conformance/kafka-port.ts'
import { kafkaJsHarness } from '../support/kafkajs-harness.ts'
import { ownService } from '../support/stack.ts'

testKafkaPort('the kafkajs client over TLS and SCRAM', async t => {
  const broker = await ownService(t, 'kafka', [], { COMMERCE_KAFKA_SECURE: 'on' })
  if (broker === undefined) return undefined
  const { config } = broker
  return kafkaJsHarness(await kafkaOptions(config, localEndpoints(config).brokers, 'admin'))
})
