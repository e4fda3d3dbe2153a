import { StreamsError } from '../../streams/errors.ts'
import { partitionOf } from '../../streams/kafka/murmur2.ts'
import { type StateQueryOptions, hasProcessed } from '../../streams/state/query.ts'
import { orderStore, ordersName, viewStore } from '../../topology/orders/process-orders.ts'
import { partitions } from '../../topology/topics.ts'
import { type OrderQueries } from '../ports.ts'
import { createGatheredQuery } from './gathered-query.ts'

/**
 * Reads orders where the orders processor keeps them: view, body hash and progress in one read, so that they are of one moment.
 * A task whose state is missing, being restored or in the middle of a large change is not read: STR_STATE_UNAVAILABLE.
 */
export function createStateOrderQueries (options: StateQueryOptions): OrderQueries {
  const query = createGatheredQuery(options)
  return {
    read: async (orderId, position) => {
      const partition = partitionOf(orderId, partitions)
      const answer = await query.get(ordersName, partition, [[viewStore, orderId], [orderStore, orderId]])
      if (answer.status !== 'ready') throw new StreamsError('STR_STATE_UNAVAILABLE', { node: ordersName, partition, reason: answer.status })
      const [view, state] = answer.values
      const reached = position === undefined || hasProcessed(answer.progress, position)
      return { view, bodyHash: state?.bodyHash, commandHashes: state?.commandHashes ?? {}, reached }
    }
  }
}
