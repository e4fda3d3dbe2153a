import { randomUUID } from 'node:crypto'
import { type Test } from 'tap'
import { type Kafka, partitionKey } from '#streams'
import { type RebuildOptions } from '../../ops/platform/rebuild.ts'
import { type WholeLook, reconcileOnce } from '../../ops/platform/reconcile-once.ts'
import { readSinkMarks } from '../../ops/platform/sink-marks.ts'
import { type Bucket, type ClickHouseClient, TableRebuild, bucketCounts, bucketParameters, createClickHouseSink, createClickHouseTarget, migrate, runQuery } from '../../sinks/index.ts'
import { createKafkaJs } from '../../streams/kafka/kafkajs/index.ts'
import { type FetchedRecord, NO_HEADERS, type OutgoingRecord } from '../../streams/record.ts'
import { type Serde, type TypedValue } from '../../streams/serde/serde.ts'
import { readRange } from '../../streams/sink/range-reader.ts'
import { changelogTopic } from '../../streams/state/changelog.ts'
import { defineTopic } from '../../streams/topic.ts'
import { jsonDecoder } from '../sinks/clickhouse/json-events.ts'
import { insertRecords } from './insert-records.ts'
import { ownDatabase } from './own-database.ts'
import { planFromTheStart, sinkTasks } from './sink-tasks.ts'
import { uniquePrefix, useStack } from './stack.ts'

const json: Serde<TypedValue> = { encode: value => Buffer.from(JSON.stringify(value)), decode: bytes => jsonDecoder.decode('', bytes) }
const { signal } = new AbortController()

/** A topic of two partitions on a real broker, its sink on the real engine, and all that a rebuild needs. */
export interface RebuildScene {
  readonly client: ClickHouseClient
  readonly names: readonly string[]
  /** Records written so far, half of them to each partition. */
  written (): number
  produce (evenCount: number): Promise<void>
  /** Resolves when the sink has acknowledged all that was written. */
  settle (): Promise<void>
  look (): Promise<WholeLook>
  table (): TableRebuild
  options (table: TableRebuild): RebuildOptions
  /** The same table, whose process dies before or after a step: nothing after that is done. */
  dying (table: TableRebuild, step: string, isAfter: boolean): TableRebuild
  /** Sends a range of the sink once more under its token, as an owner that was frozen would. */
  repeat (range: { readonly partition: number, readonly from: bigint, readonly to: bigint }): Promise<void>
  rowsOf (query: string): Promise<readonly unknown[][]>
  records (topic: string, offsets: readonly bigint[]): readonly FetchedRecord[]
  /** A log that holds these records and begins at an offset. */
  logOf (records: readonly FetchedRecord[], start: bigint): RebuildOptions['kafka']
}

/** The bucket of the first million offsets of both partitions of each topic. */
export function bucketsOfTopic (names: readonly string[]): readonly Bucket[] {
  return names.flatMap(topic => [0, 1].map(partition => ({ topic, partition, bucket: 0n })))
}

/** Opens the scene; undefined, with the test skipped, where there is no stack. */
export async function rebuildScene (t: Test, { isSinkRunning = true } = {}): Promise<RebuildScene | undefined> {
  const stack = await useStack(t, { services: ['kafka', 'clickhouse'] })
  const client = (await ownDatabase(t))?.client
  if (stack === undefined || client === undefined) return undefined
  await migrate(client)
  const prefix = uniquePrefix()
  const [name, applicationId] = [`${prefix}orders`, `${prefix}app`]
  const kafka = createKafkaJs({ brokers: stack.endpoints.brokers, clientId: prefix })
  await kafka.start()
  t.teardown(async () => { await kafka.close() })
  const topic = defineTopic({ name, partitions: 2, cleanup: { policy: 'keep' }, value: json, keyName: 'id' })
  const sink = createClickHouseSink({ client, topics: [topic], maxRows: 40, maxWaitMs: 20 })
  if (isSinkRunning) await runSink(t, kafka, applicationId, sink)
  const unit = kafka.openTransactions({ transactionalId: `${prefix}writer` })
  await unit.init()
  t.teardown(() => { unit.close() })
  let written = 0
  const lasts = new Map<string, bigint>()
  return {
    client,
    names: [name],
    written: () => written,
    produce: async count => {
      const { offsets } = await unit.commit(Array.from({ length: count }, (): OutgoingRecord => {
        const id = `o${written++}`
        return { topic: name, partition: written % 2, key: Buffer.from(id), value: valueOf(id), headers: NO_HEADERS }
      }))
      for (const [place, { last }] of offsets) lasts.set(place, last)
    },
    settle: async () => {
      for (let isDone = false; !isDone;) {
        const marks = await readSinkMarks(kafka, applicationId, sink, signal)
        isDone = [...lasts].every(([place, last]) => (marks.get(place) ?? 0n) > last)
      }
    },
    look: async () => await reconcileOnce({
      kafka, applicationId, sinks: [sink], signal, countRows: async (topic, windows) => await runQuery(client, bucketCounts, bucketParameters(topic, windows))
    }),
    table: () => new TableRebuild(client, jsonDecoder, randomUUID().replaceAll('-', '')),
    options: table => ({ kafka, applicationId, sinks: [sink], table, signal }),
    dying,
    repeat: async ({ partition, from, to }) => {
      const target = createClickHouseTarget({ client, decoder: jsonDecoder })
      await insertRecords(target, await readRange(kafka, { topic: name, partition, from, to }, signal))
    },
    rowsOf: async query => {
      const answer = await client.query({ query, format: 'JSONCompactEachRow', clickhouse_settings: { output_format_json_quote_64bit_integers: 0 } })
      return await answer.json<unknown[]>()
    },
    records: (topic, offsets) => offsets.map(offset => {
      const id = `o${offset}`
      return { topic, partition: 0, offset, timestampMs: 0, key: Buffer.from(id), value: valueOf(id), headers: NO_HEADERS }
    }),
    logOf
  }
}

function valueOf (id: string): Buffer {
  return Buffer.from(JSON.stringify({ type: 'Made', orderId: id }))
}

async function runSink (t: Test, kafka: Kafka, applicationId: string, node: ReturnType<typeof createClickHouseSink>): Promise<void> {
  const [{ name = '' } = {}] = node.topics
  const changelog = changelogTopic(applicationId, node.name)
  await kafka.admin.createTopics([name, changelog].map(topic => ({ name: topic, partitions: 2, replicas: 1, config: { 'message.timestamp.type': 'LogAppendTime' } })))
  await planFromTheStart({ kafka, applicationId, node })
  const tasks = sinkTasks({ kafka, applicationId, node }, { backoffMs: 20, maxBackoffMs: 50 })
  for (const task of tasks) task.run().catch(() => {})
  t.teardown(async () => { for (const task of tasks) await task.close() })
}

function dying (table: TableRebuild, step: string, isAfter: boolean): TableRebuild {
  let isDead = false
  const die = (): never => {
    isDead = true
    throw new Error('dead')
  }
  return new Proxy(table, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name)
      return async (...given: unknown[]): Promise<unknown> => {
        if (isDead || (name === step && !isAfter)) die()
        const answer: unknown = await (method as (...given: unknown[]) => unknown).apply(target, given)
        return name === step ? die() : answer
      }
    }
  })
}

function logOf (records: readonly FetchedRecord[], start: bigint): RebuildOptions['kafka'] {
  const [{ topic = '', partition = 0 } = {}] = records
  const end = (records.at(-1)?.offset ?? -1n) + 1n
  return {
    startOffsets: async () => new Map([[partitionKey(topic, partition), start]]),
    endOffsets: async () => new Map([[partitionKey(topic, partition), end]]),
    openReader: ({ offset }) => {
      let position = offset
      return {
        get position () { return position },
        take: () => {
          const taken = records.filter(record => record.offset >= position)
          position = end
          return taken
        },
        close: () => {}
      } as never
    }
  }
}
