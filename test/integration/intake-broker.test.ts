import { type Test, test } from 'tap'
import { createKafkaCommandLog } from '../../api/adapters/kafka-command-log.ts'
import { createKafkaJs } from '../../streams/kafka/kafkajs/index.ts'
import { type PartitionReader } from '../../streams/kafka/port.ts'
import { Wakeup } from '../../streams/runtime/wakeup.ts'
import { type PlaceOrder } from '../../schemas/index.ts'
import { partitions, topics } from '../../topology/topics.ts'
import { orderBody } from '../api/order-fixtures.ts'
import { type ApiUnderTest, buildApi } from '../support/build-app.ts'
import { ownService } from '../support/stack.ts'

const { name: topic } = topics.orders.commands

async function place (api: ApiUnderTest, token: string, key: string) {
  return await api.app.inject({ method: 'POST', url: '/v1/orders', headers: { authorization: `Bearer ${token}`, 'idempotency-key': key }, payload: orderBody })
}

/** Asks again, as a client does that was told to, until the order is accepted. */
async function persist (t: Test, api: ApiUnderTest, token: string, key: string): Promise<string> {
  for (;;) {
    const answer = await place(api, token, key)
    if (answer.statusCode === 202) return answer.json().orderId
    if (answer.statusCode !== 503 || answer.headers['retry-after'] !== '5') t.fail(`${answer.statusCode} ${answer.body}`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

test('intake says 503 while the broker hangs or is dead, and what it acknowledged is in the log, each order once', async t => {
  const own = await ownService(t, 'kafka')
  if (own === undefined) return
  const kafka = createKafkaJs({ brokers: [own.endpoint], clientId: 'intake', requestTimeoutMs: 3000 })
  t.teardown(async () => { await kafka.close() })
  await kafka.start()
  await kafka.admin.createTopics([{ name: topic, partitions, replicas: 1, config: {} }])
  const api = await buildApi(t, { commandLog: createKafkaCommandLog(kafka.producer(), { patienceMs: 500 }) })
  const token = await api.token('Customer')
  const accepted = new Map<string, string>()
  const accept = async (key: string): Promise<void> => { accepted.set(key, await persist(t, api, token, key)) }
  const refuse = async (key: string): Promise<void> => {
    const answer = await place(api, token, key)
    t.match(answer, { statusCode: 503, headers: { 'retry-after': '5' } })
    t.equal(answer.json().code, 'intake-unavailable')
  }
  await Promise.all(['a', 'b', 'c'].map(accept))

  own.pause()
  await Promise.all(['p1', 'p2'].map(refuse))
  own.resume()
  await Promise.all(['p1', 'p2', 'a'].map(accept))

  await own.kill()
  await Promise.all(['k1', 'k2'].map(refuse))
  await own.start()
  await Promise.all(['k1', 'k2', 'p1'].map(accept))

  const commands = await readAll(kafka)
  const ids = new Map(commands.map(({ meta, orderId }) => [meta.commandId, orderId]))
  t.same([...new Set(accepted.values())].sort(), [...ids.values()].sort(), 'what is there twice is the same command')
  t.equal(ids.size, 7)
})

async function readAll (kafka: ReturnType<typeof createKafkaJs>): Promise<PlaceOrder[]> {
  const parts = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }))
  const ends = await kafka.endOffsets(parts)
  const commands: PlaceOrder[] = []
  for (const at of parts) {
    const wakeup = new Wakeup()
    const reader: PartitionReader = kafka.openReader({ ...at, offset: 0n, onReadable: wakeup.wake })
    const end = ends.get(`${topic}-${at.partition}`) ?? 0n
    while (reader.position < end) {
      const records = reader.take(100)
      for (const { value } of records) commands.push(topics.orders.commands.value.decode(value as Buffer) as PlaceOrder)
      if (records.length === 0 && reader.position < end) await wakeup.wait()
    }
    reader.close()
  }
  return commands
}
