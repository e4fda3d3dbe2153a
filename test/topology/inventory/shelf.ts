import { type ReservationState, type StockState } from '#schemas'
import { type ReservationDecision, type ReservationRequest, decideReservation } from '../../../topology/inventory/decide-reservation.ts'
import { type ReservationAction } from '../../../topology/inventory/reservation.ts'

export const orderId = '00000000-0000-4000-8000-000000000001'
export const expiresAt = 1_000_000

/** A partition of stock held in maps, driven by decisions as the processor does it. */
export function shelf (...stocks: readonly StockState[]) {
  const rows = new Map(stocks.map(stock => [stock.sku, stock]))
  let row: ReservationState | undefined
  return {
    stock: (sku: string) => rows.get(sku),
    row: () => row,
    ask (action: ReservationAction, more: Partial<ReservationRequest> = {}, nowMs = 1_000): ReservationDecision {
      const request = { action, orderId, attempt: 1, partition: 0, ...more }
      const decision = decideReservation(request, { row, stockOf: sku => rows.get(sku), partition: 0, nowMs, correlationId: 'c' })
      for (const stock of decision.stocks) rows.set(stock.sku, stock)
      row = decision.row
      return decision
    }
  }
}

export const line = (lineNo: number, sku: string, quantity: number) => ({ lineNo, sku, quantity })
/** Two lines of a reservation. */
export const asked = { lines: [line(1, 'A', 3), line(2, 'B', 2)], expiresAt }
