import { type PaymentEvent, type OrderEvent, type ReturnsEvent, type ShipmentEvent } from '../topics.ts'
import { formatMoney } from '../money.ts'

/** Version of the public payload. It is raised when a member goes or changes its meaning, and has nothing to do with the schemas of the log. */
export const payloadVersion = '1'

/** Name of the message that an owner sends himself to try his endpoint. */
export const pingType = 'webhooks.ping'

/** Lines that a message names at most: it stays small however large the order is. `lineCount` tells how many there are. */
const maxLines = 200

type Json = Readonly<Record<string, unknown>>
type Source = OrderEvent | PaymentEvent | ShipmentEvent | ReturnsEvent
type Told<Type extends Source['type']> = Extract<Source, { readonly type: Type }>

/** How one event of the log is told to others. `data` gives undefined for one that is no news to them. */
interface PublicEvent<Type extends Source['type']> {
  readonly name: string
  /** What the event means, for the documentation. */
  readonly doc: string
  readonly data: (event: Told<Type>) => Json | undefined
}

type PublicEvents = { readonly [Type in Source['type']]?: PublicEvent<Type> }

const money = (amount: bigint): string => formatMoney(amount)
const time = (ms: number): string => new Date(ms).toISOString()

type Line = { readonly lineNo: number, readonly quantity: number, readonly sku?: string }
const pieces = (lines: readonly Line[]): readonly Json[] => {
  return lines.slice(0, maxLines).map(({ lineNo, quantity, sku }) => ({ lineNo, ...sku === undefined ? {} : { sku }, quantity }))
}

type Priced = Line & { readonly sku: string, readonly unitPrice: bigint, readonly lineTotal: bigint }
const pricedLines = (lines: readonly Priced[]): Json => ({
  lineCount: lines.length,
  lines: lines.slice(0, maxLines).map(({ lineNo, sku, quantity, unitPrice, lineTotal }) => {
    return { lineNo, sku, quantity, unitPrice: money(unitPrice), lineTotal: money(lineTotal) }
  })
})

const ended = (event: Told<'OrderCancelled' | 'OrderFailed' | 'OrderTimedOut'>): Json => ({
  orderId: event.orderId, cause: event.cause, total: money(event.total), refunded: money(event.refunded), currency: event.currency
})
const payment = (event: Told<'PaymentAuthorized' | 'PaymentSucceeded' | 'PaymentVoided'>): Json => ({
  orderId: event.orderId, paymentId: event.paymentId, attempt: event.attempt, amount: money(event.amount), currency: event.currency
})
const refund = (event: Told<'PaymentPartiallyRefunded' | 'PaymentRefunded'>): Json => ({
  orderId: event.orderId, paymentId: event.paymentId, amount: money(event.amount), totalRefunded: money(event.totalRefunded), currency: event.currency
})
const sent = (event: Told<'OrderPartiallyShipped' | 'OrderShipped'>): Json => ({
  orderId: event.orderId, shipmentId: event.shipmentId, carrier: event.carrier, trackingNumber: event.trackingNumber, lines: pieces(event.lines)
})
const moved = ({ orderId, shipmentId, shipmentNo, at }: Told<'ShipmentInTransit' | 'ShipmentOutForDelivery'>): Json => ({
  orderId, shipmentId, shipmentNo, at: time(at)
})
const movedWhole = ({ orderId, shipmentId, shipmentNo, lines, at }: Told<'ShipmentPickedUp' | 'ShipmentDelivered' | 'ShipmentReturned'>): Json => ({
  orderId, shipmentId, shipmentNo, lines: pieces(lines), at: time(at)
})
const sentBack = ({ orderId, returnId, customerId, lines, amount, currency }: Told<'ReturnRequested' | 'ReturnReceived'>): Json => ({
  orderId, returnId, customerId, lines: pieces(lines), amount: money(amount), currency
})
const ofReturn = ({ orderId, returnId }: Told<'ReturnDeclined' | 'ReturnExpired'>): Json => ({ orderId, returnId })

/**
 * Every event that others can subscribe to, member by member. What is not named here is told to nobody: no name, address, e-mail or phone, no text
 * that a person wrote, no token, nothing of the inner steps of an order.
 */
export const publicEvents = {
  OrderCreated: {
    name: 'orders.created',
    doc: 'An order was accepted.',
    data: ({ orderId, customerId, channel, currency, total, placedAt, lines }) => {
      return { orderId, customerId, channel, currency, total: money(total), placedAt: time(placedAt), ...pricedLines(lines) }
    }
  },
  OrderConfirmed: {
    name: 'orders.confirmed',
    doc: 'Stock is taken and the money is there: the order is sold.',
    data: ({ orderId, customerId, currency, total, placedAt, lines }) => {
      return { orderId, customerId, currency, total: money(total), placedAt: time(placedAt), ...pricedLines(lines) }
    }
  },
  OrderActionRequired: {
    name: 'orders.action_required',
    doc: 'The customer has to change the order or pay in another way, until the deadline.',
    data: ({ orderId, reason, deadline, shortages }) => ({ orderId, reason, deadline: time(deadline), shortSkus: shortages.map(({ sku }) => sku) })
  },
  OrderAmended: {
    name: 'orders.amended',
    doc: 'The lines of the order were changed.',
    data: ({ orderId, currency, total, lines }) => ({ orderId, currency, total: money(total), ...pricedLines(lines) })
  },
  OrderBackOrdered: {
    name: 'orders.back_ordered',
    doc: 'The order waits for stock, until the deadline.',
    data: ({ orderId, deadline, shortages }) => ({ orderId, deadline: time(deadline), shortSkus: shortages.map(({ sku }) => sku) })
  },
  OrderPartiallyShipped: { name: 'orders.partially_shipped', doc: 'A part of the order has left.', data: sent },
  OrderShipped: { name: 'orders.shipped', doc: 'The whole order has left; without lines, because its rest was cancelled.', data: sent },
  OrderLinesCancelled: {
    name: 'orders.lines_cancelled',
    doc: 'Lines of the order will not come; their money goes back.',
    data: ({ orderId, cause, lines, amount, currency }) => ({ orderId, cause, lines: pieces(lines), amount: money(amount), currency })
  },
  OrderDelivered: {
    name: 'orders.delivered',
    doc: 'The whole order is there.',
    data: ({ orderId, customerId, currency, total, deliveredAt, lines }) => {
      return { orderId, customerId, currency, total: money(total), deliveredAt: time(deliveredAt), lines: pieces(lines) }
    }
  },
  OrderCancelled: { name: 'orders.cancelled', doc: 'The order was given up.', data: ended },
  OrderFailed: { name: 'orders.failed', doc: 'The order failed for a technical reason.', data: ended },
  OrderTimedOut: { name: 'orders.timed_out', doc: 'The order was given up because a step took too long.', data: ended },

  PaymentAuthorized: { name: 'payments.authorized', doc: 'Money is held.', data: payment },
  PaymentSucceeded: { name: 'payments.captured', doc: 'Money was taken.', data: payment },
  PaymentFailed: {
    name: 'payments.failed',
    doc: 'A payment was declined or could not be made.',
    data: ({ orderId, paymentId, attempt, step, kind, code }) => ({ orderId, paymentId, attempt, step, kind, code })
  },
  PaymentVoided: { name: 'payments.voided', doc: 'Held money was set free.', data: event => event.nothingToVoid ? undefined : payment(event) },
  PaymentPartiallyRefunded: { name: 'payments.partially_refunded', doc: 'A part of the money went back.', data: refund },
  PaymentRefunded: { name: 'payments.refunded', doc: 'All of the money went back.', data: refund },

  ShipmentCreated: {
    name: 'shipments.created',
    doc: 'A parcel is made ready.',
    data: ({ orderId, shipmentId, shipmentNo, carrier, service, trackingNumber, lines, promisedBy }) => {
      const promise = promisedBy === null ? null : time(promisedBy)
      return { orderId, shipmentId, shipmentNo, carrier, service, trackingNumber, lines: pieces(lines), promisedBy: promise }
    }
  },
  ShipmentPickedUp: { name: 'shipments.picked_up', doc: 'The carrier has the parcel.', data: movedWhole },
  ShipmentInTransit: { name: 'shipments.in_transit', doc: 'The parcel is on its way.', data: moved },
  ShipmentOutForDelivery: { name: 'shipments.out_for_delivery', doc: 'The parcel is on its last way.', data: moved },
  ShipmentDelivered: { name: 'shipments.delivered', doc: 'The parcel is there.', data: movedWhole },
  ShipmentDeliveryFailed: {
    name: 'shipments.delivery_failed',
    doc: 'The carrier did not get rid of the parcel; after the final attempt it comes back.',
    data: ({ orderId, shipmentId, shipmentNo, attempt, final, at }) => ({ orderId, shipmentId, shipmentNo, attempt, final, at: time(at) })
  },
  ShipmentReturned: { name: 'shipments.returned', doc: 'The parcel came back.', data: movedWhole },
  ShipmentCancelled: {
    name: 'shipments.cancelled',
    doc: 'The parcel will not leave.',
    data: ({ orderId, shipmentId, shipmentNo, lines, nothingToCancel }) => {
      return nothingToCancel ? undefined : { orderId, shipmentId, shipmentNo, lines: pieces(lines) }
    }
  },
  ShipmentDelayed: {
    name: 'shipments.delayed',
    doc: 'The parcel is late.',
    data: ({ orderId, shipmentId, shipmentNo, promisedBy }) => ({ orderId, shipmentId, shipmentNo, promisedBy: time(promisedBy) })
  },

  ReturnRequested: { name: 'returns.requested', doc: 'The customer wants to send goods back.', data: sentBack },
  ReturnApproved: {
    name: 'returns.approved',
    doc: 'The goods may be sent back, until then.',
    data: ({ orderId, returnId, expectedBy }) => ({ orderId, returnId, expectedBy: time(expectedBy) })
  },
  ReturnDeclined: { name: 'returns.declined', doc: 'The goods are not taken back.', data: ofReturn },
  ReturnExpired: { name: 'returns.expired', doc: 'The goods did not come in time.', data: ofReturn },
  ReturnReceived: { name: 'returns.received', doc: 'The goods are back.', data: sentBack },
  RefundIssued: {
    name: 'returns.refunded',
    doc: 'The money for the goods went back.',
    data: ({ orderId, returnId, customerId, amount, currency }) => ({ orderId, returnId, customerId, amount: money(amount), currency })
  }
} as const satisfies PublicEvents

/** An event that is told to others. */
export type ToldEvent = Told<keyof typeof publicEvents>

/** Public names of all events, and of their groups. */
export const eventNames: readonly string[] = Object.values(publicEvents).map(({ name }) => name)
export const eventGroups: readonly string[] = [...new Set(eventNames.map(name => `${name.slice(0, name.indexOf('.'))}.*`))]

/** A message as it is posted, all but its signature. */
export interface Message { readonly type: string, readonly body: string }

/** The message of an event, the same for every subscription; undefined = it is no news to others. */
export function messageOf (event: ToldEvent): Message | undefined {
  const { name, data } = publicEvents[event.type] as PublicEvent<ToldEvent['type']>
  const told = data(event)
  return told === undefined ? undefined : { type: name, body: bodyOf(event.meta.eventId, name, event.meta.occurredAt, told) }
}

/** The message by which an owner tries his endpoint. */
export function pingMessage (webhookId: string, eventId: string, nowMs: number): Message {
  return { type: pingType, body: bodyOf(eventId, pingType, nowMs, { webhookId }) }
}

/** True when a subscription to those names and groups is told of the event. */
export function isAskedFor (name: string, wanted: readonly string[]): boolean {
  return wanted.includes(name) || wanted.includes(`${name.slice(0, name.indexOf('.'))}.*`)
}

function bodyOf (id: string, type: string, atMs: number, data: Json): string {
  return JSON.stringify({ id, type, version: payloadVersion, timestamp: time(atMs), data })
}
