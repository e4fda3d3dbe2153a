import { type CreateShipment, type ShipmentLine, type ShipmentParcel } from '#schemas'
import { type Body } from '../commands/body.ts'
import { type Carrier, realDayMs } from './carrier.ts'
import { chooseOffer } from './offers.ts'
import { speeds } from './speeds.ts'
import { type ShipmentEnvironment } from './shipment-draft.ts'
import { shipmentIdOf } from './tracking-number.ts'

/** A new shipment with these lines. `promisedBy`: a promise that stands already. */
export function makeParcel (
  command: Body<CreateShipment>, lines: readonly ShipmentLine[], { nowMs, carrierOf }: ShipmentEnvironment, promisedBy?: number | null
): ShipmentParcel {
  const { shipmentNo, orderTotal, deliverySpeed, handedOver } = command
  const { carrier: name, service, prefix } = chooseOffer(orderTotal)
  const carrier = carrierOf(name)
  return {
    shipmentNo,
    shipmentId: shipmentIdOf(command),
    lines,
    carrier: name,
    service,
    trackingNumber: carrier.book(prefix, command),
    stage: 'created',
    stageAt: nowMs,
    attempts: 0,
    createdAt: nowMs,
    promisedBy: promisedBy === undefined ? nowMs + promiseMs(carrier, speeds[deliverySpeed].promiseDays, handedOver) : promisedBy,
    delayed: false,
    heldUntil: null,
    receivedBy: null,
    history: []
  }
}

/** Days count from the pick-up in the carrier's; where nobody knows when that is, from now on and in real ones. */
function promiseMs ({ dayMs, pickupAfterMs }: Carrier, promiseDays: number, handedOver: boolean): number {
  if (handedOver) return Math.round(promiseDays * dayMs)
  return pickupAfterMs === null ? Math.round(promiseDays * realDayMs) : pickupAfterMs + Math.round(promiseDays * dayMs)
}

/** What is taken out of shipments that have not left: the pieces, the shipments without them, and the promise that they were under. */
export interface Taken {
  readonly lines: readonly ShipmentLine[]
  readonly parcels: readonly ShipmentParcel[]
  readonly promisedBy: number | null
}

/** Takes pieces out of shipments that have not left, by line; undefined when not all of them are there. One left without pieces is cancelled. */
export function takePieces (parcels: readonly ShipmentParcel[], wanted: readonly ShipmentLine[], nowMs: number): Taken | undefined {
  const missing = new Map<number, number>()
  for (const { lineNo, quantity } of wanted) {
    if (quantity < 1) return undefined
    missing.set(lineNo, (missing.get(lineNo) ?? 0) + quantity)
  }
  const taken: ShipmentLine[] = []
  const promises: number[] = []
  const rest = parcels.map(parcel => {
    if (parcel.stage !== 'created') return parcel
    const lines = parcel.lines.flatMap(line => {
      const count = Math.min(line.quantity, missing.get(line.lineNo) ?? 0)
      if (count === 0) return line
      missing.set(line.lineNo, (missing.get(line.lineNo) ?? 0) - count)
      taken.push({ ...line, quantity: count })
      if (parcel.promisedBy !== null) promises.push(parcel.promisedBy)
      return count === line.quantity ? [] : { ...line, quantity: line.quantity - count }
    })
    return lines.length > 0 ? { ...parcel, lines } : { ...parcel, lines, stage: 'cancelled' as const, stageAt: nowMs }
  })
  if (taken.length === 0 || [...missing.values()].some(count => count > 0)) return undefined
  return { lines: taken, parcels: rest, promisedBy: promises.length === 0 ? null : Math.min(...promises) }
}
