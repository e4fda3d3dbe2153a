import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { acceptLater, stateForbids } from '../../../orders/later-command.ts'
import { ReviewOrderBodySchema } from '../../../schemas/risk.ts'
import { orderCommand } from './order-command.ts'

/** POST /v1/orders/{id}/review: a person decides on an order that is on risk review. */
export const reviewOrderRoute: FastifyPluginAsyncTypebox = async app => {
  app.post('/:id/review', {
    config: { permission: 'orders:review' },
    schema: {
      ...orderCommand,
      operationId: 'reviewOrder',
      summary: 'Decide on an order under risk review',
      description: 'For an order that is OnRiskReview, within 72 hours: it goes on to its payment, or is cancelled and its stock given back. The first decision counts.',
      body: ReviewOrderBodySchema
    }
  }, async (request, reply) => {
    const { id: orderId } = request.params
    const { approved, reason } = request.body
    return await acceptLater(app.services, request, reply, {
      orderId,
      action: 'review',
      key: request.headers['idempotency-key'],
      check: view => { if (view.state !== 'OnRiskReview') throw stateForbids(view) },
      command: meta => ({ type: 'ReviewDecision', meta, orderId, approved, reason })
    })
  })
}
