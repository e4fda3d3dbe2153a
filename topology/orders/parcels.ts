import { type LineQuantity, type OrderParcel, type OrderView, type ShipmentLine, type ShipmentStage } from '#schemas'
import { type Body } from '../commands/body.ts'
import { type ShipmentEvent } from '../topics.ts'
import { UnexpectedRecord } from './phases.ts'
import { without } from './progress.ts'

/** A shipping event that is about one parcel that exists. */
export type ParcelFact = Exclude<Body<ShipmentEvent>, { type: 'ShipmentCreated' | 'ShipmentCancelled' | 'ShipmentRefused' }>

type Steps = Readonly<Partial<Record<ShipmentStage, ShipmentStage>>>

const fromTheRoad = <To extends ShipmentStage> (to: To): Steps => ({ pickedUp: to, inTransit: to, outForDelivery: to, attemptFailed: to })

/** Where a parcel may be told of without going on. */
const stays: Steps = { created: 'created', pickedUp: 'pickedUp', inTransit: 'inTransit', outForDelivery: 'outForDelivery', attemptFailed: 'attemptFailed' }

/**
 * Shipping event × stage of the parcel → stage. An unlisted pair changes nothing. Shipping decides which way a parcel takes; here only
 * the ends are guarded: it leaves once, and it ends once.
 */
export const parcelSteps: Readonly<Record<ParcelFact['type'], Steps>> = {
  ShipmentPickedUp: { created: 'pickedUp' },
  ShipmentInTransit: fromTheRoad('inTransit'),
  ShipmentOutForDelivery: fromTheRoad('outForDelivery'),
  ShipmentDeliveryFailed: fromTheRoad('attemptFailed'),
  ShipmentDelivered: fromTheRoad('delivered'),
  ShipmentReturned: fromTheRoad('returned'),
  ShipmentTrackingUpdated: stays,
  ShipmentDelayed: stays
}

/** Stages of a parcel that has left and has not arrived anywhere. */
const onTheRoad: ReadonlySet<ShipmentStage> = new Set(['pickedUp', 'inTransit', 'outForDelivery', 'attemptFailed'])

/** True while a parcel is with the carrier. */
export function isOnTheRoad (parcels: readonly OrderParcel[]): boolean {
  return parcels.some(({ stage }) => onTheRoad.has(stage))
}

/**
 * The parcels after one more shipping event; undefined when it changes nothing. A parcel that is made of pieces of others takes them out of
 * those that have not left, as shipping does. Pure.
 *
 * @throws {UnexpectedRecord} when it is about a parcel that the order does not have.
 */
export function followParcels (parcels: readonly OrderParcel[], fact: Body<ShipmentEvent>): readonly OrderParcel[] | undefined {
  switch (fact.type) {
    case 'ShipmentRefused': return undefined
    case 'ShipmentCreated': return parcels.some(parcel => parcel.shipmentNo === fact.shipmentNo) ? undefined : added(parcels, fact)
    case 'ShipmentCancelled':
      if (parcels.every(({ stage }) => stage !== 'created')) return undefined
      return parcels.map(parcel => parcel.stage === 'created' ? { ...parcel, stage: 'cancelled' } : parcel)
    default: return moved(parcels, fact)
  }
}

/** What readers see of the parcels: all of them, and the first one in the fields that are older than parcels. */
export function shownParcels (parcels: readonly OrderParcel[]): Pick<OrderView, 'parcels'> & Partial<OrderView> {
  const first = parcels.find(({ stage }) => stage !== 'cancelled') ?? parcels[0]
  if (first === undefined) return { parcels }
  const { shipmentId, trackingNumber, carrier } = first
  return { parcels, shipmentId, trackingNumber, carrier }
}

/** The pieces of shipment lines, without what the order knows anyway. */
export function piecesOfLines (lines: readonly ShipmentLine[]): readonly LineQuantity[] {
  return lines.map(({ lineNo, quantity }) => ({ lineNo, quantity }))
}

function added (parcels: readonly OrderParcel[], fact: Extract<Body<ShipmentEvent>, { type: 'ShipmentCreated' }>): readonly OrderParcel[] {
  const { shipmentNo, shipmentId, carrier, trackingNumber, promisedBy } = fact
  const lines = piecesOfLines(fact.lines)
  const others = parcels.map(parcel => parcel.stage === 'created' ? reduced(parcel, lines) : parcel)
  const parcel = { shipmentNo, shipmentId, carrier, trackingNumber, lines, promisedBy }
  return [...others, { ...parcel, stage: 'created', attempts: 0, location: null, isLate: false, deliveredAt: null }]
}

function reduced (parcel: OrderParcel, taken: readonly LineQuantity[]): OrderParcel {
  const lines = without(parcel.lines, taken)
  return { ...parcel, lines, stage: lines.length === 0 ? 'cancelled' : 'created' }
}

function moved (parcels: readonly OrderParcel[], fact: ParcelFact): readonly OrderParcel[] | undefined {
  const parcel = parcels.find(candidate => candidate.shipmentNo === fact.shipmentNo)
  if (parcel === undefined) throw new UnexpectedRecord(`${fact.type} is about shipment ${fact.shipmentNo}, which the order does not have`)
  const stage = parcelSteps[fact.type][parcel.stage]
  if (stage === undefined) return undefined
  const after = { ...parcel, stage, ...changeOf(fact) }
  return parcels.map(other => other === parcel ? after : other)
}

function changeOf (fact: ParcelFact): Partial<OrderParcel> {
  switch (fact.type) {
    case 'ShipmentPickedUp': return { lines: piecesOfLines(fact.lines) }
    case 'ShipmentDeliveryFailed': return { attempts: fact.attempt }
    case 'ShipmentDelivered': return { deliveredAt: fact.at }
    case 'ShipmentTrackingUpdated': return fact.location === null ? {} : { location: fact.location }
    case 'ShipmentDelayed': return { isLate: true }
    default: return {}
  }
}
