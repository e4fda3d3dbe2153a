import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { type FetchedRecord, type Kafka, changelogTopics, murmur2, NO_HEADERS, type OutgoingRecord, partitionKey, partitionOf } from '#streams'
import { localEndpoints, startLocal } from '../../../ops/stack/local.ts'
import { Supervisor } from '../../../ops/stack/supervisor.ts'
import { createKafkaJs } from '../../../streams/kafka/kafkajs/index.ts'
import { ensureWatchdog, newOwnFolder, newPorts, remove, stackConfig } from '../../support/shared-stack.ts'
import { countOf, createValue, deadLettersOf, type HopJob, hopTopology, keyOf, VALUE_BYTES } from './job.ts'

/** A broker and a Redis for this benchmark alone, with everything in them. */
export interface Scene {
  readonly kafka: Kafka
  readonly brokers: readonly string[]
  readonly redisUrl: string
  readonly servicePids: readonly number[]
  /** Folder for the state that an application keeps on disk. */
  stateDir (application: string): string
  createInput (name: string, partitions: number): Promise<void>
  /** The topics that a job writes to. */
  createOutputs (job: HopJob): Promise<void>
  /** Removes them, the state on disk, and everything in Redis. */
  clear (job: HopJob): Promise<void>
  /** Writes records to a topic; see `keyOf`. */
  preload (topic: string, partitions: number, records: number, keys: number): Promise<void>
  close (): Promise<void>
}

const STAMPED = { 'message.timestamp.type': 'LogAppendTime' }
const SEND_RECORDS = 4000

/** Starts Kafka and Redis of the local provider on free ports and a folder of their own; they end with `close`, or soon after this process. */
export async function openScene (report: (line: string) => void): Promise<Scene> {
  const folder = newOwnFolder()
  ensureWatchdog()
  const config = stackConfig(folder, await newPorts())
  await startLocal(['kafka', 'redis'], config, report)
  const { brokers, redisUrl } = localEndpoints(config)
  const supervisor = new Supervisor(folder, config.stack.timeoutMs, report)
  const kafka = createKafkaJs({ brokers, clientId: 'bench' })
  await kafka.start()
  const redis = new Redis(redisUrl)
  return {
    kafka,
    brokers,
    redisUrl,
    servicePids: (['kafka', 'redis'] as const).map(name => supervisor.running(name)?.pid ?? 0),
    stateDir: application => join(folder, 'contenders', application),
    createInput: async (name, partitions) => {
      await kafka.admin.createTopics([{ name, partitions, replicas: 1, config: STAMPED }])
    },
    createOutputs: async job => {
      const plain = [job.output, deadLettersOf(job)].map(name => ({ name, partitions: job.partitions, replicas: 1, config: STAMPED }))
      await kafka.admin.createTopics([...plain, ...changelogTopics(hopTopology(job).topology)])
    },
    clear: async job => {
      await kafka.admin.deleteTopics([job.output, deadLettersOf(job), ...changelogTopics(hopTopology(job).topology).map(({ name }) => name)])
      rmSync(job.stateDir, { recursive: true, force: true })
      await redis.flushall('SYNC')
    },
    preload: async (topic, partitions, records, keys) => {
      const producer = kafka.producer()
      for (let from = 0; from < records; from += SEND_RECORDS) {
        const indices = Array.from({ length: Math.min(SEND_RECORDS, records - from) }, (_, step) => from + step)
        await producer.send(indices.map(index => createRecord(topic, partitions, keyOf(index, keys), 0)))
      }
    },
    close: async () => {
      redis.disconnect()
      await kafka.close()
      await remove(folder, report)
    }
  }
}

/** Bytes that do not repeat, so that nothing is won by chance. */
const filler = Buffer.from(Array.from({ length: VALUE_BYTES }, (_, index) => murmur2(Buffer.of(index & 255, index >> 8)) & 255))

export function createRecord (topic: string, partitions: number, key: string, sentMs: number): OutgoingRecord {
  return { topic, partition: partitionOf(key, partitions), key: Buffer.from(key), value: createValue(filler, sentMs), headers: NO_HEADERS }
}

/**
 * Reads the whole output, read-committed: every input must be there once, and each key's counts must be 1, 2, 3 … in that order.
 *
 * @throws {Error} naming what is wrong.
 */
export async function verifyOutput (kafka: Kafka, topic: string, partitions: number, records: number): Promise<void> {
  const parts = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }))
  const ends = await kafka.endOffsets(parts)
  const counts = new Map<string, number>()
  let seen = 0
  const check = ({ key, value }: FetchedRecord): void => {
    const name = String(key)
    const count = (counts.get(name) ?? 0) + 1
    if (value === null || countOf(value) !== count) throw new Error(`${topic}: ${name} has ${value === null ? 'nothing' : countOf(value)} where ${count} must be`)
    counts.set(name, count)
    seen++
  }
  await Promise.all(parts.map(async ({ partition }) => {
    await readUntil(kafka, topic, partition, ends.get(partitionKey(topic, partition)) ?? 0n, check)
  }))
  if (seen !== records) throw new Error(`${topic}: ${seen} outputs of ${records} inputs`)
}

/** Reads a partition from its start to an offset, read-committed. */
export async function readUntil (kafka: Kafka, topic: string, partition: number, end: bigint, each: (record: FetchedRecord) => void): Promise<void> {
  let wake = (): void => {}
  const reader = kafka.openReader({ topic, partition, offset: 0n, onReadable: () => { wake() } })
  try {
    while (reader.position < end) {
      const moved = new Promise<void>(resolve => { wake = resolve })
      const records = reader.take(5000)
      for (const record of records) each(record)
      if (records.length === 0 && reader.position < end) await moved
    }
  } finally {
    reader.close()
  }
}
