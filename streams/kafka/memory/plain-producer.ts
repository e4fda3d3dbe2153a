import { type OutgoingRecord, type TopicPartition } from '../../record.ts'
import { BrokerError, translatePlain } from './broker-error.ts'
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

/** @throws {BrokerError} MESSAGE_TOO_LARGE, UNKNOWN_TOPIC_OR_PARTITION */
export function checkRecords (broker: MemoryBroker, records: readonly OutgoingRecord[]): void {
  for (const record of records) {
    const topic = broker.topic(record.topic)
    if (topic?.logs[record.partition] === undefined) throw new BrokerError('UNKNOWN_TOPIC_OR_PARTITION', `${record.topic}-${record.partition}`)
    if (recordBytes(record) > broker.maxMessageBytes(topic)) throw new BrokerError('MESSAGE_TOO_LARGE', record.topic)
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
