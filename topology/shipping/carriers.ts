import { moneyScale } from '../money.ts'

/** A carrier's offer, before weight. */
export interface Carrier {
  /** The order is worth more than this, in 1/10,000 of its currency unit. */
  readonly aboveE4: bigint
  readonly carrier: string
  readonly service: string
  /** Price of a parcel up to 2 kg, in 1/10,000 of the currency unit. */
  readonly baseE4: bigint
  /** Prefix of tracking numbers. */
  readonly prefix: string
}

/** Carriers by value of the order, dearest first: the first whose threshold is exceeded takes it. */
export const carriers: readonly Carrier[] = [
  { aboveE4: 1_000n * moneyScale, carrier: 'FedEx', service: 'Express', baseE4: 299_900n, prefix: 'FX' },
  { aboveE4: 500n * moneyScale, carrier: 'UPS', service: 'Ground', baseE4: 199_900n, prefix: 'UP' },
  { aboveE4: 100n * moneyScale, carrier: 'USPS', service: 'Priority', baseE4: 99_900n, prefix: 'UM' },
  { aboveE4: -1n, carrier: 'USPS', service: 'Standard', baseE4: 49_900n, prefix: 'US' }
]

const freeAboveE4 = 500n * moneyScale
const includedGrams = 2_000
const pricePerGramE4 = moneyScale / 1_000n

/** The carrier for an order of that value. Amounts in 1/10,000 of the unit of the order's currency; thresholds are the same number in every currency. */
export function chooseCarrier (orderTotal: bigint): Carrier {
  const chosen = carriers.find(carrier => orderTotal > carrier.aboveE4)
  if (chosen === undefined) throw new RangeError('the value of an order is at least 0')
  return chosen
}

/** What shipping costs the customer: base price and 1.00 per kilogram above 2 kg, to the gram; free for orders above 500. */
export function shippingCost (orderTotal: bigint, weightGrams: number): bigint {
  if (orderTotal > freeAboveE4) return 0n
  return chooseCarrier(orderTotal).baseE4 + BigInt(Math.max(0, weightGrams - includedGrams)) * pricePerGramE4
}
