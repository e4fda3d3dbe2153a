import { type DeliverySpeed, type ShipmentStage } from '#schemas'
import { type ShipmentRef, trackingNumberOf } from './tracking-number.ts'

/** A real day, ms. */
export const realDayMs = 86_400_000

/** A shipment as a carrier sees it. */
export interface Consigned {
  readonly shipmentId: string
  readonly stage: ShipmentStage
  /** Attempts in vain so far. */
  readonly attempts: number
  readonly speed: DeliverySpeed
}

/** What a carrier does next by itself, so long after it came to its stage. */
export interface JourneyStep {
  readonly stage: ShipmentStage
  readonly afterMs: number
  /** What the carrier says of it. */
  readonly note: string | null
}

/**
 * Port to a carrier: pure and deterministic, because it is asked inside a transaction and again after every repeat. What a carrier does in the
 * real world comes back as commands (topics, API, webhook).
 */
export interface Carrier {
  /** As the offers name it. */
  readonly name: string
  /** Length of its day, ms: promises count in it. */
  readonly dayMs: number
  /** How long after its creation a shipment is picked up, ms; null = when it is handed over, or the carrier says so. */
  readonly pickupAfterMs: number | null
  /** Books a shipment: its tracking number, the same for the same shipment. `prefix` is the offer's. */
  book (prefix: string, shipment: ShipmentRef): string
  /** The next step of a shipment that moves by itself; undefined = it waits to be told. Absent: nothing of this carrier moves by itself. */
  journey? (shipment: Consigned): JourneyStep | undefined
}

/** A carrier in the real world: its shipments move only when somebody tells that they did. */
export function realCarrier (name: string): Carrier {
  return { name, dayMs: realDayMs, pickupAfterMs: null, book: trackingNumberOf }
}

export type CarrierOf = (name: string) => Carrier

/** Finds carriers by name; one that is not listed is a real one. */
export function carriersByName (carriers: readonly Carrier[]): CarrierOf {
  const byName = new Map(carriers.map(carrier => [carrier.name, carrier]))
  return name => byName.get(name) ?? realCarrier(name)
}
