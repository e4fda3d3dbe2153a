import { type ReviewDecision, type RiskReviewRequired } from '#schemas'
import { type Body } from '../commands/body.ts'
import { isGated } from '../risk/gated-channels.ts'
import { startCompensation } from './compensate.ts'
import { reviewMs, startClock, stopClock } from './deadlines.ts'
import { type OrderDraft } from './draft.ts'
import { allParts } from './facts.ts'
import { askPayment, startStep } from './forward.ts'
import { keepReserved } from './keep-reserved.ts'

/**
 * Goes on to the risk decision once every touched partition has reserved. The clock of the saga runs, if it stood while the order waited for
 * stock. An order of the storefront or the API waits for the decision; of the others it is only recorded, and they go on to the payment at once.
 */
export function passReserved (draft: OrderDraft): void {
  const { orderId, attempt } = draft.saga
  if (!allParts(draft.saga, 'reserved')) return
  draft.happen({ type: 'OrderInventoryReserved', orderId, attempt })
  draft.remember({ shortages: [], waitDueMs: null, waitsSince: null, ...startClock(draft.saga, draft.wallMs) })
  const { customerId, channel, total, currency, placedAt } = draft.view
  draft.send({ type: 'AssessOrder', orderId, customerId, channel, total, currency, placedAt })
  draft.remember({ exposed: customerId !== null })
  if (!isGated[channel]) return askPayment(draft)
  draft.remember({ phase: 'assessing' })
  startStep(draft)
}

/** A person has to look at the order: what is reserved stays so for as long as that may take, and the clock of the saga stands. */
export function askReview (draft: OrderDraft, { orderId, reasons }: Body<RiskReviewRequired>): void {
  draft.happen({ type: 'OrderRiskReviewRequested', orderId, reasons, deadline: draft.nowMs + reviewMs })
  const waitDueMs = draft.wallMs + reviewMs
  draft.remember({ phase: 'reviewing', stepDueMs: null, waitDueMs, ...stopClock(draft.saga, draft.wallMs) })
  keepReserved(draft, waitDueMs)
}

/** A person has decided. `reviewer`: who it was; null = unknown. */
export function passReview (draft: OrderDraft, { orderId, approved, reason }: Body<ReviewDecision>, reviewer: string | null): void {
  if (!approved) return startCompensation(draft, 'riskRejected', `refused on review: ${reason}`)
  draft.happen({ type: 'OrderRiskCleared', orderId, reason, reviewer })
  draft.remember({ waitDueMs: null, ...startClock(draft.saga, draft.wallMs) })
  askPayment(draft)
}
