import { type OrderState, type OutcomeCause, type OwedRefund, type ReservationPart } from '#schemas'
import { resendDelayMs } from './deadlines.ts'
import { type OrderDraft } from './draft.ts'
import { outcomeEvents } from './order.ts'
import { requestOf } from './refunds.ts'

/** What is held and not yet given back. Worked out from what is known, so a late answer that holds something again is owed again. */
export interface Debts {
  readonly parts: readonly ReservationPart[]
  readonly payment: 'void' | 'refund' | 'none'
  readonly shipment: boolean
  /** Parts of the money, each asked for when it became owed. */
  readonly refunds: readonly OwedRefund[]
}

const paymentDebts = {
  untouched: 'none',
  asked: 'void',
  authorised: 'void',
  capturing: 'void',
  captured: 'refund',
  declined: 'none',
  voided: 'none',
  refunded: 'none'
} as const satisfies Record<OrderState['payment'], Debts['payment']>

/** Phases in which what was bought belongs to the customer: money is owed in parts only, by name. */
const keepsOrder: ReadonlySet<OrderState['phase']> = new Set(['fulfilling', 'stopping', 'delivered'])
/** Phases that give the payment back, but keep what is reserved for the next one. */
const keepsStock: ReadonlySet<OrderState['phase']> = new Set(['voiding', 'repaying', ...keepsOrder])
const heldNoMore: ReadonlySet<ReservationPart['progress']> = new Set(['returned', 'restocked', 'planned'])

/** What the order still has to give back. Every partition that was asked is owed a release, whether it ever answered or not. */
export function debtsOf (saga: OrderState): Debts {
  const { phase, parts, payment, shipment, refunds } = saga
  return {
    parts: keepsStock.has(phase) ? [] : parts.filter(({ progress }) => !heldNoMore.has(progress)),
    payment: keepsOrder.has(phase) ? 'none' : paymentDebts[payment],
    shipment: phase === 'stopping' || (!keepsOrder.has(phase) && (shipment === 'asked' || shipment === 'created')),
    refunds
  }
}

/** True when nothing is owed. */
export function isSettled ({ parts, payment, shipment, refunds }: Debts): boolean {
  return parts.length === 0 && payment === 'none' && !shipment && refunds.length === 0
}

/** Starts to give everything back, for good. The outcome follows when every compensation is answered, which may be at once. */
export function startCompensation (draft: OrderDraft, cause: OutcomeCause, reason: string): void {
  draft.happen({ type: 'OrderCompensationStarted', orderId: draft.saga.orderId, cause, message: reason })
  draft.remember({ phase: 'compensating', cause, resends: 0, stepDueMs: null, sagaDueMs: null, waitDueMs: null, waitsSince: null })
  giveBack(draft, reason)
}

/** Asks for everything that the phase owes. */
export function giveBack (draft: OrderDraft, reason: string): void {
  draft.remember({ reason })
  sendDebts(draft, { ...debtsOf(draft.saga), refunds: [] })
  settle(draft)
}

/**
 * Keeps the books after an answer: asks for what has become owed since `before`, and ends the order when nothing is owed.
 * An order that has its outcome keeps it, whatever comes later: only the debt is paid.
 */
export function payNewDebts (draft: OrderDraft, before: Debts): void {
  const after = debtsOf(draft.saga)
  const known = new Set(before.parts.map(part => part.partition))
  sendDebts(draft, {
    parts: after.parts.filter(part => !known.has(part.partition)),
    payment: after.payment === before.payment ? 'none' : after.payment,
    shipment: after.shipment && !before.shipment,
    refunds: []
  })
  settle(draft)
}

/** Sends every unanswered compensation again, with a longer wait each time; never given up. */
export function resendDebts (draft: OrderDraft): void {
  sendDebts(draft, debtsOf(draft.saga))
  draft.remember({ resends: draft.saga.resends + 1, stepDueMs: null })
  settle(draft)
}

function settle (draft: OrderDraft): void {
  const { phase, resends, stepDueMs } = draft.saga
  if (!isSettled(debtsOf(draft.saga))) {
    draft.remember({ stepDueMs: stepDueMs ?? draft.wallMs + resendDelayMs(resends) })
    return
  }
  draft.remember({ stepDueMs: null })
  if (phase !== 'compensating') return
  draft.remember({ phase: 'closed' })
  end(draft)
}

function end (draft: OrderDraft): void {
  const { orderId, reason } = draft.saga
  const { total, currency, refunded, placedAt } = draft.view
  const cause = draft.saga.cause ?? 'technical'
  draft.happen({ type: outcomeEvents[cause], orderId, cause, reason, total, currency, refunded, placedAt })
}

/** Stock that may be deducted is un-confirmed, the rest released; both are answered by each partition, held or not. */
function sendDebts (draft: OrderDraft, debts: Debts): void {
  const { orderId, attempt, paymentAttempt, reason, stop } = draft.saga
  for (const { partition, progress } of debts.parts) {
    const deducted = progress === 'confirming' || progress === 'confirmed' || progress === 'refused'
    draft.send({ type: deducted ? 'UnconfirmReservation' : 'ReleaseReservation', orderId, attempt, partition, reason })
  }
  if (debts.payment === 'void') draft.send({ type: 'VoidPayment', orderId, attempt: paymentAttempt, reason })
  if (debts.payment === 'refund') draft.send({ type: 'RefundPayment', orderId, effectId: `${orderId}-${paymentAttempt}`, amount: null, reason, ceiling: null, capped: false })
  if (debts.shipment) draft.send({ type: 'CancelShipment', orderId, reason: stop?.reason ?? reason })
  for (const refund of debts.refunds) draft.send(requestOf(orderId, refund))
}
