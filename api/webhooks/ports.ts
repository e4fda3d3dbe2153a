import { type WebhookDelivery, type WebhookState } from '#schemas'
import { type PositionWait } from '../../streams/state/query.ts'

/** Messages of a subscription, the newest first. `next`: give it as `after` to go on; undefined = there are no more. */
export interface DeliveryPage { readonly deliveries: readonly WebhookDelivery[], readonly next: string | undefined }

/** Which messages: those before one, at most so many. */
export interface DeliveryWish { readonly after?: string | undefined, readonly limit: number }

/**
 * Reads subscriptions and their messages from the state of the webhooks processor, each by its owner: what belongs to another is not there.
 *
 * All reject with STR_STATE_UNAVAILABLE when the state is missing or being restored; with a wait that is over, with API_OUTCOME_UNKNOWN.
 */
export interface WebhookQueries {
  list (ownerId: string): Promise<readonly WebhookState[]>
  read (ownerId: string, webhookId: string, wait?: PositionWait): Promise<WebhookState | undefined>
  deliveries (ownerId: string, webhookId: string, wish: DeliveryWish): Promise<DeliveryPage>
  delivery (ownerId: string, webhookId: string, messageId: string, wait?: PositionWait): Promise<WebhookDelivery | undefined>
}

/** How webhooks are signed, and where they may go. */
export interface WebhookRules {
  /** Why an endpoint may not be posted to, in words; undefined = it may, as far as its URL tells. */
  whyRefused (url: string): string | undefined
  /** The secret of that name, as its owner writes it. */
  secretOf (webhookId: string, secretId: string): string
}

/** What the routes of webhooks work with. */
export interface WebhookServices extends WebhookRules { readonly queries: WebhookQueries }
