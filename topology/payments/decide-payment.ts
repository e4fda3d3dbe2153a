import { type PaymentState } from '#schemas'
import { type Body } from '../commands/body.ts'
import { isCurrency } from '../money.ts'
import { type PaymentCommand, type PaymentCompensation } from '../topics.ts'
import { PaymentDraft, newOperation } from './payment-draft.ts'
import { type PaymentFact, openAmount, paymentTransitions } from './payment.ts'

/** A command or compensation as the decision sees it. */
export type PaymentRequest = Body<PaymentCommand | PaymentCompensation>

type Asked<Type extends PaymentRequest['type']> = Extract<PaymentRequest, { type: Type }>

/**
 * Decides on a command. Pure. A forward command is always answered on payments.events, unless it is an identical repeat; a void or
 * refund that meets a step under way is remembered and done after it; one that finds nothing leaves a fence and is answered.
 *
 * `newId` gives the id of a new payment, derived from order and attempt.
 */
export function decidePayment (state: PaymentState, command: PaymentRequest, nowMs: number, newId: () => string): readonly PaymentFact[] {
  const draft = new PaymentDraft(state, nowMs)
  switch (command.type) {
    case 'AuthorizePayment': authorise(draft, command, newId); break
    case 'CapturePayment': capture(draft, command); break
    case 'VoidPayment': cancel(draft, command); break
    case 'RefundPayment': refund(draft, command); break
  }
  draft.drain()
  return draft.facts
}

function authorise (draft: PaymentDraft, command: Asked<'AuthorizePayment'>, newId: () => string): void {
  const { orderId, attempt, amount, currency, method, token } = command
  const { state } = draft
  const refuse = (kind: 'technical' | 'fenced', code: string, message: string): void =>
    draft.answer({ type: 'PaymentFailed', orderId, attempt, paymentId: state.paymentId, step: 'authorise', kind, code, message })
  if (attempt < 1) return refuse('technical', 'invalid-attempt', 'attempts are counted from 1')
  if (attempt <= state.fencedThrough) return refuse('fenced', 'voided-before', 'the attempt was voided before it came')
  if (attempt < state.attempt) return draft.reject(command.type, 'stale-attempt', 'attempt', `the payment is at attempt ${state.attempt}`)
  if (attempt === state.attempt) {
    if (amount === state.amount && currency === state.currency && token === state.token) return
    return draft.reject(command.type, 'attempt-reused', 'attempt', 'the attempt came before with other content')
  }
  if (amount < 0n) return refuse('technical', 'invalid-amount', 'the amount is below zero')
  if (!isCurrency(currency)) return refuse('technical', 'invalid-currency', 'the currency is not an ISO 4217 code')
  const settled = openAmount(state) === 0n && !state.unresolved && state.operation === null
  if (!settled || paymentTransitions[state.status].PaymentCreated === undefined) {
    return refuse('technical', 'payment-open', `the payment of attempt ${state.attempt} is ${state.status}`)
  }
  draft.add({ type: 'PaymentCreated', orderId, attempt, paymentId: newId(), amount, currency, method, token })
  draft.start(newOperation('authorise', attempt, { amount }))
}

/** States in which the capture of the current attempt was asked for already. */
const captureAsked: ReadonlySet<PaymentState['status']> = new Set(['capturing', 'captured', 'refunding', 'partiallyRefunded', 'refunded'])
const givenUp: ReadonlySet<PaymentState['status']> = new Set(['voiding', 'voided', 'fenced'])

function capture (draft: PaymentDraft, command: Asked<'CapturePayment'>): void {
  const { orderId, attempt, amount, currency } = command
  const { state } = draft
  const refuse = (kind: 'technical' | 'fenced', code: string, message: string): void =>
    draft.answer({ type: 'PaymentFailed', orderId, attempt, paymentId: state.paymentId, step: 'capture', kind, code, message })
  if (attempt === state.attempt && captureAsked.has(state.status)) return
  if (attempt <= state.fencedThrough || givenUp.has(state.status)) return refuse('fenced', 'voided-before', 'the payment was voided')
  if (attempt !== state.attempt || state.status !== 'authorised') return refuse('technical', 'not-authorised', `the payment is ${state.status}`)
  if (amount < 0n || amount > openAmount(state)) return refuse('technical', 'invalid-amount', 'the amount is not within what is authorised')
  if (currency !== state.currency) return refuse('technical', 'invalid-currency', 'the payment is in another currency')
  draft.start(newOperation('capture', attempt, { amount }))
}

function cancel (draft: PaymentDraft, { type, attempt, reason }: Asked<'VoidPayment'>): void {
  const { state } = draft
  if (attempt < 1) return draft.reject(type, 'invalid-attempt', 'attempt', 'attempts are counted from 1')
  if (attempt < state.attempt) return draft.answerVoid(attempt)
  const underWay = [state.operation, ...state.waiting].some(operation =>
    operation !== null && operation.attempt === attempt && (operation.step === 'void' || operation.answersVoid))
  if (underWay) return
  if (attempt > state.fencedThrough) draft.add({ type: 'AttemptFenced', attempt })
  draft.add({ type: 'CallRemembered', operation: newOperation('void', attempt, { reason }) })
}

function refund (draft: PaymentDraft, { type, effectId, amount, reason, ceiling, capped }: Asked<'RefundPayment'>): void {
  const { refunds, waiting } = draft.state
  if (effectId === '') return draft.reject(type, 'invalid-effect-id', 'effectId', 'a refund needs an id')
  if (amount !== null && amount <= 0n) return draft.reject(type, 'invalid-amount', 'amount', 'a refund gives something back')
  const known = refunds.find(refund => refund.effectId === effectId)
  const waits = waiting.find(operation => operation.effectId === effectId)
  if (known !== undefined || waits !== undefined) {
    const before = known === undefined ? waits?.amount : known.requested
    if ((before ?? null) !== amount) return draft.reject(type, 'effect-id-reused', 'effectId', 'the refund came before with another amount')
    if (known !== undefined && known.refusal !== '') draft.reject(type, known.refusal, 'amount', 'the refund came before and was refused')
    return
  }
  draft.add({ type: 'CallRemembered', operation: newOperation('refund', Math.max(draft.state.attempt, 1), { effectId, amount, reason, ceiling, capped }) })
}
