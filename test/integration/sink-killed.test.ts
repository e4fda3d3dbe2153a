import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Test, test } from 'tap'
import { freePorts } from '../../ops/stack/ports.ts'
import { migrate, openClickHouse, queries, runQuery } from '../../sinks/index.ts'
import { createKafkaJs } from '../../streams/kafka/kafkajs/index.ts'
import { partitionKey } from '../../streams/record.ts'
import { changelogTopic } from '../../streams/state/changelog.ts'
import { Child } from '../fault/child.ts'
import { type Piece, Proxy } from '../fault/net/proxy.ts'
import { saleRecord, salePartitions, saleSink, saleTopics, tellsTheFigures } from '../support/sale-sink.ts'
import { planFromTheStart } from '../support/sink-tasks.ts'
import { ownService } from '../support/stack.ts'
import { until } from '../support/until.ts'
import { type SinkWorkerOptions } from './sink-worker.ts'

const worker = fileURLToPath(new URL('./sink-worker.ts', import.meta.url))
const applicationId = 'it'

const isInsert = ({ direction, bytes }: Piece): boolean => direction === 'up' && bytes.includes('INSERT')
const isLanded = ({ direction, bytes }: Piece): boolean => direction === 'down' && /"written_rows":"[1-9]/.test(bytes.toString('latin1'))

/** When it happens, and who is killed then. An insert that is on its way still arrives where there is an engine: its sender may be gone by then. */
const kills = [
  { when: 'an insert is on its way', matches: isInsert, killed: ['sink'] },
  { when: 'an insert has landed and nobody knows', matches: isLanded, killed: ['sink', 'engine'] },
  { when: 'an insert is on its way', matches: isInsert, killed: ['engine'] }
] as const

/** A log, an engine behind a network that can be stopped, and a sink as a process of its own. */
async function createScene (t: Test) {
  const [broker, engine] = await Promise.all([ownService(t, 'kafka'), ownService(t, 'clickhouse')])
  if (broker === undefined || engine === undefined) return undefined
  const [port = 0] = await freePorts('127.0.0.1', 1)
  const door = await Proxy.open({ port, target: engine.port })
  t.teardown(async () => await door.close())
  const client = openClickHouse({ url: engine.endpoint, requestTimeoutMs: 10_000 })
  const kafka = createKafkaJs({ brokers: [broker.endpoint], clientId: 'scene' })
  t.teardown(async () => { await Promise.all([client.close(), kafka.close()]) })
  await Promise.all([migrate(client), kafka.start()])
  const node = saleSink(client)
  const changelog = changelogTopic(applicationId, node.name)
  await kafka.admin.createTopics([...saleTopics, changelog].map(name => ({
    name, partitions: salePartitions, replicas: 1, config: { 'message.timestamp.type': 'LogAppendTime', ...(name === changelog ? { 'cleanup.policy': 'compact' } : {}) }
  })))
  await planFromTheStart({ kafka, applicationId, node })
  const options: SinkWorkerOptions = { brokers: [broker.endpoint], clickhouseUrl: `http://127.0.0.1:${port}`, applicationId }
  let started = 0
  let written = 0
  return {
    kafka,
    client,
    engine,
    door,
    written: () => written,
    startSink: () => {
      const child = new Child([process.execPath, worker, JSON.stringify(options)], {}, join(engine.dataDir, `sink-${++started}`))
      t.teardown(async () => await child.kill())
      return child
    },
    produce: async (count: number) => {
      const records = Array.from({ length: count }, (_, index) => saleRecord(written + index))
      written += count
      await kafka.producer().send(records)
    }
  }
}

test('views tell every sale once, to the penny, when the process of the sink and the engine are killed in the middle of inserts', async t => {
  const scene = await createScene(t)
  if (scene === undefined) return
  const { kafka, client, engine, door, written, startSink, produce } = scene
  let sink = startSink()
  for (const { when, matches, killed } of kills) {
    t.comment(`${killed.join(' and ')} killed when ${when}`)
    const caught = door.catch(when, { act: 'hold', matches })
    await Promise.all([caught, produce(900)])
    const isKilled = (who: string): boolean => killed.some(name => name === who)
    await Promise.all([isKilled('sink') ? sink.kill() : undefined, isKilled('engine') ? engine.kill() : undefined])
    if (isKilled('engine')) await engine.start()
    door.heal()
    if (isKilled('sink')) sink = startSink()
  }
  await produce(100)
  const counts = async () => await runQuery(client, queries.topicCounts, { topicPrefix: '' })
  await until(async () => (await counts()).reduce((sum, { rows }) => sum + rows, 0) >= written())
  t.ok(sink.isRunning, sink.errors)
  const ends = await kafka.endOffsets(saleTopics.flatMap(topic => Array.from({ length: salePartitions }, (_, partition) => ({ topic, partition }))))
  const found = await counts()
  t.same(new Map(found.map(({ topic, partition, rows }) => [partitionKey(topic, partition), BigInt(rows)])), ends, 'as many rows as records')
  t.same(found.filter(({ rows, distinct }) => rows !== distinct), [], 'each once')
  await tellsTheFigures(t, client, written())
})
