import { type AddressInfo } from 'node:net'
import fastify, { type FastifyInstance } from 'fastify'
import { type AnalyticsClient, createApi, defaultLimits, generateTokenKey, openTokenKeys, signToken } from '../../../api/index.ts'
import { type Kafka } from '../../../streams/kafka/port.ts'
import { createKafkaJs } from '../../../streams/kafka/kafkajs/index.ts'
import { partitionOf } from '../../../streams/kafka/murmur2.ts'
import { NO_HEADERS } from '../../../streams/record.ts'
import { taskKey } from '../../../streams/state/changelog.ts'
import { type StateBackend, type StateWrite } from '../../../streams/state/port.ts'
import { createRedisBackend, openRedisPaths } from '../../../streams/state/redis/index.ts'
import { orderStore, ordersName, viewStore } from '../../../topology/orders/process-orders.ts'
import { partitions, topics } from '../../../topology/topics.ts'
import { orderState, orderView } from '../../api/order-fixtures.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'
import { toRecord } from '../../../ops/play/commands.ts'
import { Tasks } from '../../support/stored-tasks.ts'
import { benchProducts } from '../products.ts'
import { type ServerJob, type ServerReady } from './job.ts'
import { derivedKeys } from '../../support/derived-keys.ts'

const rules = { issuer: 'bench', audience: 'bench' }
const ttlS = 3600
/** More than anybody sends. */
const unlimited = { max: 1_000_000_000, windowMs: 60_000 }

const orderIdOf = (user: number, order: number): string => `0198c0de-0000-8000-8${String(user).padStart(3, '0')}-${String(order).padStart(12, '0')}`

const key = await generateTokenKey()
const job = JSON.parse(process.argv[2] ?? '') as ServerJob
await bindMemoryCodec()
const kafka = createKafkaJs({ brokers: job.brokers, clientId: job.contender })
await kafka.start()
const app = job.contender === 'bare' ? bareIntake(kafka) : await wholeApi(kafka)
await app.listen({ host: '127.0.0.1', port: 0 })
const users = job.contender === 'bare' ? [] : await signIn()
if (job.contender === 'api') await catalogIsRead()
process.send?.({ url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`, users } satisfies ServerReady)
process.once('message', () => {
  app.close().then(async () => { await kafka.close() }).finally(() => { process.exit() })
})

/** The least that takes orders: JSON in, a record out. No schema, no token, no limits, no idempotency, no encryption, and nothing is looked up. */
function bareIntake (kafka: Kafka): FastifyInstance {
  const app = fastify()
  const producer = kafka.producer()
  const { name: topic } = topics.orders.commands
  app.post('/v1/orders', async (request, reply) => {
    const orderId = crypto.randomUUID()
    const value = Buffer.from(JSON.stringify(request.body))
    await producer.send([{ topic, partition: partitionOf(orderId, partitions), key: Buffer.from(orderId), value, headers: NO_HEADERS }])
    return await reply.code(202).send({ orderId, status: 'accepted' })
  })
  return app
}

/**
 * The API as it is served: requests are counted and keys remembered in Redis, but nobody sends too many. What the processors would have stored is stored
 * by hand, because none is running.
 */
async function wholeApi (kafka: Kafka): Promise<FastifyInstance> {
  const state = createRedisBackend({ url: job.redisUrl })
  await storeOrders(state)
  await storeCatalog(kafka)
  const analytics = { ping: async () => ({ success: true }) } as unknown as AnalyticsClient
  return await createApi({
    kafka,
    state,
    clickhouse: analytics,
    keys: derivedKeys(Buffer.alloc(32, 1)),
    applicationId: 'commerce',
    identitySecret: Buffer.alloc(32, 1),
    token: { keys: await openTokenKeys({ read: async () => [key], clock: { now: Date.now }, ttlS }), ttlS, ...rules },
    shared: openRedisPaths({ url: job.redisUrl }),
    limits: { ...defaultLimits, user: unlimited, payments: { ...unlimited, refill: unlimited.max, everyMs: 1000 } },
    orderLimits: { bulk: { linesPerS: Infinity } }
  })
}

/** Once, however many rounds there are. */
async function storeOrders (state: StateBackend): Promise<void> {
  if (await state.open(taskKey('commerce', ordersName, partitions - 1)).meta() !== null) return
  const tasks = new Tasks(state, ordersName, [topics.orders.commands.name, topics.orders.commandsTrusted.name])
  const rows = Array.from({ length: partitions }, (): StateWrite[] => [])
  for (let user = 0; user < job.users; user++) {
    for (let order = 0; order < job.ordersOfEach; order++) {
      const orderId = orderIdOf(user, order)
      const view = orderView(orderId, { customerId: `customer-${user}`, state: 'ActionRequired', actionReason: 'paymentDeclined' })
      rows[partitionOf(orderId, partitions)]?.push(
        { store: viewStore.name, key: orderId, value: viewStore.value.encode(view) },
        { store: orderStore.name, key: orderId, value: orderStore.value.encode(orderState(orderId, 'h')) }
      )
    }
  }
  for (const [partition, writes] of rows.entries()) await tasks.apply(partition, writes, 0n)
}

/** Once, too: products that are found by words, attributes and price. */
async function storeCatalog (kafka: Kafka): Promise<void> {
  const { name: topic, partitions: count } = topics.catalog.state
  const ends = await kafka.endOffsets(Array.from({ length: count }, (_, partition) => ({ topic, partition })))
  if ([...ends.values()].some(end => end > 0n)) return
  await kafka.producer().send(benchProducts(job.products).map(product => toRecord(topics.catalog.state, product.sku, product)))
}

async function catalogIsRead (): Promise<void> {
  const [user] = users
  const headers = { authorization: `Bearer ${user?.token ?? ''}` }
  while ((await app.inject({ url: '/v1/products', headers })).statusCode !== 200) await new Promise(resolve => { setTimeout(resolve, 50) })
}

async function signIn (): Promise<ServerReady['users']> {
  return await Promise.all(Array.from({ length: job.users }, async (_, user) => ({
    token: await signToken(key, rules, { subject: `customer-${user}`, roles: ['Customer'], ttlS }),
    orderIds: Array.from({ length: job.ordersOfEach }, (_, order) => orderIdOf(user, order))
  })))
}
