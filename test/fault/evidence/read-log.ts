import { type FetchedRecord, type Kafka, type TopicDef, partitionKey } from '#streams'
import { readPartition } from '../../../ops/verify/read-partition.ts'
import { partitionsOfTopics } from '../../../ops/verify/topic-count.ts'
import { checksum } from '../../../sinks/index.ts'
import { type Facts, type LogRecord, type PartitionEnds } from './evidence.ts'

/** The records of some topics, and what a count of analytics needs to know of each partition. */
export interface ReadLog {
  readonly records: LogRecord[]
  /** Records and the sum of their checksums, by `partitionKey`. */
  readonly sums: ReadonlyMap<string, { readonly records: number, readonly checksum: bigint }>
}

/** Reads topics from their start to their present end, as a read-committed reader sees them. */
export async function readLog (kafka: Kafka, topics: readonly TopicDef[]): Promise<ReadLog> {
  const records: LogRecord[] = []
  const sums = new Map<string, { records: number, checksum: bigint }>()
  for (const topic of topics) {
    const places = partitionsOfTopics([topic])
    const [starts, ends] = [await kafka.startOffsets(places), await kafka.endOffsets(places)]
    for (const at of places) {
      const key = partitionKey(at.topic, at.partition)
      const raw: FetchedRecord[] = []
      await readPartition(kafka, at, { from: starts.get(key) ?? 0n, end: ends.get(key) ?? 0n }, record => { raw.push(copy(record)) })
      sums.set(key, { records: raw.length, checksum: raw.reduce((sum, record) => sum + BigInt(checksum(record)), 0n) })
      for (const record of raw) records.push(await factsOf(topic, record))
    }
  }
  return { records, sums }
}

/** Last stable offset and end of every partition of some topics. */
export async function readEnds (kafka: Kafka, topics: ReadonlyArray<{ readonly name: string, readonly partitions: number }>): Promise<PartitionEnds[]> {
  const places = partitionsOfTopics(topics)
  const [stable, ends] = [await kafka.endOffsets(places), await kafka.highWatermarks(places)]
  return places.map(({ topic, partition }) => {
    const key = partitionKey(topic, partition)
    return { topic, partition, stable: Number(stable.get(key)), end: Number(ends.get(key)) }
  })
}

function copy (record: FetchedRecord): FetchedRecord {
  const bytes = (of: Buffer | null): Buffer | null => of === null ? null : Buffer.from(of)
  return { ...record, key: bytes(record.key), value: bytes(record.value), headers: [] }
}

async function factsOf (topic: TopicDef, record: FetchedRecord): Promise<LogRecord> {
  const { partition, offset, timestampMs, key } = record
  const value = await decoded(topic, record.value)
  const meta = (value?.['meta'] ?? {}) as Readonly<Record<string, unknown>>
  return {
    topic: topic.name,
    partition,
    offset: Number(offset),
    key: key?.toString() ?? '',
    atMs: timestampMs,
    type: String(value?.['type'] ?? ''),
    id: String(meta['eventId'] ?? meta['commandId'] ?? ''),
    version: Number(meta['aggregateVersion'] ?? 0),
    facts: value === undefined ? {} : plainFields(value)
  }
}

async function decoded (topic: TopicDef, bytes: Buffer | null): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (bytes === null) return undefined
  try {
    await topic.value.prepare?.(bytes)
    return topic.value.decode(bytes) as unknown as Readonly<Record<string, unknown>>
  } catch {
    return undefined
  }
}

function plainFields (value: Readonly<Record<string, unknown>>): Facts {
  const facts: Record<string, string | number | boolean> = {}
  for (const [name, field] of Object.entries(value)) {
    if (name === 'type') continue
    if (typeof field === 'string' || typeof field === 'number' || typeof field === 'boolean') facts[name] = field
    else if (typeof field === 'bigint') facts[name] = String(field)
  }
  return facts
}
