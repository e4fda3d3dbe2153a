import { type RoleRevoked, type UserDeleted, type WebhookDue, type WebhookState } from '#schemas'
import { StreamsError } from '../../streams/errors.ts'
import { type Handler, type ProcessorContext, type ProcessorDef, type ReadSet, type RecordInfo, defineProcessor } from '../../streams/processor.ts'
import { type RangeRequest } from '../../streams/state/query.ts'
import { type Cause, causeOf, commandIdOf, eventMeta } from '../envelope.ts'
import { topics } from '../topics.ts'
import { createDeliveries, disable } from './deliver.ts'
import { newDelivery } from './delivery.ts'
import { deliveriesBetween, deliveryKey, messageIdOf } from './message-id.ts'
import { type ToldEvent, messageOf, pingMessage, publicEvents } from './public-events.ts'
import { hasRoutes, publishRoute, routesOf } from './routes.ts'
import { type WebhookSender, noSender } from './sender.ts'
import { deliveryStore, ownerPrefix, routesStore, routesTable, turnStore, webhookKey, webhookStore, webhooksName } from './stores.ts'
import { type WebhookCommand, decideWebhook, maxWebhooks } from './webhook.ts'

/** Messages that one resend takes at most, the newest. */
export const resendLimit = 200

/** Subscriptions of an account that are looked through when its owner's rights change: more than anybody may have. */
const ownedLimit = 100

/** How long the tasks let records gather, ms: nobody's order waits for them, and without a subscription they only count offsets. */
const lingerMs = 250

type Access = RoleRevoked | UserDeleted
type Input = ToldEvent | WebhookCommand | WebhookDue | Access

/** What posts the messages. */
export interface WebhooksOptions {
  /** @default nothing is sent, and every try fails */
  readonly sender?: WebhookSender
}

/** Tells events to the endpoints of accounts. See README.md. */
export function createWebhooksProcessor ({ sender = noSender }: WebhooksOptions = {}): ProcessorDef {
  const deliveries = createDeliveries(sender)
  const told = Object.fromEntries(Object.keys(publicEvents).map(type => [type, tell as Handler]))

  return defineProcessor<Input>({
    name: webhooksName,
    inputs: [
      // Nobody subscribes to the past: a platform that is given webhooks does not read its whole log for them.
      ...[topics.orders.events, topics.payments.events, topics.shipping.events, topics.returns.events].map(topic => ({ topic, start: 'latest' as const })),
      { topic: topics.identity.events, start: 'latest' },
      topics.webhooks.commands,
      topics.webhooks.deliveries
    ],
    outputs: [topics.webhooks.deliveries, topics.webhooks.routes, topics.webhooks.events, topics.notifications.requests, topics.orders.rejections],
    stores: [webhookStore, deliveryStore, turnStore, routesStore],
    globals: [routesTable],
    effects: [deliveries.effect],
    reads,
    handlers: {
      ...told,
      SubscribeWebhook: handle,
      ChangeWebhook: handle,
      RotateWebhookSecret: handle,
      RemoveWebhook: handle,
      PingWebhook: handle,
      ResendWebhook: handle,
      WebhookDue: deliver,
      RoleRevoked: withdraw,
      UserDeleted: withdraw
    },
    onTimer: deliveries.retry,
    lingerMs
  })

  /** One message for each subscription that asked for the event, into the task of its owner. */
  function tell (context: ProcessorContext, event: ToldEvent, { key: subject }: RecordInfo): void {
    if (!hasRoutes(context)) return
    const message = messageOf(event)
    if (message === undefined) return
    const { type: eventType, body } = message
    const cause = causeOf(event.meta)
    for (const { webhookId, ownerId } of routesOf(context, eventType)) {
      const messageId = messageIdOf(event.meta.occurredAt, event.meta.eventId, webhookId)
      const value = { type: 'WebhookDue' as const, meta: eventMeta(context, cause), ownerId, webhookId, messageId, eventType, subject, body }
      context.emit(topics.webhooks.deliveries, { key: ownerId, value })
    }
  }

  /** A message for a subscription of this task. One that is gone or was stopped meanwhile is told nothing. */
  function deliver (context: ProcessorContext, due: WebhookDue, record: RecordInfo): void {
    checkKey(due, record)
    const key = webhookKey(due)
    const webhook = context.store(webhookStore).get(key)
    if (webhook === undefined || webhook.stopped !== null) return
    if (context.store(deliveryStore).get(deliveryKey(due.webhookId, due.messageId)) !== undefined) return
    context.store(webhookStore).put(key, deliveries.dispatch(context, webhook, newDelivery(due, context.nowMs)))
  }

  function handle (context: ProcessorContext, command: WebhookCommand, record: RecordInfo): void {
    checkKey(command, record)
    const { webhookId, ownerId } = command
    const key = webhookKey(command)
    const cause = causeOf(command.meta, context.source)
    const commandId = commandIdOf(command.meta, context.source)
    const before = context.store(webhookStore).get(key)
    const owned = command.type === 'SubscribeWebhook' ? context.store(webhookStore).scan(ownedBy(ownerId)).rows.length : 0
    const { webhook, change, stop, send, rejection } = decideWebhook(before, command, { commandId, nowMs: context.nowMs, owned })
    if (rejection !== undefined) {
      const value = { type: 'CommandRejected' as const, meta: eventMeta(context, cause), orderId: webhookId, command: command.type, commandId, ...rejection }
      return context.emit(topics.orders.rejections, { key: webhookId, value })
    }
    if (webhook === before) return
    if (change !== undefined) {
      const { version, eventTypes } = webhook ?? { version: (before?.version ?? 0) + 1, eventTypes: [] }
      context.emit(topics.webhooks.events, {
        key: ownerId, value: { type: 'WebhookChanged', meta: eventMeta(context, cause, version), webhookId, ownerId, change, eventTypes }
      })
    }
    if (webhook === undefined) {
      context.store(webhookStore).delete(key)
      return publishRoute(context, webhookId, undefined)
    }
    if (stop === undefined) publishRoute(context, webhookId, webhook)
    const after = stop === undefined ? sendWhat(context, webhook, command, send, cause) : disable(context, webhook, stop, null)
    context.store(webhookStore).put(key, after)
  }

  function sendWhat (context: ProcessorContext, webhook: WebhookState, command: WebhookCommand, what: 'ping' | 'resend' | 'waiting' | undefined, cause: Cause): WebhookState {
    if (what === 'waiting') return deliveries.drain(context, webhook)
    if (what === 'ping') {
      const { webhookId, ownerId } = webhook
      const messageId = pingIdOf(command, context.nowMs, cause)
      const { type: eventType, body } = pingMessage(webhookId, context.nextId(), context.nowMs)
      return deliveries.dispatch(context, webhook, newDelivery({ messageId, webhookId, ownerId, eventType, subject: webhookId, body }, context.nowMs))
    }
    return what === 'resend' && command.type === 'ResendWebhook' ? resend(context, webhook, command) : webhook
  }

  function resend (context: ProcessorContext, before: WebhookState, { messageId, from, until, isFailedOnly }: Extract<WebhookCommand, { type: 'ResendWebhook' }>): WebhookState {
    const store = context.store(deliveryStore)
    const { webhookId } = before
    if (messageId !== null) {
      const delivery = store.get(deliveryKey(webhookId, messageId))
      return delivery === undefined ? before : deliveries.resend(context, before, delivery) ?? before
    }
    const { rows } = store.scan({ ...deliveriesBetween(webhookId, from, until ?? Number.MAX_SAFE_INTEGER), limit: resendLimit })
    const wanted = rows.map(([, delivery]) => delivery).filter(({ status }) => !isFailedOnly || status === 'failed')
    // The oldest first, as they came.
    return wanted.reverse().reduce((webhook, delivery) => deliveries.resend(context, webhook, delivery) ?? webhook, before)
  }
}

function reads (input: Input): ReadSet {
  if (!('webhookId' in input)) return []
  const webhook = [webhookStore, webhookKey(input)] as const
  if (input.type === 'SubscribeWebhook') return [webhook, [webhookStore, ownedBy(input.ownerId)]]
  return input.type === 'WebhookDue' ? [webhook, [deliveryStore, deliveryKey(input.webhookId, input.messageId)]] : [webhook]
}

/** As many subscriptions of an account as it may have: the processor counts, because any number of processes take requests. */
function ownedBy (ownerId: string): RangeRequest {
  return { prefix: ownerPrefix(ownerId), limit: maxWebhooks }
}

/** An owner who is gone has no subscriptions; of one who may see less, nobody here knows what is left: he enables them anew, which asks for his rights. */
function withdraw (context: ProcessorContext, event: Access): void {
  const store = context.store(webhookStore)
  const { rows } = store.scan({ prefix: ownerPrefix(event.userId), limit: ownedLimit })
  for (const [key, webhook] of rows) {
    if (event.type === 'UserDeleted') {
      store.delete(key)
      publishRoute(context, webhook.webhookId, undefined)
      const { webhookId, ownerId, version } = webhook
      const meta = eventMeta(context, causeOf(event.meta), version + 1)
      context.emit(topics.webhooks.events, { key: ownerId, value: { type: 'WebhookChanged', meta, webhookId, ownerId, change: 'removed', eventTypes: [] } })
    } else if (webhook.stopped === null) store.put(key, disable(context, webhook, 'access', null))
  }
}

/** Id of the message of a ping: the same for a repeat of the command. */
function pingIdOf ({ webhookId }: WebhookCommand, nowMs: number, { causationId }: Cause): string {
  return messageIdOf(nowMs, 'ping', webhookId, causationId)
}

/** What lies under another key would be with another task, which knows nothing of the account. */
function checkKey ({ ownerId }: { readonly ownerId: string }, { key }: RecordInfo): void {
  if (key !== ownerId) throw new StreamsError('STR_RECORD_REFUSED', { why: 'the record key is not the owner of the subscription' })
}
