import { type DeliverySpeed } from '#schemas'
import { moneyScale } from '../money.ts'
import { speeds } from './speeds.ts'

/** A carrier's offer, before weight and speed. */
export interface Offer {
  /** The order is worth more than this, in 1/10,000 of its currency unit. */
  readonly aboveE4: bigint
  readonly carrier: string
  readonly service: string
  /** Price of a parcel up to 2 kg, in 1/10,000 of the currency unit. */
  readonly baseE4: bigint
  /** Prefix of tracking numbers: two letters. */
  readonly prefix: string
}

/** Offers by value of the order, dearest first: the first whose threshold is exceeded takes it. */
export const offers: readonly Offer[] = [
  { aboveE4: 1_000n * moneyScale, carrier: 'FedEx', service: 'Express', baseE4: 299_900n, prefix: 'FX' },
  { aboveE4: 500n * moneyScale, carrier: 'UPS', service: 'Ground', baseE4: 199_900n, prefix: 'UP' },
  { aboveE4: 100n * moneyScale, carrier: 'USPS', service: 'Priority', baseE4: 99_900n, prefix: 'UM' },
  { aboveE4: -1n, carrier: 'USPS', service: 'Standard', baseE4: 49_900n, prefix: 'US' }
]

const freeAboveE4 = 500n * moneyScale
const includedGrams = 2_000
const pricePerGramE4 = moneyScale / 1_000n
/** A kilogram is charged for so much room at least. Unit: cm³. */
const volumePerKg = 5_000

/** The offer for an order of that value. Amounts in 1/10,000 of the unit of the order's currency; thresholds are the same number in every currency. */
export function chooseOffer (orderTotal: bigint): Offer {
  const chosen = offers.find(offer => orderTotal > offer.aboveE4)
  if (chosen === undefined) throw new RangeError('the value of an order is at least 0')
  return chosen
}

/** What a carrier charges for, in grams: the weight, or the room it takes (cm³ / 5000 kg, up to the next gram), whichever is more. */
export function chargedGrams (weightGrams: number, volumeCm3: number): number {
  return Math.max(weightGrams, Math.ceil(volumeCm3 * 1_000 / volumePerKg))
}

/** What a carrier is asked to take. `weightGrams` is what it charges for: see chargedGrams. */
export interface Consignment {
  readonly orderTotal: bigint
  readonly weightGrams: number
  readonly speed: DeliverySpeed
}

/**
 * What shipping costs the customer, in 1/10,000 of the currency unit: base price and 1.00 per kilogram above 2 kg, to the gram, both free for
 * orders above 500; and the surcharge of the speed.
 */
export function shippingCost ({ orderTotal, weightGrams, speed }: Consignment): bigint {
  const { surcharge } = speeds[speed]
  if (orderTotal > freeAboveE4) return surcharge
  return chooseOffer(orderTotal).baseE4 + BigInt(Math.max(0, weightGrams - includedGrams)) * pricePerGramE4 + surcharge
}
