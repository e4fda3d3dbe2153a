import { StreamsError } from '../../streams/errors.ts'
import { partitionOf } from '../../streams/kafka/murmur2.ts'
import { type QueryAnswer, type StateQueryOptions, createStateQuery } from '../../streams/state/query.ts'
import { partitions } from '../../topology/topics.ts'
import { deliveryKey } from '../../topology/webhooks/message-id.ts'
import { deliveryStore, ownerPrefix, webhookKey, webhookStore, webhooksName } from '../../topology/webhooks/stores.ts'
import { ApiError } from '../errors.ts'
import { type WebhookQueries } from '../webhooks/ports.ts'

/** Subscriptions of an account that are listed at most: more than it may have. */
const listed = 200

/** Reads subscriptions and messages where the webhooks processor keeps them: in the task of their owner. */
export function createStateWebhookQueries (options: StateQueryOptions): WebhookQueries {
  const query = createStateQuery(options)
  const place = (ownerId: string): number => partitionOf(ownerId, partitions)

  function valuesOf<Values> (ownerId: string, answer: QueryAnswer<Values>): Values {
    if (answer.status === 'ready') return answer.values
    if (answer.status === 'behind') throw new ApiError('API_OUTCOME_UNKNOWN')
    throw new StreamsError('STR_STATE_UNAVAILABLE', { node: webhooksName, partition: place(ownerId), reason: answer.status })
  }

  return {
    list: async ownerId => {
      const range = { prefix: ownerPrefix(ownerId), limit: listed }
      const { rows } = valuesOf(ownerId, await query.scan(webhooksName, place(ownerId), webhookStore, range))
      return rows.map(([, webhook]) => webhook)
    },
    read: async (ownerId, webhookId, wait) => {
      const [webhook] = valuesOf(ownerId, await query.get(webhooksName, place(ownerId), [[webhookStore, webhookKey({ ownerId, webhookId })]], wait))
      return webhook
    },
    deliveries: async (ownerId, webhookId, { after, limit }) => {
      const range = { prefix: `${webhookId}/`, limit, ...after === undefined ? {} : { after: deliveryKey(webhookId, after) } }
      const { rows, next } = valuesOf(ownerId, await query.scan(webhooksName, place(ownerId), deliveryStore, range))
      const deliveries = rows.map(([, delivery]) => delivery)
      return { deliveries, next: next === undefined ? undefined : deliveries.at(-1)?.messageId }
    },
    delivery: async (ownerId, webhookId, messageId, wait) => {
      const [delivery] = valuesOf(ownerId, await query.get(webhooksName, place(ownerId), [[deliveryStore, deliveryKey(webhookId, messageId)]], wait))
      return delivery
    }
  }
}
