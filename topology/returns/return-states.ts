import { type ReturnStatus } from '#schemas'
import { type ReturnsEvent } from '../topics.ts'

/** Events of a return that a customer asked for; credits of an import are none. */
export type ReturnEventType = Exclude<ReturnsEvent['type'], 'CreditNoteMatched' | 'CreditNoteUnmatched' | 'CreditedOrderWithdrawn'>

type Row = Readonly<Partial<Record<ReturnEventType, ReturnStatus>>>
const over: Row = {}

/** State × event → state: the life of a return. A pair that is not listed is an error with a reason. `unasked`: before its first event. */
export const returnStates: Readonly<Record<ReturnStatus | 'unasked', Row>> = {
  unasked: { ReturnRequested: 'requested' },
  requested: { ReturnApproved: 'approved', ReturnDeclined: 'declined' },
  approved: { ReturnReceived: 'received', ReturnExpired: 'expired' },
  received: { RefundIssued: 'refunded' },
  refunded: over,
  declined: over,
  expired: over
}

/** Every event of a return, in the order in which it meets them. */
export const returnEventTypes = [
  'ReturnRequested', 'ReturnApproved', 'ReturnDeclined', 'ReturnReceived', 'ReturnExpired', 'RefundIssued'
] as const satisfies readonly ReturnEventType[]

/** States in which pieces are still to come back: nobody else may ask for them. */
export const openReturns: ReadonlySet<ReturnStatus> = new Set(['requested', 'approved'])

/** The state after the event, or undefined where the table does not list the pair. */
export function returnAfter (from: ReturnStatus | 'unasked', event: ReturnEventType): ReturnStatus | undefined {
  return returnStates[from][event]
}
