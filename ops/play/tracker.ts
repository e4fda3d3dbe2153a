import { type Fate } from './generator.ts'

/** Where one played order stands, as seen on the order events. */
export interface TrackedOrder {
  readonly fate: Fate
  /** Wall-clock time of sending, epoch ms; undefined when an earlier process of the same run sent it. */
  sentAtMs: number | undefined
  /** Sent by this process, or seen as accepted: it takes a place in flight until it is settled. */
  started: boolean
  confirmedAtMs: number | undefined
  reviewed: boolean
  outcome: 'cancelled' | 'failed' | 'timedOut' | 'rejected' | undefined
  settled: boolean
}

/** What the player must do after an event. */
export type TrackerAction = 'none' | 'cancel' | 'review' | 'ship'

const OUTCOMES: Readonly<Record<string, NonNullable<TrackedOrder['outcome']>>> = {
  OrderCancelled: 'cancelled', OrderFailed: 'failed', OrderTimedOut: 'timedOut', OrderRejected: 'rejected'
}

/**
 * Follows the orders of one run from their events. An order is settled, and frees its place in flight, when it has an outcome or
 * is confirmed with no cancellation to come. Repeated events change nothing.
 */
export interface Tracker {
  add (orderId: string, fate: Fate): void
  sent (orderId: string, atMs: number): void
  /** Takes one order event; events of orders of other runs are passed over. */
  see (orderId: string, type: string, atMs: number): TrackerAction
  get (orderId: string): TrackedOrder | undefined
  /** Orders started and not yet settled. */
  readonly open: number
  readonly settled: number
  readonly confirmed: number
  readonly added: number
  /** Milliseconds from sending to confirmation, of the orders that this process sent. */
  latencies (): number[]
  openOrders (): string[]
}

export function createTracker (): Tracker {
  const orders = new Map<string, TrackedOrder>()
  let started = 0
  let settled = 0
  let confirmed = 0

  const start = (order: TrackedOrder): void => {
    if (!order.started) {
      order.started = true
      started++
    }
  }

  const settle = (order: TrackedOrder): void => {
    if (!order.settled) {
      order.settled = true
      settled++
    }
  }

  return {
    add (orderId, fate) {
      if (orders.has(orderId)) return
      orders.set(orderId, { fate, sentAtMs: undefined, started: false, confirmedAtMs: undefined, reviewed: false, outcome: undefined, settled: false })
    },
    sent (orderId, atMs) {
      const order = orders.get(orderId)!
      order.sentAtMs = atMs
      start(order)
    },
    see (orderId, type, atMs) {
      const order = orders.get(orderId)
      if (order === undefined) return 'none'
      start(order)
      const outcome = OUTCOMES[type]
      if (outcome !== undefined) {
        order.outcome ??= outcome
        settle(order)
      } else if (type === 'OrderConfirmed' && order.confirmedAtMs === undefined) {
        order.confirmedAtMs = atMs
        confirmed++
        if (order.fate === 'cancelled') return 'cancel'
        settle(order)
        return 'ship'
      } else if (type === 'OrderRiskReviewRequested' && !order.reviewed) {
        order.reviewed = true
        return 'review'
      }
      return 'none'
    },
    get: orderId => orders.get(orderId),
    get open () { return started - settled },
    get settled () { return settled },
    get confirmed () { return confirmed },
    get added () { return orders.size },
    latencies () {
      return [...orders.values()].flatMap(({ sentAtMs, confirmedAtMs }) =>
        sentAtMs === undefined || confirmedAtMs === undefined ? [] : [confirmedAtMs - sentAtMs])
    },
    openOrders: () => [...orders].flatMap(([orderId, order]) => order.started && !order.settled ? [orderId] : [])
  }
}

/** The value below which a share of the numbers lies (nearest rank); 0 for none. */
export function quantile (numbers: readonly number[], share: number): number {
  if (numbers.length === 0) return 0
  const sorted = Float64Array.from(numbers).sort()
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
}
