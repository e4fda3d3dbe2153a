import { type Test, test } from 'tap'
import { brokerErrors } from '../../../../streams/kafka/wire/broker-error.ts'
import { type WireWriter } from '../../../../streams/kafka/wire/writer.ts'
import { type PartitionReader, type ReaderOptions } from '../../../../streams/kafka/port.ts'
import { type KafkaJs } from '../../../../streams/kafka/kafkajs/client.ts'
import { encodeBatch, encodeMarker, record, withRecords } from '../wire/batches.ts'
import { clientOf, clusterOf, ScriptedBroker, TOPIC } from './scripted-broker.ts'

function answer (out: WireWriter, records: Buffer, lastStableOffset: bigint, errorCode = 0): undefined {
  out.int32(0).int16(0).int32(0).int32(1).string(TOPIC).int32(1).int32(0).int16(errorCode).int64(lastStableOffset).int64(lastStableOffset).int64(0n)
  out.int32(0).int32(-1).nullableBytes(records)
}

/** The offset that a fetch asked for: behind replica, wait, sizes, isolation, session, and the names. */
function askedOffset (broker: ScriptedBroker, fetch: number): bigint | undefined {
  const body = broker.bodies.get('fetch')?.[fetch]
  return body?.readBigInt64BE(25 + 4 + 2 + TOPIC.length + 4 + 4 + 4)
}

interface Watched { readonly reader: PartitionReader, until (done: (reader: PartitionReader) => boolean): Promise<void> }

function open (t: Test, client: KafkaJs, options: Partial<ReaderOptions> = {}): Watched {
  let waiting: Array<() => void> = []
  const reader = client.openReader({
    topic: TOPIC,
    partition: 0,
    offset: 0n,
    ...options,
    onReadable: () => {
      for (const resolve of waiting) resolve()
      waiting = []
    }
  })
  t.teardown(() => { reader.close() })
  return { reader, until: async (done) => { while (!done(reader)) await new Promise<void>((resolve) => { waiting.push(resolve) }) } }
}

test('reader goes on at the same offset when the leader moves, the connection breaks or the broker is not ready', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const codes = ['NOT_LEADER_OR_FOLLOWER', 'KAFKA_STORAGE_ERROR', 'OFFSET_NOT_AVAILABLE', 'UNKNOWN_TOPIC_OR_PARTITION', 'FENCED_LEADER_EPOCH'] as const
  let call = 0
  broker.script('fetch', (out) => {
    call++
    if (call === codes.length + 1) return 'hang-up'
    const code = codes[call - 1]
    return code === undefined ? answer(out, encodeBatch([record(null, 'late')], { baseOffset: 3n }), 4n) : answer(out, Buffer.alloc(0), -1n, brokerErrors[code])
  })
  const { reader, until } = open(t, await clientOf(t, broker), { offset: 3n })
  await until(() => reader.queuedRecords > 0)
  t.equal(reader.failure, undefined)
  t.same(reader.take(5).map(({ offset, value }) => [offset, String(value)]), [[3n, 'late']])
})

test('reader follows the partition when its leader moves to another broker', async (t) => {
  const [first, second] = [await ScriptedBroker.start(t), await ScriptedBroker.start(t)]
  first.script('metadata', clusterOf([first, second], 1))
  second.script('metadata', clusterOf([first, second], 2))
  first.script('fetch', (out, _, call) => {
    if (call === 1) return answer(out, encodeBatch([record(null, 'old leader')]), 1n)
    first.script('metadata', clusterOf([first, second], 2))
    return answer(out, Buffer.alloc(0), -1n, brokerErrors.NOT_LEADER_OR_FOLLOWER)
  })
  second.script('fetch', (out, _, call) => call === 1 ? answer(out, encodeBatch([record(null, 'new leader')], { baseOffset: 1n }), 2n) : 'silence')
  const { reader, until } = open(t, await clientOf(t, first))
  await until(() => reader.queuedRecords === 2)
  t.same(reader.take(5).map(({ value }) => String(value)), ['old leader', 'new leader'])
  t.equal(askedOffset(second, 0), 1n)
})

test('reader follows the partition when the broker of its leader is gone', async (t) => {
  const [first, second] = [await ScriptedBroker.start(t), await ScriptedBroker.start(t)]
  first.script('metadata', clusterOf([first, second], 2))
  second.script('fetch', () => {
    first.script('metadata', clusterOf([first, second], 1))
    return 'hang-up'
  })
  first.script('fetch', (out, _, call) => call === 1 ? answer(out, encodeBatch([record(null, 'moved')]), 1n) : 'silence')
  const { reader, until } = open(t, await clientOf(t, first))
  await until(() => reader.queuedRecords === 1)
  t.equal(String(reader.take(1)[0]?.value), 'moved')
})

test('reader position passes markers and empty batches when they follow the last record', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const log = [
    encodeMarker('commit', 1n, 0n), encodeBatch([record(null, 'a'), record(null, 'b')], { baseOffset: 1n }), encodeMarker('abort', 2n, 3n),
    encodeBatch([], { baseOffset: 4n, lastOffsetDelta: 5 })
  ]
  broker.script('fetch', (out, _, call) => call === 1 ? answer(out, Buffer.concat(log), 10n) : 'silence')
  const { reader, until } = open(t, await clientOf(t, broker))
  await until(() => reader.queuedRecords > 0)
  t.equal(reader.position, 0n)
  reader.take(1)
  t.equal(reader.position, 2n)
  reader.take(1)
  t.equal(reader.position, 10n)
  t.equal(reader.lastStableOffset, 10n)
})

test('reader position never goes back when only markers came before the next records', async (t) => {
  const broker = await ScriptedBroker.start(t)
  broker.script('fetch', (out, _, call) => {
    if (call === 1) return answer(out, encodeMarker('commit', 1n, 0n), 1n)
    return call === 2 ? answer(out, encodeBatch([record(null, 'a')], { baseOffset: 1n }), 2n) : 'silence'
  })
  const { reader, until } = open(t, await clientOf(t, broker))
  await until(() => reader.position === 1n)
  await until(() => reader.queuedRecords === 1)
  t.equal(reader.position, 1n)
})

test('reader asks for more bytes when one batch does not fit into the answer', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const batch = encodeBatch([record(null, 'x'.repeat(2_000))])
  broker.script('fetch', (out, _, call) => {
    if (call > 3) return 'silence'
    return answer(out, call === 3 ? batch : batch.subarray(0, 500), 1n)
  })
  const { reader, until } = open(t, await clientOf(t, broker), { maxQueuedBytes: 1_000 })
  await until(() => reader.queuedRecords === 1)
  const sizes = (broker.bodies.get('fetch') ?? []).slice(0, 3).map((body) => body.readInt32BE(25 + 4 + 2 + TOPIC.length + 4 + 4 + 4 + 8 + 8))
  t.same(sizes, [1_000, 2_000, 4_000])
})

test('reader gives the records before it and then fails when a batch has a wrong checksum', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const broken = encodeBatch([record(null, 'broken')], { baseOffset: 1n })
  broken.writeUInt8(0xff, broken.length - 3)
  broker.script('fetch', (out) => answer(out, Buffer.concat([encodeBatch([record(null, 'good')]), broken]), 2n))
  const { reader, until } = open(t, await clientOf(t, broker))
  await until(() => reader.failure !== undefined)
  t.same(reader.take(10).map(({ value }) => String(value)), ['good'])
  t.throws(() => reader.take(10), { code: 'STR_BATCH_CORRUPT' })
  t.equal(reader.position, 1n)
  t.equal(broker.count('fetch'), 1, 'a failed reader asks no more')
})

test('reader stays behind the last good record when a batch does not unpack', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const packed = withRecords(encodeBatch([record(null, 'x')], { baseOffset: 1n }), Buffer.from('no gzip'), 1)
  broker.script('fetch', (out, _, call) => call === 1 ? answer(out, Buffer.concat([encodeBatch([record(null, 'good')]), packed]), 2n) : 'silence')
  const { reader, until } = open(t, await clientOf(t, broker))
  await until(() => reader.queuedRecords === 2)
  t.same(reader.take(10).map(({ value }) => String(value)), ['good'])
  t.equal(reader.position, 1n)
  t.throws(() => reader.take(10), { code: 'STR_BATCH_CORRUPT' })
})

for (const [name, code] of [['OFFSET_OUT_OF_RANGE', 'STR_OFFSET_OUT_OF_RANGE'], ['CORRUPT_MESSAGE', 'STR_BATCH_CORRUPT'],
  ['TOPIC_AUTHORIZATION_FAILED', 'STR_BROKER_REFUSED']] as const) {
  test(`reader fails with ${code} and asks no more when it is answered with ${name}`, async (t) => {
    const broker = await ScriptedBroker.start(t)
    broker.script('fetch', (out) => answer(out, Buffer.alloc(0), -1n, brokerErrors[name]))
    const { reader, until } = open(t, await clientOf(t, broker), { offset: 5n })
    await until(() => reader.failure !== undefined)
    t.match(reader.failure, { code })
    t.equal(reader.position, 5n)
    t.equal(broker.count('fetch'), 1)
  })
}

test('reader gets its records when another partition of the same answer is out of range (B7)', async (t) => {
  const broker = await ScriptedBroker.start(t)
  broker.script('metadata', clusterOf([broker], 1, 1))
  broker.script('fetch', (out, _, call) => {
    if (call > 1) return 'silence'
    out.int32(0).int16(0).int32(0).int32(1).string(TOPIC).int32(2)
    out.int32(0).int16(brokerErrors.OFFSET_OUT_OF_RANGE).int64(-1n).int64(-1n).int64(-1n).int32(-1).int32(-1).nullableBytes(null)
    out.int32(1).int16(0).int64(1n).int64(1n).int64(0n).int32(0).int32(-1).nullableBytes(encodeBatch([record(null, 'good')]))
    return undefined
  })
  const client = await clientOf(t, broker)
  const [bad, good] = [open(t, client, { offset: 99n }), open(t, client, { partition: 1 })]
  await Promise.all([bad.until((reader) => reader.failure !== undefined), good.until((reader) => reader.queuedRecords === 1)])
  t.match(bad.reader.failure, { code: 'STR_OFFSET_OUT_OF_RANGE', context: { topic: TOPIC, partition: 0, offset: 99n } })
  t.same(good.reader.take(5).map(({ value }) => String(value)), ['good'])
  t.equal(good.reader.failure, undefined)
})

test('reader gets its records when another partition of the same answer holds a batch that does not parse (B7)', async (t) => {
  const broker = await ScriptedBroker.start(t)
  broker.script('metadata', clusterOf([broker], 1, 1))
  const unknownCodec = withRecords(encodeBatch([record(null, 'x')]), Buffer.from('?'), 7)
  broker.script('fetch', (out, _, call) => {
    if (call > 1) return 'silence'
    out.int32(0).int16(0).int32(0).int32(1).string(TOPIC).int32(2)
    for (const [partition, bytes] of [[0, unknownCodec], [1, encodeBatch([record(null, 'good')])]] as const) {
      out.int32(partition).int16(0).int64(1n).int64(1n).int64(0n).int32(0).int32(-1).nullableBytes(bytes)
    }
    return undefined
  })
  const client = await clientOf(t, broker)
  const [bad, good] = [open(t, client), open(t, client, { partition: 1 })]
  await Promise.all([bad.until((reader) => reader.queuedRecords === 1), good.until((reader) => reader.queuedRecords === 1)])
  t.same(good.reader.take(5).map(({ value }) => String(value)), ['good'])
  t.throws(() => bad.reader.take(5), { code: 'STR_BATCH_CORRUPT' })
  t.equal(good.reader.failure, undefined)
})

test('reader that opens while another waits at the end is asked for at once', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const client = await clientOf(t, broker)
  const polled = Promise.withResolvers<void>()
  broker.script('fetch', (out, _, call) => {
    if (call === 1) {
      polled.resolve()
      return 'silence' // the long poll of the first reader
    }
    return call === 2 ? answer(out, encodeBatch([record(null, 'now')], { baseOffset: 7n }), 8n) : 'silence'
  })
  open(t, client)
  await polled.promise
  const second = open(t, client, { offset: 7n })
  await second.until((reader) => reader.queuedRecords === 1)
  t.equal(askedOffset(broker, 1), 7n)
})

test('readers at the same offset share one request and both get the records', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const client = await clientOf(t, broker)
  broker.script('fetch', (out, _, call) => call === 1 ? answer(out, encodeBatch([record(null, 'shared')]), 1n) : 'silence')
  const [one, two] = [open(t, client), open(t, client)]
  await Promise.all([one.until((reader) => reader.queuedRecords === 1), two.until((reader) => reader.queuedRecords === 1)])
  t.same([one, two].map(({ reader }) => String(reader.take(1)[0]?.value)), ['shared', 'shared'])
})

test('reader is not reached by an answer when it was closed meanwhile', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const client = await clientOf(t, broker)
  let closeFirst = (): void => {}
  broker.script('fetch', (out, _, call) => {
    if (call > 1) return 'silence'
    closeFirst()
    return answer(out, encodeBatch([record(null, 'late')]), 1n)
  })
  const [first, second] = [open(t, client), open(t, client)]
  closeFirst = () => { first.reader.close() }
  await second.until((reader) => reader.queuedRecords === 1)
  t.same(first.reader.take(10), [])
})
