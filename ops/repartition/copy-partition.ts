import { type Kafka, type OutgoingRecord, type TopicPartition, partitionKey } from '#streams'
import { type TransactionUnit } from '../../streams/kafka/port.ts'
import { type Copied, type Journal, type Move } from './journal.ts'
import { readBatches } from '../verify/read-partition.ts'
import { type Bounds } from './read-log.ts'

/** Bytes of one transaction, about. */
const transactionBytes = 4 * 1024 * 1024

export interface CopyOptions {
  readonly source: Kafka
  readonly unit: TransactionUnit
  readonly journal: Journal
  readonly bounds: Bounds
  readonly move: Move
  readonly signal: AbortSignal
}

/**
 * Copies what a partition of the old log has and the new one has not yet, in its order. Each transaction notes in the journal how far it came, so a
 * copy that was cut short, wherever it was, goes on after the last record that is there.
 */
export async function copyPartition (at: TopicPartition, { source, unit, journal, bounds, move, signal }: CopyOptions): Promise<Copied> {
  const name = partitionKey(at.topic, at.partition)
  const start = bounds.starts.get(name) ?? 0n
  let copied: Copied = journal.copied(name) ?? { from: start, next: start, read: 0, written: 0 }
  let records: OutgoingRecord[] = []
  let bytes = 0
  const commit = async (): Promise<void> => {
    signal.throwIfAborted()
    await unit.commit([...records, journal.note(name, copied)])
    records = []
    bytes = 0
  }
  for await (const batch of readBatches(source, at, copied.next > start ? copied.next : start, bounds.ends.get(name) ?? 0n)) {
    for (const record of batch) {
      const moved = await move(record)
      records.push(...moved)
      copied = { ...copied, next: record.offset + 1n, read: copied.read + 1, written: copied.written + moved.length }
      bytes += moved.length * ((record.key?.length ?? 0) + (record.value?.length ?? 0) + 100)
      if (bytes > transactionBytes) await commit()
    }
    await commit()
  }
  return copied
}
