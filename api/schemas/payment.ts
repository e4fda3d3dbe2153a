import { type Static, type TSchema, Type } from 'typebox'
import { paymentMethodSymbols, paymentStatusSymbols } from '#schemas'

const money = (description: string) => Type.String({ pattern: '^\\d{1,14}\\.\\d{4}$', description: `${description} Decimal text with four places, in the currency of the payment.` })
const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])
const uuid = (description: string) => Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$', description })

/** How a refund stands. `failing`: it has failed often, people were told, and it is tried again until it is done. */
export const refundStatuses = ['pending', 'failing', 'done', 'refused'] as const

/** Path of everything below one payment. */
export const PaymentParams = Type.Object({ id: uuid('Id of the payment: a UUID in lower case.') })

const Refund = Type.Object({
  refundId: Type.String({ description: 'Id of the refund.' }),
  status: Type.Enum([...refundStatuses], { description: 'How it stands; a failing one is tried again until it is done.' }),
  requested: nullable(money('Amount asked for; null = all that was left.')),
  refunded: money('Amount given back.'),
  reason: Type.String({ description: 'Why it was asked for.' }),
  refusal: nullable(Type.String({ description: 'Code of the rule that it broke.' }))
})

/** One payment of an order. */
export const PaymentBodySchema = Type.Object({
  paymentId: Type.String(),
  orderId: Type.String(),
  attempt: Type.Integer({ description: 'Attempt of the order, counted from 1.' }),
  status: Type.Enum([...paymentStatusSymbols]),
  method: Type.Enum([...paymentMethodSymbols]),
  currency: Type.String({ description: 'ISO 4217 code of every amount.' }),
  amount: money('Amount asked for.'),
  authorised: money('Money that was held.'),
  captured: money('Money taken.'),
  voided: money('Money set free before it was taken.'),
  refunded: money('Money given back after it was taken.'),
  failure: nullable(Type.String({ description: 'Code of its failure.' })),
  refunds: Type.Array(Refund, { description: 'Every refund asked for, in order.' })
}, { description: 'A payment. authorised = captured + voided + what is held; captured = kept + refunded.' })
export type PaymentBody = Static<typeof PaymentBodySchema>

/** The payments of an order, oldest first. */
export const PaymentsBodySchema = Type.Object({ items: Type.Array(PaymentBodySchema) })

/** What a client sends to give money back. */
export const RefundBodySchema = Type.Object({
  amount: Type.Optional(Type.String({ pattern: '^\\d{1,14}(\\.\\d{1,4})?$', description: 'Amount to give back, decimal text. Left out: all that is left.' })),
  reason: Type.String({ minLength: 1, maxLength: 200, description: 'Why, in words for people. Never personal data.' })
}, { additionalProperties: false, description: 'A refund.', examples: [{ amount: '12.50', reason: 'arrived late' }] })
export type RefundBody = Static<typeof RefundBodySchema>

/** The answer to an accepted refund. */
export const AcceptedRefund = Type.Object({
  refundId: Type.String(),
  paymentId: Type.String(),
  status: Type.Literal('accepted'),
  location: Type.String({ description: 'Where the payment can be read, with its refunds.' })
}, { description: 'The refund is in the log and will not be lost.' })

/** The answer to a callback. */
export const CallbackAnswer = Type.Object({
  received: Type.Literal(true),
  outcome: Type.Enum(['accepted', 'ignored'], { description: 'Accepted: it is in the log. Ignored: it is about nothing of ours.' }),
  reason: Type.Optional(Type.String({ description: 'Why it was ignored.' }))
})
