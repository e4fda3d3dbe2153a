import { type ShipmentParcel, type ShipmentState } from '#schemas'
import { type Firing, answerMs, heldUntil, ownStep } from './deadlines.ts'
import { type ShipmentDecision, ShipmentDraft, type ShipmentEnvironment } from './shipment-draft.ts'
import { moveParcel } from './tell-news.ts'

/** Steps of one shipment that are caught up with by one timer: more than any journey has. */
const maxCatchUp = 32

/**
 * What a fired timer means: everything that became due meanwhile, in its order. A journey goes by the carrier's clock, so a shipment that
 * was behind is not late for that. Two things wait for the task to have run for a while: the pick-up, because a cancellation may be on
 * its way, and the verdict that a promise is missed, because news may.
 */
export function wakeShipments (state: ShipmentState, firing: Firing, env: ShipmentEnvironment): ShipmentDecision {
  const draft = new ShipmentDraft({ ...state, timerDueMs: null }, env)
  for (const { shipmentNo } of state.shipments) {
    for (let count = 0; count < maxCatchUp && takeOwnStep(draft, shipmentNo, firing); count++);
  }
  return draft.finish()
}

/** Takes the next step of a shipment, if it is due; true = look again. */
function takeOwnStep (draft: ShipmentDraft, shipmentNo: number, firing: Firing): boolean {
  const { state, env } = draft
  const parcel = state.shipments.find(candidate => candidate.shipmentNo === shipmentNo)
  const next = parcel === undefined ? undefined : ownStep(parcel, state, env.carrierOf)
  if (parcel === undefined || next === undefined || next.dueMs > firing.nowMs) return false
  const windowMs = next.kind === 'late' ? answerMs : parcel.stage === 'created' ? next.step.afterMs : undefined
  const held = windowMs === undefined || parcel.heldUntil !== null ? 0 : heldUntil(firing, windowMs)
  if (held > firing.nowMs) draft.change(parcel, { heldUntil: held })
  else if (next.kind === 'journey') moveParcel(draft, parcel, { stage: next.step.stage, at: next.dueMs, location: null, note: next.step.note })
  else tellLate(draft, parcel)
  return true
}

function tellLate (draft: ShipmentDraft, parcel: ShipmentParcel): void {
  const { shipmentId, shipmentNo, promisedBy } = draft.change(parcel, { delayed: true })
  if (promisedBy !== null) draft.happen({ type: 'ShipmentDelayed', orderId: draft.state.orderId, shipmentId, shipmentNo, promisedBy })
}
