import { StreamsError } from '../../streams/errors.ts'
import { partitionOf } from '../../streams/kafka/murmur2.ts'
import { createStateQuery } from '../../streams/state/query.ts'
import { claimStore, identityName, userStore } from '../../topology/identity/process-identity.ts'
import { partitions } from '../../topology/topics.ts'
import { ApiError } from '../errors.ts'
import { type UserQueries } from '../identity/ports.ts'
import { type StateQueriesOptions } from './state-order-queries.ts'

/** Reads accounts where the identity processor keeps them: an address in the task of its key, an account in the task of its id. */
export function createStateUserQueries (options: StateQueriesOptions): UserQueries {
  const query = createStateQuery(options)
  return {
    owner: async emailKey => {
      const partition = partitionOf(emailKey, partitions)
      const answer = await query.get(identityName, partition, [[claimStore, emailKey]])
      if (answer.status !== 'ready') throw unavailable(partition, answer.status)
      return answer.values[0]?.userId
    },
    read: async (userId, wait) => {
      const partition = partitionOf(userId, partitions)
      const wanted = [[userStore, userId]] as const
      const answer = wait === undefined ? await query.get(identityName, partition, wanted) : await query.get(identityName, partition, wanted, wait)
      if (answer.status === 'behind') throw new ApiError('API_OUTCOME_UNKNOWN')
      if (answer.status !== 'ready') throw unavailable(partition, answer.status)
      return answer.values[0]
    }
  }
}

function unavailable (partition: number, reason: string): StreamsError {
  return new StreamsError('STR_STATE_UNAVAILABLE', { node: identityName, partition, reason })
}
