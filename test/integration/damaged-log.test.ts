import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Kafka as KafkaJsClient, logLevel } from 'kafkajs'
import t, { type Test } from 'tap'
import { changelogTopic, createStreams, partitionKey, type TopicPartition } from '../../streams/index.ts'
import { createKafkaJs, type KafkaJs } from '../../streams/kafka/kafkajs/client.ts'
import { ClusterView } from '../../streams/kafka/kafkajs/cluster.ts'
import { parseAddress } from '../../streams/kafka/kafkajs/log-offsets.ts'
import { fetchRequest } from '../../streams/kafka/wire/fetch.ts'
import { readBatch, type BatchHeader } from '../../streams/kafka/wire/record-batch-decoder.ts'
import { createMemoryBackend } from '../../streams/testing/index.ts'
import { createTopic, readyUnit, takeUntil, textRecord, texts, watch } from '../conformance/kafka-port/scene.ts'
import { ownService } from '../support/stack.ts'
import { CountingScene } from './counting-scene.ts'

const broker = await ownService(t, 'kafka')

async function connect (t: Test, address: string): Promise<KafkaJs> {
  const client = createKafkaJs({ brokers: [address], clientId: 'damaged-log' })
  t.teardown(() => client.close())
  await client.start()
  return client
}

/** Every batch of a partition as the broker gives it, whatever it holds. */
async function batchesOf (t: Test, address: string, at: TopicPartition, end: bigint): Promise<BatchHeader[]> {
  const view = new ClusterView({ clientId: 'look', ssl: undefined, sasl: undefined, requestTimeoutMs: 10_000 }, [parseAddress(address)])
  t.teardown(() => { view.close() })
  await view.locate([at])
  const link = await view.link(view.leader(at.topic, at.partition) ?? 1)
  const batches: BatchHeader[] = []
  for (let offset = 0n; offset < end;) {
    const [answer] = await link.call(fetchRequest([{ ...at, offset, maxBytes: 1_048_576 }], 100, 1_048_576))
    for (let place = 0; ;) {
      const batch = readBatch(answer?.records ?? Buffer.alloc(0), place)
      if (batch === undefined) break
      batches.push(batch)
      offset = batch.lastOffset + 1n
      place += batch.bytes.length
    }
  }
  return batches
}

/** Turns one bit of the value where it lies on disk, under the running broker. */
function damage (dataDir: string, topic: string, value: string): void {
  const folder = join(dataDir, 'log', `${topic}-0`)
  const path = join(folder, readdirSync(folder).find(name => name.endsWith('.log')) ?? '')
  const at = readFileSync(path).indexOf(value)
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.from([value.charCodeAt(0) ^ 1]), 0, 1, at)
  closeSync(file)
}

if (broker !== undefined) {
  t.test('a record that was damaged on disk is noticed by its checksum, and kafkajs hands it to its application', async t => {
    const client = await connect(t, broker.endpoint)
    const topic = await createTopic(client)
    for (const value of ['good', 'worth 100', 'behind']) await client.producer().send([textRecord(topic, value)])
    damage(broker.dataDir, topic, 'worth 100')
    const watched = watch(t, client, topic)
    while (watched.reader.failure === undefined) await watched.changed()
    t.same(texts(watched.reader.take(10)), ['good'], 'what comes before it is given out')
    t.throws(() => watched.reader.take(10), { code: 'STR_BATCH_CORRUPT' })
    t.equal(watched.reader.position, 1n, 'and the reader stays before it')

    const consumer = new KafkaJsClient({ brokers: [broker.endpoint], logLevel: logLevel.NOTHING }).consumer({ groupId: topic })
    t.teardown(async () => { await consumer.disconnect() })
    await consumer.subscribe({ topic, fromBeginning: true })
    const delivered: string[] = []
    const done = Promise.withResolvers<void>()
    await consumer.run({ autoCommit: false, eachMessage: async ({ message }) => { if (delivered.push(String(message.value)) === 3) done.resolve() } })
    await done.promise
    t.same(delivered, ['good', 'vorth 100', 'behind'], 'plain kafkajs')
  })

  t.test('a restore reaches its end over a compacted changelog with empty batches, markers and aborted records (B2)', async t => {
    const kafkajs = new KafkaJsClient({ brokers: [broker.endpoint], logLevel: logLevel.NOTHING }).admin()
    await kafkajs.connect()
    t.teardown(async () => { await kafkajs.disconnect() })
    // The cleaner of this broker, which is the test's own, looks for work all the time.
    await kafkajs.alterConfigs({ validateOnly: false, resources: [{ type: 4, name: '1', configEntries: [{ name: 'log.cleaner.backoff.ms', value: '100' }] }] })

    const counting = await CountingScene.create(t, { brokers: [broker.endpoint], redisUrl: '', partitions: 1, keys: 3 })
    const changelog = changelogTopic(counting.topology.applicationId, 'counter')
    await counting.kafka.admin.alterTopicConfig(changelog, { 'segment.ms': '100', 'min.cleanable.dirty.ratio': '0.01', 'max.compaction.lag.ms': '200' })
    const start = async () => {
      const kafka = await connect(t, broker.endpoint)
      const options = { deadLetterTopic: counting.deadLetters, maxCycleRecords: 5, backoffMs: 10 }
      const streams = createStreams({ topology: counting.topology, kafka, state: createMemoryBackend().connect(), instance: 'one', options })
      t.teardown(async () => { await streams.close() })
      await streams.start()
      return streams
    }
    const before = await start()
    for (let round = 0; round < 10; round++) {
      await counting.send(30)
      await counting.until(counting.acknowledged)
      await pause(120) // the next append closes the segment
    }
    await before.close()

    const at = { topic: changelog, partition: 0 }
    const end = async (): Promise<bigint> => (await counting.kafka.endOffsets([at])).get(partitionKey(changelog, 0)) ?? 0n
    const filler = { topic: changelog, partition: 0, key: Buffer.from('s/counts/filler'), value: Buffer.from('0'), headers: [] }
    // Of a producer's last batch the cleaner keeps the header when everything in it has been written anew by somebody else.
    await (await readyUnit(t, counting.kafka)).commit([filler])
    const unit = await readyUnit(t, counting.kafka)
    const isEmpty = ({ count, control }: BatchHeader): boolean => count === 0 && !control
    const compacted = async (): Promise<boolean> => {
      await unit.commit([filler])
      return (await batchesOf(t, broker.endpoint, at, await end())).some(isEmpty)
    }
    while (!await compacted()) await pause(150)
    const batches = await batchesOf(t, broker.endpoint, at, await end())
    t.comment(`changelog: ${await end()} offsets, ${batches.length} batches, ${batches.filter(isEmpty).length} of them empty, ${batches.filter(({ control }) => control).length} markers`)

    const after = await start() // with a state that is empty: all of it is replayed
    while (after.tasks().some(({ state }) => state !== 'running')) await pause(10)
    await counting.send(30)
    await counting.check(t)
    await counting.checkStable(t)
    const watched = watch(t, counting.kafka, changelog)
    const stable = await end()
    t.ok((await takeUntil(watched, (_, { position }) => position >= stable)).length > 0, 'a reader passes it all')
  })
}
