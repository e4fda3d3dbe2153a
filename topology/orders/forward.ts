import { type PaymentAuthorized } from '#schemas'
import { type Body } from '../commands/body.ts'
import { startClock, stepMs } from './deadlines.ts'
import { type OrderDraft } from './draft.ts'
import { endWhenDelivered } from './drop-pieces.ts'
import { allParts } from './facts.ts'
import { noPayment } from './order.ts'

/**
 * The way of an order that meets no trouble: reserve → authorise → confirm the reservation → capture → ship. A step that has
 * nothing to do (no stocked line, nothing to pay) is passed at once, with the same events.
 */

/** Goes on to the payment once every touched partition has reserved. The clock of the saga runs, if it stood while the order waited for stock. */
export function passReserved (draft: OrderDraft): void {
  const { orderId, attempt } = draft.saga
  if (!allParts(draft.saga, 'reserved')) return
  draft.happen({ type: 'OrderInventoryReserved', orderId, attempt })
  draft.remember({ shortages: [], waitDueMs: null, waitsSince: null, ...startClock(draft.saga, draft.wallMs) })
  askPayment(draft)
}

/** Asks for the payment, under the attempt that the order is at with it. */
export function askPayment (draft: OrderDraft): void {
  const { orderId, paymentAttempt: attempt, paymentChoice } = draft.saga
  const { total, currency } = draft.view
  draft.happen({ type: 'OrderPaymentInitiated', orderId, attempt, amount: total, currency })
  draft.remember({ phase: 'authorising' })
  startStep(draft)
  if (total === 0n || paymentChoice === null) return passAuthorised(draft, noPayment)
  draft.remember({ payment: 'asked' })
  draft.send({ type: 'AuthorizePayment', orderId, attempt, amount: total, currency, method: paymentChoice.method, token: paymentChoice.token })
}

/** Goes on to confirm the reservation, now that the money is held. */
export function passAuthorised (draft: OrderDraft, paymentId: string): void {
  const { orderId, attempt, paymentAttempt, parts } = draft.saga
  const { total, currency } = draft.view
  draft.happen({ type: 'OrderPaymentAuthorized', orderId, attempt: paymentAttempt, paymentId, amount: total, currency })
  draft.remember({ phase: 'confirming', parts: parts.map(part => ({ ...part, progress: 'confirming' })) })
  startStep(draft)
  for (const { partition } of parts) draft.send({ type: 'ConfirmReservation', orderId, attempt, partition })
  if (parts.length === 0) passConfirmed(draft)
}

/** Goes on to take the money once every touched partition has deducted its stock. */
export function passConfirmed (draft: OrderDraft): void {
  const { orderId, paymentAttempt: attempt } = draft.saga
  const { total, currency } = draft.view
  if (!allParts(draft.saga, 'confirmed')) return
  draft.remember({ phase: 'capturing' })
  startStep(draft)
  if (total === 0n) return passCaptured(draft)
  draft.remember({ payment: 'capturing' })
  draft.send({ type: 'CapturePayment', orderId, attempt, amount: total, currency })
}

/** Confirms the order, now that the money is taken, and has its stocked lines shipped: without any it is fulfilled. The clock of the saga stops. */
export function passCaptured (draft: OrderDraft): void {
  const { orderId, paymentAttempt: attempt, shippingAddress, deliverySpeed, weightGrams, volumeCm3 } = draft.saga
  const { total, currency, lines, customerId, placedAt, paymentId } = draft.view
  draft.happen({ type: 'OrderPaymentCompleted', orderId, attempt, paymentId: paymentId ?? noPayment, amount: total, currency })
  draft.happen({ type: 'OrderConfirmed', orderId, total, currency, lines, customerId, placedAt })
  draft.remember({ phase: 'fulfilling', stepDueMs: null, sagaDueMs: null })
  const shipped = lines.filter(line => line.stocked).map(({ lineNo, sku, quantity }) => ({ lineNo, sku, quantity }))
  if (shipped.length === 0 || shippingAddress === null) return endWhenDelivered(draft)
  draft.remember({ shipment: 'asked', shipments: 1 })
  const parcel = { lines: shipped, weightGrams, volumeCm3, shipmentNo: 1, handedOver: false }
  draft.send({ type: 'CreateShipment', orderId, customerId, shippingAddress, deliverySpeed, orderTotal: total, currency, ...parcel })
}

/** True when the provider holds exactly what the order costs. */
export function isExact (draft: OrderDraft, payment: Body<PaymentAuthorized>): boolean {
  return payment.amount === draft.view.total && payment.currency === draft.view.currency
}

/** Gives the step its full time from now on, however long ago its cause was written: a backlog is not the fault of whoever answers. */
export function startStep (draft: OrderDraft): void {
  draft.remember({ stepDueMs: draft.wallMs + stepMs })
}
