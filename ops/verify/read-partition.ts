import { type FetchedRecord, type Kafka, type TopicPartition } from '#streams'
import { Wakeup } from '../../streams/runtime/wakeup.ts'

/** Bytes that wait to be looked at. */
const queuedBytes = 1024 * 1024

/** Records that are looked at in one go. */
const batchRecords = 5000

/** The records of a partition from one offset to another (exclusive), as a read-committed reader sees them, in batches that are not empty. */
export async function * readBatches (kafka: Kafka, at: TopicPartition, from: bigint, end: bigint): AsyncGenerator<readonly FetchedRecord[]> {
  if (from >= end) return
  const wakeup = new Wakeup()
  const reader = kafka.openReader({ ...at, offset: from, maxQueuedBytes: queuedBytes, onReadable: wakeup.wake })
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

/** Hands over the same records one by one. */
export async function readPartition (
  kafka: Kafka, at: TopicPartition, { from, end }: { readonly from: bigint, readonly end: bigint }, onRecord: (record: FetchedRecord) => void
): Promise<void> {
  for await (const records of readBatches(kafka, at, from, end)) for (const record of records) onRecord(record)
}
