import { type Kafka, type TopicDef, partitionKey } from '#streams'

/** Records of some topics from given offsets to the present end, as a read-committed reader counts them, by `partitionKey`. */
export async function countRecords (kafka: Kafka, topics: readonly TopicDef[], from: ReadonlyMap<string, bigint>): Promise<Map<string, number>> {
  const partitions = topics.flatMap(topic => Array.from({ length: topic.partitions }, (_, partition) => ({ topic: topic.name, partition })))
  const [starts, ends] = await Promise.all([kafka.startOffsets(partitions), kafka.endOffsets(partitions)])
  const counts = await Promise.all(partitions.map(async ({ topic, partition }) => {
    const key = partitionKey(topic, partition)
    const offset = from.get(key) ?? starts.get(key) ?? 0n
    return [key, await countPartition(kafka, { topic, partition }, offset, ends.get(key) ?? 0n)] as const
  }))
  return new Map(counts)
}

async function countPartition (kafka: Kafka, at: { readonly topic: string, readonly partition: number }, from: bigint, end: bigint): Promise<number> {
  if (from >= end) return 0
  let count = 0
  const finished = Promise.withResolvers<void>()
  const reader = kafka.openReader({
    ...at,
    offset: from,
    onReadable: () => {
      try {
        for (let records = reader.take(5000); records.length > 0; records = reader.take(5000)) {
          for (const record of records) if (record.offset < end) count++
        }
        if (reader.position >= end) finished.resolve()
      } catch (error) {
        finished.reject(error)
      }
    }
  })
  try {
    await finished.promise
    return count
  } finally {
    reader.close()
  }
}
