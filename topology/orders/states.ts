import { type OrderStatus, orderStatusSymbols } from '#schemas'
import { type OrderEvent } from '../topics.ts'

export type OrderEventType = OrderEvent['type']

/** The state of an order before its first event, where the table starts. */
export const unborn = 'Unborn'
export type StateBefore = OrderStatus | typeof unborn

type Row = Readonly<Partial<Record<OrderEventType, OrderStatus>>>

/** Rows of states that no event leads to yet: risk review. */
const notReached: Row = {}
/** Rows of states that nothing follows: everything was given back, or the order was never accepted. */
const final: Row = {}

/**
 * State × event → state: the life of an order. A pair that is not listed is an error with a reason, see `whyIllegal`.
 *
 * Risk review has its place between InventoryReserved and PaymentAuthorized; its events do not exist yet.
 */
export const orderStates: Readonly<Record<StateBefore, Row>> = {
  Unborn: { OrderCreated: 'Pending', OrderRejected: 'Rejected' },
  Pending: {
    OrderInventoryReserved: 'InventoryReserved',
    OrderActionRequired: 'ActionRequired',
    OrderBackOrdered: 'BackOrdered',
    OrderAmended: 'Pending',
    OrderCompensationStarted: 'Compensating'
  },
  InventoryReserved: {
    OrderPaymentInitiated: 'InventoryReserved',
    OrderPaymentAuthorized: 'PaymentAuthorized',
    OrderActionRequired: 'ActionRequired',
    OrderCompensationStarted: 'Compensating'
  },
  OnRiskReview: notReached,
  PaymentAuthorized: {
    OrderPaymentCompleted: 'PaymentAuthorized',
    OrderConfirmed: 'Confirmed',
    OrderActionRequired: 'ActionRequired',
    OrderCompensationStarted: 'Compensating'
  },
  Confirmed: {
    OrderPartiallyShipped: 'PartiallyShipped',
    OrderShipped: 'Shipped',
    OrderDelivered: 'Delivered',
    OrderCompensationStarted: 'Compensating'
  },
  PartiallyShipped: {
    OrderPartiallyShipped: 'PartiallyShipped',
    OrderLinesCancelled: 'PartiallyShipped',
    OrderShipped: 'Shipped',
    OrderCompensationStarted: 'Compensating'
  },
  Shipped: { OrderLinesCancelled: 'Shipped', OrderDelivered: 'Delivered', OrderCompensationStarted: 'Compensating' },
  Delivered: { OrderReturnRequested: 'ReturnRequested' },
  ReturnRequested: {
    OrderReturnRequested: 'ReturnRequested',
    OrderReturnDeclined: 'Delivered',
    OrderPartiallyReturned: 'PartiallyReturned',
    OrderReturned: 'Returned'
  },
  PartiallyReturned: {
    OrderReturnRequested: 'PartiallyReturned',
    OrderReturnDeclined: 'PartiallyReturned',
    OrderPartiallyReturned: 'PartiallyReturned',
    OrderReturned: 'Returned'
  },
  Returned: final,
  ActionRequired: { OrderAmended: 'Pending', OrderPaymentInitiated: 'InventoryReserved', OrderCompensationStarted: 'Compensating' },
  BackOrdered: { OrderInventoryReserved: 'InventoryReserved', OrderAmended: 'Pending', OrderCompensationStarted: 'Compensating' },
  Compensating: { OrderCancelled: 'Cancelled', OrderFailed: 'Failed', OrderTimedOut: 'TimedOut' },
  Cancelled: final,
  Failed: final,
  TimedOut: final,
  Rejected: final
}

/** Every event of an order that exists, in the order in which an order meets them. */
export const orderEventTypes = [
  'OrderCreated', 'OrderRejected', 'OrderInventoryReserved', 'OrderPaymentInitiated', 'OrderPaymentAuthorized', 'OrderPaymentCompleted',
  'OrderConfirmed', 'OrderActionRequired', 'OrderAmended', 'OrderBackOrdered', 'OrderCompensationStarted', 'OrderCancelled', 'OrderFailed',
  'OrderTimedOut', 'OrderPartiallyShipped', 'OrderShipped', 'OrderLinesCancelled', 'OrderDelivered', 'OrderReturnRequested', 'OrderReturnDeclined',
  'OrderPartiallyReturned', 'OrderReturned'
] as const satisfies readonly OrderEventType[]

/** One listed transition. */
export interface Transition { readonly from: StateBefore, readonly event: OrderEventType, readonly to: OrderStatus }

/** Every listed transition, by state and then by event: for documents and for the model checker. */
export function listTransitions (): readonly Transition[] {
  const states: readonly StateBefore[] = [unborn, ...orderStatusSymbols]
  return states.flatMap(from => orderEventTypes.flatMap(event => {
    const to = orderStates[from][event]
    return to === undefined ? [] : [{ from, event, to }]
  }))
}

/** The state after the event, or undefined where the table does not list the pair. */
export function nextState (from: StateBefore, event: OrderEventType): OrderStatus | undefined {
  return orderStates[from][event]
}

/** Why a pair that the table does not list is an error, in words for people. */
export function whyIllegal (from: StateBefore, event: OrderEventType): string {
  const row = orderStates[from]
  if (row === final) return `${event} cannot follow: the order is ${from}, nothing follows that`
  if (row === notReached) return `${event} cannot follow: no flow of today leads to ${from}`
  return `${event} cannot follow ${from}: only ${Object.keys(row).join(', ')} can`
}

/** An event that the table of states does not allow: a defect of the saga, so the record that led to it becomes a dead letter. */
export class IllegalTransition extends Error {
  override readonly name = 'IllegalTransition'

  constructor (from: StateBefore, event: OrderEventType) {
    super(whyIllegal(from, event))
  }
}
