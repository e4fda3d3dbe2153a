import { test } from 'tap'
import { brokerErrors } from '../../../../streams/kafka/wire/broker-error.ts'
import { WireReader } from '../../../../streams/kafka/wire/reader.ts'
import { apis, optionalApis } from '../../../../streams/kafka/wire/request.ts'
import { WireWriter } from '../../../../streams/kafka/wire/writer.ts'
import { clientOf, ScriptedBroker, TOPIC } from './scripted-broker.ts'

const at = { topic: TOPIC, partition: 0 }

test('holders of a partition are told oldest first, with the ids that coordinators know, and without producers that have nothing open', async (t) => {
  const broker = await ScriptedBroker.start(t)
  t.same(await (await clientOf(t, broker)).transactionHolders(at), [
    { producerId: 9n, firstOffset: 12n, transactionalId: undefined }, { producerId: 7n, firstOffset: 40n, transactionalId: 'foreign' }
  ])
  const body = new WireReader(broker.bodies.get('describeProducers')?.[0] ?? Buffer.alloc(0))
  t.same(body.compactArray((topic) => {
    const asked = [topic.compactString(), topic.compactArray((partition) => partition.int32())]
    topic.tags()
    return asked
  }), [[TOPIC, [0]]])
})

test('holders of a partition are not known, and nothing is asked, when the broker does not speak of them', async (t) => {
  const broker = await ScriptedBroker.start(t)
  broker.script('apiVersions', (out) => {
    out.int16(0).array(Object.values(apis), (o, { key, version }) => { o.int16(key).int16(version).int16(version) })
    return undefined
  })
  const client = await clientOf(t, broker)
  t.equal(await client.transactionHolders(at), undefined)
  t.equal(broker.count('describeProducers'), 0)
})

test('holders of a partition have no ids when only the leader speaks of them, or the coordinator breaks off', async (t) => {
  for (const isSpoken of [true, false]) {
    const broker = await ScriptedBroker.start(t)
    broker.script('apiVersions', (out) => {
      const spoken = [...Object.values(apis), optionalApis.describeProducers, ...isSpoken ? [optionalApis.listTransactions] : []]
      out.int16(0).array(spoken, (o, { key, version }) => { o.int16(key).int16(version).int16(version) })
      return undefined
    })
    broker.script('listTransactions', () => 'hang-up')
    const holders = await (await clientOf(t, broker)).transactionHolders(at)
    t.same(holders?.map(({ producerId, transactionalId }) => [producerId, transactionalId]), [[9n, undefined], [7n, undefined]])
    t.equal(broker.count('listTransactions'), isSpoken ? 1 : 0)
  }
})

test('holders of a partition are asked for again when its leader moved, and refused when that is not allowed', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const client = await clientOf(t, broker)
  broker.fail('describeProducers', brokerErrors.NOT_LEADER_OR_FOLLOWER)
  t.equal((await client.transactionHolders(at))?.length, 2)
  broker.fail('describeProducers', brokerErrors.TOPIC_AUTHORIZATION_FAILED)
  await t.rejects(client.transactionHolders(at), { code: 'STR_BROKER_REFUSED' })
})

test('high watermark is asked for without isolation, and the end of the log with it', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const client = await clientOf(t, broker)
  t.equal((await client.endOffsets([at])).get(`${TOPIC}-0`), 42n)
  t.equal((await client.highWatermarks([at])).get(`${TOPIC}-0`), 42n)
  t.same(broker.bodies.get('listOffsets')?.map((body) => body.readInt8(4)), [1, 0])
})

test('compact strings, arrays and lengths read back as they were written, and tagged fields are passed over', async (t) => {
  const long = 'x'.repeat(20_000)
  const out = new WireWriter(4).compactString('').compactString(long).compactArray([1, 2, 3], (o, item) => { o.int32(item) }).tags().int8(5)
  const input = new WireReader(out.finish())
  t.same([input.compactString(), input.compactString() === long, input.compactArray((one) => one.int32())], ['', true, [1, 2, 3]])
  input.tags()
  t.equal(input.int8(), 5)
  // Two tagged fields, number 0 with three bytes and number 200 with none; then a null string and a null array.
  const tagged = new WireReader(Buffer.from([2, 0, 3, 9, 9, 9, 0xc8, 1, 0, 0, 0, 7]))
  tagged.tags()
  t.same([tagged.compactString(), tagged.compactArray((one) => one.int8()), tagged.int8()], ['', [], 7])
  t.throws(() => { new WireReader(Buffer.alloc(9, 0xff)).compactString() }, RangeError)
  t.throws(() => { new WireReader(Buffer.from([5, 65])).compactString() }, RangeError)
})
