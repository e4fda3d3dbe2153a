import { type Kafka } from '#streams'
import { createKafkaJs } from '../../streams/kafka/kafkajs/index.ts'
import { createConfluentRegistry } from '../../streams/serde/confluent-registry.ts'
import { bindRegistry } from '../../topology/codec.ts'
import { kafkaOptions } from '../platform/kafka.ts'
import { localEndpoints } from '../stack/local.ts'
import { type CpuReading, busiest, readCpu } from './cpu-watch.ts'
import { markLog, readOrderFlow } from './order-flow.ts'
import { type LoadPlatform } from './platform.ts'
import { type Seen } from './report.ts'

/** Between two looks at who uses the machine. */
const everyS = 1

/** Length of the stretch in which the machine did most, in looks. */
const stretch = 10

/**
 * Does `work`, and tells what is seen of the platform meanwhile: how far it came with the orders that were taken, out of the log, and who used the machine.
 * Rejects as `work` does, and when the log cannot be read.
 */
export async function watchTest<T> ({ config, pids }: Pick<LoadPlatform, 'config' | 'pids'>, work: () => Promise<T>): Promise<{ readonly result: T, readonly seen: Seen }> {
  const { brokers, registryUrl } = { ...localEndpoints(config), ...config.external }
  const kafka: Kafka = createKafkaJs(await kafkaOptions(config, brokers, 'admin'))
  await kafka.start()
  try {
    await bindRegistry(createConfluentRegistry({ url: registryUrl }))
    const from = await markLog(kafka)
    const readings: CpuReading[] = [readCpu(pids)]
    const looking = setInterval(() => { readings.push(readCpu(pids)) }, everyS * 1000)
    const startedAt = performance.now()
    const result = await work().finally(() => { clearInterval(looking) })
    const seconds = (performance.now() - startedAt) / 1000
    const orders = { ...await readOrderFlow(kafka, from, await markLog(kafka)), seconds: Math.round(seconds) }
    const cpu = Object.keys(pids).length === 0 ? undefined : busiest(readings, stretch, everyS)
    return { result, seen: { orders, ...cpu === undefined ? {} : { cpu } } }
  } finally {
    await kafka.close()
  }
}
