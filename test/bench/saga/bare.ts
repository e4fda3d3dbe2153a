import { rmSync } from 'node:fs'
import { Redis } from 'ioredis'
import { changelogTopics, NO_HEADERS, partitionOf, type TopicSpec } from '#streams'
import { watchCpu } from '../cpu-watch.ts'
import { type Percentiles } from '../hop/figures.ts'
import { type Scene } from '../hop/scene.ts'
import { checkSaga } from './check.ts'
import { type SagaContenderName, startSaga } from './contender.ts'
import { follow } from './follow.ts'
import { deadLettersOf, indexOf, orderIdOf, placeOrder, type SagaJob, sagaTopics, sagaTopology } from './job.ts'
import { type Burst, OrderFlow } from './order-flow.ts'

export interface BareOptions {
  readonly partitions: number
  /** Orders of the burst, which are all sent at once. */
  readonly orders: number
  /** Orders a second of the second part, and how long; 0 s = not at all. */
  readonly rate: number
  readonly seconds: number
  readonly profileDir: string | undefined
  readonly kafkaStreamsDir: string | undefined
  readonly cached: boolean
}

export interface BareFigures extends Burst {
  /** CPU time per order, in the burst. */
  readonly cpuMicrosecondsPerOrder: number
  readonly brokerCpuMicrosecondsPerOrder: number
  readonly redisCpuMicrosecondsPerOrder: number
  /** Orders at a steady rate: from due to be sent to the shipment command in the hands of a read-committed reader. */
  readonly orderToShipmentMs: Percentiles
  /** Cores that others used meanwhile: near 0 on a quiet machine. */
  readonly otherCores: number
}

const WARM_UP = { orders: 3000, seconds: 2 } as const
const STAMPED = { 'message.timestamp.type': 'LogAppendTime' }

/** One contender from its start to its end: warm-up, burst, steady rate, and the check of everything it wrote. */
export async function measureBare (scene: Scene, name: SagaContenderName, application: string, options: BareOptions): Promise<BareFigures> {
  const { orders, rate, seconds } = options
  const { brokers, redisUrl, kafka } = scene
  const job: SagaJob = { brokers, redisUrl, stateDir: scene.stateDir(application), application, partitions: options.partitions, records: 0 }
  const { orderCommands, shippingCommands } = sagaTopics(job)
  await kafka.admin.createTopics(topicsOf(job))
  const contender = await startSaga(name, { ...options, job })
  const flow = new OrderFlow(async indices => await kafka.producer().send(indices.map(index => {
    const key = orderIdOf(index)
    return { topic: orderCommands.name, partition: partitionOf(key, job.partitions), key: Buffer.from(key), value: placeOrder(index), headers: NO_HEADERS }
  })))
  contender.done.catch((error: Error) => { flow.fail(error) })
  const unfollow = follow(kafka, shippingCommands, ({ key }) => { flow.ended(indexOf(String(key))) }, () => { flow.looked() })
  try {
    await flow.burst(WARM_UP.orders, WARM_UP.orders)
    const cpu = watchCpu([contender.pid, ...scene.servicePids])
    const burst = await flow.burst(orders, orders)
    const { each } = cpu()
    if (seconds > 0) await flow.paced(rate, WARM_UP.seconds)
    const orderToShipmentMs = await flow.paced(rate, seconds)
    const { others, seconds: watched } = cpu()
    await contender.stop()
    await checkSaga(kafka, job, flow.sent)
    const [own = 0, broker = 0, redis = 0] = each.map(spent => Math.round(spent / orders * 1e6))
    return {
      ...burst,
      cpuMicrosecondsPerOrder: own,
      brokerCpuMicrosecondsPerOrder: broker,
      redisCpuMicrosecondsPerOrder: redis,
      orderToShipmentMs,
      otherCores: Number((others / watched).toFixed(2))
    }
  } finally {
    unfollow()
    contender.kill()
    await clear(scene, job)
  }
}

/** Everything a contender writes to, made by the benchmark for all alike. */
function topicsOf (job: SagaJob): readonly TopicSpec[] {
  const plain = [...Object.values(sagaTopics(job)), { name: deadLettersOf(job), partitions: job.partitions }]
  return [...plain.map(({ name, partitions }) => ({ name, partitions, replicas: 1, config: STAMPED })), ...changelogTopics(sagaTopology(job))]
}

async function clear (scene: Scene, job: SagaJob): Promise<void> {
  await scene.kafka.admin.deleteTopics(topicsOf(job).map(({ name }) => name))
  rmSync(job.stateDir, { recursive: true, force: true })
  const redis = new Redis(scene.redisUrl)
  await redis.flushall('SYNC')
  redis.disconnect()
}
