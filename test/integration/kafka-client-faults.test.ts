import { test, type Test } from 'tap'
import { createKafkaJs, type KafkaJs } from '../../streams/kafka/kafkajs/client.ts'
import { isStreamsError } from '../../streams/errors.ts'
import { type PartitionReader } from '../../streams/kafka/port.ts'
import { partitionKey } from '../../streams/record.ts'
import { systemClock } from '../../streams/time/system-clock.ts'
import { createTopic, readAll, readyUnit, takeUntil, textRecord, texts, uniqueName, watch } from '../conformance/kafka-port/scene.ts'
import { ownService, useStack } from '../support/stack.ts'

async function connect (t: Test, brokers: readonly string[], requestTimeoutMs = 10_000): Promise<KafkaJs> {
  const client = createKafkaJs({ brokers, clientId: 'faults', requestTimeoutMs })
  t.teardown(() => client.close())
  await client.start()
  return client
}

test('reader reads every codec when the topic makes the broker compress', async (t) => {
  const stack = await useStack(t, { services: ['kafka'] })
  if (stack === undefined) return
  const client = await connect(t, stack.endpoints.brokers)
  const values = Array.from({ length: 3_000 }, (_, index) => `${index}:${'the same words again and again '.repeat(index % 7)}${Math.sin(index)}`)
  for (const codec of ['gzip', 'snappy', 'lz4', 'zstd', 'uncompressed']) {
    const topic = await createTopic(client, 1, { 'compression.type': codec })
    await client.producer().send(values.map((value) => textRecord(topic, value)))
    t.strictSame(texts(await readAll(t, client, topic)), values, codec)
    t.strictSame(texts(await readAll(t, client, topic, 0, 1_777n)), values.slice(1_777), `${codec} from the middle`)
  }
})

test('reader position reaches the end when compaction removed records and left empty batches', async (t) => {
  const stack = await useStack(t, { services: ['kafka'] })
  if (stack === undefined) return
  const client = await connect(t, stack.endpoints.brokers)
  const topic = await createTopic(client, 1, {
    'cleanup.policy': 'compact', 'segment.bytes': '1048576', 'min.cleanable.dirty.ratio': '0.0', 'min.compaction.lag.ms': '0', 'segment.ms': '100'
  })
  const unit = await readyUnit(t, client)
  for (let round = 0; round < 20; round++) await unit.commit([textRecord(topic, `v${round}`), textRecord(topic, `w${round}`, 0, 'other')])
  await unit.init()
  const end = (await client.endOffsets([{ topic, partition: 0 }])).get(partitionKey(topic, 0)) ?? 0n
  const watched = watch(t, client, topic)
  const records = await takeUntil(watched, (_, reader) => reader.position >= end)
  t.same(texts(records).slice(-2), ['v19', 'w19'])
  t.equal(watched.reader.position, end)
})

test('everything goes on when the broker is killed and comes back', async (t) => {
  const service = await ownService(t, 'kafka')
  if (service === undefined) return
  const client = await connect(t, [service.endpoint], 3_000)
  const topic = await createTopic(client)
  const watched = watch(t, client, topic)
  const unit = await readyUnit(t, client)
  const assignments: number[] = []
  const failures: Error[] = []
  const membership = client.joinGroup({
    groupId: uniqueName('group'),
    instanceId: 'instance-a',
    sessionTimeoutMs: 30_000,
    heartbeatMs: 100,
    memberData: () => Buffer.from('a'),
    assign: (members) => new Map(members.map(({ memberId }) => [memberId, Buffer.from('all')])),
    onAssignment: (_, generation) => { assignments.push(generation) },
    onFailure: (error) => { failures.push(error) }
  })
  await membership.confirm()
  await unit.commit([textRecord(topic, 'before')])
  t.same(texts(await takeUntil(watched, (records) => records.length === 1)), ['before'])

  await service.kill()
  const sending = client.producer().send([textRecord(topic, 'sent while it was down')]).catch((error: unknown) => error)
  // Unavailable: the dead connection was noticed before anything was sent. Unknown: after.
  await t.rejects(unit.commit([textRecord(topic, 'lost')]), { code: /^STR_(TXN_UNKNOWN|BROKER_UNAVAILABLE)$/ })
  const beginning = unit.init()
  await service.start()
  await beginning
  await unit.commit([textRecord(topic, 'after')])
  await membership.confirm()
  const sent = await sending
  t.ok(Array.isArray(sent) || isStreamsError(sent, 'STR_BROKER_UNAVAILABLE'), 'a send is acknowledged or fails, and never hangs')
  const seen = texts(await takeUntil(watched, (records) => records.some(({ value }) => String(value) === 'after')))
  t.same(seen.filter((value) => value !== 'sent while it was down'), ['after'])
  t.equal(watched.reader.failure, undefined)
  t.same(failures, [])
  t.ok(assignments.length >= 1)
})

test('a stopped broker ends a transaction as unknown and the next init finds out what became of it', async (t) => {
  const service = await ownService(t, 'kafka')
  if (service === undefined) return
  const client = await connect(t, [service.endpoint], 1_000)
  const topic = await createTopic(client)
  const unit = await readyUnit(t, client)
  await unit.commit([textRecord(topic, 'first')])
  service.pause()
  await t.rejects(unit.commit([textRecord(topic, 'doubtful')]), { code: 'STR_TXN_UNKNOWN' })
  service.resume()
  await unit.init()
  await unit.commit([textRecord(topic, 'second')])
  const reader: PartitionReader = watch(t, client, topic).reader
  const seen: string[] = []
  while (seen.at(-1) !== 'second') {
    seen.push(...texts(reader.take(100)))
    await systemClock.sleep(5)
  }
  t.same(seen.filter((value) => value !== 'doubtful'), ['first', 'second'])
})
