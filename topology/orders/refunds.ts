import { type OwedRefund } from '#schemas'
import { sumMoney } from '../money.ts'
import { resendDelayMs } from './deadlines.ts'
import { type OrderDraft, type SagaCommand } from './draft.ts'

/**
 * Parts of the money that are given back while the rest of the order goes on: for pieces that were cancelled, did not arrive, or were
 * returned. Each has an effect id of its own, so it is paid once however often it is asked for, and it is asked for until it is paid.
 */

/**
 * Owes the customer what the pieces cost, at most what is captured and neither given back nor owed already, and asks for it.
 * Returns what is owed; 0 = nothing, and nothing will be told of it.
 */
export function oweRefund (draft: OrderDraft, refund: OwedRefund): bigint {
  const { captured, refunded } = draft.view
  const { refunds, stepDueMs } = draft.saga
  const left = captured - refunded - sumMoney(refunds.map(owed => owed.amount))
  const amount = refund.amount < left ? refund.amount : left
  if (amount <= 0n) return 0n
  const owed = { ...refund, amount }
  draft.remember({ refunds: [...refunds, owed] })
  if (stepDueMs === null) draft.remember({ resends: 0, stepDueMs: draft.wallMs + resendDelayMs(0) })
  draft.send(requestOf(draft.saga.orderId, owed))
  return amount
}

/** The refund that an answer pays; undefined when it pays none that is owed. From now on it is not owed any more. */
export function settleRefund (draft: OrderDraft, effectId: string): OwedRefund | undefined {
  const { refunds } = draft.saga
  const paid = refunds.find(owed => owed.effectId === effectId)
  if (paid !== undefined) draft.remember({ refunds: refunds.filter(owed => owed !== paid) })
  return paid
}

/** The command that asks for it: capped, since money that others gave back meanwhile must not have it refused for ever. */
export function requestOf (orderId: string, { effectId, amount, reason }: OwedRefund): Extract<SagaCommand, { type: 'RefundPayment' }> {
  return { type: 'RefundPayment', orderId, effectId, amount, reason, ceiling: null, capped: true }
}
