import { type FetchedRecord, type Kafka, type TopicPartition, partitionKey } from '#streams'
import { Wakeup } from '../../streams/runtime/wakeup.ts'

/** Records that are looked at in one go. */
const batchRecords = 2000

/** The records of a partition from one offset to another (exclusive), as a read-committed reader sees them, in batches that are not empty. */
export async function * readLog (kafka: Kafka, at: TopicPartition, from: bigint, end: bigint): AsyncGenerator<readonly FetchedRecord[]> {
  if (from >= end) return
  const wakeup = new Wakeup()
  const reader = kafka.openReader({ ...at, offset: from, onReadable: wakeup.wake })
  try {
    for (;;) {
      const records = reader.take(batchRecords).filter(({ offset }) => offset < end)
      if (records.length > 0) yield records
      else if (reader.position >= end) return
      else await wakeup.wait()
    }
  } finally {
    reader.close()
  }
}

/** The same from the beginning of the log, one by one. */
export async function * readRecords (kafka: Kafka, at: TopicPartition, bounds: Bounds): AsyncGenerator<FetchedRecord> {
  const key = partitionKey(at.topic, at.partition)
  for await (const records of readLog(kafka, at, bounds.starts.get(key) ?? 0n, bounds.ends.get(key) ?? 0n)) yield * records
}

/** Where the partitions of a log begin and end, by `partitionKey`. */
export interface Bounds { readonly starts: ReadonlyMap<string, bigint>, readonly ends: ReadonlyMap<string, bigint> }

export async function boundsOf (kafka: Kafka, partitions: readonly TopicPartition[]): Promise<Bounds> {
  const [starts, ends] = await Promise.all([kafka.startOffsets(partitions), kafka.endOffsets(partitions)])
  return { starts, ends }
}

/** Every partition of topics, with the number that each has. */
export function partitionsIn (counts: ReadonlyMap<string, number>): readonly TopicPartition[] {
  return [...counts].flatMap(([topic, count]) => Array.from({ length: count }, (_, partition) => ({ topic, partition })))
}
