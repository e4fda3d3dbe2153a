import { type PaymentState } from '#schemas'
import { formatMoney } from '../../topology/money.ts'
import { alertTries } from '../../topology/payments/backoff.ts'
import { attemptAuthorised } from '../../topology/payments/payment.ts'
import { type PaymentBody } from '../schemas/payment.ts'

type RefundItem = PaymentBody['refunds'][number]

/** The payments of an order, oldest first: those of earlier attempts, then the current one. None when nothing but a fence is known. */
export function paymentBodies (state: PaymentState): readonly PaymentBody[] {
  if (state.paymentId === '') return []
  const { orderId, currency } = state
  const earlier = state.earlier.map(({ paymentId, attempt, status, method, amount, authorised, failure }) => ({
    paymentId,
    orderId,
    attempt,
    status,
    method,
    currency,
    amount: formatMoney(amount),
    authorised: formatMoney(authorised),
    captured: formatMoney(0n),
    voided: formatMoney(authorised),
    refunded: formatMoney(0n),
    failure: failure === '' ? null : failure,
    refunds: []
  }))
  return [...earlier, currentBody(state)]
}

function currentBody (state: PaymentState): PaymentBody {
  const { paymentId, orderId, attempt, status, method, currency, amount, captured, refunded, failure } = state
  const authorised = attemptAuthorised(state)
  return {
    paymentId,
    orderId,
    attempt,
    status,
    method,
    currency,
    amount: formatMoney(amount),
    authorised: formatMoney(authorised),
    captured: formatMoney(captured),
    // What earlier attempts held was all given up.
    voided: formatMoney(state.voided - (state.authorised - authorised)),
    refunded: formatMoney(refunded),
    failure: failure === '' ? null : failure,
    refunds: refundItems(state)
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
