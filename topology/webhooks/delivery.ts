import { type WebhookDelivery, type WebhookDeliveryStatus, type WebhookDue, type WebhookState, type WebhookStop } from '#schemas'
import { pingType } from './public-events.ts'
import { retries, retryWaitMs } from './retries.ts'
import { type WebhookAnswer } from './sender.ts'

/** What can happen to a message. `held`: its subscription was stopped while it was on its way. */
export type Step = 'start' | 'arrived' | 'failed' | 'givenUp' | 'held' | 'resend'

/** Status × step → status. What is not listed cannot happen. */
export const deliverySteps: Readonly<Partial<Record<WebhookDeliveryStatus, Readonly<Partial<Record<Step, WebhookDeliveryStatus>>>>>> = {
  waiting: { start: 'sending', givenUp: 'failed' },
  sending: { arrived: 'delivered', failed: 'retrying', givenUp: 'failed', held: 'waiting' },
  retrying: { start: 'sending', held: 'waiting' },
  delivered: { resend: 'waiting' },
  failed: { resend: 'waiting' }
}

/** Tries that are kept of a message. */
const keptAttempts = 12

/** A message as it begins. */
export function newDelivery ({ messageId, webhookId, ownerId, eventType, subject, body }: Omit<WebhookDue, 'type' | 'meta'>, createdAt: number): WebhookDelivery {
  return {
    type: 'WebhookDelivery', messageId, webhookId, ownerId, eventType, subject, body, createdAt, status: 'waiting', tries: 0, calls: 0, dueAt: null, attempts: []
  }
}

/**
 * The message after a step.
 *
 * @throws {Error} for a step that its status does not know.
 */
export function step (delivery: WebhookDelivery, what: Step): WebhookDelivery {
  const status = deliverySteps[delivery.status]?.[what]
  if (status === undefined) throw new Error(`a message that is ${delivery.status} knows no step ${what}`)
  return { ...delivery, status, dueAt: null }
}

/** A test that finds no place: its owner waits for it now, so it is not kept for later. */
export function turnAway (delivery: WebhookDelivery, nowMs: number): WebhookDelivery {
  const attempt = { at: nowMs, code: 'no-place', status: null, tookMs: 0, excerpt: '', mayBeTwice: false }
  return { ...step(delivery, 'givenUp'), attempts: [...delivery.attempts, attempt] }
}

/** True when the message can be sent again. */
export function isResendable ({ status, eventType }: Pick<WebhookDelivery, 'status' | 'eventType'>): boolean {
  return eventType !== pingType && deliverySteps[status]?.resend !== undefined
}

/** What follows from an answer: the message, its subscription, and why the subscription is to be stopped, if it is. */
export interface Settled { readonly delivery: WebhookDelivery, readonly webhook: WebhookState, readonly stop: WebhookStop | undefined }

/**
 * Settles a try. Pure. A failed one is tried again five times; then it is given up and its subscription stopped, as it is at once when the endpoint
 * says that it is gone. `mayBeTwice`: whoever sent it was lost before it could say so, and it was sent again.
 */
export function settle (
  webhook: WebhookState, sent: WebhookDelivery, answer: WebhookAnswer, { nowMs, mayBeTwice }: { readonly nowMs: number, readonly mayBeTwice: boolean }
): Settled {
  const { code, status, tookMs, excerpt } = answer
  const attempts = [...sent.attempts, { at: nowMs, code, status, tookMs, excerpt, mayBeTwice }].slice(-keptAttempts)
  const delivery = { ...sent, attempts, tries: sent.tries + 1 }
  const closed = { ...webhook, openCalls: Math.max(0, webhook.openCalls - 1) }
  if (code === 'delivered') {
    return { delivery: step(delivery, 'arrived'), webhook: { ...closed, failuresInRow: 0, lastSuccessAt: nowMs }, stop: undefined }
  }
  if (sent.eventType === pingType) return { delivery: step(delivery, 'givenUp'), webhook: closed, stop: undefined }
  const failing = { ...closed, failuresInRow: closed.failuresInRow + 1 }
  const isOver = code === 'gone' || delivery.tries > retries
  if (isOver) return { delivery: step(delivery, 'givenUp'), webhook: failing, stop: webhook.stopped === null ? code === 'gone' ? 'gone' : 'exhausted' : undefined }
  if (webhook.stopped !== null) return { delivery: step(delivery, 'held'), webhook: failing, stop: undefined }
  return { delivery: { ...step(delivery, 'failed'), dueAt: nowMs + retryWaitMs(sent.messageId, delivery.tries) }, webhook: failing, stop: undefined }
}
