import { isStreamsError } from '../../../streams/errors.ts'
import { type RecordHeader } from '../../../streams/record.ts'
import { type Case, createTopic, readAll, takeUntil, textRecord, texts, uniqueName, watch } from './scene.ts'

/** Readers: order, bytes, back-pressure, wake-ups, failures. */
export const readerCases: Record<string, Case> = {
  'reader gives keys, values and headers back as they were written': async (t, { client }) => {
    const topic = await createTopic(client)
    const headers: RecordHeader[] = [['trace', Buffer.from('one')], ['trace', Buffer.from([0, 255])], ['none', null], ['', Buffer.alloc(0)]]
    await client.producer().send([
      { topic, partition: 0, key: Buffer.from('key'), value: Buffer.from([0, 1, 2, 255]), headers },
      { topic, partition: 0, key: null, value: Buffer.alloc(0), headers: [] },
      { topic, partition: 0, key: Buffer.alloc(0), value: null, headers: [] }
    ])
    const [first, second, third] = await readAll(t, client, topic)
    t.same([first?.key, first?.value], [Buffer.from('key'), Buffer.from([0, 1, 2, 255])])
    t.same(first?.headers, headers)
    t.same([second?.key, second?.value, second?.headers], [null, Buffer.alloc(0), []])
    t.same([third?.key, third?.value], [Buffer.alloc(0), null])
    t.same([first?.topic, first?.partition, first?.offset, third?.offset], [topic, 0, 0n, 2n])
    t.ok((first?.timestampMs ?? 0) > 1_600_000_000_000, 'append time in epoch ms')
  },

  'reader starts inside a batch when its offset is there': async (t, { client }) => {
    const topic = await createTopic(client)
    await client.producer().send(Array.from({ length: 10 }, (_, index) => textRecord(topic, `v${index}`)))
    t.same(texts(await readAll(t, client, topic, 0, 7n)), ['v7', 'v8', 'v9'])
  },

  'reader position follows what was taken when the queue is not drained': async (t, { client }) => {
    const topic = await createTopic(client)
    await client.producer().send(Array.from({ length: 5 }, (_, index) => textRecord(topic, `v${index}`)))
    const watched = watch(t, client, topic, 1n)
    while (watched.reader.queuedRecords < 4) await watched.changed()
    t.equal(watched.reader.position, 1n)
    t.ok(watched.reader.queuedBytes > 0)
    t.same(texts(watched.reader.take(2)), ['v1', 'v2'])
    t.equal(watched.reader.position, 3n)
    t.equal(watched.reader.queuedRecords, 2)
    t.same(texts(watched.reader.take(100)), ['v3', 'v4'])
    t.equal(watched.reader.position, 5n)
    t.same([watched.reader.queuedRecords, watched.reader.queuedBytes, watched.reader.lastStableOffset], [0, 0, 5n])
    t.same(watched.reader.take(100), [], 'an empty queue gives nothing')
  },

  'reader wakes up when records arrive while it waits at the end': async (t, { client }) => {
    const topic = await createTopic(client)
    const watched = watch(t, client, topic)
    while (watched.reader.lastStableOffset < 0n) await watched.changed()
    for (const value of ['a', 'b', 'c']) {
      await client.producer().send([textRecord(topic, value)])
      t.same(texts(await takeUntil(watched, (records) => records.length > 0)), [value])
    }
  },

  'readers get their own partitions in order when many read at once': async (t, { client }) => {
    const topic = await createTopic(client, 8)
    const readers = Array.from({ length: 8 }, (_, partition) => watch(t, client, topic, 0n, partition))
    const producer = client.producer()
    for (let round = 0; round < 10; round++) {
      await producer.send(Array.from({ length: 80 }, (_, index) => textRecord(topic, `${index % 8}:${round * 10 + Math.floor(index / 8)}`, index % 8)))
    }
    for (const [partition, watched] of readers.entries()) {
      const records = await takeUntil(watched, (taken) => taken.length >= 100)
      t.same(texts(records), Array.from({ length: 100 }, (_, index) => `${partition}:${index}`))
    }
  },

  'reader stops fetching when its queue is full and goes on when there is room': async (t, { client }) => {
    const topic = await createTopic(client)
    for (let batch = 0; batch < 40; batch++) {
      await client.producer().send(Array.from({ length: 10 }, (_, index) => textRecord(topic, `${batch * 10 + index}:${'x'.repeat(1000)}`)))
    }
    const watched = watch(t, client, topic, 0n, 0, 30_000)
    const other = watch(t, client, topic)
    await takeUntil(other, (records) => records.length === 400)
    t.ok(watched.reader.queuedRecords < 400, 'the queue is bounded')
    const records = await takeUntil(watched, (taken) => taken.length === 400)
    t.same(records.map((record) => Number(String(record.value).split(':')[0])), Array.from({ length: 400 }, (_, index) => index))
  },

  'reader fails and is never reset when its offset is out of range': async (t, { client }) => {
    const topic = await createTopic(client)
    await client.producer().send([textRecord(topic, 'only')])
    const watched = watch(t, client, topic, 1_000n)
    while (watched.reader.failure === undefined) await watched.changed()
    t.ok(isStreamsError(watched.reader.failure, 'STR_OFFSET_OUT_OF_RANGE'))
    t.throws(() => watched.reader.take(1), { code: 'STR_OFFSET_OUT_OF_RANGE' })
    t.equal(watched.reader.position, 1_000n)
  },

  'reader fails when its topic does not exist while another goes on': async (t, { client }) => {
    const topic = await createTopic(client)
    const good = watch(t, client, topic)
    const bad = watch(t, client, uniqueName('missing'))
    while (bad.reader.failure === undefined) await bad.changed()
    t.ok(isStreamsError(bad.reader.failure, 'STR_TOPIC_MISSING'))
    await client.producer().send([textRecord(topic, 'fine')])
    t.same(texts(await takeUntil(good, (records) => records.length > 0)), ['fine'])
  },

  'reader is silent when it was closed': async (t, { client }) => {
    const topic = await createTopic(client)
    const closed = watch(t, client, topic)
    const open = watch(t, client, topic)
    closed.reader.close()
    let woken = false
    const silence = Promise.race([closed.changed().then(() => { woken = true }), takeUntil(open, (records) => records.length > 0)])
    await client.producer().send([textRecord(topic, 'x')])
    await silence
    t.notOk(woken)
  }
}
