import { type CommandMeta, type PaymentCallback, type PaymentIndexEntry, type PaymentState } from '#schemas'
import { withInbox } from '../../streams/inbox.ts'
import { type ProcessorContext, type ProcessorDef, type TimerInfo, defineProcessor, defineStore } from '../../streams/processor.ts'
import { uuidOf } from '../../streams/runtime/identity.ts'
import { stateSerde } from '../codec.ts'
import { type Rejection } from '../commands/processed-command.ts'
import { retentionMs } from '../commands/retention.ts'
import { type Cause, causeOf, causeOfSource, commandIdOf, eventMeta } from '../envelope.ts'
import { type PaymentCommand, type PaymentCompensation, topics } from '../topics.ts'
import { type PaymentRequest, decidePayment } from './decide-payment.ts'
import { type GatewayEffectOptions, createGatewayEffect, gatewayRequest, paymentsName } from './gateway-effect.ts'
import { hearCallback } from './hear-callback.ts'
import { type PaymentEventBody, type PaymentFact, evolvePayment, noPayment } from './payment.ts'
import { resumeCall, settleCall } from './settle-call.ts'

/** One row per order. */
export const paymentStore = defineStore('payments', stateSerde(paymentsName, 'PaymentState'))

/** Which order a payment is for. One row per payment, in the task of its order. */
export const paymentIndex = defineStore('payment-index', stateSerde(paymentsName, 'PaymentIndexEntry'))

/** How long a fence is kept: a day longer than the topic that the late command could come from. Unit: ms. */
export const fenceMs = retentionMs(topics.payments.commands) + 86_400_000

const retryTimer = 'retry/'
const fenceTimer = 'fence/'

type PaymentInput = PaymentCommand | PaymentCompensation | PaymentCallback

/** Authorises, captures, voids and refunds through a gateway. See README.md. */
export function createPaymentsProcessor (options: Omit<GatewayEffectOptions, 'finish'>): ProcessorDef {
  const effect = createGatewayEffect({ ...options, finish })
  const processor = defineProcessor<PaymentInput>({
    name: paymentsName,
    inputs: [topics.payments.commands, topics.payments.callbacks, { topic: topics.compensations.payment, compensates: true }],
    outputs: [topics.payments.events, topics.orders.rejections],
    stores: [paymentStore, paymentIndex],
    effects: [effect],
    reads: record => [[paymentStore, record.orderId]],
    handlers: { AuthorizePayment: handle, CapturePayment: handle, VoidPayment: handle, RefundPayment: handle, PaymentCallback: hear },
    onTimer,
    timerReads: timer => [[paymentStore, orderOf(timer)]],
    parking: 'key',
    ordering: {
      record: record => record.orderId,
      timer: orderOf,
      // What was accepted is called again whoever waits: it may be a refund. A fence is kept as long as late commands wait.
      timerCompensates: timer => timer.key.startsWith(retryTimer)
    }
  })
  return withInbox<PaymentInput>(processor, { eventId: input => input.type === 'PaymentCallback' ? input.callbackId : undefined })

  function handle (context: ProcessorContext, command: PaymentRequest & { readonly meta: CommandMeta }): void {
    const cause = causeOf(command.meta, context.source)
    const state = context.store(paymentStore).get(command.orderId) ?? noPayment(command.orderId, cause.correlationId)
    const facts = decidePayment(state, command, context.nowMs, () => paymentIdOf(command))
    carryOut(context, state, facts, cause, commandIdOf(command.meta, context.source))
  }

  function hear (context: ProcessorContext, callback: PaymentCallback): void {
    const cause = causeOf(callback.meta, context.source)
    const state = context.store(paymentStore).get(callback.orderId) ?? noPayment(callback.orderId, cause.correlationId)
    const facts = hearCallback(state, callback, context.nowMs)
    carryOut(context, state, facts, { ...cause, correlationId: state.correlationId }, commandIdOf(callback.meta, context.source))
  }

  function finish (context: ProcessorContext, orderId: string, answer: Parameters<GatewayEffectOptions['finish']>[2]): void {
    const state = context.store(paymentStore).get(orderId)
    if (state === undefined) return
    carryOut(context, state, settleCall(state, answer, context.nowMs), causeOfSource(context.source, state.correlationId), '')
  }

  function onTimer (context: ProcessorContext, timer: TimerInfo): void {
    const orderId = orderOf(timer)
    const state = context.store(paymentStore).get(orderId)
    if (state === undefined) return
    if (timer.key.startsWith(fenceTimer)) {
      if (state.status === 'fenced') context.store(paymentStore).delete(orderId)
      return
    }
    carryOut(context, state, resumeCall(state, context.nowMs), causeOfSource(context.source, state.correlationId), '')
  }

  /** Folds the facts into the row, publishes the events among them, and asks for the call and the timers they lead to. */
  function carryOut (context: ProcessorContext, before: PaymentState, facts: readonly PaymentFact[], cause: Cause, commandId: string): void {
    let state = before
    for (const fact of facts) {
      state = evolvePayment(state, fact)
      if (fact.type === 'PaymentCreated') context.store(paymentIndex).put(fact.paymentId, indexEntry(fact))
      publish(context, state, fact, cause, commandId)
    }
    if (state === before || state.status === 'none') return
    context.store(paymentStore).put(state.orderId, state)
    const { orderId, operation, version } = state
    if (before.operation?.inFlight === true && operation !== before.operation) context.endEffect(effect, orderId)
    if (operation?.inFlight === true && operation !== before.operation) {
      const request = gatewayRequest(state, operation)
      context.startEffect(effect, { key: orderId, idempotencyKey: `${request.key}#${version}`, request })
    }
    const dueAt = operation?.dueAt ?? null
    if (dueAt !== null) context.timers.set(retryTimer + orderId, dueAt)
    else if (before.operation?.dueAt != null) context.timers.cancel(retryTimer + orderId)
    if (state.status === 'fenced') context.timers.set(fenceTimer + orderId, context.nowMs + fenceMs)
  }
}

/** The id of the payment of an order and attempt: the same whatever came before it in the log. */
function paymentIdOf (command: PaymentRequest): string {
  return uuidOf(`payment ${command.orderId} ${'attempt' in command ? command.attempt : 0}`)
}

function indexEntry ({ paymentId, orderId }: { readonly paymentId: string, readonly orderId: string }): PaymentIndexEntry {
  return { type: 'PaymentIndexEntry', paymentId, orderId }
}

function orderOf (timer: TimerInfo): string {
  return timer.key.slice(timer.key.indexOf('/') + 1)
}

function publish (context: ProcessorContext, state: PaymentState, fact: PaymentFact, cause: Cause, commandId: string): void {
  if (fact.type === 'Rejected') return emitRejection(context, state, fact.command, fact.rejection, cause, commandId)
  const event = eventOf(fact)
  if (event === undefined) return
  context.emit(topics.payments.events, { key: state.orderId, value: { ...event, meta: eventMeta(context, cause, state.version) } })
}

/** The public event of a fact; undefined for what only the state has to know. The token of a new payment stays inside. */
function eventOf (fact: Exclude<PaymentFact, { type: 'Rejected' }>): PaymentEventBody | undefined {
  switch (fact.type) {
    case 'Answered': return fact.event
    case 'PaymentCreated': {
      const { token, ...event } = fact
      return event
    }
    case 'CallStarted':
    case 'CallFailed':
    case 'CallPutOff':
    case 'CallRemembered':
    case 'CallRecalled':
    case 'RefundRefused':
    case 'AttemptFenced': return undefined
    default: return fact
  }
}

function emitRejection (
  context: ProcessorContext, { orderId }: PaymentState, command: string, rejection: Rejection, cause: Cause, commandId: string
): void {
  const value = { type: 'CommandRejected' as const, meta: eventMeta(context, cause), orderId, command, commandId, ...rejection }
  context.emit(topics.orders.rejections, { key: orderId, value })
}
