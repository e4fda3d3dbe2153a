import { type WebhookDelivery, type WebhookState } from '#schemas'
import { isTroubled } from '../../topology/webhooks/gate.ts'
import { type DeliveryBody, type DeliverySummary, type WebhookBody } from '../schemas/webhook.ts'

const instant = (ms: number): string => new Date(ms).toISOString()
const instantOrNull = (ms: number | null): string | null => ms === null ? null : instant(ms)

/** A subscription as its owner sees it; without secrets. */
export function webhookBody (webhook: WebhookState, nowMs: number): WebhookBody {
  const { webhookId, url, eventTypes, description, stopped, secrets, failuresInRow, lastSuccessAt, createdAt, updatedAt } = webhook
  return {
    webhookId,
    url,
    eventTypes: [...eventTypes],
    description,
    status: stopped === null ? 'active' : 'disabled',
    disabledReason: stopped,
    isFailing: isTroubled(webhook),
    failuresInRow,
    lastSuccessAt: instantOrNull(lastSuccessAt),
    secrets: secrets.filter(({ until }) => until === null || until > nowMs).map(({ secretId, until }) => ({ secretId, signsUntil: instantOrNull(until) })),
    createdAt: instant(createdAt),
    updatedAt: instant(updatedAt)
  }
}

/** A message as it stands in the list. */
export function deliverySummary ({ messageId, eventType, subject, createdAt, status, tries, dueAt, attempts }: WebhookDelivery): DeliverySummary {
  const last = attempts.at(-1)
  return {
    messageId,
    eventType,
    subject,
    createdAt: instant(createdAt),
    status,
    tries,
    nextTryAt: instantOrNull(dueAt),
    lastAttempt: last === undefined ? null : attemptBody(last)
  }
}

/** A message whole: what is posted, and every try that is kept. */
export function deliveryBody (delivery: WebhookDelivery): DeliveryBody {
  return { ...deliverySummary(delivery), attempts: delivery.attempts.map(attemptBody), body: delivery.body }
}

function attemptBody ({ at, ...rest }: WebhookDelivery['attempts'][number]): DeliveryBody['attempts'][number] {
  return { at: instant(at), ...rest }
}
