import { type Test, test } from 'tap'
import { createKafkaEventFeed } from '../../../api/adapters/kafka-event-feed.ts'
import { createMemoryBroker } from '../../../streams/kafka/memory/index.ts'
import { partitionOf } from '../../../streams/kafka/murmur2.ts'
import { type Kafka } from '../../../streams/kafka/port.ts'
import { createManualClock } from '../../../streams/time/manual-clock.ts'
import { topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'
import { append, orderEvent } from '../orders/event-log.ts'

await bindMemoryCodec()

const orderId = '0198c0de-0000-8000-8000-000000000001'
const { name, partitions } = topics.orders.events

async function scene (t: Test) {
  const broker = createMemoryBroker()
  broker.createTopic({ name, partitions, replicas: 1, config: {} })
  const client = broker.client()
  await client.start()
  const clock = createManualClock()
  let open = 0
  const failures: Error[] = []
  const kafka: Pick<Kafka, 'openReader' | 'startOffsets' | 'endOffsets'> = {
    startOffsets: async parts => await client.startOffsets(parts),
    endOffsets: async parts => await client.endOffsets(parts),
    openReader: options => {
      const reader = client.openReader(options)
      const close = reader.close.bind(reader)
      open++
      reader.close = () => { open--; close() }
      return reader
    }
  }
  const feed = createKafkaEventFeed({ kafka, clock, topic: topics.orders.events, lingerMs: 60_000, onFailure: error => failures.push(error) })
  t.teardown(async () => {
    feed.close()
    await client.close()
  })
  const until = async (isTrue: () => boolean): Promise<void> => { while (!isTrue()) await clock.advance(10) }
  return { broker, clock, feed, failures, open: () => open, until }
}

test('all who follow share one set of readers, which stands still when nobody has followed for a minute', async t => {
  const { feed, clock, open, until } = await scene(t)
  t.equal(open(), 0, 'nobody follows')
  const followers = Array.from({ length: 1000 }, (_, index) => feed.follow(`order-${index}`, () => {}))
  await until(() => open() > 0)
  t.equal(open(), partitions)
  for (const follower of followers) for (let times = 0; times < 2; times++) follower.close()
  await clock.advance(59_000)
  t.equal(open(), partitions)
  const late = feed.follow(orderId, () => {})
  await clock.advance(120_000)
  t.equal(open(), partitions, 'somebody came in time')
  late.close()
  await clock.advance(60_000)
  t.equal(open(), 0)
  t.equal(clock.waiting, 0)
  feed.follow(orderId, () => {})
  await until(() => open() === partitions)
})

test('a follower is called for its own order only, with the type of the event', async t => {
  const { feed, broker, until, open } = await scene(t)
  const calls: Array<string | undefined> = []
  const others: unknown[] = []
  feed.follow(orderId, type => { calls.push(type) })
  feed.follow('another', type => { if (type !== undefined) others.push(type) })
  await until(() => open() > 0)
  await append(broker, orderEvent(orderId, 1), orderEvent(orderId, 2, true))
  await until(() => calls.length === 3)
  t.same(calls, [undefined, 'OrderInventoryReserved', 'OrderRejected'])
  t.same(others, [])
})

test('readers that fail begin anew, and followers are told', async t => {
  const { feed, broker, until, open, failures } = await scene(t)
  broker.faults.fail({ api: 'listOffsets' }, { phase: 'request' })
  const calls: unknown[] = []
  const follower = feed.follow(orderId, type => { calls.push(type) })
  await until(() => failures.length === 1)
  t.equal(await follower.read(0n), undefined)
  await until(() => open() === partitions)
  await append(broker, orderEvent(orderId, 1))
  await until(() => calls.includes('OrderInventoryReserved'))
  t.match(await follower.read(0n), { events: [{ offset: 0n, type: 'OrderInventoryReserved' }], next: 1n })
})

test('an aborted event is never told', async t => {
  const { feed, broker, until } = await scene(t)
  const calls: unknown[] = []
  const follower = feed.follow(orderId, type => { if (type !== undefined) calls.push(type) })
  const kafka = broker.client()
  await kafka.start()
  const unit = kafka.openTransactions({ transactionalId: 't' })
  await unit.init()
  const event = orderEvent(orderId, 1)
  broker.faults.fail({ api: 'endTxn' }, { phase: 'request' })
  const partition = partitionOf(orderId, partitions)
  const record = { topic: name, partition, key: Buffer.from(orderId), value: topics.orders.events.value.encode(event), headers: [] }
  await t.rejects(unit.commit([record]))
  await unit.init()
  await append(broker, orderEvent(orderId, 1, true))
  await until(() => calls.length > 0)
  t.same(calls, ['OrderRejected'])
  t.match(await follower.read(0n), { events: [{ type: 'OrderRejected' }] })
  await kafka.close()
})

test('it is known how far the log has come, with and without readers', async t => {
  const { feed, broker, until, open } = await scene(t)
  t.equal(await feed.hasReached(orderId, 0n), false)
  await append(broker, orderEvent(orderId, 1))
  t.equal(await feed.hasReached(orderId, 0n), true)
  feed.follow(orderId, () => {})
  await until(() => open() > 0)
  t.equal(await feed.hasReached(orderId, 0n), true)
  t.equal(await feed.hasReached(orderId, 1n), false)
})
