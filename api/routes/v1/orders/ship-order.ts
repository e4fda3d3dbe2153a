import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { checkPieces } from '../../../../topology/orders/check-pieces.ts'
import { leftToShip } from '../../../../topology/orders/progress.ts'
import { acceptLater, checkDecision, stateForbids } from '../../../orders/later-command.ts'
import { orderLimitBytes } from '../../../schemas/order.ts'
import { ShipOrderBodySchema } from '../../../schemas/return.ts'
import { orderCommand } from './order-command.ts'

/** POST /v1/orders/{id}/ship: pieces are handed to the carrier. */
export const shipOrderRoute: FastifyPluginAsyncTypebox = async app => {
  app.post('/:id/ship', {
    bodyLimit: orderLimitBytes,
    config: { permission: 'shipments:create' },
    schema: {
      ...orderCommand,
      operationId: 'shipOrder',
      summary: 'Hand pieces to the carrier',
      description: 'Pieces of a confirmed order leave as a parcel of their own; without a body everything that has not left.',
      body: ShipOrderBodySchema
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
