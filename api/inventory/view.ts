import { type ReservationState, type StockState } from '#schemas'
import { type HoldBody, type StockBody } from '../schemas/inventory.ts'

/** The stock of a SKU as its readers get it. */
export function stockBody ({ sku, onHand, reserved, waiting, reorderLevel, version }: StockState): StockBody {
  return { sku, onHand, reserved, available: onHand - reserved, waiting, reorderLevel, version }
}

/** A reservation by hand as its readers get it. */
export function holdBody ({ orderId, lines, status, reference, expiresAt, endedAt }: ReservationState): HoldBody {
  const [line] = lines
  return {
    reservationId: orderId,
    sku: line?.sku ?? '',
    quantity: line?.quantity ?? 0,
    status,
    reference: reference ?? '',
    expiresAt: instantOrNull(expiresAt),
    endedAt: instantOrNull(endedAt)
  }
}

function instantOrNull (ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
