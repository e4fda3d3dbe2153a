import { type DeliverySpeed } from '#schemas'
import { moneyScale } from '../money.ts'

/** What a delivery speed costs and promises. Days are days of the carrier, from the pick-up on. */
export interface Speed {
  /** On top of the price of the carrier, for orders of any value, in 1/10,000 of the currency unit. */
  readonly surcharge: bigint
  /** Promised to be delivered within so many days. */
  readonly promiseDays: number
  /** How long the embedded carrier takes from the pick-up to the depot, on the road, to the door, and to the next attempt. Unit: days. */
  readonly legs: { readonly depot: number, readonly road: number, readonly door: number, readonly again: number }
}

/** Delivery speeds. The legs keep the promise when the first attempt succeeds; only a standard one keeps it after an attempt in vain. */
export const speeds: Readonly<Record<DeliverySpeed, Speed>> = {
  standard: { surcharge: 0n, promiseDays: 5, legs: { depot: 1, road: 2, door: 0.5, again: 0.75 } },
  express: { surcharge: 5n * moneyScale, promiseDays: 2, legs: { depot: 0.3, road: 0.8, door: 0.4, again: 0.75 } },
  overnight: { surcharge: 15n * moneyScale, promiseDays: 1, legs: { depot: 0.2, road: 0.4, door: 0.2, again: 0.5 } },
  sameDay: { surcharge: 25n * moneyScale, promiseDays: 0.5, legs: { depot: 0.05, road: 0.15, door: 0.1, again: 0.4 } }
}
