import { reservationMs } from './deadlines.ts'
import { type OrderDraft } from './draft.ts'

/** Keeps what is reserved while a person decides until `waitDueMs` (epoch ms), and for a saga after that. */
export function keepReserved (draft: OrderDraft, waitDueMs: number): void {
  const { orderId, attempt, parts } = draft.saga
  for (const { partition, progress } of parts) {
    if (progress === 'reserved') draft.send({ type: 'ExtendReservation', orderId, attempt, partition, expiresAt: waitDueMs + reservationMs })
  }
}
