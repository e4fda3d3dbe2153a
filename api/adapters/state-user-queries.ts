import { type StateQueryOptions } from '../../streams/state/query.ts'
import { claimStore, identityName, userStore } from '../../topology/identity/process-identity.ts'
import { ApiError } from '../errors.ts'
import { type UserQueries } from '../identity/ports.ts'
import { createStateRows } from './state-rows.ts'

/** Reads accounts where the identity processor keeps them: an address in the task of its key, an account in the task of its id. */
export function createStateUserQueries (options: StateQueryOptions): UserQueries {
  const rows = createStateRows(options, identityName)
  return {
    owner: async emailKey => (await rows.read(emailKey, claimStore, emailKey))?.userId,
    read: async (userId, wait) => {
      const answer = await rows.readAfter(wait, userId, userStore, userId)
      if (answer === 'behind') throw new ApiError('API_OUTCOME_UNKNOWN')
      return answer.row
    }
  }
}
