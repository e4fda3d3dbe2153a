import { type FetchedRecord, type Kafka, type TopicPartition, partitionKey } from '#streams'
import { readBatches } from '../verify/read-partition.ts'

/** The records of a partition from the beginning of the log, one by one. */
export async function * readRecords (kafka: Kafka, at: TopicPartition, bounds: Bounds): AsyncGenerator<FetchedRecord> {
  const key = partitionKey(at.topic, at.partition)
  for await (const records of readBatches(kafka, at, bounds.starts.get(key) ?? 0n, bounds.ends.get(key) ?? 0n)) yield * records
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
