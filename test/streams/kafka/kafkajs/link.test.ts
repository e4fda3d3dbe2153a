import { test } from 'tap'
import { checkVersion } from '../../../../streams/kafka/kafkajs/kafkajs-internals.ts'
import { createKafkaJs } from '../../../../streams/kafka/kafkajs/client.ts'
import { apis } from '../../../../streams/kafka/wire/request.ts'
import { clientOf, ScriptedBroker, TOPIC } from './scripted-broker.ts'

test('client is refused when kafkajs is not the pinned version', async (t) => {
  t.throws(() => { checkVersion('2.2.5') }, { code: 'STR_CLIENT_VERSION' })
  checkVersion()
})

test('client is refused when its broker addresses make no sense', async (t) => {
  t.throws(() => createKafkaJs({ brokers: [], clientId: 'x' }), { code: 'STR_BROKER_REFUSED' })
  t.throws(() => createKafkaJs({ brokers: ['localhost'], clientId: 'x' }), { code: 'STR_BROKER_REFUSED' })
})

test('start fails when nobody listens', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const port = broker.port
  const client = createKafkaJs({ brokers: ['127.0.0.1:1', `[::1]:${port}`], clientId: 'x' })
  t.teardown(() => client.close())
  await t.rejects(client.start(), { code: 'STR_BROKER_UNAVAILABLE' })
})

test('start finds a broker that answers when the first one does not', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const client = createKafkaJs({ brokers: ['127.0.0.1:1', `127.0.0.1:${broker.port}`], clientId: 'x' })
  t.teardown(() => client.close())
  await client.start()
  t.equal(await client.admin.brokerCount(), 1)
})

test('start fails when the broker does not speak a version of ours', async (t) => {
  const broker = await ScriptedBroker.start(t)
  broker.script('apiVersions', (out) => {
    out.int16(0).array(Object.values(apis), (o, { key, version }) => { o.int16(key).int16(version + 1).int16(version + 3) })
    return undefined
  })
  await t.rejects(clientOf(t, broker), { code: 'STR_BROKER_REFUSED' })
})

test('start fails when the broker accepts the connection and never answers', async (t) => {
  const broker = await ScriptedBroker.start(t)
  broker.script('apiVersions', () => 'silence')
  await t.rejects(clientOf(t, broker, { requestTimeoutMs: 200 }), { code: 'STR_BROKER_UNAVAILABLE' })
})

test('start fails when the broker hangs up in the middle of the handshake', async (t) => {
  const broker = await ScriptedBroker.start(t)
  broker.script('apiVersions', () => 'hang-up')
  await t.rejects(clientOf(t, broker), { code: 'STR_BROKER_UNAVAILABLE' })
})

test('a request is repeated on a new connection when the old one broke', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const client = await clientOf(t, broker)
  let broken = 0
  broker.script('listOffsets', (out) => {
    if (broken++ < 2) return 'hang-up'
    out.int32(0).int32(1).string(TOPIC).int32(1).int32(0).int16(0).int64(-1n).int64(42n)
    return undefined
  })
  t.equal((await client.endOffsets([{ topic: TOPIC, partition: 0 }])).get(`${TOPIC}-0`), 42n)
  t.equal(broken, 3)
})

test('a request is repeated on a new connection when its answer does not parse', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const client = await clientOf(t, broker)
  broker.script('listOffsets', (out, _, call) => {
    out.int32(0).int32(1).string(TOPIC).int32(1)
    if (call > 1) out.int32(0).int16(0).int64(-1n).int64(42n)
    return undefined
  })
  const before = broker.connections
  t.equal((await client.endOffsets([{ topic: TOPIC, partition: 0 }])).get(`${TOPIC}-0`), 42n)
  t.ok(broker.connections > before)
})

test('offsets are asked again when the leader moved or is not ready', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const client = await clientOf(t, broker)
  broker.fail('listOffsets', 6, 78, 5)
  t.equal((await client.startOffsets([{ topic: TOPIC, partition: 0 }])).get(`${TOPIC}-0`), 42n)
  t.equal(broker.count('listOffsets'), 4)
})

test('offsets fail at once when the broker refuses them for good', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const client = await clientOf(t, broker)
  broker.fail('listOffsets', 29)
  await t.rejects(client.endOffsets([{ topic: TOPIC, partition: 0 }]), { code: 'STR_BROKER_REFUSED' })
  t.equal(broker.count('listOffsets'), 1)
})

test('a request is given up when every answer asks to try again for longer than the request timeout', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const client = await clientOf(t, broker, { requestTimeoutMs: 200 })
  broker.script('listOffsets', (out) => {
    out.int32(0).int32(1).string(TOPIC).int32(1).int32(0).int16(7).int64(-1n).int64(-1n)
    return undefined
  })
  await t.rejects(client.endOffsets([{ topic: TOPIC, partition: 0 }]), { code: 'STR_BROKER_UNAVAILABLE' })
})

test('client refuses every call when it was closed', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const client = await clientOf(t, broker)
  await client.close()
  await t.rejects(client.start(), { code: 'STR_CLOSED' })
  await t.rejects(client.endOffsets([]), { code: 'STR_CLOSED' })
  t.throws(() => client.openReader({ topic: TOPIC, partition: 0, offset: 0n }), { code: 'STR_CLOSED' })
  t.throws(() => client.openTransactions({ transactionalId: 'x' }), { code: 'STR_CLOSED' })
  t.throws(() => client.producer(), { code: 'STR_CLOSED' })
})
