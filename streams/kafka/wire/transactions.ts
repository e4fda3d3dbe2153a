import { type TopicPartition } from '../../record.ts'
import { apis, groupByTopic, type WireRequest } from './request.ts'

/** Kinds of coordinator. */
export const coordinatorKinds = { group: 0, transaction: 1 } as const
export type CoordinatorKind = keyof typeof coordinatorKinds

/** A producer of one epoch. `transactionalId` is null for the plain idempotent producer. */
export interface ProducerIdentity { readonly transactionalId: string | null, readonly producerId: bigint, readonly producerEpoch: number }

export interface PartitionError extends TopicPartition { readonly errorCode: number }

/** FindCoordinator v2. */
export function findCoordinatorRequest (kind: CoordinatorKind, key: string): WireRequest<{ errorCode: number, nodeId: number, host: string, port: number }> {
  return {
    api: apis.findCoordinator,
    sizeHint: 128,
    write: (out) => { out.string(key).int8(coordinatorKinds[kind]) },
    read: (input) => {
      input.int32()
      const errorCode = input.int16()
      input.nullableString()
      return { errorCode, nodeId: input.int32(), host: input.string(), port: input.int32() }
    }
  }
}

/** InitProducerId v1: a new epoch of a transactional id, or a new producer id when it is null. */
export function initProducerIdRequest (transactionalId: string | null, timeoutMs: number):
WireRequest<{ errorCode: number, producerId: bigint, producerEpoch: number }> {
  return {
    api: apis.initProducerId,
    sizeHint: 128,
    write: (out) => { out.string(transactionalId).int32(timeoutMs) },
    read: (input) => {
      input.int32()
      return { errorCode: input.int16(), producerId: input.int64(), producerEpoch: input.int16() }
    }
  }
}

/** AddPartitionsToTxn v1; answers the error code of each partition. */
export function addPartitionsRequest (producer: ProducerIdentity, partitions: readonly TopicPartition[]): WireRequest<PartitionError[]> {
  return {
    api: apis.addPartitionsToTxn,
    sizeHint: 512,
    write: (out) => {
      out.string(producer.transactionalId).int64(producer.producerId).int16(producer.producerEpoch)
      out.array(groupByTopic(partitions), (_, [topic, list]) => { out.string(topic).array(list, (__, { partition }) => { out.int32(partition) }) })
    },
    read: (input) => {
      input.int32()
      return input.array(() => {
        const topic = input.string()
        return input.array(() => ({ topic, partition: input.int32(), errorCode: input.int16() }))
      }).flat()
    }
  }
}

/** EndTxn v1, always a commit: the abort of this runtime is InitProducerId. Answers an error code. */
export function commitTransactionRequest (producer: ProducerIdentity): WireRequest<number> {
  return {
    api: apis.endTxn,
    sizeHint: 128,
    write: (out) => { out.string(producer.transactionalId).int64(producer.producerId).int16(producer.producerEpoch).boolean(true) },
    read: (input) => {
      input.int32()
      return input.int16()
    }
  }
}
