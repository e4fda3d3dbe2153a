import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { partitionOf } from '../../../../streams/kafka/murmur2.ts'
import { type PositionWait } from '../../../../streams/state/query.ts'
import { type Clock } from '../../../../streams/time/clock.ts'
import { topics } from '../../../../topology/topics.ts'
import { ApiError } from '../../../errors.ts'
import { readablePayment } from '../../../payments/readable.ts'
import { paymentBodies } from '../../../payments/view.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { parsePosition, positionPattern } from '../../../position.ts'
import { PaymentBodySchema, PaymentParams } from '../../../schemas/payment.ts'
import { problems } from '../../../schemas/problem.ts'

/** How long a reader waits for the refund it asks for, ms. */
const positionWaitMs = 1000

/** GET /v1/payments/{id}: a payment and its refunds. */
export const getPaymentRoute: FastifyPluginAsyncTypebox = async app => {
  app.get('/:id', {
    config: { permission: 'payments:read', rateLimit: app.routeLimits.payments },
    schema: {
      tags: ['payments'],
      operationId: 'getPayment',
      summary: 'Read a payment',
      description: 'A payment of somebody else\'s order is answered like one that does not exist.',
      params: PaymentParams,
      querystring: Type.Object({
        position: Type.Optional(Type.String({ pattern: positionPattern, description: 'Position token from the Location of an accepted refund: waits up to a second until it is decided on.' }))
      }, { additionalProperties: false }),
      response: { 200: PaymentBodySchema, ...problems(400, 401, 403, 404, 429, 503) }
    }
  }, async request => {
    const { params: { id }, query: { position } } = request
    const waitFor = position === undefined ? undefined : (orderId: string) => positionOf(orderId, position, app.services.clock)
    const state = await readablePayment(app.services, id, principalOfRequest(request), waitFor)
    const body = paymentBodies(state).find(({ paymentId }) => paymentId === id)
    if (body === undefined) throw new ApiError('API_NOT_FOUND')
    return body
  })
}

/** A token of another order would make the wait meaningless: it is refused. */
function positionOf (orderId: string, token: string, clock: Clock): PositionWait {
  const position = parsePosition(token)
  const { name, partitions } = topics.compensations.payment
  if (position?.topic !== name || partitionOf(orderId, partitions) !== position.partition) throw new ApiError('API_POSITION_INVALID')
  return { position, clock, timeoutMs: positionWaitMs }
}
