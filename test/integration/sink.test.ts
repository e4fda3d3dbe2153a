import { type Test, test } from 'tap'
import { planFromTheStart, sinkTasks } from '../support/sink-tasks.ts'
import { ownService, type OwnService } from '../support/stack.ts'
import { createMemoryBroker, type MemoryBroker, type MemoryClient } from '../../streams/kafka/memory/index.ts'
import { type TaskRunner } from '../../streams/runtime/runner.ts'
import { type SinkRepair } from '../../streams/sink/port.ts'
import { changelogTopic } from '../../streams/state/changelog.ts'
import { type ClickHouseClient } from '@clickhouse/client'
import { migrate, openClickHouse, queries, runQuery } from '../../sinks/index.ts'
import { saleRecord, salePartitions, saleSink, saleTopics, tellsTheFigures } from '../support/sale-sink.ts'

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
  const node = saleSink(client)
  const changelog = changelogTopic('it', node.name)
  for (const name of [...saleTopics, changelog]) broker.createTopic({ name, partitions: salePartitions, replicas: 1, config: {} })
  const writer = broker.client('writer')
  await planFromTheStart({ kafka: writer, applicationId: 'it', node })
  let written = 0
  return {
    service,
    client,
    broker,
    produce: async count => {
      const records = Array.from({ length: count }, (_, index) => saleRecord(written + index))
      written += count
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
  await tellsTheFigures(t, scene.client, total)
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
