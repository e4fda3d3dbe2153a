import { type TopicPartition } from '../../record.ts'
import { optionalApis, type WireRequest } from './request.ts'

/** A producer that the leader of a partition remembers. */
export interface PartitionProducer {
  readonly producerId: bigint
  /** Where its open transaction begins in the partition; −1 when it has none there. */
  readonly firstOffset: bigint
}

/** A transaction as its coordinator knows it. */
export interface ListedTransaction { readonly transactionalId: string, readonly producerId: bigint }

/** DescribeProducers v0 of one partition; to be sent to its leader. */
export function describeProducersRequest ({ topic, partition }: TopicPartition):
WireRequest<{ errorCode: number, message: string, producers: readonly PartitionProducer[] }> {
  return {
    api: optionalApis.describeProducers,
    sizeHint: 128 + topic.length,
    write: (out) => {
      out.compactArray([topic], (_, name) => { out.compactString(name).compactArray([partition], (__, index) => { out.int32(index) }).tags() }).tags()
    },
    read: (input) => {
      input.int32()
      const [found] = input.compactArray(() => {
        input.compactString()
        const partitions = input.compactArray(() => {
          input.int32()
          const errorCode = input.int16()
          const message = input.compactString()
          const producers = input.compactArray(() => {
            const producerId = input.int64()
            input.int32() // epoch
            input.int32() // last sequence
            input.int64() // last timestamp
            input.int32() // epoch of the coordinator
            const firstOffset = input.int64()
            input.tags()
            return { producerId, firstOffset }
          })
          input.tags()
          return { errorCode, message, producers }
        })
        input.tags()
        return partitions
      }).flat()
      return found ?? { errorCode: 0, message: '', producers: [] }
    }
  }
}

/** ListTransactions v0 of these producers, in any state; each broker answers for those that it coordinates. */
export function listTransactionsRequest (producerIds: readonly bigint[]): WireRequest<{ errorCode: number, transactions: readonly ListedTransaction[] }> {
  return {
    api: optionalApis.listTransactions,
    sizeHint: 64 + producerIds.length * 8,
    write: (out) => { out.compactArray<string>([], (_, state) => { out.compactString(state) }).compactArray(producerIds, (_, id) => { out.int64(id) }).tags() },
    read: (input) => {
      input.int32()
      const errorCode = input.int16()
      input.compactArray(() => input.compactString()) // state filters that the broker does not know
      const transactions = input.compactArray(() => {
        const transactionalId = input.compactString()
        const producerId = input.int64()
        input.compactString() // its state
        input.tags()
        return { transactionalId, producerId }
      })
      return { errorCode, transactions }
    }
  }
}
