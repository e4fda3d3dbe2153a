import { type Static, type TSchema, Type } from 'typebox'
import { channelSymbols, orderOutcomeSymbols, orderStatusSymbols } from '#schemas'
import { OrderBodySchema } from './order.ts'
import { PaymentsBodySchema } from './payment.ts'
import { ShipmentsBodySchema } from './shipment.ts'

const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])
const instant = (description: string) => Type.String({ format: 'date-time', description })

/** What may be read along with an order. */
export const orderParts = ['payments', 'shipments'] as const
export type OrderPart = (typeof orderParts)[number]

/** An order, and the parts that were asked for. */
export const OrderWithPartsSchema = Type.Object({
  ...OrderBodySchema.properties,
  payments: Type.Optional(PaymentsBodySchema.properties.items),
  shipments: Type.Optional(ShipmentsBodySchema.properties.items),
  missing: Type.Optional(Type.Array(Type.Enum([...orderParts]), { description: 'Parts that were asked for and could not be read in time; ask again.' }))
}, { description: 'An order.' })

/** An order as it stands in a list. */
export const OrderSummarySchema = Type.Object({
  orderId: Type.String(),
  state: Type.Enum([...orderStatusSymbols]),
  outcome: nullable(Type.Enum([...orderOutcomeSymbols], { description: 'How the order ended; null while it is open.' })),
  channel: Type.Enum([...channelSymbols]),
  customerId: nullable(Type.String()),
  currency: Type.String(),
  total: Type.String({ description: 'Sum of the lines. Decimal text with four places, in the currency of the order.' }),
  lines: Type.Integer({ description: 'Number of lines.' }),
  placedAt: instant('When the order was placed.'),
  updatedAt: instant('When the order changed last.'),
  clientReference: nullable(Type.String())
}, { description: 'An order in a list.' })
export type OrderSummary = Static<typeof OrderSummarySchema>

/** A page of orders. One may have fewer than asked for and still be followed by another. */
export const OrderPageSchema = Type.Object({
  items: Type.Array(OrderSummarySchema),
  next: nullable(Type.String({ description: 'Value of `after` for the next page; null on the last.' }))
})

export const OrderListQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50, description: 'Orders on a page.' })),
  after: Type.Optional(Type.String({ pattern: '^\\d{1,15}-[0-9a-f-]{36}$', description: '`next` of the page before.' })),
  state: Type.Optional(Type.Enum([...orderStatusSymbols], { description: 'Orders in this state.' })),
  customer: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'Orders of this customer. Those of others need orders:read-all.' })),
  from: Type.Optional(instant('Orders placed at this moment or later.')),
  to: Type.Optional(instant('Orders placed before this moment.'))
}, { additionalProperties: false })
