import { Redis } from 'ioredis'
import { NO_HEADERS, type FetchedRecord, type OutgoingRecord, systemClock } from '#streams'
import { ClusterView } from '../../../streams/kafka/kafkajs/cluster.ts'
import { createKafkaJs } from '../../../streams/kafka/kafkajs/index.ts'
import { type Lane } from '../../../streams/kafka/kafkajs/lane.ts'
import { type PartitionReader } from '../../../streams/kafka/port.ts'
import { planBatches } from '../../../streams/kafka/wire/batch-plan.ts'
import { produceRequest } from '../../../streams/kafka/wire/produce.ts'
import { Wakeup } from '../../../streams/runtime/wakeup.ts'
import { changelogOf, evolve, type HopJob } from '../hop/job.ts'
import { fail, jobOf, Tally } from '../hop/tally.ts'

/**
 * The same hop without transactions, at least once, and lean: the same reader and the same record codec as the runtime, acks=all,
 * but no transaction, no producer id, no progress record, no fence, no restore. Offsets are committed every five seconds after the
 * fact. What it is faster by is the price of exactly-once.
 */
const MAX_CYCLE_RECORDS = 2000
const MAX_BATCH_BYTES = 1_000_000
const TIMEOUT_MS = 10_000
const OFFSET_COMMIT_MS = 5000
const NOT_IDEMPOTENT = { transactionalId: null, producerId: -1n, producerEpoch: -1 } as const

const job = jobOf<HopJob>(process.argv)
const changelog = changelogOf(job)
const kafka = createKafkaJs({ brokers: job.brokers, clientId: job.application })
const redis = new Redis(job.redisUrl)
const cluster = new ClusterView({ clientId: job.application, ssl: undefined, sasl: undefined, requestTimeoutMs: TIMEOUT_MS }, job.brokers.map(broker => {
  const [host = '', port] = broker.split(':')
  return { host, port: Number(port) }
}))
await kafka.start()
await cluster.start()
const tally = new Tally(job, async () => {
  redis.disconnect()
  cluster.close()
  await kafka.close()
})
const readers = Array.from({ length: job.partitions }, (_, partition) => openPartition(partition))
schedule()
tally.ready()

function openPartition (partition: number): PartitionReader {
  const wakeup = new Wakeup()
  const reader = kafka.openReader({ topic: job.input, partition, offset: 0n, onReadable: wakeup.wake })
  run(reader, wakeup, cluster.createLane()).catch(fail)
  return reader
}

async function run (reader: PartitionReader, wakeup: Wakeup, lane: Lane): Promise<void> {
  for (;;) {
    const records = reader.take(MAX_CYCLE_RECORDS)
    if (records.length > 0) await cycle(records, reader.partition, lane)
    else await wakeup.wait()
  }
}

async function cycle (records: readonly FetchedRecord[], partition: number, lane: Lane): Promise<void> {
  const started = performance.now()
  const hash = `{${job.application}:${partition}}:state`
  const keys = records.map(({ key }) => String(key))
  const rows = await redis.hmgetBuffer(hash, ...keys)
  tally.read(keys.length)
  const overlay = new Map<string, Buffer>()
  const out: OutgoingRecord[] = []
  for (const [index, { value }] of records.entries()) {
    const key = keys[index] as string
    const next = evolve(overlay.get(key) ?? rows[index], value as Buffer)
    overlay.set(key, next)
    out.push({ topic: job.output, partition, key: Buffer.from(key), value: next, headers: NO_HEADERS })
  }
  for (const [key, value] of overlay) out.push({ topic: changelog, partition, key: Buffer.from(key), value, headers: NO_HEADERS })
  await produce(out, lane)
  redis.hset(hash, ...[...overlay].flat()).catch(fail)
  tally.cycle(records.length, performance.now() - started)
}

async function produce (records: readonly OutgoingRecord[], lane: Lane): Promise<void> {
  const plans = planBatches(records, () => MAX_BATCH_BYTES)
  await cluster.locate(plans)
  for (let index = 0; ; index++) {
    const parts = plans.flatMap(plan => {
      const batch = plan.batches[index]
      return batch === undefined ? [] : [{ topic: plan.topic, partition: plan.partition, plan, batch, sequence: -1 }]
    })
    const [part] = parts
    if (part === undefined) return
    const link = await lane.link(cluster.leader(part.topic, part.partition) ?? -1)
    const answers = await link.call(produceRequest(NOT_IDEMPOTENT, parts, systemClock.now(), TIMEOUT_MS))
    for (const { errorCode } of answers) if (errorCode !== 0) throw new Error(`Produce was refused with ${errorCode}`)
  }
}

function schedule (): void {
  systemClock.schedule(OFFSET_COMMIT_MS, () => {
    const offsets = readers.map(({ topic, partition, position: offset }) => [`${topic}-${partition}`, { topic, partition, offset }] as const)
    kafka.commitOffsets(job.application, new Map(offsets)).then(schedule, fail)
  })
}
