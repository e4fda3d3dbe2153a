import { type LineQuantity, type OutcomeCause } from '#schemas'
import { startCompensation } from './compensate.ts'
import { type OrderDraft } from './draft.ts'
import { isOnTheRoad } from './parcels.ts'
import { deliverable, leftToShip, priceOfPieces } from './progress.ts'
import { oweRefund } from './refunds.ts'
import { putBack } from './restock.ts'
import { withdrawStop } from './stop.ts'

/** Pieces that the order goes on without. */
export interface Dropped {
  readonly cause: OutcomeCause
  readonly reason: string
  /** Shipment that they came back with; null = they had not left. */
  readonly shipmentNo: number | null
  readonly lines: readonly LineQuantity[]
  /** Id of the refund and of what is put back, one for each time that pieces are dropped. */
  readonly effectId: string
}

/**
 * The order goes on without these pieces: they go back to the stock, their money to the customer. When nothing of it was or can be
 * delivered any more, it is over: everything that was paid is given back.
 */
export function dropPieces (draft: OrderDraft, { cause, reason, shipmentNo, lines, effectId }: Dropped): void {
  const { orderId } = draft.saga
  const amount = priceOfPieces(draft.view.lines, lines)
  draft.happen({ type: 'OrderLinesCancelled', orderId, cause, reason, shipmentNo, lines, amount, currency: draft.view.currency })
  putBack(draft, lines, effectId)
  if (isLost(draft)) {
    draft.remember({ parts: draft.saga.parts.map(part => part.progress === 'confirmed' ? { ...part, progress: 'restocked' } : part) })
    withdrawStop(draft)
    return startCompensation(draft, cause, reason)
  }
  oweRefund(draft, { effectId, amount, reason, returnId: null })
  if (leftToShip(draft.view).length === 0 && draft.view.state === 'PartiallyShipped') {
    draft.happen({ type: 'OrderShipped', orderId, shipmentNo: null, shipmentId: null, carrier: null, trackingNumber: null, lines: [] })
  }
  endWhenDelivered(draft)
}

/** True when nothing of the order was delivered, is on its way, or can still leave. */
function isLost ({ view }: OrderDraft): boolean {
  return leftToShip(view).length === 0 && !isOnTheRoad(view.parcels) && !view.parcels.some(({ stage }) => stage === 'delivered')
}

/** The order is fulfilled once everything that left was delivered and nothing is left to leave. */
export function endWhenDelivered (draft: OrderDraft): void {
  const { view, saga: { orderId } } = draft
  if (leftToShip(view).length > 0 || isOnTheRoad(view.parcels)) return
  const { total, currency, customerId, placedAt, parcels } = view
  const deliveredAt = parcels.reduce((latest, parcel) => Math.max(latest, parcel.deliveredAt ?? 0), 0)
  const lines = deliverable(view)
  draft.happen({ type: 'OrderDelivered', orderId, lines, deliveredAt: deliveredAt === 0 ? draft.nowMs : deliveredAt, total, currency, customerId, placedAt })
  withdrawStop(draft)
  draft.remember({ phase: 'delivered' })
}
