import { test } from 'tap'
import { NO_HEADERS, partitionOf } from '#streams'
import { createMemoryBroker } from '#streams/testing'
import { checkSaga } from './check.ts'
import { ALL_RESERVED, CONFIRMED, CREATED, OPENING_STOCK, PARTS, placeOrder, quantityOf, orderIdOf, type SagaJob, sagaTopics, skuOf } from './job.ts'

const ORDERS = 3
const job: SagaJob = { brokers: [], redisUrl: '', stateDir: '', application: 'check', partitions: 2, records: 0 }
const topics = sagaTopics(job)

/** What a good run writes, and what `spoil` makes of it. */
async function check (spoil: (records: Written[]) => void): Promise<void> {
  const written: Written[] = []
  const left = new Map<string, number>()
  for (let index = 0; index < ORDERS; index++) {
    const key = orderIdOf(index)
    const value = (phase: number): Buffer => {
      const bytes = placeOrder(index)
      bytes[0] = phase
      return bytes
    }
    for (let part = 0; part < PARTS; part++) {
      const sku = skuOf(index, part)
      left.set(sku, (left.get(sku) ?? OPENING_STOCK) - quantityOf(index))
      const reply = value(CREATED)
      reply[2] = part
      reply.writeInt32BE(left.get(sku) ?? 0, 12)
      written.push({ topic: topics.inventoryReplies.name, key, value: reply })
    }
    written.push(
      { topic: topics.orderEvents.name, key, value: value(CREATED) },
      { topic: topics.orderEvents.name, key, value: value(CONFIRMED) },
      { topic: topics.paymentEvents.name, key, value: value(ALL_RESERVED) },
      { topic: topics.shippingCommands.name, key, value: value(CONFIRMED) }
    )
  }
  spoil(written)
  const broker = createMemoryBroker()
  for (const { name, partitions } of Object.values(topics)) broker.createTopic({ name, partitions, replicas: 1, config: {} })
  const kafka = broker.client()
  await kafka.start()
  for (const { topic, key, value } of written) {
    await kafka.producer().send([{ topic, partition: partitionOf(key, job.partitions), key: Buffer.from(key), value, headers: NO_HEADERS }])
  }
  await checkSaga(kafka, job, ORDERS)
}

interface Written { readonly topic: string, readonly key: string, readonly value: Buffer }

function at (records: readonly Written[], topic: string): number {
  return records.findIndex(record => record.topic === topic)
}

test('a saga passes the check when each order was shipped once', async t => {
  await t.resolves(check(() => {}))
})

test('a saga fails the check when a shipment is lost or repeated', async t => {
  const { name } = topics.shippingCommands
  await t.rejects(check(records => { records.splice(at(records, name), 1) }), /order 0 has 0 of 1 records/)
  await t.rejects(check(records => { records.push(records[at(records, name)] as Written) }), /record 2 of order-0000000000/)
})

test('a saga fails the check when its events are not Created and then Confirmed', async t => {
  const { name } = topics.orderEvents
  await t.rejects(check(records => { records.splice(at(records, name), 1) }), /has phase 7/)
})

test('a saga fails the check when stock was taken twice, or not at all', async t => {
  const { name } = topics.inventoryReplies
  await t.rejects(check(records => { records.push(records[at(records, name)] as Written) }), /are left where/)
  await t.rejects(check(records => { records.splice(at(records, name), 1) }), /orders asked for/)
})
