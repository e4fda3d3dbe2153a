import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createMemoryBroker } from '../../streams/kafka/memory/index.ts'
import { NO_HEADERS, type OutgoingRecord } from '../../streams/record.ts'
import { changelogTopic } from '../../streams/state/changelog.ts'
import { systemClock } from '../../streams/time/system-clock.ts'
import { createClickHouseSink, migrate, openClickHouse, queries, runQuery } from '../../sinks/index.ts'
import { topics } from '../../topology/topics.ts'
import { bindMemoryCodec } from '../support/bind-codec.ts'
import { planFromTheStart, sinkTasks } from '../support/sink-tasks.ts'
import { cpuSecondsOf } from './machine.ts'
import { confirmedOrder } from './sink/confirmed-order.ts'

/**
 * Rows per second of the ClickHouse sink: `node test/bench/sink.bench.ts [--rows 400000] [--lines 3]`.
 *
 * Method: Avro OrderConfirmed records wait in the log of a memory broker, 8 partitions, before the clock starts. Eight sink tasks
 * of one process then do all that they do in production (Avro decoding, rows as JSON, a hash of the records, plans in transactions)
 * and insert into the real engine, which runs in a process of its own behind HTTP. The clock stops when every row is acknowledged;
 * then they are counted in ClickHouse. CPU time of both processes is given beside it: on a machine that is busy with other work it says more than the rate.
 * Not in it: a broker over the network.
 */
const { values } = parseArgs({ options: { rows: { type: 'string', default: '400000' }, lines: { type: 'string', default: '3' } } })
const total = Number(values.rows)
const lines = Number(values.lines)
const partitions = topics.orders.events.partitions

await bindMemoryCodec()
const folder = mkdtempSync(join(tmpdir(), 'sink-bench-'))
const port = 20_000 + process.pid % 20_000
const main = join(import.meta.dirname, '../../ops/stack/clickhouse-front/main.ts')
const front = spawn(process.execPath, [main, '--port', String(port), '--path', folder], { stdio: ['ignore', 'pipe', 'inherit'] })
try {
  await once(front.stdout, 'data')
  const client = openClickHouse({ url: `http://127.0.0.1:${port}` })
  await migrate(client)
  const broker = createMemoryBroker()
  const topic = topics.orders.events
  const node = createClickHouseSink({ client, topics: [topic] })
  const changelog = changelogTopic('bench', node.name)
  for (const name of [topic.name, changelog]) broker.createTopic({ name, partitions, replicas: 1, config: {} })
  const kafka = broker.client()
  await planFromTheStart({ kafka, applicationId: 'bench', node })
  let bytes = 0
  for (let from = 0; from < total; from += 10_000) {
    await kafka.producer().send(Array.from({ length: Math.min(10_000, total - from) }, (_, step): OutgoingRecord => {
      const event = confirmedOrder(from + step, lines)
      const encoded = topic.value.encode(event)
      bytes += encoded.length
      return { topic: topic.name, partition: (from + step) % partitions, key: Buffer.from(event.orderId), value: encoded, headers: NO_HEADERS }
    }))
  }

  const started = performance.now()
  const cpu = process.cpuUsage()
  const engineCpu = cpuSecondsOf(front.pid ?? 0)
  const tasks = sinkTasks({ kafka, applicationId: 'bench', node })
  for (const task of tasks) task.run().catch(error => { throw error })
  const acknowledged = (): number => tasks.reduce((sum, task) => sum + Number(task.status().offsets.get(topic.name) ?? 0n), 0)
  while (acknowledged() < total) await systemClock.sleep(20)
  const seconds = (performance.now() - started) / 1000
  const spent = process.cpuUsage(cpu)
  const engineSpent = cpuSecondsOf(front.pid ?? 0) - engineCpu
  const counts = await runQuery(client, queries.topicCounts, { topicPrefix: '' })
  const distinct = counts.reduce((sum, count) => sum + count.distinct, 0)
  if (distinct !== total) throw new Error(`${distinct} of ${total} rows are in ClickHouse`)
  const answer = await client.query({ query: 'SELECT uniqExact(_partition, _plan_from) AS n FROM raw_events', format: 'JSONEachRow' })
  const inserts = (await answer.json<{ readonly n: number }>())[0]?.n ?? 0
  process.stdout.write(JSON.stringify({
    rows: total,
    recordBytes: Math.round(bytes / total),
    seconds: Number(seconds.toFixed(2)),
    rowsPerSecond: Math.round(total / seconds),
    inserts: Number(inserts),
    sinkCpuMicrosecondsPerRow: Number(((spent.user + spent.system) / total).toFixed(1)),
    engineCpuMicrosecondsPerRow: Number((engineSpent * 1e6 / total).toFixed(1)),
    sinkRssMb: Math.round(process.memoryUsage.rss() / 1e6)
  }) + '\n')
  await Promise.all(tasks.map(async task => { await task.close() }))
  await client.close()
} finally {
  front.kill('SIGTERM')
  await once(front, 'exit')
  rmSync(folder, { recursive: true, force: true })
}
