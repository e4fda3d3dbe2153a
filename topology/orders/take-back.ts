import {
  type ApproveReturn, type LineQuantity, type PaymentPartiallyRefunded, type PaymentRefunded, type ReceiveReturn, type RequestReturn, type ReturnLine
} from '#schemas'
import { type Body } from '../commands/body.ts'
import { answerReturn, expiredReturns, receiveReturn, refundIssued, requestReturn, returnEffectId } from '../returns/decide-return.ts'
import { type ReturnEvent } from '../returns/evolve-return.ts'
import { openReturns } from '../returns/return-states.ts'
import { type OrderDraft } from './draft.ts'
import { type Rejection } from './price-order.ts'
import { kept } from './progress.ts'
import { oweRefund, settleRefund } from './refunds.ts'
import { putBack } from './restock.ts'

/**
 * Returns of a delivered order. Each is an aggregate of its own (topology/returns), hosted here: one writer an order decides what is there
 * to come back, so no two returns get the same piece, and money and stock follow in the same transaction.
 */

/** The customer wants to give pieces back. */
export function askReturn (draft: OrderDraft, command: Body<RequestReturn>, commandId: string): Rejection | undefined {
  const decided = requestReturn(draft.view, command, commandId, draft.nowMs)
  if ('code' in decided) return decided
  const { orderId, returnId, lines, amount, currency, reason } = decided
  draft.happen({ type: 'OrderReturnRequested', orderId, returnId, lines: piecesOf(lines), amount, currency, reason })
  happen(draft, decided)
  return undefined
}

/** The return is approved, and its goods are waited for, or declined. */
export function decideReturn (draft: OrderDraft, command: Body<ApproveReturn>): Rejection | undefined {
  const decided = answerReturn(draft.view, command, draft.wallMs)
  if ('code' in decided) return decided
  happen(draft, decided)
  if (decided.type === 'ReturnDeclined') noneIsOpen(draft, decided.returnId, decided.reason, false)
  return undefined
}

/** Goods have come back: stocked ones go to the stock, the money of all to the customer. */
export function takeBack (draft: OrderDraft, command: Body<ReceiveReturn>): Rejection | undefined {
  const decided = receiveReturn(draft.view, command)
  if ('code' in decided) return decided
  const { orderId, returnId, amount, currency } = decided
  const lines = piecesOf(decided.lines)
  const event = { orderId, returnId, lines, amount, currency }
  const isLast = kept(draft.view.progress).reduce((left, { quantity }) => left + quantity, 0) === lines.reduce((sum, { quantity }) => sum + quantity, 0)
  draft.happen({ type: isLast ? 'OrderReturned' : 'OrderPartiallyReturned', ...event })
  happen(draft, decided)
  const effectId = returnEffectId(returnId)
  putBack(draft, lines, effectId)
  if (oweRefund(draft, { effectId, amount, reason: 'the goods were returned', returnId }) === 0n) payReturn(draft, returnId, 0n)
  return undefined
}

/** The goods of approved returns did not come in time. */
export function expireReturns (draft: OrderDraft): void {
  for (const expired of expiredReturns(draft.view, draft.wallMs)) {
    happen(draft, expired)
    noneIsOpen(draft, expired.returnId, 'the goods did not come within 30 days', true)
  }
}

/** A refund was paid: false when the order owed none under its id. The money of a return is told of. */
export function payOwed (draft: OrderDraft, { effectId, amount }: Body<PaymentRefunded | PaymentPartiallyRefunded>): boolean {
  const paid = settleRefund(draft, effectId)
  if (paid === undefined) return false
  if (paid.returnId !== null) payReturn(draft, paid.returnId, amount)
  return true
}

function payReturn (draft: OrderDraft, returnId: string, amount: bigint): void {
  happen(draft, refundIssued(draft.view, returnId, amount))
}

/** The wait is for the goods that are due first. */
function happen (draft: OrderDraft, event: ReturnEvent): void {
  draft.happenToReturn(event)
  const dues = draft.view.returns.flatMap(({ expectedBy }) => expectedBy ?? [])
  draft.remember({ waitDueMs: dues.length === 0 ? null : Math.min(...dues) })
}

/** The order is as it was before anything was asked for, once nothing is asked for any more. */
function noneIsOpen (draft: OrderDraft, returnId: string, reason: string, expired: boolean): void {
  if (draft.view.returns.some(({ status }) => openReturns.has(status))) return
  draft.happen({ type: 'OrderReturnDeclined', orderId: draft.saga.orderId, returnId, reason, expired })
}

function piecesOf (lines: readonly ReturnLine[]): readonly LineQuantity[] {
  return lines.map(({ lineNo, quantity }) => ({ lineNo, quantity }))
}
