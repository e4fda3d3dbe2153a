import { Type } from 'typebox'
import { OrderId } from './order.ts'
import { Problem } from './problem.ts'

const line = Type.Integer({ minimum: 1, description: 'Number of the line, from 1.' })
const retryAfterS = Type.Optional(Type.Integer({ description: 'Seconds after which it makes sense to repeat.' }))

/** What became of one line of a bulk request; one line of NDJSON. */
export const BulkResult = Type.Union([
  Type.Object({
    line,
    status: Type.Literal('accepted', { description: 'The order is in the log and will not be lost.' }),
    orderId: OrderId,
    location: Type.String({ description: 'Where the order can be read.' }),
    replayed: Type.Optional(Type.Literal(true, { description: 'It had been accepted before.' }))
  }),
  Type.Object({ line, status: Type.Literal('refused', { description: 'It is not an order, and nothing was written.' }), problem: Problem }),
  Type.Object({
    line,
    status: Type.Literal('unknown', { description: 'It was not acknowledged: it may be in the log or not. Repeat it under the same key.' }),
    orderId: Type.Optional(OrderId),
    problem: Problem,
    retryAfterS
  })
], { description: 'Result of one line, in the order of the lines.' })
