import { test } from 'tap'
import { uniquePrefix, useStack } from '../support/stack.ts'
import { createKafkaJs } from '../../streams/kafka/kafkajs/index.ts'
import { type Kafka } from '../../streams/kafka/port.ts'
import { NO_HEADERS, type OutgoingRecord, partitionKey } from '../../streams/record.ts'
import { type TaskRunner } from '../../streams/runtime/runner.ts'
import { type Serde, type TypedValue } from '../../streams/serde/serde.ts'
import { changelogTopic } from '../../streams/state/changelog.ts'
import { systemClock } from '../../streams/time/system-clock.ts'
import { defineTopic } from '../../streams/topic.ts'
import { createClickHouseSink, ensureDatabase, migrate, openClickHouse, queries, runQuery } from '../../sinks/index.ts'
import { jsonDecoder } from '../sinks/clickhouse/json-events.ts'
import { planFromTheStart, sinkTasks } from '../support/sink-tasks.ts'

const json: Serde<TypedValue> = { encode: value => Buffer.from(JSON.stringify(value)), decode: bytes => jsonDecoder.decode('', bytes) }

test('sink of a real log into a real engine holds each committed record once over takeovers that fence each other', async t => {
  const stack = await useStack(t, { services: ['kafka', 'clickhouse'] })
  if (stack === undefined) return
  const prefix = uniquePrefix()
  const options = { url: stack.endpoints.clickhouseUrl, database: prefix.replaceAll('-', '') }
  await ensureDatabase(options)
  const client = openClickHouse(options)
  await migrate(client)
  const clients: Kafka[] = []
  const connect = async (name: string): Promise<Kafka> => {
    const kafka = createKafkaJs({ brokers: stack.endpoints.brokers, clientId: `${prefix}${name}` })
    await kafka.start()
    clients.push(kafka)
    return kafka
  }
  t.teardown(async () => {
    await Promise.all(clients.map(async kafka => { await kafka.close() }))
    await client.command({ query: `DROP DATABASE ${options.database}` })
    await client.close()
  })

  const names = [`${prefix}orders`, `${prefix}payments`]
  const node = createClickHouseSink({
    client,
    topics: names.map(name => defineTopic({ name, partitions: 1, cleanup: { policy: 'keep' }, value: json, keyName: 'id' })),
    maxRows: 50,
    maxWaitMs: 20
  })
  const changelog = changelogTopic(`${prefix}app`, node.name)
  const writer = await connect('writer')
  await writer.admin.createTopics([...names, changelog].map(name => ({
    name, partitions: 1, replicas: 1, config: { 'message.timestamp.type': 'LogAppendTime', ...(name === changelog ? { 'cleanup.policy': 'compact' } : {}) }
  })))
  await planFromTheStart({ kafka: writer, applicationId: `${prefix}app`, node })
  const unit = writer.openTransactions({ transactionalId: `${prefix}writer` })
  await unit.init()
  const of = (topic: string, id: number): OutgoingRecord => ({
    topic, partition: 0, key: Buffer.from(`k${id}`), value: Buffer.from(JSON.stringify({ type: 'Made', orderId: `o${id}` })), headers: NO_HEADERS
  })
  const committed = new Map(names.map(name => [partitionKey(name, 0), 0]))
  const produce = async (count: number): Promise<void> => {
    for (let id = 0; id < count; id += 20) {
      const records = names.flatMap(name => Array.from({ length: 20 }, (_, index) => of(name, id + index)))
      await unit.commit(records)
      for (const { topic } of records) committed.set(partitionKey(topic, 0), (committed.get(partitionKey(topic, 0)) ?? 0) + 1)
    }
  }

  const start = async (name: string): Promise<TaskRunner> => {
    const [task] = sinkTasks({ kafka: await connect(name), applicationId: `${prefix}app`, node }, { backoffMs: 50 }) as [TaskRunner]
    task.run().catch(() => {})
    return task
  }
  const rowsOf = async (): Promise<ReadonlyMap<string, { readonly rows: number, readonly distinct: number }>> => {
    const counts = await runQuery(client, queries.topicCounts, { topicPrefix: prefix })
    return new Map(counts.map(({ topic, partition, rows, distinct }) => [partitionKey(topic, partition), { rows, distinct }]))
  }
  const until = async (done: () => Promise<boolean>): Promise<void> => {
    for (let turn = 0; turn < 600 && !await done(); turn++) await systemClock.sleep(50)
  }

  const first = await start('first')
  await produce(200)
  await until(async () => ((await rowsOf()).get(partitionKey(names[0] as string, 0))?.rows ?? 0) > 0)
  // The second takes the task over while the first still believes in it: both plan and insert until the first is fenced.
  const second = await start('second')
  await produce(200)
  await first.close()
  await second.close()
  const third = await start('third')
  await produce(100)
  await until(async () => {
    const rows = await rowsOf()
    return [...committed].every(([place, count]) => (rows.get(place)?.rows ?? 0) >= count)
  })
  t.same(await rowsOf(), new Map([...committed].map(([place, count]) => [place, { rows: count, distinct: count }])))
  t.equal(third.status().state, 'running')
  await third.close()
  t.equal(third.status().lag, 0n)
})
