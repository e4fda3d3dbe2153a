import { StreamsError } from '../../errors.ts'
import { type OutgoingRecord, type TopicPartition } from '../../record.ts'
import { batchLayout } from './record-batch.ts'
import { recordBodySize, recordSize } from './record-batch-encoder.ts'

/** One batch: `records[from … to)` of its partition. */
export interface PlannedBatch { readonly from: number, readonly to: number, readonly sizeBytes: number }

/** What one call wants to write to one partition, cut into batches that the topic accepts. */
export interface PartitionPlan extends TopicPartition {
  readonly records: readonly OutgoingRecord[]
  readonly bodySizes: readonly number[]
  readonly batches: readonly PlannedBatch[]
}

interface Draft extends TopicPartition {
  readonly maxBytes: number
  readonly records: OutgoingRecord[]
  readonly bodySizes: number[]
  readonly batches: PlannedBatch[]
  from: number
  sizeBytes: number
}

/**
 * Groups records by partition, keeping their order, and cuts each group into batches of at most the topic's limit. Pure.
 *
 * @param maxBytesOf the largest batch a topic accepts, bytes (`max.message.bytes`).
 * @throws {StreamsError} STR_OUTPUT_TOO_LARGE with `index` = the place in `records` of a record that no batch can hold.
 */
export function planBatches (records: readonly OutgoingRecord[], maxBytesOf: (topic: string) => number): PartitionPlan[] {
  const topics = new Map<string, Map<number, Draft>>()
  const drafts: Draft[] = []
  for (let index = 0; index < records.length; index++) {
    const record = records[index]
    if (record === undefined) continue
    let partitions = topics.get(record.topic)
    if (partitions === undefined) topics.set(record.topic, partitions = new Map())
    let draft = partitions.get(record.partition)
    if (draft === undefined) {
      const { topic, partition } = record
      draft = { topic, partition, maxBytes: maxBytesOf(topic), records: [], bodySizes: [], batches: [], from: 0, sizeBytes: batchLayout.records }
      partitions.set(partition, draft)
      drafts.push(draft)
    }
    addRecord(draft, record, index)
  }
  for (const draft of drafts) closeBatch(draft)
  return drafts
}

function addRecord (draft: Draft, record: OutgoingRecord, index: number): void {
  const { records, maxBytes } = draft
  let bodySize = recordBodySize(record, records.length - draft.from)
  let size = recordSize(bodySize)
  if (draft.sizeBytes + size > maxBytes) {
    if (records.length > draft.from) {
      closeBatch(draft)
      bodySize = recordBodySize(record, 0)
      size = recordSize(bodySize)
    }
    if (draft.sizeBytes + size > maxBytes) {
      throw new StreamsError('STR_OUTPUT_TOO_LARGE', { index, topic: draft.topic, sizeBytes: draft.sizeBytes + size, maxBytes })
    }
  }
  records.push(record)
  draft.bodySizes.push(bodySize)
  draft.sizeBytes += size
}

function closeBatch (draft: Draft): void {
  draft.batches.push({ from: draft.from, to: draft.records.length, sizeBytes: draft.sizeBytes })
  draft.from = draft.records.length
  draft.sizeBytes = batchLayout.records
}
