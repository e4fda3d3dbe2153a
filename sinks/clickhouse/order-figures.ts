import { type JsonRow, namedQuery } from './named-query.ts'
import { E4, count, money, text } from './row-readers.ts'

/** What an order waits for after an event of its own, while its saga is on its way; other events end it, or say nothing about that. */
const openStates = {
  Pending: ['OrderCreated', 'OrderAmended'],
  InventoryReserved: ['OrderInventoryReserved', 'OrderRiskCleared', 'OrderPaymentInitiated'],
  OnRiskReview: ['OrderRiskReviewRequested'],
  PaymentAuthorized: ['OrderPaymentAuthorized', 'OrderPaymentCompleted'],
  ActionRequired: ['OrderActionRequired'],
  BackOrdered: ['OrderBackOrdered'],
  Compensating: ['OrderCompensationStarted']
} as const

/** States in which the saga of an order is on its way. */
export const openSagaStates = Object.keys(openStates) as ReadonlyArray<keyof typeof openStates>

/** Events that say how an order came on, and what people call what they count. */
export const orderOutcomes = {
  OrderCreated: 'placed',
  OrderConfirmed: 'confirmed',
  OrderRejected: 'rejected',
  OrderCancelled: 'cancelled',
  OrderFailed: 'failed',
  OrderTimedOut: 'timedOut'
} as const

const opening = Object.values(openStates).flat()
const ends = Object.keys(orderOutcomes).filter(event => event !== 'OrderCreated')
const list = (names: readonly string[]): string => names.map(name => `'${name}'`).join(', ')
const stateOf = `transform(last, [${list(opening)}], [${list(opening.map(event => openSagaStates.find(state => (openStates[state] as readonly string[]).includes(event)) ?? ''))}], '')`

/** Figures for the dashboards: about the orders of the last 45 days, which is longer than any of them may wait. */
export const orderFigures = {
  open: namedQuery<{ readonly nowMs: number }>()({
    title: 'Orders whose saga is on its way, by what they wait for, and how long the oldest has',
    sql: `SELECT ${stateOf} AS state, count() AS orders, greatest(0, {nowMs:Int64} - toUnixTimestamp64Milli(min(at))) AS oldest
      FROM (SELECT order_id, argMax(event_type, _offset) AS last, max(appended_at) AS at FROM raw_events
        WHERE event_type IN (${list([...opening, ...ends])}) AND appended_at > fromUnixTimestamp64Milli({nowMs:Int64}) - INTERVAL 45 DAY GROUP BY order_id)
      WHERE last IN (${list(opening)}) GROUP BY state`,
    row: (json: JsonRow) => ({ state: text(json, 'state'), orders: count(json, 'orders'), oldestMs: count(json, 'oldest') })
  }),

  outcomes: namedQuery<object>()({
    title: 'How many orders ever came how far',
    sql: `SELECT event_type, count() AS orders FROM raw_events WHERE event_type IN (${list(Object.keys(orderOutcomes))}) GROUP BY event_type`,
    row: (json: JsonRow) => ({ event: text(json, 'event_type') as keyof typeof orderOutcomes, orders: count(json, 'orders') })
  }),

  revenue: namedQuery<object>()({
    title: 'Gross revenue of all orders ever confirmed, by currency',
    sql: `SELECT currency, ${E4('sum(gross)')} AS gross FROM revenue_by_day GROUP BY currency`,
    row: (json: JsonRow) => ({ currency: text(json, 'currency'), gross: money(json, 'gross') })
  }),

  duration: namedQuery<{ readonly nowMs: number }>()({
    title: 'From placed to confirmed, of the orders confirmed in the last five minutes',
    sql: `SELECT quantiles(0.5, 0.95, 0.99)(confirmed - created) AS q, count() AS orders FROM (
        SELECT order_id, toUnixTimestamp64Milli(minIf(appended_at, event_type = 'OrderCreated')) AS created, toUnixTimestamp64Milli(minIf(appended_at, event_type = 'OrderConfirmed')) AS confirmed
        FROM raw_events WHERE event_type IN ('OrderCreated', 'OrderConfirmed') AND appended_at > fromUnixTimestamp64Milli({nowMs:Int64}) - INTERVAL 1 HOUR GROUP BY order_id)
      WHERE created > 0 AND confirmed > {nowMs:Int64} - 300000`,
    row: (json: JsonRow) => ({ orders: count(json, 'orders'), quantilesMs: (json['q'] as readonly unknown[]).map(Number) })
  })
}
