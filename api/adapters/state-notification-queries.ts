import { type StateQueryOptions } from '../../streams/state/query.ts'
import { notificationsName } from '../../topology/notifications/channel-effect.ts'
import { noHistory, noProfile } from '../../topology/notifications/reader.ts'
import { historyStore, notificationStore, profileStore } from '../../topology/notifications/stores.ts'
import { ApiError } from '../errors.ts'
import { type NotificationQueries } from '../notifications/ports.ts'
import { createStateRows } from './state-rows.ts'

/** Reads notifications where their processor keeps them, by reader. The id of one does not tell its reader, and so not its task. */
export function createStateNotificationQueries (options: StateQueryOptions): NotificationQueries {
  const rows = createStateRows(options, notificationsName)
  return {
    reader: async userId => {
      const [profile, history] = await Promise.all([rows.read(userId, profileStore, userId), rows.read(userId, historyStore, userId)])
      return { profile: profile ?? noProfile(userId), history: history ?? noHistory(userId) }
    },
    profileAfter: async (wait, userId) => {
      const answer = await rows.readAfter(wait, userId, profileStore, userId)
      if (answer === 'behind') throw new ApiError('API_OUTCOME_UNKNOWN')
      return answer.row ?? noProfile(userId)
    },
    told: async ({ history: { userId, notificationIds } }) => {
      const found = await Promise.all(notificationIds.map(async id => await rows.read(userId, notificationStore, id)))
      return found.filter(row => row !== undefined)
    },
    one: async (userId, notificationId) => await rows.read(userId, notificationStore, notificationId),
    find: async notificationId => await rows.find(notificationStore, notificationId)
  }
}
