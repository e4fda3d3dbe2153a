import { type PaymentCallback, type PaymentOperation, type PaymentState } from '#schemas'
import { type Body } from '../commands/body.ts'
import { type GatewayAnswer } from './gateway.ts'
import { PaymentDraft } from './payment-draft.ts'
import { type PaymentFact } from './payment.ts'
import { settleCall } from './settle-call.ts'

/** A callback as the decision sees it. */
export type HeardCallback = Body<PaymentCallback>

/**
 * Decides on what the provider tells by itself. Pure.
 *
 * It counts as the answer to the step under way that it names, whether that is called right now, waits to be called again, or lost its
 * answer; so the step is settled once, by whichever comes first. What it tells of any other step was settled before, or will be by the
 * answer to its own call: duplicates, and callbacks out of order, change nothing.
 */
export function hearCallback (state: PaymentState, callback: HeardCallback, nowMs: number): readonly PaymentFact[] {
  if (callback.attempt > state.attempt) return unknownPayment(state, callback, nowMs)
  const { operation } = state
  if (operation !== null && isAbout(callback, operation)) return settleCall(state, answerOf(callback), nowMs)
  return isLateFailure(state, callback) ? raiseAlarm(state, callback, nowMs) : []
}

function isAbout ({ step, attempt, effectId }: HeardCallback, operation: PaymentOperation): boolean {
  const wasCalled = operation.inFlight || operation.tries > 0
  return wasCalled && step === operation.step && attempt === operation.attempt && effectId === operation.effectId
}

function unknownPayment (state: PaymentState, { type, orderId, attempt }: HeardCallback, nowMs: number): readonly PaymentFact[] {
  const draft = new PaymentDraft(state, nowMs)
  draft.reject(type, 'unknown-payment', 'attempt', `order ${orderId} has no payment of attempt ${attempt}`)
  return draft.facts
}

/** A refund that the provider took, and could not pay out after all. */
function isLateFailure ({ refunds }: PaymentState, { step, effectId, outcome }: HeardCallback): boolean {
  return step === 'refund' && outcome === 'failed' && refunds.some(refund => refund.effectId === effectId && refund.done)
}

function raiseAlarm (state: PaymentState, { orderId, effectId, message }: HeardCallback, nowMs: number): readonly PaymentFact[] {
  const draft = new PaymentDraft(state, nowMs)
  draft.answer({ type: 'RefundFailed', orderId, paymentId: state.paymentId, effectId, message, tries: 1 })
  return draft.facts
}

function answerOf ({ outcome, code, message, reference, currency, authorised, captured, voided, refunded }: HeardCallback): GatewayAnswer {
  switch (outcome) {
    case 'done': return { kind: 'done', view: { reference, currency, authorised, captured, voided, refunded } }
    case 'declined': return { kind: 'declined', code, message }
    case 'failed': return { kind: 'refused', code, message }
  }
}
