import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { checkPieces } from '../../../../topology/orders/check-pieces.ts'
import { leftToShip } from '../../../../topology/orders/progress.ts'
import { IdempotencyHeaders } from '../../../commands.ts'
import { acceptLater, checkDecision, stateForbids } from '../../../orders/later-command.ts'
import { AcceptedOrder } from '../../../schemas/order.ts'
import { problems } from '../../../schemas/problem.ts'
import { ShipOrderBodySchema } from '../../../schemas/return.ts'
import { OrderParams } from './get-order.ts'

/** POST /v1/orders/{id}/ship: pieces are handed to the carrier. */
export const shipOrderRoute: FastifyPluginAsyncTypebox = async app => {
  app.post('/:id/ship', {
    config: { permission: 'shipments:create' },
    schema: {
      tags: ['orders'],
      operationId: 'shipOrder',
      summary: 'Hand pieces to the carrier',
      description: 'Pieces of a confirmed order leave as a parcel of their own; without a body everything that has not left.',
      params: OrderParams,
      headers: IdempotencyHeaders,
      body: ShipOrderBodySchema,
      response: { 202: AcceptedOrder, ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 503) }
    }
  }, async (request, reply) => {
    const { id: orderId } = request.params
    const { lines = [] } = request.body
    return await acceptLater(app.services, request, reply, {
      orderId,
      action: 'ship',
      key: request.headers['idempotency-key'],
      check: view => {
        if (view.state !== 'Confirmed' && view.state !== 'PartiallyShipped') throw stateForbids(view)
        checkDecision(checkPieces(lines, leftToShip(view)))
      },
      command: meta => ({ type: 'ShipOrder', meta, orderId, lines })
    })
  })
}
