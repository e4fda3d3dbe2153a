import { StreamsError } from '../../streams/errors.ts'
import { partitionOf } from '../../streams/kafka/murmur2.ts'
import { type StoreDef } from '../../streams/processor.ts'
import { type NotReady, type PositionWait, type StateQueryOptions } from '../../streams/state/query.ts'
import { partitions } from '../../topology/topics.ts'
import { createGatheredQuery } from './gathered-query.ts'

/**
 * Single rows of one processor, read where it keeps them. undefined = there is no such row.
 *
 * All reject with STR_STATE_UNAVAILABLE when the state of the task is missing, being restored, or in the middle of a large change.
 */
export interface StateRows {
  /** A row in the task of `routingKey`. */
  read<V> (routingKey: string, store: StoreDef<V>, key: string): Promise<V | undefined>
  /** The same once the task has processed a record; `behind` when it has not in time. */
  readAfter<V> (wait: PositionWait | undefined, routingKey: string, store: StoreDef<V>, key: string): Promise<{ readonly row: V | undefined } | 'behind'>
  /** A row of which nobody knows the task: all of them are asked at once. */
  find<V> (store: StoreDef<V>, key: string): Promise<V | undefined>
}

/** `place`: the partition of a routing key. @default that of the co-partitioned topics */
export function createStateRows (options: StateQueryOptions, node: string, place = (key: string): number => partitionOf(key, partitions)): StateRows {
  const query = createGatheredQuery(options)
  const unavailable = (partition: number, reason: NotReady): StreamsError => new StreamsError('STR_STATE_UNAVAILABLE', { node, partition, reason })

  const rows: StateRows = {
    read: async (routingKey, store, key) => {
      const answer = await rows.readAfter(undefined, routingKey, store, key)
      if (answer === 'behind') throw unavailable(place(routingKey), answer)
      return answer.row
    },
    readAfter: async (wait, routingKey, store, key) => {
      const partition = place(routingKey)
      const answer = await query.get(node, partition, [[store, key]], wait)
      if (answer.status === 'behind') return 'behind'
      if (answer.status !== 'ready') throw unavailable(partition, answer.status)
      return { row: answer.values[0] }
    },
    find: async (store, key) => {
      const answers = await Promise.all(Array.from({ length: partitions }, async (_, partition) => await query.get(node, partition, [[store, key]])))
      for (const answer of answers) if (answer.status === 'ready' && answer.values[0] !== undefined) return answer.values[0]
      for (const [partition, { status }] of answers.entries()) if (status !== 'ready') throw unavailable(partition, status)
      return undefined
    }
  }
  return rows
}
