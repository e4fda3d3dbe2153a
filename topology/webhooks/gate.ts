import { type WebhookDelivery, type WebhookState } from '#schemas'
import { pingType } from './public-events.ts'

/** Messages of one subscription on their way at a time, of all processes together: the bulkhead. A slow endpoint takes no more of a task than this. */
export const window = 4

/** Tries that fail in a row, without one that does not, before nothing new is sent: the breaker. Retries go on, as its probes; one that arrives closes it. */
export const breakerFailures = 5

/** True when only what failed before is tried. */
export function isTroubled ({ failuresInRow }: Pick<WebhookState, 'failuresInRow'>): boolean {
  return failuresInRow >= breakerFailures
}

/** True when the message may be sent now. What an owner tries his endpoint with goes out whatever is known of it. */
export function maySend (webhook: WebhookState, { eventType, tries }: Pick<WebhookDelivery, 'eventType' | 'tries'>): boolean {
  if (webhook.openCalls >= window) return false
  if (eventType === pingType) return true
  if (webhook.stopped !== null) return false
  return !isTroubled(webhook) || tries > 0
}

/** How many of those that wait may be sent now. */
export function freePlaces (webhook: WebhookState): number {
  if (webhook.stopped !== null || isTroubled(webhook)) return 0
  return Math.max(0, window - webhook.openCalls)
}
