import { type OrderStop } from '#schemas'
import { resendDelayMs } from './deadlines.ts'
import { type OrderDraft } from './draft.ts'
import { type Rejection, reject } from './price-order.ts'
import { leftToShip } from './progress.ts'

/**
 * Cancelling an order that is confirmed: only shipping knows what has left. It is asked first, and asked again until it answers; money and
 * stock follow what it could stop. So a cancellation that races the carrier gives back what was stopped, and nothing else.
 */

/** Asks shipping to stop what has not left; rejected when nothing is left to stop. */
export function startStop (draft: OrderDraft, stop: OrderStop): Rejection | undefined {
  if (leftToShip(draft.view).length === 0) return reject('state-forbids', null, `it is ${draft.view.state}`)
  draft.remember({ phase: 'stopping', stop, resends: 0, stepDueMs: draft.wallMs + resendDelayMs(0) })
  draft.send({ type: 'CancelShipment', orderId: draft.saga.orderId, reason: stop.reason })
  return undefined
}

/** Nothing can be stopped any more: who asked for it is told, and the order goes on. */
export function withdrawStop (draft: OrderDraft): void {
  const { stop } = draft.saga
  if (stop === null) return
  resume(draft)
  if (stop.command !== '') draft.refuse({ command: stop.command, commandId: stop.commandId, rejection: reject('left-already', null) })
}

/** Shipping has answered: the order goes on with what has left. */
export function resume (draft: OrderDraft): void {
  const { refunds, stepDueMs } = draft.saga
  draft.remember({ phase: 'fulfilling', stop: null, resends: 0, stepDueMs: refunds.length === 0 ? null : stepDueMs })
}
