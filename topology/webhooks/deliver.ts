import { type WebhookCall, type WebhookDelivery, type WebhookState, type WebhookStop } from '#schemas'
import { type EffectDef, type EffectOutcome, type EffectRow, type ProcessorContext, type TimerInfo } from '../../streams/processor.ts'
import { stateSerde } from '../codec.ts'
import { causeOfSource, commandId, eventMeta, uuidOfCommand } from '../envelope.ts'
import { asUsual } from '../notifications/request-notifications.ts'
import { topics } from '../topics.ts'
import { isResendable, settle, step, turnAway } from './delivery.ts'
import { freePlaces, maySend } from './gate.ts'
import { deliveryKey, turnKey } from './message-id.ts'
import { pingType } from './public-events.ts'
import { placeWaitMs } from './retries.ts'
import { publishRoute } from './routes.ts'
import { type WebhookAnswer, type WebhookSender } from './sender.ts'
import { deliveryStore, turnStore, webhookKey, webhookStore, webhooksName } from './stores.ts'
import { stopWebhook } from './webhook.ts'

/** Template by which an owner is told that his subscription was stopped. */
export const disabledTemplate = 'webhook-disabled'

const retryTimer = 'retry/'

/** Longest wait for a try, ms: longer than the sender's own limits, which give the better answer. */
const callTimeoutMs = 20_000

/** Tries of a task under way at a time: many times the window of one subscription. */
const concurrency = 256

/** What came of a try. `mayBeTwice`: an earlier call for it may have been carried out. */
interface Tried { readonly answer: WebhookAnswer, readonly mayBeTwice: boolean }

/** Sends messages, each in its turn. */
export interface Deliveries {
  readonly effect: EffectDef<WebhookCall, Tried>
  /** Sends the message, or puts it where it waits for its turn. */
  dispatch (context: ProcessorContext, webhook: WebhookState, delivery: WebhookDelivery): WebhookState
  /** Sends a message again that has an end; undefined = it has none, and nothing is done. */
  resend (context: ProcessorContext, webhook: WebhookState, delivery: WebhookDelivery): WebhookState | undefined
  /** Sends of those that wait as many as there are places. */
  drain (context: ProcessorContext, webhook: WebhookState): WebhookState
  /** A retry is due. */
  retry (context: ProcessorContext, timer: TimerInfo): void
}

/**
 * The way of a message, over rows, timers and the effect. Every function takes the subscription, and gives it back as it is then: who called puts it.
 *
 * The effect is at-least-once: an endpoint has no memory that could be asked, so a try whose end nobody knows is made again, with the same webhook-id.
 */
export function createDeliveries (sender: WebhookSender): Deliveries {
  /** Tries that an earlier call may have been made for. The runtime asks for them, and only for them, before it calls. */
  const doubted = new Set<string>()
  const effect: EffectDef<WebhookCall, Tried> = {
    name: 'post',
    request: stateSerde(webhooksName, 'WebhookCall'),
    keyLifeMs: 0,
    policy: 'at-least-once',
    timeoutMs: callTimeoutMs,
    concurrency,
    call: async ({ request, idempotencyKey }, signal) => {
      const answer = await sender.send(request, signal)
      return { kind: 'succeeded', result: { answer, mayBeTwice: doubted.delete(idempotencyKey) } }
    },
    lookup: async ({ idempotencyKey }) => {
      doubted.add(idempotencyKey)
      return null
    },
    // Whoever has a message twice knows it by its id: nobody waits for an earlier call to end.
    settleMs: 0,
    finish
  }

  function start (context: ProcessorContext, webhook: WebhookState, waiting: WebhookDelivery): WebhookState {
    const delivery = { ...step(waiting, 'start'), calls: waiting.calls + 1 }
    const { messageId, webhookId, ownerId, body, calls } = delivery
    put(context, delivery)
    const request: WebhookCall = { type: 'WebhookCall', webhookId, ownerId, messageId, url: webhook.url, body, secrets: webhook.secrets }
    context.startEffect(effect, { key: messageId, idempotencyKey: `${messageId}#${calls}`, request })
    return { ...webhook, openCalls: webhook.openCalls + 1 }
  }

  function dispatch (context: ProcessorContext, webhook: WebhookState, delivery: WebhookDelivery): WebhookState {
    if (maySend(webhook, delivery)) return start(context, webhook, delivery)
    wait(context, delivery)
    return webhook
  }

  function drain (context: ProcessorContext, before: WebhookState): WebhookState {
    let webhook = before
    const turns = context.store(turnStore)
    for (let places = freePlaces(webhook); places > 0; places = freePlaces(webhook)) {
      const { rows } = turns.scan({ prefix: turnKey(webhook.webhookId, ''), limit: places })
      if (rows.length === 0) return webhook
      for (const [key, { messageId, webhookId }] of rows) {
        turns.delete(key)
        const delivery = context.store(deliveryStore).get(deliveryKey(webhookId, messageId))
        if (delivery?.status === 'waiting') webhook = start(context, webhook, delivery)
      }
    }
    return webhook
  }

  function finish (context: ProcessorContext, { request }: EffectRow<WebhookCall>, outcome: EffectOutcome<Tried>): void {
    const key = webhookKey(request)
    const sent = context.store(deliveryStore).get(deliveryKey(request.webhookId, request.messageId))
    const before = context.store(webhookStore).get(key)
    if (before === undefined) {
      if (sent !== undefined) context.store(deliveryStore).delete(deliveryKey(sent.webhookId, sent.messageId))
      return
    }
    // Its rows live longer than any try: without one only the place is given back.
    if (sent === undefined) return context.store(webhookStore).put(key, { ...before, openCalls: Math.max(0, before.openCalls - 1) })
    const { answer, mayBeTwice } = triedOf(outcome)
    const { delivery, webhook, stop } = settle(before, sent, answer, { nowMs: context.nowMs, mayBeTwice })
    if (delivery.status === 'waiting') wait(context, delivery)
    else put(context, delivery)
    if (delivery.dueAt !== null) setRetry(context, delivery, delivery.dueAt)
    const after = stop === undefined ? drain(context, webhook) : disable(context, webhook, stop, delivery.messageId)
    context.store(webhookStore).put(key, after)
  }

  function retry (context: ProcessorContext, timer: TimerInfo): void {
    const { ownerId, webhookId, messageId } = JSON.parse(timer.payload) as Pick<WebhookDelivery, 'ownerId' | 'webhookId' | 'messageId'>
    const key = webhookKey({ ownerId, webhookId })
    const delivery = context.store(deliveryStore).get(deliveryKey(webhookId, messageId))
    if (delivery?.status !== 'retrying') return
    const webhook = context.store(webhookStore).get(key)
    if (webhook === undefined) return context.store(deliveryStore).delete(deliveryKey(webhookId, messageId))
    if (webhook.stopped !== null) return wait(context, step(delivery, 'held'))
    if (maySend(webhook, delivery)) return context.store(webhookStore).put(key, start(context, webhook, delivery))
    setRetry(context, delivery, context.nowMs + placeWaitMs(messageId, delivery.tries))
  }

  return {
    effect,
    dispatch,
    drain,
    retry,
    resend: (context, webhook, delivery) => isResendable(delivery) ? dispatch(context, webhook, { ...step(delivery, 'resend'), tries: 0 }) : undefined
  }
}

/** Ends the sending of a subscription, and tells of it: analysts, all tasks, and its owner. */
export function disable (context: ProcessorContext, before: WebhookState, reason: WebhookStop, messageId: string | null): WebhookState {
  const webhook = stopWebhook(before, reason, context.nowMs)
  const { webhookId, ownerId } = webhook
  const cause = causeOfSource(context.source, commandId('webhook', webhookId))
  const meta = () => eventMeta(context, cause, webhook.version)
  context.emit(topics.webhooks.events, { key: ownerId, value: { type: 'WebhookDisabled', meta: meta(), webhookId, ownerId, reason, messageId } })
  publishRoute(context, webhookId, webhook)
  if (reason === 'owner') return webhook
  const notificationId = uuidOfCommand(commandId('notification', webhookId, disabledTemplate, String(webhook.version)))
  context.emit(topics.notifications.requests, {
    key: ownerId,
    value: {
      type: 'NotificationRequested',
      meta: meta(),
      notificationId,
      userId: ownerId,
      channel: 'email',
      template: disabledTemplate,
      orderId: null,
      variables: { webhookId, reason },
      recipient: null,
      sealed: null,
      ...asUsual
    }
  })
  return webhook
}

function put (context: ProcessorContext, delivery: WebhookDelivery): void {
  context.store(deliveryStore).put(deliveryKey(delivery.webhookId, delivery.messageId), delivery)
}

function wait (context: ProcessorContext, delivery: WebhookDelivery): void {
  const { webhookId, messageId, eventType } = delivery
  if (eventType === pingType) return put(context, turnAway(delivery, context.nowMs))
  put(context, delivery)
  context.store(turnStore).put(turnKey(webhookId, messageId), { type: 'WebhookTurn', webhookId, messageId })
}

function setRetry (context: ProcessorContext, { ownerId, webhookId, messageId }: WebhookDelivery, dueMs: number): void {
  context.timers.set(retryTimer + turnKey(webhookId, messageId), dueMs, JSON.stringify({ ownerId, webhookId, messageId }))
}

/** The sender answers everything; what the runtime says beside that is a try without an answer. */
function triedOf (outcome: EffectOutcome<Tried>): Tried {
  return outcome.kind === 'succeeded' ? outcome.result : { answer: { code: 'timeout', status: null, tookMs: 0, excerpt: '' }, mayBeTwice: true }
}
