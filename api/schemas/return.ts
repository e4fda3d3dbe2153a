import { type Static, Type } from 'typebox'
import { returnStatusSymbols } from '#schemas'
import { OrderId, instant, maxOrderLines, money, nullable, text, uuid } from './order.ts'

const strict = { additionalProperties: false } as const

const Pieces = Type.Object({
  lineNo: Type.Integer({ minimum: 1, description: 'Number of the line in the order.' }),
  quantity: Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Pieces of it.' })
}, strict)
const pieces = (minItems: number, description: string) => Type.Array(Pieces, { minItems, maxItems: maxOrderLines, description })
const reason = text(200, 'Why, in words for people; no personal data.')

/** What a warehouse sends to hand pieces to the carrier. */
export const ShipOrderBodySchema = Type.Object({
  lines: Type.Optional(pieces(1, 'What leaves; left out = everything that has not left yet.'))
}, { ...strict, description: 'A parcel.', examples: [{ lines: [{ lineNo: 1, quantity: 2 }] }] })

/** What a customer sends to give pieces back. */
export const RequestReturnBodySchema = Type.Object({ lines: pieces(1, 'What is to come back.'), reason }, {
  ...strict, description: 'A return.', examples: [{ lines: [{ lineNo: 1, quantity: 1 }], reason: 'the handle is broken' }]
})

/** What is said to a return. */
export const AnswerReturnBodySchema = Type.Object({
  approved: Type.Optional(Type.Boolean({ default: true, description: 'False declines the return.' })),
  reason: Type.Optional(reason)
}, { ...strict, description: 'The answer to a return.', examples: [{ approved: true, reason: 'within the warranty' }] })

/** What arrived of a return. */
export const ReceiveReturnBodySchema = Type.Object({
  lines: Type.Optional(pieces(1, 'What arrived; left out = all that was announced.'))
}, { ...strict, description: 'Goods that came back.', examples: [{ lines: [{ lineNo: 1, quantity: 1 }] }] })

/** UUID in lower case, the id of a return. */
export const ReturnId = uuid('Id of the return: a UUID in lower case.')

/** The answer to a return that was asked for. */
export const AcceptedReturn = Type.Object({
  orderId: OrderId,
  returnId: ReturnId,
  status: Type.Literal('accepted'),
  location: Type.String({ description: 'Where the order can be read.' })
}, { description: 'The request is in the log and will not be lost.' })

/** The returns of an order. */
export const ReturnsBodySchema = Type.Object({
  items: Type.Array(Type.Object({
    returnId: ReturnId,
    status: Type.Enum([...returnStatusSymbols]),
    lines: Type.Array(Type.Object({
      lineNo: Type.Integer(),
      sku: Type.String(),
      quantity: Type.Integer({ description: 'Pieces.' }),
      amount: money('What they cost.')
    }), { description: 'What is to come back; once it is received, what came.' }),
    amount: money('What the pieces cost.'),
    refunded: money('What was given back.'),
    reason: Type.String(),
    answer: nullable(Type.String({ description: 'What the shop said; null = nothing yet.' })),
    requestedAt: instant('When it was asked for.'),
    expectedBy: nullable(instant('Until when the goods are waited for; null = they are not.')),
    updatedAt: instant('When it changed last.')
  }))
})
export type ReturnBody = Static<typeof ReturnsBodySchema>['items'][number]
