import { type PaymentState } from '#schemas'
import { formatMoney } from '../../topology/money.ts'
import { alertTries } from '../../topology/payments/backoff.ts'
import { attemptAuthorised } from '../../topology/payments/payment.ts'
import { type PaymentBody } from '../schemas/payment.ts'

type RefundItem = PaymentBody['refunds'][number]

/** The payments of an order, oldest first: those of earlier attempts, then the current one. None when nothing but a fence is known. */
export function paymentBodies (state: PaymentState): readonly PaymentBody[] {
  if (state.paymentId === '') return []
  const authorised = attemptAuthorised(state)
  return [
    // What earlier attempts held was all given up.
    ...state.earlier.map(attempt => bodyOf(state, { ...attempt, captured: 0n, voided: attempt.authorised, refunded: 0n }, [])),
    bodyOf(state, { ...state, authorised, voided: state.voided - (state.authorised - authorised) }, refundItems(state))
  ]
}

type Attempt = Pick<PaymentState, 'paymentId' | 'attempt' | 'status' | 'method' | 'amount' | 'authorised' | 'captured' | 'voided' | 'refunded' | 'failure'>

function bodyOf ({ orderId, currency }: PaymentState, of: Attempt, refunds: PaymentBody['refunds']): PaymentBody {
  return {
    paymentId: of.paymentId,
    orderId,
    attempt: of.attempt,
    status: of.status,
    method: of.method,
    currency,
    amount: formatMoney(of.amount),
    authorised: formatMoney(of.authorised),
    captured: formatMoney(of.captured),
    voided: formatMoney(of.voided),
    refunded: formatMoney(of.refunded),
    failure: of.failure === '' ? null : of.failure,
    refunds
  }
}

/** Every refund asked for, those included that wait for their turn. */
function refundItems (state: PaymentState): RefundItem[] {
  const known = state.refunds.map((refund): RefundItem => ({
    refundId: refund.effectId,
    status: refundStatus(state, refund),
    requested: refund.requested === null ? null : formatMoney(refund.requested),
    refunded: formatMoney(refund.refunded),
    reason: refund.reason,
    refusal: refund.refusal === '' ? null : refund.refusal
  }))
  const waiting = state.waiting.filter(({ step }) => step === 'refund').map(({ effectId, amount, reason }): RefundItem => ({
    refundId: effectId,
    status: 'pending',
    requested: amount === null ? null : formatMoney(amount),
    refunded: formatMoney(0n),
    reason,
    refusal: null
  }))
  return [...known, ...waiting]
}

function refundStatus ({ operation }: PaymentState, { effectId, done, refusal }: PaymentState['refunds'][number]): RefundItem['status'] {
  if (refusal !== '') return 'refused'
  if (done) return 'done'
  return operation?.effectId === effectId && operation.tries >= alertTries ? 'failing' : 'pending'
}
