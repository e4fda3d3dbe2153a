import { giveBack } from './compensate.ts'
import { backOrderMs, customerActionMs, stopClock } from './deadlines.ts'
import { type OrderDraft } from './draft.ts'

/**
 * Stock is short, every partition has answered, and the order is not to be cancelled for it: what was reserved is given back, then it asks
 * its customer, who is told of all that is short at once, or waits for stock.
 */
export function shortOfStock (draft: OrderDraft): void {
  const { orderId, onShortage, shortages } = draft.saga
  draft.remember({ resends: 0, stepDueMs: null, ...stopClock(draft.saga, draft.wallMs) })
  if (onShortage === 'amend') {
    draft.happen({ type: 'OrderActionRequired', orderId, reason: 'shortStock', deadline: draft.nowMs + customerActionMs, shortages })
    draft.remember({ phase: 'amending', waitDueMs: draft.wallMs + customerActionMs })
  } else {
    draft.happen({ type: 'OrderBackOrdered', orderId, deadline: draft.nowMs + backOrderMs, shortages })
    draft.remember({ phase: 'clearing', waitDueMs: draft.wallMs + backOrderMs, waitsSince: draft.nowMs })
  }
  giveBack(draft, 'stock is short')
}
