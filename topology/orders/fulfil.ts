import { type Body } from '../commands/body.ts'
import { type ShipmentEvent } from '../topics.ts'
import { startCompensation } from './compensate.ts'
import { type OrderDraft } from './draft.ts'
import { dropPieces, endWhenDelivered } from './drop-pieces.ts'
import { noteProgress } from './facts.ts'
import { followParcels, piecesOfLines, shownParcels } from './parcels.ts'
import { UnexpectedRecord } from './phases.ts'
import { leftToShip, without } from './progress.ts'
import { refuseHandOver } from './ship-order.ts'
import { resume, withdrawStop } from './stop.ts'

type Told<Type extends ShipmentEvent['type']> = Extract<Body<ShipmentEvent>, { type: Type }>

/** What shipping told of an order that is on its way: the parcel is followed, and the order goes on when its pieces do. */
export function followShipment (draft: OrderDraft, fact: Body<ShipmentEvent>): void {
  if (fact.type === 'ShipmentRefused') return refuseHandOver(draft, fact)
  if (!noteParcel(draft, fact) && fact.type !== 'ShipmentCancelled') return draft.countRepeat()
  switch (fact.type) {
    case 'ShipmentPickedUp': return passPickedUp(draft, fact)
    case 'ShipmentDelivered': return endWhenDelivered(draft)
    case 'ShipmentReturned': return cameBack(draft, fact)
    case 'ShipmentCancelled': return answerStop(draft, fact)
    default:
  }
}

/** Writes down what shipping told of an order that is over, or being given back: nothing follows from it. False when it is nothing new. */
export function noteShipment (draft: OrderDraft, fact: Body<ShipmentEvent>): boolean {
  if (fact.type !== 'ShipmentRefused') return noteParcel(draft, fact)
  refuseHandOver(draft, fact)
  return true
}

function noteParcel (draft: OrderDraft, fact: Body<ShipmentEvent>): boolean {
  const parcels = followParcels(draft.view.parcels, fact)
  const isNew = noteProgress(draft, fact)
  if (parcels !== undefined) draft.show(shownParcels(parcels))
  return isNew || parcels !== undefined
}

/** Pieces have left: the order is shipped once nothing is left to leave. */
function passPickedUp (draft: OrderDraft, fact: Told<'ShipmentPickedUp'>): void {
  const { orderId, handOvers } = draft.saga
  const { shipmentNo, shipmentId } = fact
  const lines = piecesOfLines(fact.lines)
  const left = leftToShip(draft.view)
  if (without(lines, left).length > 0) throw new UnexpectedRecord(`shipment ${shipmentNo} has left with pieces that were not there to leave`)
  const parcel = draft.view.parcels.find(candidate => candidate.shipmentNo === shipmentNo)
  const { carrier = null, trackingNumber = null } = parcel ?? {}
  const type = without(left, lines).length === 0 ? 'OrderShipped' : 'OrderPartiallyShipped'
  draft.happen({ type, orderId, shipmentNo, shipmentId, carrier, trackingNumber, lines })
  draft.remember({ handOvers: handOvers.filter(handOver => handOver.shipmentNo !== shipmentNo) })
}

/** The carrier brought a parcel back: its pieces go back to the stock, and their money to the customer. */
function cameBack (draft: OrderDraft, { shipmentNo, lines, reason }: Told<'ShipmentReturned'>): void {
  dropPieces(draft, { cause: 'undeliverable', reason, shipmentNo, lines: piecesOfLines(lines), effectId: `undeliverable/${shipmentNo}` })
}

/**
 * Shipping says what it stopped, because the order asked or because somebody else did. Nothing had left: the order is compensated as a
 * whole. Something had: the order goes on without what was stopped. Nothing was stopped: who asked is told that it came too late.
 */
function answerStop (draft: OrderDraft, { lines, shipped, reason: told }: Told<'ShipmentCancelled'>): void {
  const { stop } = draft.saga
  const cause = stop?.cause ?? 'technical'
  const reason = stop?.reason ?? `the shipment was cancelled: ${told}`
  if (!shipped && draft.saga.shipment !== 'left') {
    draft.remember({ stop: null })
    return startCompensation(draft, cause, reason)
  }
  const left = leftToShip(draft.view)
  const stopped = without(left, without(left, piecesOfLines(lines)))
  if (stopped.length === 0 && stop === null) return draft.countRepeat()
  if (stopped.length === 0) return withdrawStop(draft)
  resume(draft)
  dropPieces(draft, { cause, reason, shipmentNo: null, lines: stopped, effectId: `cancel-rest/${draft.view.version + 1}` })
}
