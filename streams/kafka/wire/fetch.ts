import { type TopicPartition } from '../../record.ts'
import { type AbortedTransaction } from './read-committed.ts'
import { apis, groupByTopic, type WireRequest } from './request.ts'

const READ_COMMITTED = 1
const FULL_FETCH = { session: 0, epoch: -1 } as const
const BYTES_PER_PARTITION = 28

/** One partition of a fetch. */
export interface FetchPosition extends TopicPartition { readonly offset: bigint, readonly maxBytes: number }

/** What a fetch answers for one partition. `records` is a view into the answer. */
export interface FetchAnswer extends TopicPartition {
  readonly errorCode: number
  readonly lastStableOffset: bigint
  readonly aborted: readonly AbortedTransaction[]
  readonly records: Buffer
}

/** Fetch v11, read-committed, without a fetch session. Answers at once when any partition has a byte, else after `maxWaitMs`. */
export function fetchRequest (positions: readonly FetchPosition[], maxWaitMs: number, maxBytes: number): WireRequest<FetchAnswer[]> {
  return {
    api: apis.fetch,
    sizeHint: 128 + positions.length * BYTES_PER_PARTITION * 2,
    write: (out) => {
      out.int32(-1).int32(maxWaitMs).int32(1).int32(maxBytes).int8(READ_COMMITTED).int32(FULL_FETCH.session).int32(FULL_FETCH.epoch)
      out.array(groupByTopic(positions), (_, [topic, partitions]) => {
        out.string(topic).array(partitions, (__, position) => {
          out.int32(position.partition).int32(-1).int64(position.offset).int64(-1n).int32(position.maxBytes)
        })
      })
      out.int32(0).string('')
    },
    read: (input) => {
      input.int32() // throttle time: the broker holds the connection itself
      const errorCode = input.int16()
      input.int32()
      const answers: FetchAnswer[] = []
      input.array(() => {
        const topic = input.string()
        input.array(() => {
          const partition = input.int32()
          const partitionError = input.int16()
          input.int64()
          const lastStableOffset = input.int64()
          input.int64()
          const aborted = input.array(() => ({ producerId: input.int64(), firstOffset: input.int64() }))
          input.int32()
          answers.push({ topic, partition, errorCode: errorCode === 0 ? partitionError : errorCode, lastStableOffset, aborted, records: input.bytes() })
        })
      })
      return answers
    }
  }
}
