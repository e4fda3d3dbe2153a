import { type Static, type TSchema, Type } from 'typebox'
import { UserBodySchema } from './identity.ts'
import { OrderBodySchema } from './order.ts'
import { PaymentsBodySchema } from './payment.ts'
import { ShipmentsBodySchema } from './shipment.ts'

const strict = { additionalProperties: false } as const
const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])
const instant = (description: string) => Type.String({ format: 'date-time', description })
const uuid = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'

const CustomerId = Type.String({ minLength: 1, maxLength: 64, description: 'The customer: his account and the personal data of all his orders.' })
const GuestOrderId = Type.String({ pattern: uuid, description: 'The order of a guest.' })
const Reason = Type.String({ minLength: 1, maxLength: 200, description: 'Why, in words for people; no personal data.' })

export const EraseBodySchema = Type.Object({
  customerId: Type.Optional(CustomerId),
  orderId: Type.Optional(GuestOrderId),
  reason: Reason
}, {
  ...strict,
  oneOf: [{ required: ['customerId'] }, { required: ['orderId'] }],
  description: 'Who is to be erased: either a customer or the guest of an order.',
  examples: [{ customerId: 'customer-4711', reason: 'asked for by mail, ticket 42' }]
})
export type EraseBody = Static<typeof EraseBodySchema>

export const EraseOrderQuery = Type.Object({ reason: Type.Optional(Reason) }, strict)

export const AcceptedErasure = Type.Object({
  subject: Type.String({ description: 'The customer, or the order of the guest.' }),
  keyId: Type.String({ description: 'Id of the data key that is destroyed.' }),
  status: Type.Literal('accepted'),
  location: Type.String({ description: 'Where it is told how far it is.' })
}, { description: 'The request is in the log.' })

export const SubjectParams = Type.Object({ subject: Type.String({ minLength: 1, maxLength: 64, description: 'The customer, or the order of a guest.' }) })

export const ErasureBodySchema = Type.Object({
  subject: Type.String(),
  keyId: Type.String({ description: 'Id of the data key.' }),
  status: Type.Enum(['running', 'erased'], { description: 'Erased: no copy of what was encrypted with the key can be read any more.' }),
  accountId: nullable(Type.String({ description: 'Account that was deleted with it.' })),
  requestedBy: nullable(Type.String()),
  requestedAt: instant('When it was asked for.'),
  reason: Type.String(),
  destroyedAt: nullable(instant('When the key was destroyed.')),
  digest: nullable(Type.String({ description: 'SHA-256 of the wrapped key that was destroyed; null = not yet, or none was ever made.' }))
}, { description: 'The erasure of a person, with its proof.' })
export type ErasureBody = Static<typeof ErasureBodySchema>

export const ExportQuery = Type.Object({ customerId: Type.Optional(CustomerId), orderId: Type.Optional(GuestOrderId) }, strict)

const Kept = Type.Object({
  type: Type.String(),
  occurredAt: Type.String({ format: 'date-time' })
}, { additionalProperties: true, description: 'A record, personal data in the clear; `erased` where its key is destroyed.' })

/** What the pieces of an export come to. */
export const ExportSchema = Type.Object({
  subject: Type.String(),
  exportedAt: Type.String({ format: 'date-time' }),
  account: nullable(UserBodySchema),
  accountRecords: Type.Array(Kept, { description: 'Events of the account, and the notifications it was sent.' }),
  orders: Type.Array(Type.Object({
    order: nullable(OrderBodySchema),
    payments: PaymentsBodySchema.properties.items,
    shipments: ShipmentsBodySchema.properties.items,
    records: Type.Array(Kept, { description: 'Its events and notifications: addresses, returns, refunds.' })
  })),
  visits: Type.Array(Kept, { description: 'What was seen and put into the cart, and variants of experiments that were shown, where it is known whose visit it was.' })
}, { description: 'Everything that is kept about a person.' })
