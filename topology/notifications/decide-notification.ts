import { type CancelNotification, type MarkNotificationsRead, type NotificationReceipt, type NotificationRequested } from '#schemas'
import { type Body } from '../commands/body.ts'
import { dropHeld } from './bursts.ts'
import { deliver, newDelivery } from './deliver.ts'
import { type NotificationDraft } from './notification-draft.ts'
import { channelsFor, isLocale, maxHistory, refuseChannel } from './reader.ts'
import { digestTemplate, missingVariable, templates } from './templates.ts'

/** How far ahead a notification may be scheduled, ms: its row must outlive it. */
export const maxAheadMs = 14 * 86_400_000

/** Takes a request in, once: plans a delivery for each channel and does what can be done now. Pure. */
export function requestNotification (draft: NotificationDraft, request: Body<NotificationRequested>, correlationId: string): void {
  const { notificationId, userId, orderId, channel: asked, locale, variables, recipient, sealed, notBefore, bodyHash } = request
  if (draft.row(notificationId) !== undefined) return
  const { nowMs } = draft
  const template = Object.hasOwn(templates, request.template) ? templates[request.template] : undefined
  const kind = template?.kind ?? 'message'
  const problem = whyNot(request, nowMs)
  const channels = problem === undefined ? channelsFor(draft.profile, kind, asked) : []
  const dueAt = notBefore !== null && notBefore > nowMs ? notBefore : null
  draft.put({
    type: 'NotificationState',
    notificationId,
    userId,
    orderId,
    kind,
    channel: asked,
    template: request.template,
    locale,
    variables,
    recipient,
    sealed,
    urgent: request.urgent || template?.isUrgent === true,
    requestedAt: nowMs,
    notBefore,
    bodyHash,
    correlationId,
    deliveries: (channels.length === 0 ? [asked] : channels).map(channel => newDelivery(channel, dueAt, nowMs)),
    digestOf: []
  })
  const { notificationIds } = draft.history
  draft.history = { ...draft.history, notificationIds: [notificationId, ...notificationIds].slice(0, maxHistory) }
  if (problem !== undefined) draft.move(notificationId, asked, 'fail', problem)
  else if (channels.length === 0) draft.move(notificationId, asked, 'cancel', { code: 'unwanted' })
  else if (dueAt === null) for (const channel of channels) deliver(draft, notificationId, channel)
}

function whyNot (
  { template: name, variables, locale, notBefore }: Body<NotificationRequested>, nowMs: number
): { readonly code: string, readonly message: string } | undefined {
  const template = Object.hasOwn(templates, name) ? templates[name] : undefined
  if (template === undefined || name === digestTemplate) return { code: 'template-unknown', message: `there is no template ${name.slice(0, 80)}` }
  const missing = missingVariable(template, variables)
  if (missing !== undefined) return { code: 'variable-missing', message: `the template ${name} needs ${missing}` }
  if (locale !== null && !isLocale(locale)) return { code: 'locale-invalid', message: 'the locale is no language tag' }
  if (notBefore !== null && notBefore > nowMs + maxAheadMs) return { code: 'too-far-ahead', message: 'it is scheduled for more than 14 days from now' }
  return undefined
}

/** Takes back what is not on its way. Pure. */
export function cancelNotification (draft: NotificationDraft, { notificationId }: Body<CancelNotification>): void {
  for (const { channel, status } of draft.row(notificationId)?.deliveries ?? []) {
    if (status !== 'scheduled' && status !== 'held') continue
    draft.move(notificationId, channel, 'cancel', { code: 'asked-for' })
    if (status === 'held') draft.history = dropHeld(draft.history, notificationId)
  }
}

/** What a provider tells of a message. What is refused for good is not tried at that address again. Pure. */
export function hearReceipt (draft: NotificationDraft, receipt: Body<NotificationReceipt>): void {
  const { notificationId, channel, outcome, code, providerId } = receipt
  const row = draft.row(notificationId)
  const delivery = draft.delivery(notificationId, channel)
  if (row === undefined || delivery === undefined) return
  const { tries, unknown } = delivery
  const change = { tries, unknown, providerId: delivery.providerId ?? providerId }
  if (outcome === 'delivered') return draft.move(notificationId, channel, 'arrive', { change })
  draft.move(notificationId, channel, 'bounce', { code: code ?? 'bounced', message: 'the provider could not deliver it', change })
  if (outcome === 'refused' && row.recipient === null) draft.profile = refuseChannel(draft.profile, channel)
}

/** The reader has seen his inbox. Never goes back. Pure. */
export function markRead (draft: NotificationDraft, { upTo }: Body<MarkNotificationsRead>): void {
  if (upTo > draft.history.readUpTo) draft.history = { ...draft.history, readUpTo: Math.min(upTo, draft.nowMs) }
}
