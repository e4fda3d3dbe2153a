import { type ChannelLetter, type NotificationChannel, type NotificationDelivery, type NotificationState, type Personal } from '#schemas'
import { heldBack } from '../../streams/effects/call-guard.ts'
import { uuidOf } from '../../streams/runtime/identity.ts'
import { heldBackWaitMs, maxTries, retryWaitMs, worthMs } from './backoff.ts'
import { countBurst, takeHeld } from './bursts.ts'
import { type ChannelAnswer } from './channel.ts'
import { type NotificationDraft } from './notification-draft.ts'
import { quietUntilMs } from './quiet-hours.ts'
import { addressesOf, refuseChannel } from './reader.ts'
import { digestTemplate } from './templates.ts'

/** Language of who did not choose one. */
const defaultLocale = 'en'

/** Id of a notification on a channel: the key by which a provider knows a repeat, whatever try it is. */
export function deliveryIdOf (notificationId: string, channel: NotificationChannel): string {
  return uuidOf(`delivery ${notificationId} ${channel}`)
}

/** A delivery that nothing was done for yet. */
export function newDelivery (channel: NotificationChannel, dueAt: number | null, nowMs: number): NotificationDelivery {
  return { channel, status: 'scheduled', tries: 0, calls: 0, dueAt, unknown: false, code: null, providerId: null, at: nowMs }
}

/** Does what can be done now for a delivery that waits: calls the provider, lets it wait for the morning or a digest, or gives it up. */
export function deliver (draft: NotificationDraft, notificationId: string, channel: NotificationChannel): void {
  const row = draft.row(notificationId)
  if (row === undefined) return
  if (channel === 'inApp') return draft.move(notificationId, channel, 'arrive')
  const { nowMs, profile, env } = draft
  const cancel = (code: string): void => { draft.move(notificationId, channel, 'cancel', { code }) }
  if (env.policies[channel] === undefined) return cancel('no-channel')
  if (recipientsOf(draft, row, channel).length === 0) return cancel('no-address')
  if (!isOwn(row, channel) && profile.refused.includes(channel)) return cancel('address-refused')
  if (nowMs >= Math.max(row.requestedAt, row.notBefore ?? 0) + worthMs) {
    return draft.move(notificationId, channel, 'fail', { code: 'expired', message: 'its time was over before the channel took it' })
  }
  const quietMs = row.urgent ? undefined : quietUntilMs(profile, nowMs)
  if (quietMs !== undefined) return draft.move(notificationId, channel, 'putOff', { code: 'quiet-hours', change: { dueAt: quietMs } })
  if (!waitsForDigest(draft, row, channel)) call(draft, row, channel)
}

/** Takes up what is due. */
export function wake (draft: NotificationDraft, notificationId: string): void {
  for (const { channel, status, dueAt } of draft.row(notificationId)?.deliveries ?? []) {
    if (status === 'scheduled' && dueAt !== null && dueAt <= draft.nowMs) deliver(draft, notificationId, channel)
  }
}

/** Sends what waits on a channel: one by itself, more as a digest. */
export function sendDigest (draft: NotificationDraft, channel: NotificationChannel): void {
  const { held, history } = takeHeld(draft.history, channel, draft.nowMs)
  draft.history = history
  const rows = held.flatMap(id => draft.delivery(id, channel)?.status === 'held' ? draft.row(id) ?? [] : [])
  const [first, ...more] = rows
  const last = more.at(-1)
  if (first === undefined) return
  if (last === undefined) return call(draft, first, channel)
  const { userId, correlationId } = last
  const notificationId = uuidOf(`digest ${userId} ${channel} ${first.notificationId}`)
  draft.put({
    ...last,
    notificationId,
    kind: 'message',
    channel,
    template: digestTemplate,
    orderId: null,
    variables: { count: String(rows.length) },
    recipient: isOwn(last, channel) ? last.recipient : null,
    requestedAt: draft.nowMs,
    notBefore: null,
    bodyHash: null,
    correlationId,
    deliveries: [newDelivery(channel, null, draft.nowMs)],
    digestOf: rows.map(row => row.notificationId)
  })
  deliver(draft, notificationId, channel)
}

/** Decides on the provider's answer. A delivery that a receipt has settled meanwhile only learns its id there. */
export function settle (draft: NotificationDraft, notificationId: string, channel: NotificationChannel, answer: ChannelAnswer, mayBeTwice: boolean): void {
  const row = draft.row(notificationId)
  const delivery = row?.deliveries.find(each => each.channel === channel)
  if (row === undefined || delivery === undefined) return
  if (delivery.status !== 'calling') return keepProviderId(draft, row, delivery, answer)
  const tries = delivery.tries + 1
  const unknown = delivery.unknown || mayBeTwice
  const fail = (code: string, message: string, inDoubt = unknown): void => {
    draft.move(notificationId, channel, 'fail', { code, message, inDoubt, change: { tries, unknown: inDoubt } })
  }
  switch (answer.kind) {
    case 'sent': return draft.move(notificationId, channel, 'take', { change: { tries, unknown, providerId: answer.providerId } })
    case 'erased': return draft.move(notificationId, channel, 'cancel', { code: 'erased', change: { unknown } })
    case 'refused': {
      if (answer.isAddressGone === true && !isOwn(row, channel)) draft.profile = refuseChannel(draft.profile, channel)
      return fail(answer.code, answer.message)
    }
    case 'unknown': {
      const isLast = tries >= maxTries || draft.env.policies[channel as 'email'] === 'atMostOnce'
      if (isLast) return fail('in-doubt', answer.message, true)
      return putOff(draft, notificationId, channel, { tries, unknown: true }, 'in-doubt')
    }
    case 'unavailable': {
      if (answer.code === heldBack) return putOff(draft, notificationId, channel, { unknown }, heldBack)
      return tries >= maxTries ? fail(answer.code, answer.message) : putOff(draft, notificationId, channel, { tries, unknown }, answer.code)
    }
  }
}

function putOff (draft: NotificationDraft, notificationId: string, channel: NotificationChannel, change: Partial<NotificationDelivery>, code: string): void {
  const id = deliveryIdOf(notificationId, channel)
  const calls = draft.delivery(notificationId, channel)?.calls ?? 1
  const waitMs = change.tries === undefined ? heldBackWaitMs(id, calls) : retryWaitMs(id, change.tries)
  draft.move(notificationId, channel, 'putOff', { code, change: { ...change, dueAt: draft.nowMs + waitMs } })
}

function keepProviderId (draft: NotificationDraft, row: NotificationState, delivery: NotificationDelivery, answer: ChannelAnswer): void {
  if (answer.kind !== 'sent' || delivery.providerId !== null) return
  const { providerId } = answer
  draft.put({ ...row, deliveries: row.deliveries.map(each => each === delivery ? { ...each, providerId } : each) })
}

/** Only what was never tried and is not urgent may go together with others. */
function waitsForDigest (draft: NotificationDraft, { notificationId, urgent, digestOf }: NotificationState, channel: NotificationChannel): boolean {
  const calls = draft.delivery(notificationId, channel)?.calls ?? 0
  if (urgent || digestOf.length > 0 || calls > 0) return false
  const step = countBurst(draft.history, channel, notificationId, draft.nowMs)
  draft.history = step.history
  if (step.kind === 'send') return false
  draft.move(notificationId, channel, 'hold', { code: 'digest' })
  if (step.kind === 'flush') sendDigest(draft, channel)
  else if (step.digestAtMs !== undefined) draft.digests.set(channel, step.digestAtMs)
  return true
}

function call (draft: NotificationDraft, row: NotificationState, channel: NotificationChannel): void {
  const { notificationId } = row
  const calls = (draft.delivery(notificationId, channel)?.calls ?? 0) + 1
  draft.move(notificationId, channel, 'call', { change: { calls } })
  if (draft.delivery(notificationId, channel)?.calls === calls) draft.letters.push(letterOf(draft, row, channel))
}

function letterOf (draft: NotificationDraft, row: NotificationState, channel: NotificationChannel): ChannelLetter {
  const { notificationId, userId } = row
  const parts = row.digestOf.length === 0 ? [row] : row.digestOf.flatMap(id => draft.row(id) ?? [])
  return {
    type: 'ChannelLetter',
    deliveryId: deliveryIdOf(notificationId, channel),
    notificationId,
    userId,
    channel,
    locale: row.locale ?? draft.profile.locale ?? defaultLocale,
    timeZone: draft.profile.timeZone,
    recipients: recipientsOf(draft, row, channel),
    parts: parts.map(({ template, variables, sealed }) => ({ template, variables, sealed }))
  }
}

function recipientsOf ({ profile }: NotificationDraft, row: NotificationState, channel: NotificationChannel): readonly Personal[] {
  return row.recipient !== null && isOwn(row, channel) ? [row.recipient] : addressesOf(profile, channel)
}

/** True when the request itself says where the reader is on that channel. */
function isOwn (row: NotificationState, channel: NotificationChannel): boolean {
  return row.recipient !== null && row.channel === channel
}
