import { type TopicPartition } from '../../record.ts'
import { type PartitionPlan, type PlannedBatch } from './batch-plan.ts'
import { type BatchOrigin, writeRecordBatch } from './record-batch-encoder.ts'
import { apis, groupByTopic, type WireRequest } from './request.ts'
import { type ProducerIdentity } from './transactions.ts'

const ALL_IN_SYNC = -1
const SEQUENCES = 2 ** 31

/** One batch of a Produce request: a partition takes at most one batch in a request. */
export interface ProducePart extends TopicPartition {
  readonly plan: PartitionPlan
  readonly batch: PlannedBatch
  /** Sequence of its first record. */
  readonly sequence: number
}

export interface ProduceAnswer extends TopicPartition {
  readonly errorCode: number
  readonly baseOffset: bigint
  /** Epoch ms; −1 when the topic keeps the producer's time. */
  readonly appendTimeMs: number
}

/** The sequence `count` records later; sequences wrap at 2^31. */
export function sequenceAfter (sequence: number, count: number): number {
  return (sequence + count) % SEQUENCES
}

/** Produce v7, acks=all. The batches are encoded straight into the request. */
export function produceRequest (
  producer: ProducerIdentity, parts: readonly ProducePart[], timestampMs: number, timeoutMs: number
): WireRequest<ProduceAnswer[]> {
  const origin: BatchOrigin = {
    producerId: producer.producerId, producerEpoch: producer.producerEpoch, transactional: producer.transactionalId !== null, timestampMs
  }
  return {
    api: apis.produce,
    sizeHint: parts.reduce((size, { topic, batch }) => size + batch.sizeBytes + topic.length * 3 + 32, 256),
    write: (out) => {
      out.string(producer.transactionalId).int16(ALL_IN_SYNC).int32(timeoutMs)
      out.array(groupByTopic(parts), (_, [topic, list]) => {
        out.string(topic).array(list, (__, { partition, plan, batch, sequence }) => {
          out.int32(partition).int32(batch.sizeBytes).reserve(batch.sizeBytes)
          out.at = writeRecordBatch(out.bytes, out.at, plan.records, plan.bodySizes, batch.from, batch.to, sequence, origin)
        })
      })
    },
    read: (input) => input.array(() => {
      const topic = input.string()
      return input.array(() => {
        const answer = { topic, partition: input.int32(), errorCode: input.int16(), baseOffset: input.int64(), appendTimeMs: Number(input.int64()) }
        input.int64()
        return answer
      })
    }).flat()
  }
}
