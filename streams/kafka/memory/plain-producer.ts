import { StreamsError } from '../../errors.ts'
import { type OutgoingRecord, type TopicPartition } from '../../record.ts'
import { translatePlain } from './broker-error.ts'
import { type MemoryBroker } from './broker.ts'
import { type MemoryLink } from './link.ts'

/** @source Kafka record batch v2: header of a batch; and a bound for the varints of one record. */
const BATCH_HEADER_BYTES = 61
const RECORD_OVERHEAD_BYTES = 20

/** Size that the record has in a batch of its own, bytes; a bound from above. */
export function recordBytes (record: OutgoingRecord): number {
  let size = BATCH_HEADER_BYTES + RECORD_OVERHEAD_BYTES + (record.key?.length ?? 0) + (record.value?.length ?? 0)
  for (const [name, value] of record.headers) size += 10 + Buffer.byteLength(name) + (value?.length ?? 0)
  return size
}

/**
 * What a client checks before it sends anything.
 *
 * @throws {StreamsError} STR_TOPIC_MISSING, or STR_OUTPUT_TOO_LARGE with the record's index in `context.index`.
 */
export function checkRecords (broker: MemoryBroker, records: readonly OutgoingRecord[]): void {
  for (const [index, record] of records.entries()) {
    const topic = broker.topic(record.topic)
    if (topic?.logs[record.partition] === undefined) throw new StreamsError('STR_TOPIC_MISSING', { topic: record.topic, partition: record.partition })
    const sizeBytes = recordBytes(record)
    const limitBytes = broker.maxMessageBytes(topic)
    if (sizeBytes > limitBytes) throw new StreamsError('STR_OUTPUT_TOO_LARGE', { index, topic: record.topic, sizeBytes, limitBytes })
  }
}

/** Appends records outside any transaction; offsets in the order of the records. */
export async function sendPlain (link: MemoryLink, records: readonly OutgoingRecord[]): Promise<ReadonlyArray<TopicPartition & { readonly offset: bigint }>> {
  const { broker } = link
  try {
    return await link.call({ api: 'produce' }, () => {
      checkRecords(broker, records)
      return records.map(record => {
        const { topic, partition } = record
        return { topic, partition, offset: broker.log(topic, partition).append([record], broker.clock.now()) }
      })
    })
  } catch (error) {
    throw translatePlain(error)
  }
}
