import { type FetchedRecord, type Kafka, type TopicPartition } from '#streams'

/** Bytes that wait to be looked at. */
const queuedBytes = 1024 * 1024

/** Hands over the records of a partition from one offset to another (exclusive), as a read-committed reader sees them. */
export async function readPartition (
  kafka: Kafka, at: TopicPartition, range: { readonly from: bigint, readonly end: bigint }, onRecord: (record: FetchedRecord) => void
): Promise<void> {
  const { from, end } = range
  if (from >= end) return
  const finished = Promise.withResolvers<void>()
  const reader = kafka.openReader({
    ...at,
    offset: from,
    maxQueuedBytes: queuedBytes,
    onReadable: () => {
      try {
        for (let records = reader.take(5000); records.length > 0; records = reader.take(5000)) {
          for (const record of records) if (record.offset < end) onRecord(record)
        }
        if (reader.position >= end) finished.resolve()
      } catch (error) {
        finished.reject(error)
      }
    }
  })
  try {
    await finished.promise
  } finally {
    reader.close()
  }
}
