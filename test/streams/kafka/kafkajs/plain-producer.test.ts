import { test } from 'tap'
import { brokerErrors } from '../../../../streams/kafka/wire/broker-error.ts'
import { batchLayout } from '../../../../streams/kafka/wire/record-batch.ts'
import { type OutgoingRecord } from '../../../../streams/record.ts'
import { clientOf, clusterOf, ScriptedBroker, TOPIC } from './scripted-broker.ts'

function text (value: string): OutgoingRecord {
  return { topic: TOPIC, partition: 0, key: null, value: Buffer.from(value), headers: [] }
}

test('producer puts sends into one request when another is under way', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const producer = (await clientOf(t, broker)).producer()
  await producer.send([text('warm')])
  const before = broker.count('produce')
  await Promise.all(Array.from({ length: 20 }, (_, index) => producer.send([text(String(index))])))
  t.equal(broker.count('produce') - before, 1, 'sends of one turn share a request')
})

test('producer repeats a batch under the same sequence when its fate is not known', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const producer = (await clientOf(t, broker)).producer()
  broker.script('produce', (out, _, call) => {
    if (call === 1) return 'hang-up'
    out.int32(1).string(TOPIC).int32(1).int32(0).int16(call === 2 ? brokerErrors.NOT_LEADER_OR_FOLLOWER : 0).int64(9n).int64(-1n).int64(0n).int32(0)
    return undefined
  })
  const [answer] = await producer.send([text('once')])
  t.equal(answer?.offset, 9n)
  // From the producer id on: only time and checksum may differ.
  const [first, second, third] = (broker.bodies.get('produce') ?? []).map((body) => {
    return body.subarray(body.indexOf(2, body.indexOf(TOPIC) + 20) - batchLayout.magic + batchLayout.producerId).toString('hex')
  })
  t.ok((first?.length ?? 0) > 0)
  t.same([second, third], [first, first])
  t.equal(broker.count('initProducerId'), 1)
})

test('producer takes a new producer id when a batch was refused for good', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const producer = (await clientOf(t, broker)).producer()
  broker.fail('produce', 87)
  await t.rejects(producer.send([text('invalid')]), { code: 'STR_BROKER_REFUSED' })
  t.equal((await producer.send([text('good')])).length, 1)
  t.equal(broker.count('initProducerId'), 2)
})

test('producer gives up when the broker stays away for longer than the request timeout', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const producer = (await clientOf(t, broker, { requestTimeoutMs: 300 })).producer()
  broker.script('produce', () => 'hang-up')
  await t.rejects(producer.send([text('lost')]), { code: 'STR_BROKER_UNAVAILABLE' })
  broker.fail('produce')
  t.equal((await producer.send([text('next')])).length, 1)
})

test('producer takes a new producer id when it gave up a sent batch because its topic is not to be found, so that no sequence is missing', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const producer = (await clientOf(t, broker)).producer()
  await producer.send([text('before')])
  broker.script('produce', () => 'hang-up')
  broker.fail('metadata', ...Array.from({ length: 100 }, () => brokerErrors.UNKNOWN_TOPIC_OR_PARTITION))
  await t.rejects(producer.send([text('lost')]), { code: 'STR_TOPIC_MISSING' })
  broker.fail('metadata')
  broker.fail('produce')
  t.equal((await producer.send([text('next')])).length, 1)
  t.equal(broker.count('initProducerId'), 2)
  const body = broker.bodies.get('produce')?.at(-1)
  const magic = body?.indexOf(2, body.indexOf(TOPIC) + 20) ?? -1
  t.equal(body?.readInt32BE(magic - batchLayout.magic + batchLayout.baseSequence), 0)
})

test('producer repeats a batch on the new leader when the old one is frozen, and does not give up at the first silence', async (t) => {
  const [frozen, next] = [await ScriptedBroker.start(t), await ScriptedBroker.start(t)]
  for (const broker of [frozen, next]) broker.script('metadata', clusterOf([frozen, next], 1))
  const producer = (await clientOf(t, next, { requestTimeoutMs: 300 })).producer()
  const sequences: number[] = []
  const note = (broker: ScriptedBroker): void => {
    const body = broker.bodies.get('produce')?.at(-1)
    const magic = body?.indexOf(2, body.indexOf(TOPIC) + 20) ?? -1
    sequences.push(body?.readInt32BE(magic - batchLayout.magic + batchLayout.baseSequence) ?? -1)
  }
  frozen.script('produce', () => {
    note(frozen)
    for (const broker of [frozen, next]) broker.script('metadata', clusterOf([frozen, next], 2))
    return 'silence'
  })
  next.script('produce', (out) => {
    note(next)
    out.int32(1).string(TOPIC).int32(1).int32(0).int16(0).int64(7n).int64(1n).int64(0n).int32(0)
    return undefined
  })
  t.same((await producer.send([text('once')])).map(({ offset }) => offset), [7n])
  t.same(sequences, [0, 0], 'under its sequence, so that a copy of it would be known')
})

test('producer rejects what waits when it gets no producer id', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const producer = (await clientOf(t, broker)).producer()
  broker.fail('initProducerId', brokerErrors.CLUSTER_AUTHORIZATION_FAILED)
  await t.rejects(Promise.all([producer.send([text('a')]), producer.send([text('b')])]), { code: 'STR_BROKER_REFUSED' })
  t.equal((await producer.send([text('c')])).length, 1)
})

test('producer rejects what waits when the client is closed', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const client = await clientOf(t, broker)
  const asked = Promise.withResolvers<void>()
  broker.script('produce', () => {
    asked.resolve()
    return 'silence'
  })
  const sending = client.producer().send([text('a')])
  await Promise.all([t.rejects(sending, { code: 'STR_CLOSED' }), asked.promise.then(() => client.close())])
})

test('producer cuts what waits into batches that the topic accepts', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const producer = (await clientOf(t, broker)).producer()
  const answers = await producer.send(Array.from({ length: 5 }, () => text('x'.repeat(400))))
  t.equal(answers.length, 5)
  t.equal(broker.count('produce'), 3)
  t.same(await producer.send([]), [])
})
