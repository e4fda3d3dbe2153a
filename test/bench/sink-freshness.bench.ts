import { parseArgs } from 'node:util'
import { changelogTopic, NO_HEADERS, type OutgoingRecord } from '#streams'
import { createClickHouseSink, migrate, openClickHouse } from '../../sinks/index.ts'
import { localEndpoints, startLocal } from '../../ops/stack/local.ts'
import { Supervisor } from '../../ops/stack/supervisor.ts'
import { createKafkaJs } from '../../streams/kafka/kafkajs/index.ts'
import { systemClock } from '../../streams/time/system-clock.ts'
import { topics } from '../../topology/topics.ts'
import { bindMemoryCodec } from '../support/bind-codec.ts'
import { ensureWatchdog, newOwnFolder, newPorts, remove, stackConfig } from '../support/shared-stack.ts'
import { planFromTheStart, sinkTasks } from '../support/sink-tasks.ts'
import { watchCpu } from './cpu-watch.ts'
import { percentiles } from './hop/figures.ts'
import { confirmedOrder } from './sink/confirmed-order.ts'

/**
 * How old rows are when a query sees them: `npm run bench -- sink-freshness [--rate 5000] [--seconds 20]`.
 *
 * Method: a broker and the real engine of their own, eight sink tasks in this process with what production has. OrderConfirmed records of
 * three lines are sent at a steady rate, in 50 pieces a second. A question is asked of the table every 50 ms: the newest offset of each
 * partition. A row is visible when the first answer that has its offset or a later one is here, and appended when the broker says so; both
 * clocks are this machine's. Rows of the first five seconds are not counted. A figure so includes the question and up to 50 ms until it is asked.
 */
const { values } = parseArgs({ options: { rate: { type: 'string', default: '5000' }, seconds: { type: 'string', default: '20' } } })
const [rate, seconds] = [Number(values.rate), Number(values.seconds)]
const WARM_UP_SECONDS = 5
const PIECES_A_SECOND = 50
const LOOK_MS = 50
const topic = topics.orders.events

/** What one look saw: up to which offset the rows of a partition are there. */
interface Look { readonly atMs: number, readonly last: ReadonlyMap<number, number> }

const say = (line: string): void => { process.stderr.write(`${line}\n`) }

await bindMemoryCodec()
const folder = newOwnFolder()
ensureWatchdog()
const config = stackConfig(folder, await newPorts())
await startLocal(['kafka', 'clickhouse'], config, say)
const { brokers, clickhouseUrl } = localEndpoints(config)
const kafka = createKafkaJs({ brokers, clientId: 'bench' })
const client = openClickHouse({ url: clickhouseUrl })
try {
  await kafka.start()
  await migrate(client)
  const node = createClickHouseSink({ client, topics: [topic] })
  const stamped = { 'message.timestamp.type': 'LogAppendTime' }
  const changelog = changelogTopic('bench', node.name)
  await kafka.admin.createTopics([
    { name: topic.name, partitions: topic.partitions, replicas: 1, config: stamped },
    { name: changelog, partitions: topic.partitions, replicas: 1, config: { ...stamped, 'cleanup.policy': 'compact' } }
  ])
  await planFromTheStart({ kafka, applicationId: 'bench', node })
  const tasks = sinkTasks({ kafka, applicationId: 'bench', node })
  for (const task of tasks) task.run().catch(error => { throw error })

  const supervisor = new Supervisor(folder, config.stack.timeoutMs, say)
  const pids = { broker: supervisor.running('kafka')?.pid ?? 0, engine: supervisor.running('clickhouse')?.pid ?? 0 }
  const cpu = watchCpu([pids.engine, pids.broker])
  const own = process.cpuUsage()
  const looks: Look[] = []
  const sent = new AbortController()
  const total = rate * (seconds + WARM_UP_SECONDS)
  say(`${total} rows, ${rate} a second`)
  const watching = (async () => {
    for (let seen = 0; !sent.signal.aborted || seen < total;) {
      const answer = await client.query({ query: 'SELECT _partition AS p, max(_offset) AS o, count() AS n FROM raw_events GROUP BY p', format: 'JSONEachRow' })
      const rows = await answer.json<{ readonly p: number, readonly o: string, readonly n: string }>()
      looks.push({ atMs: Date.now(), last: new Map(rows.map(({ p, o }) => [p, Number(o)])) })
      seen = rows.reduce((sum, { n }) => sum + Number(n), 0)
      await systemClock.sleep(LOOK_MS)
    }
  })()
  await send(total)
  sent.abort()
  await watching
  const { each: [engine = 0, broker = 0], others, seconds: took } = cpu()
  const { user, system } = process.cpuUsage(own)
  const perRow = (cpuSeconds: number): number => Number((cpuSeconds * 1e6 / total).toFixed(1))
  const ages = await agesOf(looks)
  process.stdout.write(JSON.stringify({
    rate,
    rows: ages.length,
    freshnessMs: percentiles(ages),
    looks: looks.length,
    cpuMicrosecondsPerRow: { sinkAndSender: perRow((user + system) / 1e6), engine: perRow(engine), broker: perRow(broker) },
    otherCores: Number((others / took).toFixed(2))
  }) + '\n')
  await Promise.all(tasks.map(async task => { await task.close() }))
} finally {
  await client.close()
  await kafka.close()
  await remove(folder, say)
}

/** Sends so many records at the rate, whatever the broker's pace. */
async function send (total: number): Promise<void> {
  const producer = kafka.producer()
  const started = performance.now()
  const size = Math.ceil(rate / PIECES_A_SECOND)
  const sending: Array<Promise<unknown>> = []
  for (let from = 0; from < total; from += size) {
    const dueMs = from / rate * 1000 - (performance.now() - started)
    if (dueMs > 0) await systemClock.sleep(dueMs)
    sending.push(producer.send(Array.from({ length: Math.min(size, total - from) }, (_, step) => recordOf(from + step))))
  }
  await Promise.all(sending)
}

function recordOf (index: number): OutgoingRecord {
  const event = confirmedOrder(index, 3)
  return { topic: topic.name, partition: index % topic.partitions, key: Buffer.from(event.orderId), value: topic.value.encode(event), headers: NO_HEADERS }
}

/** Of each row behind the warm-up: ms from its append to the first look that saw it. */
async function agesOf (looks: readonly Look[]): Promise<number[]> {
  const first = rate * WARM_UP_SECONDS / topic.partitions
  const ages: number[] = []
  for (let partition = 0; partition < topic.partitions; partition++) {
    const answer = await client.query({
      query: `SELECT _offset AS o, toUnixTimestamp64Milli(appended_at) AS at FROM raw_events
        WHERE _partition = ${partition} AND _offset >= ${Math.floor(first)} ORDER BY o`,
      format: 'JSONEachRow'
    })
    let look = 0
    for (const { o, at } of await answer.json<{ readonly o: string, readonly at: string }>()) {
      while (look < looks.length && (looks[look]?.last.get(partition) ?? -1) < Number(o)) look++
      ages.push((looks[look]?.atMs ?? Infinity) - Number(at))
    }
  }
  return ages
}
