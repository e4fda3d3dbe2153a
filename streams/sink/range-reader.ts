import { type Kafka } from '../kafka/port.ts'
import { type FetchedRecord, type TopicPartition } from '../record.ts'
import { Wakeup } from '../runtime/wakeup.ts'

/**
 * Reads one exact range of the log, read-committed: the committed records with offsets in [from, to], however few are left there.
 * Records of a range below the last stable offset are final: every reading gives the same ones.
 *
 * @throws {StreamsError} STR_OFFSET_OUT_OF_RANGE and the other failures of a reader. The signal's reason when it aborts.
 */
export async function readRange (
  kafka: Pick<Kafka, 'openReader'>, range: TopicPartition & { readonly from: bigint, readonly to: bigint }, signal: AbortSignal
): Promise<FetchedRecord[]> {
  const { topic, partition, from, to } = range
  const wakeup = new Wakeup()
  const reader = kafka.openReader({ topic, partition, offset: from, onReadable: wakeup.wake })
  signal.addEventListener('abort', wakeup.wake)
  const records: FetchedRecord[] = []
  try {
    while (true) {
      signal.throwIfAborted()
      const batch = reader.take(1000)
      for (const record of batch) if (record.offset <= to) records.push(record)
      if (reader.position > to) return records
      if (batch.length === 0) await wakeup.wait()
    }
  } finally {
    signal.removeEventListener('abort', wakeup.wake)
    reader.close()
  }
}
