import { type OrderCreated, type OrderOutcome, type OrderState, type OrderView, type OutcomeCause } from '#schemas'
import { type Body } from '../commands/body.ts'
import { type OrderEvent } from '../topics.ts'
import { withCancelled, withDelivered, withReturned, withShipped } from './progress.ts'
import { IllegalTransition, nextState, unborn } from './states.ts'

/** An order: what its events say (`view`), and what the saga knows besides (`saga`). */
export interface Order {
  readonly view: OrderView
  readonly saga: OrderState
}

/** ISO 4217 code for "no currency": stands in the view of an order that was rejected before its currency was believed. */
export const noCurrency = 'XXX'

/**
 * The view after one more event. Pure: the same events in the same order give the same view, so `orders.events` alone rebuilds it
 * (money that arrived after an order began to compensate is noted beside, from payments.events; parcels from shipping.events, returns
 * from returns.events).
 *
 * `view` is undefined before the first event. `occurredAt`: epoch ms.
 *
 * @throws {IllegalTransition} when the table of states does not list the event.
 */
export function evolve (view: OrderView | undefined, event: Body<OrderEvent>, occurredAt: number): OrderView {
  const from = view?.state ?? unborn
  const state = nextState(from, event.type)
  if (state === undefined) throw new IllegalTransition(from, event.type)
  const before = view ?? blankView(event.orderId, occurredAt)
  return { ...before, ...waitsForNobody, ...changeOf(before, event, occurredAt), state, updatedAt: occurredAt, version: before.version + 1 }
}

/** What every event ends but those that begin it. */
const waitsForNobody = { reason: null, actionReason: null, deadline: null, shortages: [] } as const satisfies Partial<OrderView>

function changeOf (view: OrderView, event: Body<OrderEvent>, occurredAt: number): Partial<OrderView> {
  switch (event.type) {
    case 'OrderCreated': return createdView(event)
    case 'OrderRejected': return { outcome: 'Rejected', reason: event.message }
    case 'OrderInventoryReserved': return { attempt: event.attempt }
    case 'OrderPaymentInitiated': return {}
    case 'OrderPaymentAuthorized':
      return { authorised: view.authorised + event.amount, paymentId: event.paymentId === noPayment ? null : event.paymentId }
    case 'OrderPaymentCompleted': return { captured: view.captured + event.amount }
    case 'OrderConfirmed': return { confirmedAt: occurredAt, everConfirmed: true }
    case 'OrderActionRequired': return { reason: event.reason, actionReason: event.reason, deadline: event.deadline, shortages: event.shortages }
    case 'OrderBackOrdered': return { reason: 'shortStock', deadline: event.deadline, shortages: event.shortages }
    case 'OrderAmended': return { attempt: event.attempt, lines: event.lines, total: event.total }
    case 'OrderCompensationStarted': return { reason: event.message }
    case 'OrderCancelled':
    case 'OrderFailed':
    case 'OrderTimedOut': return { outcome: outcomeOfEvent[event.type], outcomeCause: event.cause, reason: event.reason, refunded: event.refunded }
    case 'OrderPartiallyShipped':
    case 'OrderShipped': return { progress: withShipped(view.progress, event.lines) }
    case 'OrderLinesCancelled': return { reason: event.reason, progress: withCancelled(view.progress, event.lines, event.shipmentNo !== null) }
    case 'OrderDelivered': return { outcome: 'Fulfilled', deliveredAt: event.deliveredAt, progress: withDelivered(view.progress, event.lines) }
    case 'OrderReturnRequested':
    case 'OrderReturnDeclined': return { reason: event.reason }
    case 'OrderPartiallyReturned':
    case 'OrderReturned': return { progress: withReturned(view.progress, event.lines) }
  }
}

/** Payment id in the events of an order that costs nothing: no payment was asked for. */
export const noPayment = ''

/** The outcome that follows from a cause. */
export const outcomeEvents = {
  shortStock: 'OrderCancelled',
  paymentDeclined: 'OrderCancelled',
  riskRejected: 'OrderCancelled',
  customer: 'OrderCancelled',
  undeliverable: 'OrderCancelled',
  technical: 'OrderFailed',
  stepTimeout: 'OrderTimedOut',
  sagaTimeout: 'OrderTimedOut',
  actionTimeout: 'OrderTimedOut',
  backOrderTimeout: 'OrderTimedOut'
} as const satisfies Record<OutcomeCause, OrderEvent['type']>

const outcomeOfEvent = {
  OrderCancelled: 'Cancelled', OrderFailed: 'Failed', OrderTimedOut: 'TimedOut'
} as const satisfies Partial<Record<OrderEvent['type'], OrderOutcome>>

function createdView (event: Body<OrderCreated>): Partial<OrderView> {
  const { channel, customerId, currency, lines, total, placedAt, clientReference } = event
  return { channel, customerId, currency, lines, total, placedAt, clientReference }
}

function blankView (orderId: string, occurredAt: number): OrderView {
  return {
    type: 'OrderView',
    orderId,
    state: 'Pending',
    outcome: null,
    outcomeCause: null,
    reason: null,
    channel: 'api',
    customerId: null,
    currency: noCurrency,
    lines: [],
    total: 0n,
    authorised: 0n,
    captured: 0n,
    refunded: 0n,
    voided: 0n,
    attempt: 1,
    paymentId: null,
    shipmentId: null,
    trackingNumber: null,
    carrier: null,
    placedAt: occurredAt,
    confirmedAt: null,
    updatedAt: occurredAt,
    version: 0,
    everConfirmed: false,
    clientReference: null,
    actionReason: null,
    deadline: null,
    shortages: [],
    parcels: [],
    progress: [],
    deliveredAt: null,
    returns: []
  }
}
