import { murmur2 } from '../../streams/kafka/murmur2.ts'
import { type Carrier, type Consigned, type JourneyStep } from './carrier.ts'
import { maxAttempts } from './stages.ts'
import { speeds } from './speeds.ts'
import { trackingNumberOf } from './tracking-number.ts'

export interface EmbeddedCarrierOptions {
  /** Length of its day, ms; above 0. */
  readonly dayMs: number
  /** How long after its creation a shipment is picked up, ms: the time in which an order can still be stopped. Null: only what is handed over. */
  readonly pickupAfterMs: number | null
  /** Share of shipments whose first attempts are in vain, 0 to 1; chosen by the id of the shipment. @default 0.02 */
  readonly vainShare?: number
  /** How many attempts of those are in vain; with 3 they come back. @default 1 */
  readonly vainAttempts?: number
}

const shares = 10_000
const returnDays = 2

/** A carrier inside the platform: its shipments travel by timers, in days as short as one likes. Who is not at home depends on the shipment alone. */
export function embeddedCarrier (name: string, { dayMs, pickupAfterMs, vainShare = 0.02, vainAttempts = 1 }: EmbeddedCarrierOptions): Carrier {
  if (!(dayMs > 0)) throw new RangeError('a day of the embedded carrier is longer than 0 ms')
  const days = (count: number): number => Math.max(1, Math.round(count * dayMs))

  function journey (shipment: Consigned): JourneyStep | undefined {
    const { depot, road, door, again } = speeds[shipment.speed].legs
    switch (shipment.stage) {
      case 'created': return pickupAfterMs === null ? undefined : { stage: 'pickedUp', afterMs: pickupAfterMs, note: null }
      case 'pickedUp': return { stage: 'inTransit', afterMs: days(depot), note: null }
      case 'inTransit': return { stage: 'outForDelivery', afterMs: days(road), note: null }
      case 'outForDelivery': return isInVain(shipment)
        ? { stage: 'attemptFailed', afterMs: days(door), note: 'nobody was at home' }
        : { stage: 'delivered', afterMs: days(door), note: null }
      case 'attemptFailed': return shipment.attempts >= maxAttempts
        ? { stage: 'returned', afterMs: days(returnDays), note: 'it could not be delivered' }
        : { stage: 'outForDelivery', afterMs: days(again), note: null }
      default: return undefined
    }
  }

  function isInVain ({ shipmentId, attempts }: Consigned): boolean {
    return attempts < vainAttempts && (murmur2(Buffer.from(shipmentId)) >>> 0) % shares < vainShare * shares
  }

  return { name, dayMs, pickupAfterMs, book: trackingNumberOf, journey }
}
