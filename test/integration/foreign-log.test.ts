import { setTimeout as pause } from 'node:timers/promises'
import { Kafka as KafkaJsClient, logLevel, type Producer, type Transaction } from 'kafkajs'
import t, { type Test } from 'tap'
import { partitionKey, partitionOf } from '../../streams/index.ts'
import { createKafkaJs, type KafkaJs } from '../../streams/kafka/kafkajs/client.ts'
import { commitSettled, createTopic, endOf, readAll, readyUnit, takeUntil, textRecord, texts, uniqueName, watch } from '../conformance/kafka-port/scene.ts'
import { useStack } from '../support/stack.ts'
import { startCountingApp, type CountingApp } from './counting-app.ts'
import { CountingScene } from './counting-scene.ts'

const stack = await useStack(t, { services: ['kafka', 'redis'] })
const brokers = [...stack?.endpoints.brokers ?? []]

async function connect (t: Test): Promise<KafkaJs> {
  const client = createKafkaJs({ brokers, clientId: 'foreign-log' })
  t.teardown(() => client.close())
  await client.start()
  return client
}

/** Another team's client: plain kafkajs, as its documentation shows it. */
function foreign (): KafkaJsClient {
  return new KafkaJsClient({ brokers, clientId: 'foreign', logLevel: logLevel.NOTHING })
}

async function foreignProducer (t: Test, transactionalId?: string): Promise<Producer> {
  const producer = foreign().producer(transactionalId === undefined ? {} : { transactionalId, idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  t.teardown(async () => { await producer.disconnect() })
  return producer
}

async function write (to: Pick<Transaction, 'send'>, topic: string, value: string, key: Buffer = Buffer.from('k')): Promise<void> {
  await to.send({ topic, messages: [{ key, value, partition: 0 }] })
}

/** Deletes what a partition holds before `offset`, −1 = all of it. */
async function deleteRecords (topic: string, partition: number, offset: bigint): Promise<void> {
  const admin = foreign().admin()
  await admin.connect()
  try {
    // kafkajs deletes only from topics that it has been asked about before.
    await admin.fetchTopicOffsets(topic)
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] })
  } finally {
    await admin.disconnect()
  }
}

/** What kafkajs' own consumer gives to its application, read-committed (its default), from an offset up to the record `last`. */
async function deliveredByKafkajs (t: Test, topic: string, offset: bigint, last: string): Promise<string[]> {
  const groupId = uniqueName('plain')
  const admin = foreign().admin()
  await admin.connect()
  // A seek would come too late where the first fetch is quicker.
  await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: String(offset) }] })
  await admin.disconnect()
  const consumer = foreign().consumer({ groupId, maxWaitTimeInMs: 100 })
  await consumer.connect()
  t.teardown(async () => { await consumer.disconnect() })
  await consumer.subscribe({ topic, fromBeginning: true })
  const delivered: string[] = []
  const done = Promise.withResolvers<void>()
  await consumer.run({
    autoCommit: false,
    eachMessage: async ({ message }) => {
      delivered.push(String(message.value))
      if (String(message.value) === last) done.resolve()
    }
  })
  await done.promise
  return delivered
}

async function readByUs (t: Test, client: KafkaJs, topic: string, offset: bigint): Promise<string[]> {
  return texts(await readAll(t, client, topic, 0, offset))
}

async function start (t: Test, counting: CountingScene): Promise<CountingApp> {
  const app = await startCountingApp({ ...counting.app, instance: 'one', options: { offsetCommitMs: 200, reportWaitMs: 1_000, passCommitMs: 50, maxBackoffMs: 500 } })
  t.teardown(app.close)
  return app
}

async function until (condition: () => boolean): Promise<void> {
  while (!condition()) await pause(10)
}

async function scene (t: Test): Promise<CountingScene> {
  return await CountingScene.create(t, { brokers, redisUrl: stack?.endpoints.redisUrl ?? '', partitions: 3, keys: 30 })
}

if (stack !== undefined) {
  t.test('aborted records that kafkajs delivers to its application are not read by us, when a fetch starts inside two aborted transactions', async t => {
    const client = await connect(t)
    const topic = await createTopic(client)
    const [one, two] = [await (await foreignProducer(t, uniqueName('a'))).transaction(), await (await foreignProducer(t, uniqueName('b'))).transaction()]
    await write(one, topic, 'aborted one, 0')
    await write(two, topic, 'aborted two, 1')
    for (const round of [2, 4]) {
      await write(two, topic, `aborted two, ${round}`)
      await write(one, topic, `aborted one, ${round + 1}`)
    }
    // The broker lists them in the order of their markers, which it writes after it has answered.
    await one.abort()
    while ((await client.highWatermarks([{ topic, partition: 0 }])).get(partitionKey(topic, 0)) !== 7n) await pause(10)
    await two.abort()
    await client.producer().send([textRecord(topic, 'kept')])
    const plain = await deliveredByKafkajs(t, topic, 2n, 'kept')
    t.ok(plain.some(value => value.startsWith('aborted')), `plain kafkajs delivers: ${plain.join(' | ')}`)
    for (let offset = 0n; offset < 6n; offset++) t.same(await readByUs(t, client, topic, offset), ['kept'], `from offset ${offset}`)
  })

  t.test('aborted records that kafkajs delivers to its application are not read by us, when a key of theirs looks like a marker', async t => {
    const client = await connect(t)
    const topic = await createTopic(client)
    const transaction = await (await foreignProducer(t, uniqueName('a'))).transaction()
    await write(transaction, topic, 'aborted 0')
    await write(transaction, topic, 'aborted 1', Buffer.alloc(4)) // an int32 key of 0
    await write(transaction, topic, 'aborted 2')
    await transaction.abort()
    await client.producer().send([textRecord(topic, 'kept')])
    const plain = await deliveredByKafkajs(t, topic, 0n, 'kept')
    t.ok(plain.some(value => value.startsWith('aborted')), `plain kafkajs delivers: ${plain.join(' | ')}`)
    t.same(await readByUs(t, client, topic, 0n), ['kept'])
  })

  t.test('a record that plain kafkajs loses after a refused one is not lost by us (A2)', async t => {
    const client = await connect(t)
    const run = async (commit: (good: string, values: ReadonlyArray<readonly [topic: string, value: string]>) => Promise<boolean>): Promise<string[]> => {
      const [good, small] = [await createTopic(client), await createTopic(client, 1, { 'max.message.bytes': '500' })]
      t.equal(await commit(good, [[good, 'refused with the other'], [small, 'x'.repeat(1_000)]]), false, 'the broker refuses the second topic')
      t.equal(await commit(good, [[good, 'after it']]), true, 'the next transaction is said to be committed')
      return await readByUs(t, client, good, 0n)
    }
    const producer = await foreignProducer(t, uniqueName('a'))
    const plain = await run(async (_, values) => {
      const transaction = await producer.transaction()
      try {
        await transaction.sendBatch({ topicMessages: values.map(([topic, value]) => ({ topic, messages: [{ value, partition: 0 }] })) })
        await transaction.commit()
        return true
      } catch {
        await transaction.abort()
        return false
      }
    })
    t.same(plain, [], 'plain kafkajs: committed, and not there')
    const unit = await readyUnit(t, client)
    const ours = await run(async (_, values) => {
      try {
        await commitSettled(client, unit, values.map(([topic, value]) => textRecord(topic, value)))
        return true
      } catch {
        return false
      }
    })
    t.same(ours, ['after it'])
  })

  t.test('time is when the broker appended, whatever a producer stamps: 2010 is not old, and 2100 fires nothing (A11)', async t => {
    const client = await connect(t)
    const topic = await createTopic(client)
    const producer = await foreignProducer(t)
    for (const year of [2010, 2100]) await producer.send({ topic, messages: [{ value: String(year), partition: 0, timestamp: String(Date.UTC(year, 0)) }] })
    for (const { timestampMs, value } of await readAll(t, client, topic)) t.ok(Math.abs(timestampMs - Date.now()) < 86_400_000, `${String(value)} is today`)
  })

  t.test('a record that another partitioner put elsewhere is counted once, where its key belongs (A12)', async t => {
    const counting = await scene(t)
    await start(t, counting)
    await counting.send(30)
    await counting.until(30)
    const home = partitionOf('key-7', 3)
    const value = Buffer.from(counting.input.value.encode({ type: 'Add', amount: 1 }))
    await (await foreignProducer(t)).send({ topic: counting.input.name, messages: [{ key: 'key-7', value, partition: (home + 1) % 3 }] })
    await counting.until(31)
    const seen = await counting.totals(31)
    t.same(seen.get('key-7'), [1, 2])
    await counting.checkStable(t)
  })

  t.test('an open transaction of another team is told with its producer, and its partition goes on when it ends (R10)', async t => {
    const counting = await scene(t)
    const app = await start(t, counting)
    await counting.send(30)
    await counting.until(30)
    const transactionalId = uniqueName('forgotten')
    const transaction = await (await foreignProducer(t, transactionalId)).transaction()
    await transaction.send({ topic: counting.input.name, messages: [{ key: 'x', value: '{}', partition: 1 }] })
    const [at = { topic: '', partition: 0 }] = counting.partitionsOf(counting.input.name).filter(({ partition }) => partition === 1)
    const [holder] = await counting.kafka.transactionHolders(at) ?? []
    await counting.send(30)
    await until(() => app.streams.health().warnings.length > 0)
    t.match(app.streams.health(), { healthy: true, reasons: [] })
    t.match(app.streams.health().warnings, [
      new RegExp(`^${counting.input.name}-1 has been held back at offset \\d+ for \\d+ s by the open transaction of producer ${holder?.producerId} \\(transactional id ${transactionalId}\\): `)
    ])
    await transaction.abort()
    await until(() => app.streams.health().warnings.length === 0)
    await counting.until(60)
    t.equal([...(await counting.totals(60)).values()].flat().length, 60)
    await counting.checkStable(t)
  })

  t.test('a task whose input was deleted beyond its progress stops with a reason, and is never reset, at any start (R9)', async t => {
    const counting = await scene(t)
    const before = await start(t, counting)
    await counting.send(60)
    await counting.until(60)
    await before.close()
    await counting.send(60)
    const topic = counting.input.name
    const end = await endOf(counting.kafka as KafkaJs, topic, 2)
    await deleteRecords(topic, 2, end - 1n)
    const inputs = await counting.kafka.endOffsets(counting.partitionsOf(topic))
    for (let round = 0; round < 2; round++) {
      const app = await start(t, counting)
      await until(() => app.streams.tasks().every(({ state, partition, offsets }) => {
        return state === 'failed' || offsets.get(topic) === inputs.get(partitionKey(topic, partition))
      }))
      t.match(app.streams.tasks().map(({ state, reason }) => [state, reason]), [['running', undefined], ['running', undefined], ['failed', { code: 'STR_OFFSET_OUT_OF_RANGE' }]])
      t.match(app.streams.health(), { healthy: false, reasons: [/^counter-2 is failed: the log no longer holds the offset to resume from/] })
      await app.close()
    }
    const partitions = counting.partitionsOf(counting.output.name)
    const totals = await Promise.all(partitions.map(async ({ partition }) => (await readAll(t, counting.kafka, counting.output.name, partition)).length))
    t.same(totals.slice(0, 2), [0, 1].map(partition => Number(inputs.get(partitionKey(topic, partition)))), 'the others did all of theirs')
    t.equal(totals[2], Number(end) / 2, 'and nothing of what was left')
  })

  t.test('a reader whose records are deleted while it reads fails with what is queued still given out', async t => {
    const client = await connect(t)
    const topic = await createTopic(client)
    await client.producer().send(Array.from({ length: 100 }, (_, n) => textRecord(topic, String(n))))
    await deleteRecords(topic, 0, 50n)
    const [below, at, control] = [watch(t, client, topic, 49n), watch(t, client, topic, 50n), watch(t, client, topic, 50n)]
    while (below.reader.failure === undefined) await below.changed()
    t.match(below.reader.failure, { code: 'STR_OFFSET_OUT_OF_RANGE', context: { offset: 49n } })
    t.equal(below.reader.position, 49n)
    t.equal((await takeUntil(at, records => records.length === 50)).length, 50)
    while (control.reader.queuedRecords < 50) await control.changed()
    await deleteRecords(topic, 0, -1n)
    t.equal((await takeUntil(control, records => records.length === 50)).length, 50, 'what was fetched before is still there')
    t.equal((await client.startOffsets([{ topic, partition: 0 }])).get(partitionKey(topic, 0)), 100n)
  })
}
