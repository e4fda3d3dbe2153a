import { type Test, test } from 'tap'
import { planFromTheStart, sinkTasks } from '../support/sink-tasks.ts'
import { ownService, type OwnService } from '../support/stack.ts'
import { createMemoryBroker, type MemoryBroker, type MemoryClient } from '../../streams/kafka/memory/index.ts'
import { NO_HEADERS, type OutgoingRecord } from '../../streams/record.ts'
import { type TaskRunner } from '../../streams/runtime/runner.ts'
import { type Serde, type TypedValue } from '../../streams/serde/serde.ts'
import { type SinkDef, type SinkRepair } from '../../streams/sink/port.ts'
import { changelogTopic } from '../../streams/state/changelog.ts'
import { defineTopic } from '../../streams/topic.ts'
import { type ClickHouseClient } from '@clickhouse/client'
import { createClickHouseSink, migrate, openClickHouse, queries, runQuery } from '../../sinks/index.ts'
import { jsonDecoder } from '../sinks/clickhouse/json-events.ts'

const TOPICS = ['commerce.orders.events', 'commerce.analytics.facts', 'commerce.shipping.events'] as const
const PARTITIONS = 2
const json: Serde<TypedValue> = { encode: value => Buffer.from(JSON.stringify(value)), decode: bytes => jsonDecoder.decode('', bytes) }

const sold = { currency: 'GBP', placedAt: 1_700_000_000_000, at: 1_700_000_000_000 }
/** What each topic tells again and again, of an order of its own each time. */
const events = {
  'commerce.orders.events': { type: 'OrderConfirmed', ...sold, total: '10000n', lines: [{ lineNo: 1, sku: 'A', quantity: 2, unitPrice: '5000n', lineTotal: '10000n' }] },
  'commerce.analytics.facts': { type: 'OrderFact', ...sold, customerId: 'c1', country: 'GB', orders: 1, sales: 1, lines: 1, units: 2, gross: '10000n', refunds: '0n' },
  'commerce.shipping.events': { type: 'ShipmentRefused' }
}
/** Some records do not decode. */
const isBad = (index: number): boolean => index % 97 === 0

interface Scene {
  readonly service: OwnService
  readonly client: ClickHouseClient
  readonly broker: MemoryBroker
  produce (count: number): Promise<void>
  start (kafka: MemoryClient, repair?: SinkRepair): readonly TaskRunner[]
}

/** A log in the process, the real engine in a process of its own, and sink tasks between them. */
async function createScene (t: Test): Promise<Scene | undefined> {
  const service = await ownService(t, 'clickhouse')
  if (service === undefined) return undefined
  const client = openClickHouse({ url: service.endpoint, requestTimeoutMs: 10_000 })
  t.teardown(async () => { await client.close() })
  await migrate(client)
  const broker = createMemoryBroker()
  const topics = TOPICS.map(name => defineTopic({ name, partitions: PARTITIONS, cleanup: { policy: 'keep' }, value: json, keyName: 'id' }))
  const node: SinkDef = createClickHouseSink({ client, topics, name: 'analytics', maxRows: 200, maxWaitMs: 20 })
  const changelog = changelogTopic('it', node.name)
  for (const name of [...TOPICS, changelog]) broker.createTopic({ name, partitions: PARTITIONS, replicas: 1, config: {} })
  const writer = broker.client('writer')
  await planFromTheStart({ kafka: writer, applicationId: 'it', node })
  let written = 0
  return {
    service,
    client,
    broker,
    produce: async count => {
      const records = Array.from({ length: count }, (): OutgoingRecord => {
        const index = written++
        const topic = TOPICS[index % TOPICS.length] ?? TOPICS[0]
        const bytes = isBad(index) ? Buffer.from([0xff, index % 256]) : Buffer.from(JSON.stringify({ ...events[topic], orderId: `o${index}` }))
        return { topic, partition: index % PARTITIONS, key: Buffer.from(`o${index}`), value: bytes, headers: NO_HEADERS }
      })
      await writer.producer().send(records)
    },
    start: (kafka, repair) => {
      const tasks = sinkTasks({ kafka, applicationId: 'it', node: repair === undefined ? node : { ...node, repair } }, { backoffMs: 50, maxBackoffMs: 500 })
      for (const task of tasks) task.run()
      return tasks
    }
  }
}

/** The port of a killed process is free only when its last thread is gone. */
async function startAgain (service: OwnService): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await service.start()
      return
    } catch (error) {
      if (attempt === 50) throw error
      await new Promise(resolve => setTimeout(resolve, 200))
    }
  }
}

async function untilRows (scene: Scene, rows: number): Promise<void> {
  for (let turn = 0; turn < 1200; turn++) {
    const counts = await runQuery(scene.client, queries.topicCounts, { topicPrefix: '' }).catch(() => [])
    if (counts.reduce((sum, count) => sum + count.rows, 0) >= rows) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

/** Every offset of the log is in the table once, and nothing else is. */
async function holdsTheLog (t: Test, scene: Scene, total: number): Promise<void> {
  const counts = await runQuery(scene.client, queries.topicCounts, { topicPrefix: '' })
  t.equal(counts.reduce((sum, count) => sum + count.rows, 0), total)
  for (const { topic, partition, rows, distinct, lastOffset } of counts) {
    const log = scene.broker.entries(topic, partition).filter(entry => entry.kind === 'data')
    t.same([rows, distinct, lastOffset], [log.length, log.length, log.at(-1)?.offset], `${topic} ${partition}`)
  }
  await tellsTheFigures(t, scene, total)
}

/** Every view tells what was written, to the penny. */
async function tellsTheFigures (t: Test, { client }: Scene, total: number): Promise<void> {
  const all = Array.from({ length: total }, (_, index) => index)
  const of = (topic: number): number => all.filter(index => index % TOPICS.length === topic && !isBad(index)).length
  const figures = async (query: string): Promise<unknown> => {
    const settings = { output_format_json_quote_64bit_integers: 0, output_format_json_quote_decimals: 0 } as const
    return (await (await client.query({ query, format: 'JSONCompactEachRow', clickhouse_settings: settings })).json())[0]
  }
  const [confirmed, facts] = [of(0), of(1)]
  t.same(await figures('SELECT sum(orders), sum(gross) FROM revenue_by_day'), [confirmed, confirmed])
  t.same(await figures('SELECT sum(orders), sum(units), sum(gross) FROM product_sales'), [confirmed, 2 * confirmed, confirmed])
  t.same(await figures("SELECT sum(sales), sum(units), sum(net) FROM sales_by_day WHERE country = 'GB'"), [facts, 2 * facts, facts])
  t.same(await figures('SELECT sum(sales), sum(net) FROM sales_by_period WHERE period = \'month\''), [facts, facts])
  t.same(await figures('SELECT customer_id, orders, lifetime_value FROM customers'), ['c1', facts, facts])
}

test('sink holds one row per record when the engine is killed again and again in the middle of inserts', async t => {
  const scene = await createScene(t)
  if (scene === undefined) return
  const { service, broker } = scene
  const tasks = scene.start(broker.client())
  let total = 0
  for (let round = 0; round < 2; round++) {
    await scene.produce(2000)
    total += 2000
    await untilRows(scene, total - 2000 + 300)
    await service.kill()
    await scene.produce(500)
    total += 500
    await startAgain(service)
  }
  await untilRows(scene, total)
  t.same(tasks.map(task => task.status().state), ['running', 'running'])
  await holdsTheLog(t, scene, total)
  await Promise.all(tasks.map(async task => { await task.close() }))
  const answer = await scene.client.query({ query: "SELECT toString(count()) AS rows FROM undecodable WHERE raw != ''", format: 'JSONEachRow' })
  t.same(await answer.json(), [{ rows: String(Math.ceil(total / 97)) }], 'records that do not decode keep their bytes')
})

test('sink holds one row per record when its own process dies and another takes over, engine killed too', async t => {
  const scene = await createScene(t)
  if (scene === undefined) return
  const { service, broker } = scene
  let total = 0
  for (let round = 0; round < 2; round++) {
    const kafka = broker.client()
    scene.start(kafka)
    await scene.produce(1500)
    total += 1500
    await untilRows(scene, total - 1500 + 100)
    kafka.crash()
    if (round === 0) {
      await service.kill()
      await startAgain(service)
    }
  }
  const tasks = scene.start(broker.client())
  await untilRows(scene, total)
  await holdsTheLog(t, scene, total)
  await Promise.all(tasks.map(async task => { await task.close() }))
})

test('sink stops when the folder of the engine was emptied, and refills it from the log when told to', async t => {
  const scene = await createScene(t)
  if (scene === undefined) return
  const { client, broker } = scene
  const first = scene.start(broker.client())
  await scene.produce(600)
  await untilRows(scene, 600)
  await Promise.all(first.map(async task => { await task.close() }))
  await client.command({ query: 'TRUNCATE TABLE raw_events' })
  const second = scene.start(broker.client())
  await Promise.all(second.map(async task => { await task.run() }))
  for (const task of second) t.match(task.status().reason, { code: 'STR_SINK_BEHIND', message: /--refill/ })
  const repaired = scene.start(broker.client(), 'refill')
  await untilRows(scene, 600)
  await holdsTheLog(t, scene, 600)
  t.same(repaired.map(task => task.status().state), ['running', 'running'])
  await Promise.all(repaired.map(async task => { await task.close() }))
})
