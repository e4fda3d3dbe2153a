import { debtsOf, isSettled } from './compensate.ts'
import { type OrderDraft } from './draft.ts'
import { askToPay } from './pay-again.ts'
import { queue, reserve } from './reserve.ts'

/**
 * Goes on once nothing of the attempt before is held any more. A reservation is only made anew then: it could be refused for stock that the
 * order itself holds, because what is given back and what is asked for come by different topics, without an order between them.
 */
export function goOnWhenSettled (draft: OrderDraft): void {
  const { phase, attempt } = draft.saga
  if (!isSettled(debtsOf(draft.saga))) return
  if (phase === 'voiding') return askToPay(draft)
  if (phase !== 'clearing') return
  draft.remember({ attempt: attempt + 1, resends: 0 })
  if (draft.view.state === 'BackOrdered') queue(draft)
  else reserve(draft)
}
