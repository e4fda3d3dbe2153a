import { type WebhookState } from '#schemas'
import { defineGlobalTable, defineStore } from '../../streams/processor.ts'
import { stateSerde } from '../codec.ts'
import { topics } from '../topics.ts'

/** Name of the sub-topology: in task ids, the changelog and the hash slots of the state. */
export const webhooksName = 'webhooks'

/** How long a message and its tries are kept, and a message waits for its turn, ms: seven days after it was touched last. */
export const deliveryLifeMs = 7 * 86_400_000

/** One row per subscription, those of an account together: see `webhookKey`. */
export const webhookStore = defineStore('webhooks', stateSerde(webhooksName, 'WebhookState'), { ordered: true })
/** One row per message of a subscription, the newest first: see `deliveryKey`. */
export const deliveryStore = defineStore('deliveries', stateSerde(webhooksName, 'WebhookDelivery'), { ordered: true, ttlMs: deliveryLifeMs })
/** One row per message that waits for its turn, the oldest first: see `turnKey`. */
export const turnStore = defineStore('turns', stateSerde(webhooksName, 'WebhookTurn'), { ordered: true, ttlMs: deliveryLifeMs })
/** The active subscriptions of the task: one row, under `routesKey`. */
export const routesStore = defineStore('routes', stateSerde(webhooksName, 'WebhookRoutes'))
export const routesKey = 'routes'

/** Every active subscription: one row a task, so that an event looks into as many rows as there are tasks, however many subscriptions there are. */
export const routesTable = defineGlobalTable('webhook-routes', topics.webhooks.routes)

/** Where the subscriptions of an account lie in the store. */
export function ownerPrefix (ownerId: string): string {
  return `${encodeURIComponent(ownerId)}/`
}

/** Key of the row of a subscription: none but its owner's. */
export function webhookKey ({ ownerId, webhookId }: Pick<WebhookState, 'ownerId' | 'webhookId'>): string {
  return ownerPrefix(ownerId) + webhookId
}
