import {
  type CancelNotification, type ChannelLetter, type DeliveryPolicy, type MarkNotificationsRead, type NotificationChannel, type NotificationReceipt,
  type NotificationRequested, type NotificationState, type SetNotificationPreferences, type UserDeleted, type UserRegistered
} from '#schemas'
import { StreamsError } from '../../streams/errors.ts'
import { withInbox } from '../../streams/inbox.ts'
import { type EffectDef, type ProcessorContext, type ProcessorDef, type ReadSet, type RecordInfo, type TimerInfo, defineProcessor } from '../../streams/processor.ts'
import { type Cause, causeOf, causeOfSource, commandIdOf, eventMeta } from '../envelope.ts'
import { type IdentityEvent, type NotificationCommand, topics } from '../topics.ts'
import { type Answered, createChannelEffect, notificationsName } from './channel-effect.ts'
import { type ChannelPort, type Channels, type OutsideChannel, outsideChannels } from './channel.ts'
import { cancelNotification, hearReceipt, markRead, requestNotification } from './decide-notification.ts'
import { sendDigest, settle, wake } from './deliver.ts'
import { NotificationDraft } from './notification-draft.ts'
import { noHistory, noProfile, openReader, setPreferences, whyNoPreferences } from './reader.ts'
import { historyStore, notificationStore, profileStore } from './stores.ts'

export interface NotificationsOptions {
  /** @default none: what leaves the house is cancelled */
  readonly channels?: Channels
}

type NotificationsInput = NotificationRequested | NotificationCommand | IdentityEvent
type ReaderInput = NotificationRequested | NotificationCommand | UserRegistered | UserDeleted

/**
 * How long the tasks let work gather, ms: many letters at once are accepted, and their answers finished, in few transactions, which cost more than anything
 * else about a letter. One that comes alone waits for nothing.
 */
const lingerMs = 100

const dueTimer = 'due/'
const digestTimer = 'digest/'

/** Tells readers what they are to be told, on their channels. Nothing else waits for it. See README.md. */
export function createNotificationsProcessor ({ channels = {} }: NotificationsOptions = {}): ProcessorDef {
  const effects = new Map<NotificationChannel, EffectDef>()
  const policies: Partial<Record<OutsideChannel, DeliveryPolicy>> = {}
  for (const name of outsideChannels) {
    const port = channels[name]
    // What was accepted while there was such a channel still has to come to an end.
    effects.set(name, createChannelEffect(name, port ?? noChannel, finish))
    if (port !== undefined) policies[name] = port.policy
  }
  const processor = defineProcessor<NotificationsInput>({
    name: notificationsName,
    inputs: [topics.notifications.requests, topics.notifications.commands, topics.identity.events],
    outputs: [topics.notifications.events, topics.orders.rejections],
    stores: [profileStore, historyStore, notificationStore],
    effects: [...effects.values()],
    reads,
    handlers: {
      NotificationRequested: (context, request, record) => decide(context, request, record, draft => {
        requestNotification(draft, request, request.meta.correlationId)
      }),
      CancelNotification: (context, command: CancelNotification, record) => decide(context, command, record, draft => { cancelNotification(draft, command) }),
      MarkNotificationsRead: (context, command: MarkNotificationsRead, record) => decide(context, command, record, draft => { markRead(draft, command) }),
      NotificationReceipt: (context, receipt: NotificationReceipt, record) => decide(context, receipt, record, draft => { hearReceipt(draft, receipt) }),
      SetNotificationPreferences: (context, command: SetNotificationPreferences, record) => decide(context, command, record, draft => {
        const problem = whyNoPreferences(command)
        if (problem !== undefined) throw new StreamsError('STR_RECORD_REFUSED', { why: problem })
        const { version } = draft.profile
        if (command.expectedVersion !== null && command.expectedVersion !== version) return rejectChange(context, command, version)
        draft.profile = setPreferences(draft.profile, command, commandIdOf(command.meta, context.source))
      }),
      UserRegistered: (context, event, record) => decide(context, event, record, draft => { draft.profile = openReader(draft.profile, event) }),
      UserDeleted: (context, { userId }) => {
        context.store(profileStore).delete(userId)
        context.store(historyStore).delete(userId)
      }
    },
    onTimer,
    timerReads: ({ key, payload }) => {
      const reader = [[profileStore, payload], [historyStore, payload]] as const
      return key.startsWith(dueTimer) ? [...reader, [notificationStore, key.slice(dueTimer.length)]] : reader
    },
    ordering: { timer: ({ payload }) => payload },
    lingerMs
  })
  return withInbox<NotificationsInput>(processor, {
    eventId: input => input.type === 'NotificationReceipt' ? `${input.channel}/${input.receiptId}` : undefined
  })

  function decide (context: ProcessorContext, input: ReaderInput, record: RecordInfo, about: (draft: NotificationDraft) => void): void {
    if (record.key !== input.userId) throw new StreamsError('STR_RECORD_REFUSED', { why: 'the key of the record is not its user id' })
    const draft = open(context, input.userId)
    about(draft)
    carryOut(context, draft, causeOf(input.meta, context.source))
  }

  function onTimer (context: ProcessorContext, { key, payload: userId }: TimerInfo): void {
    const draft = open(context, userId)
    if (key.startsWith(dueTimer)) wake(draft, key.slice(dueTimer.length))
    else sendDigest(draft, key.slice(digestTimer.length).split('/')[0] as NotificationChannel)
    carryOut(context, draft, undefined)
  }

  function finish (context: ProcessorContext, { notificationId, userId, channel }: ChannelLetter, { answer, mayBeTwice }: Answered): void {
    const draft = open(context, userId)
    settle(draft, notificationId, channel, answer, mayBeTwice)
    carryOut(context, draft, undefined)
  }

  function open (context: ProcessorContext, userId: string): NotificationDraft {
    const profile = context.store(profileStore).get(userId) ?? noProfile(userId)
    const history = context.store(historyStore).get(userId) ?? noHistory(userId)
    return new NotificationDraft({ profile, history }, { nowMs: context.nowMs, policies, rowOf: id => context.store(notificationStore).get(id) })
  }

  /** Writes what was decided, tells it, and asks for the calls and timers it leads to. Without a cause each thing goes back to what was asked for. */
  function carryOut (context: ProcessorContext, draft: NotificationDraft, cause: Cause | undefined): void {
    const { userId } = draft.profile
    const before = { profile: context.store(profileStore).get(userId), history: context.store(historyStore).get(userId) }
    if (draft.profile.version !== (before.profile?.version ?? 0)) context.store(profileStore).put(userId, draft.profile)
    if (draft.history !== before.history && (before.history !== undefined || draft.rows.length > 0)) context.store(historyStore).put(userId, draft.history)
    for (const row of draft.rows) putRow(context, row)
    for (const [channel, dueMs] of draft.digests) context.timers.set(`${digestTimer}${channel}/${userId}`, dueMs, userId)
    for (const event of draft.events) {
      const correlationId = draft.row(event.notificationId)?.correlationId ?? ''
      const meta = eventMeta(context, cause ?? causeOfSource(context.source, correlationId))
      context.emit(topics.notifications.events, { key: userId, value: { ...event, meta } })
    }
    for (const letter of draft.letters) {
      const { deliveryId, notificationId, channel } = letter
      const effect = effects.get(channel)
      const calls = draft.delivery(notificationId, channel)?.calls ?? 0
      if (effect !== undefined) context.startEffect(effect, { key: notificationId, idempotencyKey: `${deliveryId}#${calls}`, request: letter })
    }
  }
}

/** Tells that the preferences were changed since whoever wants to change them has read them. */
function rejectChange (context: ProcessorContext, { type, userId, meta }: SetNotificationPreferences, version: number): void {
  const rejection = { code: 'version-mismatch', field: 'expectedVersion', message: `the preferences are at version ${version}` }
  const value = { type: 'CommandRejected' as const, meta: eventMeta(context, causeOf(meta, context.source)), orderId: userId, command: type, commandId: commandIdOf(meta, context.source), ...rejection }
  context.emit(topics.orders.rejections, { key: userId, value })
}

const noChannel: ChannelPort = {
  policy: 'atLeastOnce',
  keyLifeMs: 0,
  send: async () => ({ kind: 'refused', code: 'no-channel', message: 'the channel is not there any more' })
}

/** One timer a notification: for the first of its deliveries that is due. */
function putRow (context: ProcessorContext, row: NotificationState): void {
  const { notificationId, userId } = row
  const rows = context.store(notificationStore)
  const dueBefore = nextDue(rows.get(notificationId))
  const due = nextDue(row)
  rows.put(notificationId, row)
  if (due !== undefined && due !== dueBefore) context.timers.set(dueTimer + notificationId, due, userId)
  if (due === undefined && dueBefore !== undefined) context.timers.cancel(dueTimer + notificationId)
}

function nextDue (row: NotificationState | undefined): number | undefined {
  const dues = (row?.deliveries ?? []).flatMap(({ status, dueAt }) => status === 'scheduled' && dueAt !== null ? [dueAt] : [])
  return dues.length === 0 ? undefined : Math.min(...dues)
}

function reads (input: NotificationsInput, userId: string): ReadSet {
  if (input.type === 'UserDeleted') return []
  const reader: ReadSet = [[profileStore, userId], [historyStore, userId]]
  return 'notificationId' in input ? [...reader, [notificationStore, input.notificationId]] : reader
}
