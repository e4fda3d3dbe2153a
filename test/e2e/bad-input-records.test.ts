import { test } from 'tap'
import { type FetchedRecord, type OutgoingRecord, NO_HEADERS, headerText, partitionOf } from '#streams'
import { type LinesReserved, type PaymentSucceeded, type ReserveStock } from '#schemas'
import { toRecord } from '../../ops/play/commands.ts'
import { deadLetterTopic, partitions, topics } from '../../topology/topics.ts'
import { commandMeta, newOrderId, newProduct, placeOrder } from '../support/orders.ts'
import { usePlatform } from '../support/platform.ts'
import { newSkuIn, openShop } from '../support/shop.ts'
import { watchTopic } from '../support/watch.ts'

/** Bytes that no processor can take, in a topic; `reason` and `processor` are what the dead letter must say. */
interface BadRecord {
  readonly what: string
  readonly reason: string
  readonly processor: string
  readonly record: OutgoingRecord
}

const traced = [['traceparent', Buffer.from('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')]] as const
const eventMeta = { eventId: newOrderId(), occurredAt: 1, correlationId: 'c', causationId: 'c', aggregateVersion: 1, tenant: 'default' }

/** One bad record of each kind, each in a partition of the orders of its own where that matters. */
function badRecords (skus: readonly string[]): BadRecord[] {
  const commands = topics.orders.commands
  let next = 0
  const raw = (change: (record: OutgoingRecord) => Partial<OutgoingRecord>): OutgoingRecord => {
    const orderId = newOrderId(next++ % partitions)
    const good = { ...toRecord(commands, orderId, placeOrder(orderId, skus[0] as string)), headers: traced }
    return { ...good, ...change(good) }
  }
  const value = (change: (bytes: Buffer) => Buffer | null): OutgoingRecord => raw(good => ({ value: change(good.value as Buffer) }))
  const unreadable = { reason: 'STR_RECORD_UNREADABLE', processor: 'orders' }
  const refused = { reason: 'STR_RECORD_REFUSED', processor: 'orders' }
  const nobody = newOrderId()
  const reply: LinesReserved = { type: 'LinesReserved', meta: eventMeta, orderId: nobody, attempt: 1, partition: 0 }
  const paid: PaymentSucceeded = { type: 'PaymentSucceeded', meta: eventMeta, orderId: nobody, attempt: 1, paymentId: 'p', amount: 1n, currency: 'GBP' }
  const reserve: ReserveStock = {
    type: 'ReserveStock',
    meta: commandMeta(),
    orderId: nobody,
    attempt: 1,
    partition: 0,
    lines: skus.map((sku, at) => ({ lineNo: at + 1, sku, quantity: 1 })),
    expiresAt: 1,
    waitsSince: null
  }
  return [
    { what: 'a wrong magic byte', ...unreadable, record: value(bytes => Buffer.concat([Buffer.from([1]), bytes.subarray(1)])) },
    { what: 'JSON instead of Avro', ...unreadable, record: value(() => Buffer.from('{"type":"PlaceOrder"}')) },
    { what: 'an Avro body that is cut off', ...unreadable, record: value(bytes => bytes.subarray(0, bytes.length - 9)) },
    { what: 'bytes behind the Avro body', ...unreadable, record: value(bytes => Buffer.concat([bytes, Buffer.from('more')])) },
    { what: 'less than a header', ...unreadable, record: value(() => Buffer.from([0, 0, 1])) },
    { what: 'no bytes', ...unreadable, record: value(() => Buffer.alloc(0)) },
    { what: 'no value', ...unreadable, record: value(() => null) },
    { what: 'an unknown schema id', reason: 'STR_SCHEMA_UNKNOWN', processor: 'orders', record: value(bytes => withSchemaId(bytes, 2_000_000_000)) },
    { what: 'a record of another topic', ...unreadable, record: value(() => topics.inventory.replies.value.encode(reply)) },
    { what: 'a null key', reason: 'STR_KEY_INVALID', processor: 'orders', record: raw(() => ({ key: null })) },
    { what: 'a key that is not UTF-8', reason: 'STR_KEY_INVALID', processor: 'orders', record: raw(() => ({ key: Buffer.from([0xc3, 0x28]) })) },
    { what: 'a key that is not its order id', ...refused, record: raw(good => keyIn(good.partition)) },
    { what: 'an inventory reply nobody asked for', ...refused, record: toRecord(topics.inventory.replies, nobody, reply) },
    { what: 'a payment of an order that does not exist', ...refused, record: toRecord(topics.payments.events, nobody, paid) },
    { what: 'a reservation over two partitions', reason: 'STR_ROUTE_MIXED', processor: 'inventory', record: toRecord(topics.inventory.commands, nobody, reserve) },
    { what: 'a payment command that is not Avro', reason: 'STR_RECORD_UNREADABLE', processor: 'payments', record: garbage(topics.payments.commands.name) },
    { what: 'a refund that is not Avro', reason: 'STR_RECORD_UNREADABLE', processor: 'payments', record: garbage(topics.compensations.payment.name) },
    { what: 'a shipping command that is not Avro', reason: 'STR_RECORD_UNREADABLE', processor: 'shipping', record: garbage(topics.shipping.commands.name) }
  ]
}

function withSchemaId (bytes: Buffer, id: number): Buffer {
  const changed = Buffer.from(bytes)
  changed.writeInt32BE(id, 1)
  return changed
}

function keyIn (partition: number): Partial<OutgoingRecord> {
  return { key: Buffer.from(newOrderId(partition)) }
}

function garbage (topic: string): OutgoingRecord {
  const key = newOrderId()
  return { topic, partition: partitionOf(key, partitions), key: Buffer.from(key), value: Buffer.from('garbage'), headers: NO_HEADERS }
}

test('every record that cannot be processed becomes a dead letter as it came, and the orders behind it go on', async t => {
  const platform = await usePlatform(t)
  if (platform === undefined) return
  const events = await watchTopic(platform.kafka, topics.orders.events)
  const letters = await watchTopic<Buffer>(platform.kafka, deadLetterTopic)
  t.teardown(() => { events.close(); letters.close() })
  const skus = await openShop(platform, events)

  for (const { what, reason, processor, record } of badRecords(skus)) {
    await t.test(`${what} in ${record.topic} is a dead letter, and the next order is confirmed`, async t => {
      // The order behind it takes the same partitions: of the orders, or of the stock.
      const [sku, orderId] = record.topic === topics.inventory.commands.name
        ? [skus[record.partition] as string, newOrderId()]
        : [skus[0] as string, newOrderId(record.partition)]
      const [offset = -1n] = await platform.send(record)
      await platform.send(toRecord(topics.orders.commands, orderId, placeOrder(orderId, sku)))

      const isOfIt = ({ headers }: Pick<FetchedRecord, 'headers'>): boolean => headerText(headers, 'dlq.topic') === record.topic &&
        headerText(headers, 'dlq.partition') === String(record.partition) && headerText(headers, 'dlq.offset') === String(offset)
      const { record: letter } = await letters.find(`letter of ${processor} about ${record.topic}-${record.partition} at ${offset}`, (_, found) =>
        isOfIt(found) && headerText(found.headers, 'dlq.processor') === processor)
      t.same(letter.key, record.key, 'the key is the original')
      t.same(letter.value, record.value, 'the value is the original')
      t.equal(letter.partition, record.partition, 'the partition is the original')
      t.same(letter.headers.slice(0, record.headers.length), record.headers, 'the headers of the record come first')
      const said = Object.fromEntries(letter.headers.slice(record.headers.length).map(([name, bytes]) => [name, bytes?.toString()]))
      t.match(said, { 'dlq.reason': reason, 'dlq.message': /\w/, 'dlq.processor': processor, 'dlq.kind': 'record', 'dlq.at': /^\d{13}$/ })

      await events.find(`confirmation of ${orderId}`, event => event.orderId === orderId && event.type === 'OrderConfirmed')
      const processors = letters.seen.filter(({ record }) => isOfIt(record)).map(({ record: { headers } }) => headerText(headers, 'dlq.processor'))
      t.equal(new Set(processors).size, processors.length, 'there is one letter of each who reads it')
    })
  }

  await t.test('a catalog command that is not Avro is a dead letter, and the next product is listed', async t => {
    const views = await watchTopic(platform.kafka, topics.catalog.state)
    t.teardown(() => { views.close() })
    const sku = newSkuIn(0)
    const partition = partitionOf(sku, partitions)
    const [offset = -1n] = await platform.send({ ...garbage(topics.catalog.commands.name), partition })
    await platform.send(toRecord(topics.catalog.commands, sku, newProduct(sku, 1)[0]))
    const { record: letter } = await letters.find('letter of the catalog', (_, { headers }) =>
      headerText(headers, 'dlq.processor') === 'catalog' && headerText(headers, 'dlq.offset') === String(offset))
    t.equal(letter.value?.toString(), 'garbage')
    t.equal((await views.find(`product ${sku}`, view => view.sku === sku)).value.version, 1)
  })

  await t.test('an order that lies in a partition of another key is forwarded and confirmed', async t => {
    const orderId = newOrderId(3)
    const lettersBefore = letters.seen.length
    await platform.send({ ...toRecord(topics.orders.commands, orderId, placeOrder(orderId, skus[0] as string)), partition: 5 })
    const { record } = await events.find(`confirmation of ${orderId}`, event => event.orderId === orderId && event.type === 'OrderConfirmed')
    t.equal(record.partition, 3)
    t.equal(letters.seen.length, lettersBefore)
  })

  await t.test('an event that is not Avro is kept in analytics with its bytes and the reason, and the events behind it arrive', async t => {
    const orderId = newOrderId(6)
    const [offset = -1n] = await platform.send({ topic: topics.orders.events.name, partition: 6, key: Buffer.from('k'), value: Buffer.from('garbage'), headers: NO_HEADERS })
    await platform.send(toRecord(topics.orders.commands, orderId, placeOrder(orderId, skus[0] as string)))
    const { record: { offset: confirmedAt } } = await events.find(`confirmation of ${orderId}`, event => event.orderId === orderId && event.type === 'OrderConfirmed')
    const rows = async (): Promise<ReadonlyArray<Record<string, string>>> => {
      const answer = await platform.clickhouse.query({
        query: `SELECT toString(_offset) AS at, event_type, order_id, decode_error, base64Decode(raw) AS raw FROM raw_events
          WHERE _topic = {topic:String} AND _partition = 6 AND _offset IN ({bad:UInt64}, {good:UInt64}) ORDER BY _offset`,
        query_params: { topic: topics.orders.events.name, bad: String(offset), good: String(confirmedAt) },
        format: 'JSONEachRow'
      })
      return await answer.json()
    }
    let found = await rows()
    while (found.length < 2) {
      await new Promise(resolve => setTimeout(resolve, 200))
      found = await rows()
    }
    t.match(found, [
      { at: String(offset), event_type: '', order_id: '', decode_error: /does not decode/, raw: 'garbage' },
      { at: String(confirmedAt), event_type: 'OrderConfirmed', order_id: orderId, decode_error: '', raw: '' }
    ])
  })

  t.same(platform.streams.health().reasons, [], 'nothing has failed')
})
