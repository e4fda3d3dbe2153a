import { test } from 'tap'
import { insertRecords } from '../support/insert-records.ts'
import { ownDatabase } from '../support/own-database.ts'
import { planFromTheStart, sinkTasks } from '../support/sink-tasks.ts'
import { uniquePrefix, useStack } from '../support/stack.ts'
import { createKafkaJs } from '../../streams/kafka/kafkajs/index.ts'
import { NO_HEADERS, type OutgoingRecord } from '../../streams/record.ts'
import { type Serde, type TypedValue } from '../../streams/serde/serde.ts'
import { changelogTopic } from '../../streams/state/changelog.ts'
import { defineTopic } from '../../streams/topic.ts'
import { describeDifference, reconcileOnce } from '../../ops/platform/reconcile-once.ts'
import { Reconciler } from '../../ops/platform/reconcile.ts'
import { readSinkMarks } from '../../ops/platform/sink-marks.ts'
import { toldViolations } from '../../ops/platform/watch-invariants.ts'
import { violationOf } from '../../ops/platform/run-reconciler.ts'
import {
  bucketCounts, bucketParameters, createClickHouseSink, createClickHouseTarget, ensureDatabase, migrate, openClickHouse, runQuery, serdeDecoder
} from '../../sinks/index.ts'
import { topics } from '../../topology/topics.ts'
import { bindMemoryCodec } from '../support/bind-codec.ts'
import { jsonDecoder } from '../sinks/clickhouse/json-events.ts'

const json: Serde<TypedValue> = { encode: value => Buffer.from(JSON.stringify(value)), decode: bytes => jsonDecoder.decode('', bytes) }
const { signal } = new AbortController()

test('the reconciler finds on a real log and a real engine what is lost, doubled or forged, and nothing while the sink works', async t => {
  const stack = await useStack(t, { services: ['kafka', 'clickhouse'] })
  if (stack === undefined) return
  const prefix = uniquePrefix()
  const options = { url: stack.endpoints.clickhouseUrl, database: prefix.replaceAll('-', '') }
  await ensureDatabase(options)
  const client = openClickHouse(options)
  await migrate(client)
  const kafka = createKafkaJs({ brokers: stack.endpoints.brokers, clientId: prefix })
  await kafka.start()
  t.teardown(async () => {
    await kafka.close()
    await client.command({ query: `DROP DATABASE ${options.database}` })
    await client.close()
  })
  const name = `${prefix}orders`
  const applicationId = `${prefix}app`
  const sink = createClickHouseSink({
    client, topics: [defineTopic({ name, partitions: 2, cleanup: { policy: 'keep' }, value: json, keyName: 'id' })], maxRows: 40, maxWaitMs: 20
  })
  const changelog = changelogTopic(applicationId, sink.name)
  await kafka.admin.createTopics([name, changelog].map(topic => ({ name: topic, partitions: 2, replicas: 1, config: { 'message.timestamp.type': 'LogAppendTime' } })))
  await planFromTheStart({ kafka, applicationId, node: sink })
  const tasks = sinkTasks({ kafka, applicationId, node: sink }, { backoffMs: 50 })
  for (const task of tasks) task.run().catch(() => {})
  t.teardown(async () => { for (const task of tasks) await task.close() })

  const reconciler = new Reconciler({
    kafka, applicationId, sinks: [sink], countRows: async (topic, windows) => await runQuery(client, bucketCounts, bucketParameters(topic, windows))
  })
  const unit = kafka.openTransactions({ transactionalId: `${prefix}writer` })
  await unit.init()
  let written = 0
  const lasts = new Map<string, bigint>()
  const produce = async (count: number): Promise<void> => {
    const { offsets } = await unit.commit(Array.from({ length: count }, (): OutgoingRecord => {
      const id = `o${written++}`
      return { topic: name, partition: written % 2, key: Buffer.from(id), value: Buffer.from(JSON.stringify({ type: 'Made', orderId: id })), headers: NO_HEADERS }
    }))
    for (const [place, { last }] of offsets) lasts.set(place, last)
  }
  /** Looks until the sink has acknowledged everything written; every look on the way must find nothing. */
  const settle = async (): Promise<void> => {
    for (let isDone = false; !isDone;) {
      t.same((await reconciler.look(signal)).differences, [])
      const marks = await readSinkMarks(kafka, applicationId, sink, signal)
      isDone = [...lasts].every(([place, last]) => (marks.get(place) ?? 0n) > last)
    }
  }

  await reconciler.look(signal)
  for (let round = 0; round < 5; round++) {
    await produce(100)
    t.same((await reconciler.look(signal)).differences, [])
  }
  await settle()
  t.same((await reconciler.look(signal)).differences, [])
  const wholeLook = async () => await reconcileOnce({
    kafka, applicationId, sinks: [sink], signal, countRows: async (topic, windows) => await runQuery(client, bucketCounts, bucketParameters(topic, windows))
  })
  t.same(await wholeLook(), { records: 500, differences: [] }, 'the whole log is in the table')
  await client.command({ query: "ALTER TABLE raw_events DELETE WHERE order_id IN ('o10', 'o12') SETTINGS mutations_sync = 2" })
  await reconciler.look(signal)
  const lost = (await reconciler.look(signal)).confirmed
  t.match(lost.map(({ log, table }) => [log.partition, log.rows - table.rows, log.distinct - table.distinct]), [[1, 2, 2]])
  for (const difference of lost) reconciler.told(difference)
  await client.command({ query: "ALTER TABLE raw_events UPDATE _crc = _crc + 1 WHERE order_id = 'o11' SETTINGS mutations_sync = 2" })
  await reconciler.look(signal)
  const forged = (await reconciler.look(signal)).confirmed
  t.match(forged.map(({ log, table }) => [log.partition, log.rows - table.rows, table.checksum - log.checksum]), [[0, 0, 1n]])
  const { differences } = await wholeLook()
  t.match(differences.map(({ log, table }) => [log.partition, log.rows, table.rows]), [[0, 250, 250], [1, 250, 248]], 'a whole look finds both')
  t.match(differences.map(describeDifference), [/-0\/0: the log has 250 records .* ClickHouse 250 rows/, /-1\/0: the log has 250 records .* ClickHouse 248 rows/])
})

test('the violations since the beginning of a run are read back from analytics, and none of before', async t => {
  const client = (await ownDatabase(t))?.client
  if (client === undefined) return
  await migrate(client)
  await bindMemoryCodec()
  const { name } = topics.audit.invariants
  const target = createClickHouseTarget({ client, decoder: serdeDecoder([topics.audit.invariants]) })
  const log = { topic: 'commerce.orders.events', partition: 3, bucket: 2n, rows: 7, distinct: 7, checksum: 70n }
  const records = [6, 5, 4].map((rows, index) => {
    const { key, value } = violationOf({ log, table: { ...log, rows } }, 0)
    return { topic: name, partition: 3, offset: BigInt(index), timestampMs: index, key, value, headers: NO_HEADERS }
  })
  await insertRecords(target, records)
  const found = await toldViolations(client, new Map([[`${name}-3`, 1n], ['commerce.orders.events-3', 0n]]))
  t.match(found, [
    { law: 'counts', subject: 'commerce.orders.events-3', message: /7 records, checksum 70 expected, 5 rows/ }, { message: /expected, 4 rows/ }
  ])
  t.equal(found.length, 2)
  t.same(await toldViolations(client, new Map()), [])
})
