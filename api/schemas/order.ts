import { type Static, type TSchema, Type } from 'typebox'
import {
  actionReasonSymbols, channelSymbols, declinePolicySymbols, deliverySpeedSymbols, orderOutcomeSymbols, orderStatusSymbols, outcomeCauseSymbols,
  paymentMethodSymbols, priceSourceSymbols, shipmentStageSymbols, shortagePolicySymbols
} from '#schemas'
import { positionPattern } from '../position.ts'

const strict = { additionalProperties: false } as const

/** @source The domain: an order of more lines is refused. */
export const maxOrderLines = 10_000

/** 10,000 lines with long names and room to spare: more lines are refused by their number, not by their bytes. */
export const orderLimitBytes = 4 * 1024 * 1024

/** Schema of an amount. */
export const money = (description: string) => Type.String({ pattern: '^-?\\d{1,14}\\.\\d{4}$', description: `${description} Decimal text with four places.` })
/** Schema of a text that is not empty. */
export const text = (maxLength: number, description: string) => Type.String({ minLength: 1, maxLength, description })
/** Schema of what may be null. */
export const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])
/** Schema of a moment. */
export const instant = (description: string) => Type.String({ format: 'date-time', description })

/** Schema of a UUID in lower case. */
export function uuid (description: string) {
  return Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$', description })
}

/** UUID in lower case, the id of an order. */
export const OrderId = uuid('Id of the order: a UUID in lower case.')

/** Query of what reads an order that was accepted a moment ago. */
export const PositionQuery = Type.Object({
  position: Type.Optional(Type.String({ pattern: positionPattern, description: 'Position token from the Location of an accepted order: waits up to a second until it is processed.' }))
}, strict)

export const PlaceOrderLineBody = Type.Object({
  sku: Type.String({ pattern: '^[!-~]([ -~]{0,62}[!-~])?$', description: 'Stock keeping unit; read in upper case.' }),
  quantity: Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Pieces.' }),
  quotedUnitPrice: Type.Optional(Type.String({
    pattern: '^\\d{1,14}(\\.\\d{1,4})?$',
    description: 'Price of one piece, decimal text. Counts only with the permission orders:price-override; else it is ignored and the order says so.'
  }))
}, strict)

const Address = Type.Object({
  name: text(200, 'Name of the recipient.'),
  line1: text(200, 'Street and number.'),
  line2: Type.Optional(text(200, 'Second line of the address.')),
  city: text(100, 'City.'),
  postalCode: Type.Optional(text(20, 'Postal code.')),
  country: Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 code, two capital letters.' }),
  phone: Type.Optional(text(40, 'Phone number.'))
}, { ...strict, description: 'Encrypted before it is written anywhere.' })

const Payment = Type.Object({
  method: Type.Enum([...paymentMethodSymbols], { description: 'Kind of payment instrument.' }),
  token: Type.String({ pattern: '^(?![0-9 -]*$)[A-Za-z0-9_.-]{3,200}$', description: 'Token of the payment provider. Never a card number.' })
}, strict)

/** What a client sends to place an order. Prices and totals are decided by the platform. */
export const PlaceOrderBodySchema = Type.Object({
  currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217 code, three capital letters.' }),
  lines: Type.Array(PlaceOrderLineBody, { minItems: 1, maxItems: maxOrderLines, description: 'Lines; they are numbered from 1 in this order.' }),
  shippingAddress: Address,
  payment: Payment,
  deliverySpeed: Type.Optional(Type.Enum([...deliverySpeedSymbols], { default: 'standard', description: 'Delivery promise.' })),
  channel: Type.Optional(Type.Enum([...channelSymbols], {
    default: 'api', description: 'Where the order comes from; import and backoffice need the permission orders:price-override.'
  })),
  customerId: Type.Optional(text(100, 'Customer the order is for. A customer can name nobody else; a service account may leave it out for a guest.')),
  guestEmail: Type.Optional(Type.String({ pattern: '^[^@\\s]+@[^@\\s]+$', maxLength: 254, description: 'E-mail address of a guest; encrypted before it is written anywhere.' })),
  onShortage: Type.Optional(Type.Enum([...shortagePolicySymbols], { description: 'What to do when stock is short; the channel has a default.' })),
  onDecline: Type.Optional(Type.Enum([...declinePolicySymbols], { description: 'What to do when the payment is declined; the channel has a default.' })),
  clientReference: Type.Optional(text(200, 'Reference of yours, returned as it came.'))
}, {
  ...strict,
  not: { required: ['customerId', 'guestEmail'] },
  description: 'An order to be placed: of a customer, or of a guest.',
  examples: [{
    currency: 'GBP',
    lines: [{ sku: 'DEMO-MUG', quantity: 2 }],
    shippingAddress: { name: 'Ada Lovelace', line1: '12 St James Square', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB' },
    payment: { method: 'card', token: 'tok_ok' },
    deliverySpeed: 'standard',
    onShortage: 'reject',
    onDecline: 'cancel',
    clientReference: 'basket-4711'
  }]
})
export type PlaceOrderBody = Static<typeof PlaceOrderBodySchema>

/** What a customer sends to take less than was ordered. */
export const AmendOrderBodySchema = Type.Object({
  lines: Type.Array(Type.Object({
    lineNo: Type.Integer({ minimum: 1, description: 'Number of the line.' }),
    quantity: Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'Pieces that are kept, fewer than before; 0 drops the line.' })
  }, strict), { minItems: 1, maxItems: maxOrderLines, description: 'Lines that change; the others stay as they are.' })
}, { ...strict, description: 'An amendment of an order that is short of stock.', examples: [{ lines: [{ lineNo: 1, quantity: 1 }] }] })

/** What a customer sends to pay again. */
export const RetryPaymentBodySchema = Type.Object({ payment: Type.Optional(Payment) }, {
  ...strict, description: 'How to pay now; nothing = as before.', examples: [{ payment: { method: 'card', token: 'tok_ok' } }]
})

/** What a customer sends to cancel an order. */
export const CancelOrderBodySchema = Type.Object({
  reason: Type.Optional(text(200, 'Why, in words for people; no personal data.'))
}, { ...strict, description: 'A cancellation.', examples: [{ reason: 'found it cheaper' }] })

/** The answer to an accepted order that has not ended yet. */
export const AcceptedOrder = Type.Object({
  orderId: OrderId,
  status: Type.Literal('accepted'),
  location: Type.String({ description: 'Where the order can be read.' })
}, { description: 'The order is in the log and will not be lost.' })

const Line = Type.Object({
  lineNo: Type.Integer(),
  sku: Type.String(),
  quantity: Type.Integer({ description: 'Pieces.' }),
  unitPrice: money('Price of one piece.'),
  lineTotal: money('Price of the line.'),
  priceSource: Type.Enum([...priceSourceSymbols], { description: 'Who set the price.' }),
  shipped: Type.Integer({ description: 'Pieces that have left and did not come back undelivered.' }),
  cancelled: Type.Integer({ description: 'Pieces that will not be delivered.' }),
  delivered: Type.Integer({ description: 'Pieces that were delivered with the order.' }),
  returned: Type.Integer({ description: 'Pieces that were given back.' })
})

const Parcel = Type.Object({
  shipmentNo: Type.Integer({ description: 'Number of the parcel in the order.' }),
  shipmentId: Type.String(),
  carrier: Type.String(),
  trackingNumber: Type.String(),
  stage: Type.Enum([...shipmentStageSymbols], { description: 'Where it is.' }),
  location: nullable(Type.String({ description: 'Where it was seen last.' })),
  attempts: Type.Integer({ description: 'Attempts to deliver it that failed.' }),
  promisedBy: nullable(instant('When it is to be there.')),
  isLate: Type.Boolean({ description: 'True once the promise was not kept.' }),
  deliveredAt: nullable(instant('When it was delivered.')),
  lines: Type.Array(Type.Object({ lineNo: Type.Integer(), quantity: Type.Integer({ description: 'Pieces.' }) }))
})

/** An order as its owner sees it. */
export const OrderBodySchema = Type.Object({
  orderId: OrderId,
  state: Type.Enum([...orderStatusSymbols]),
  outcome: nullable(Type.Enum([...orderOutcomeSymbols], { description: 'How the order ended; null while it is open.' })),
  outcomeCause: nullable(Type.Enum([...outcomeCauseSymbols])),
  reason: nullable(Type.String()),
  actionReason: nullable(Type.Enum([...actionReasonSymbols], { description: 'What the customer has to decide; null = nothing.' })),
  deadline: nullable(instant('When the wait for the customer, for stock or for a reviewer is over.')),
  shortages: Type.Array(Type.Object({
    sku: Type.String(),
    requested: Type.Integer({ description: 'Pieces asked for.' }),
    available: Type.Integer({ description: 'Pieces that were free.' })
  }), { description: 'What is short while the order waits for its customer or for stock.' }),
  channel: Type.Enum([...channelSymbols]),
  customerId: nullable(Type.String()),
  currency: Type.String(),
  lines: Type.Array(Line),
  total: money('Sum of the lines.'),
  authorised: money('Money ever held.'),
  captured: money('Money ever taken.'),
  refunded: money('Money given back after it was taken.'),
  voided: money('Money set free before it was taken.'),
  paymentId: nullable(Type.String()),
  shipmentId: nullable(Type.String()),
  trackingNumber: nullable(Type.String()),
  carrier: nullable(Type.String()),
  parcels: Type.Array(Parcel, { description: 'Parcels of the order.' }),
  deliveredAt: nullable(instant('When the last of it was delivered.')),
  placedAt: instant('When the order was placed.'),
  confirmedAt: nullable(instant('When the order was confirmed.')),
  updatedAt: instant('When the order changed last.'),
  version: Type.Integer({ description: 'Number of events of the order.' }),
  clientReference: nullable(Type.String())
}, { description: 'An order.' })
export type OrderBody = Static<typeof OrderBodySchema>

/** A page of the history of an order. */
export const OrderEventsBodySchema = Type.Object({
  items: Type.Array(Type.Object({
    id: Type.String({ description: 'Place of the event in the log: partition-offset.' }),
    type: Type.String({ description: 'Name of the event.' }),
    eventId: Type.String(),
    occurredAt: instant('When the fact became true.'),
    data: Type.Object({}, { additionalProperties: true, description: 'The event without metadata and personal data; amounts are decimal text.' })
  })),
  next: nullable(Type.String({ description: 'Value of `after` for the next page; null on the last.' }))
})
export type OrderEventsBody = Static<typeof OrderEventsBodySchema>
