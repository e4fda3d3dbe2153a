import { type PaymentOperation, type PaymentState } from '#schemas'
import { heldBack } from '../../streams/effects/call-guard.ts'
import { alertTries, forwardTries, heldBackMs } from './backoff.ts'
import { type AuthorisationView, type GatewayAnswer, fencedByVoid } from './gateway.ts'
import { PaymentDraft, newOperation, refundForVoid } from './payment-draft.ts'
import { type PaymentFact, idempotencyKey, netAmount, openAmount } from './payment.ts'

/**
 * Decides on the gateway's answer to the call under way. Pure.
 *
 * A forward step fails at once when it is declined or refused, and as technical after three tries; a compensation never gives up.
 * A call that the breaker held back does not count as a try.
 */
export function settleCall (state: PaymentState, answer: GatewayAnswer, nowMs: number): readonly PaymentFact[] {
  const draft = new PaymentDraft(state, nowMs)
  const { operation } = state
  if (operation === null) return []
  if (answer.kind === 'done') settle[operation.step](draft, operation, answer.view)
  else if (answer.kind === 'unavailable' && answer.code === heldBack) holdBack(draft, operation, answer.message)
  else if (isForward(operation)) forwardFailed(draft, operation, answer)
  else compensationFailed(draft, operation, answer)
  draft.drain()
  return draft.facts
}

/** Makes the call again whose timer is due. Pure; nothing when it is in flight or gone. */
export function resumeCall (state: PaymentState, nowMs: number): readonly PaymentFact[] {
  const { operation } = state
  if (operation === null || operation.inFlight) return []
  const draft = new PaymentDraft(state, nowMs)
  draft.start(operation)
  return draft.facts
}

type Settle = (draft: PaymentDraft, operation: PaymentOperation, view: AuthorisationView) => void

const settle: Readonly<Record<PaymentOperation['step'], Settle>> = {
  authorise: authorised, capture: captured, void: voided, refund: refunded
}

function authorised (draft: PaymentDraft, operation: PaymentOperation, view: AuthorisationView): void {
  if (view.reference === '') draft.fail('fenced', fencedByVoid, 'the authorisation was voided before it came')
  else learnAuthorised(draft, operation.attempt, view)
}

function learnAuthorised (draft: PaymentDraft, attempt: number, view: AuthorisationView): void {
  const { orderId, paymentId, currency } = draft.state
  const { authorised: amount, reference: providerReference } = view
  draft.add({ type: 'PaymentAuthorized', orderId, attempt, paymentId, amount, currency, providerReference })
}

function captured (draft: PaymentDraft, operation: PaymentOperation, view: AuthorisationView): void {
  if (view.captured < (operation.amount ?? 0n)) draft.fail('technical', 'not-captured', 'the gateway has not captured the amount')
  else learnCaptured(draft, view)
}

function learnCaptured (draft: PaymentDraft, { captured: amount }: AuthorisationView): void {
  const { orderId, attempt, paymentId, currency } = draft.state
  draft.add({ type: 'PaymentSucceeded', orderId, attempt, paymentId, amount, currency })
}

/** What a void finds may be more than is known here, when the answer to an earlier call was lost: it is learnt, then undone. */
function voided (draft: PaymentDraft, operation: PaymentOperation, view: AuthorisationView): void {
  if (openAmount(draft.state) === 0n && view.authorised > 0n && draft.state.unresolved) learnAuthorised(draft, draft.state.attempt, view)
  if (view.captured > 0n) {
    learnCaptured(draft, view)
    return draft.start(refundForVoid(operation, netAmount(draft.state)))
  }
  const { orderId, paymentId, currency } = draft.state
  const amount = openAmount(draft.state)
  draft.add({ type: 'PaymentVoided', orderId, attempt: operation.attempt, paymentId, amount, currency, nothingToVoid: amount === 0n })
}

function refunded (draft: PaymentDraft, operation: PaymentOperation): void {
  const { orderId, paymentId, currency, captured, refunded: before } = draft.state
  const amount = operation.amount ?? 0n
  const totalRefunded = before + amount
  const type = totalRefunded === captured ? 'PaymentRefunded' : 'PaymentPartiallyRefunded'
  draft.add({ type, orderId, paymentId, effectId: operation.effectId, amount, totalRefunded, currency })
  if (operation.answersVoid) draft.answerVoid(operation.attempt)
}

type Failure = Exclude<GatewayAnswer, { kind: 'done' }>

function isForward (operation: PaymentOperation): boolean {
  return operation.step === 'authorise' || operation.step === 'capture'
}

function holdBack (draft: PaymentDraft, operation: PaymentOperation, message: string): void {
  const { orderId, version } = draft.state
  draft.add({ type: 'CallPutOff', dueAt: draft.nowMs + heldBackMs(idempotencyKey(orderId, operation), version) })
  if (operation.step !== 'authorise' && operation.step !== 'capture') return
  draft.answer({ type: 'PaymentDeferred', orderId, attempt: operation.attempt, step: operation.step, message })
}

function forwardFailed (draft: PaymentDraft, operation: PaymentOperation, answer: Failure): void {
  if (answer.kind === 'declined') return draft.fail('declined', answer.code, answer.message)
  if (answer.kind === 'refused') return draft.fail(answer.code === fencedByVoid ? 'fenced' : 'technical', answer.code, answer.message)
  const tried = countTry(draft, operation, answer)
  if (tried.tries < forwardTries) return draft.putOff(tried)
  draft.fail('technical', answer.kind === 'unavailable' ? answer.code : 'outcome-unknown', answer.message)
}

function compensationFailed (draft: PaymentDraft, operation: PaymentOperation, answer: Failure): void {
  const tried = countTry(draft, operation, answer)
  if (tried.tries % alertTries === 0) {
    const { orderId, paymentId } = draft.state
    const effectId = operation.effectId === '' ? `void-${operation.attempt}` : operation.effectId
    draft.answer({ type: 'RefundFailed', orderId, paymentId, effectId, message: answer.message, tries: tried.tries })
  }
  draft.putOff(tried)
}

function countTry (draft: PaymentDraft, operation: PaymentOperation, answer: Failure): PaymentOperation {
  const tries = operation.tries + 1
  const unknown = operation.unknown || answer.kind === 'unknown'
  draft.add({ type: 'CallFailed', tries, unknown })
  return { ...newOperation(operation.step, operation.attempt), effectId: operation.effectId, tries, unknown }
}
