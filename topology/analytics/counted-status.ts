import { type CountedStatus, type OrderFact } from '#schemas'
import { type OrderEvent } from '../topics.ts'

/** Order event → where the order is counted from then on. Events that are not listed change no figure. */
export const countedStatus = {
  OrderCreated: 'pending',
  OrderConfirmed: 'confirmed',
  OrderDelivered: 'fulfilled',
  OrderCancelled: 'cancelled',
  OrderFailed: 'failed',
  OrderTimedOut: 'timedOut'
} as const satisfies Partial<Record<OrderEvent['type'], CountedStatus>>

/** An order event that changes a figure. */
export type CountedOrderEvent = Extract<OrderEvent, { readonly type: keyof typeof countedStatus }>

/** The events that change a figure. */
export const countedOrderEvents = Object.keys(countedStatus) as ReadonlyArray<CountedOrderEvent['type']>

/** How many orders there are, and where they are counted: deltas, one for each measure of that name. */
export type StatusDeltas = Pick<OrderFact, 'orders' | 'pending' | 'confirmed' | 'fulfilled' | 'cancelled' | 'failed' | 'timedOut'>

type Place = Exclude<CountedStatus, 'unknown'>

const nothing: Readonly<Record<Place, number>> = { pending: 0, confirmed: 0, fulfilled: 0, cancelled: 0, failed: 0, timedOut: 0 }

/** One order leaves a place and comes to another one; it is new when it comes from nowhere. Pure: the deltas of the places add up to that of `orders`. */
export function statusDeltas (from: CountedStatus | null, to: Place): StatusDeltas {
  const places = { ...nothing }
  if (from !== null && from !== 'unknown') places[from]--
  places[to]++
  return { orders: from === null ? 1 : 0, ...places }
}
