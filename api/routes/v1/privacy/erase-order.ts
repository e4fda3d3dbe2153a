import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { closedGuest, requestErasure } from '../../../privacy/erase.ts'
import { AcceptedErasure, EraseOrderQuery } from '../../../schemas/privacy.ts'
import { problems } from '../../../schemas/problem.ts'

/** DELETE /v1/orders/{id}: the personal data of a closed order. */
export const eraseOrderRoute: FastifyPluginAsyncTypebox = async app => {
  app.delete('/:id', {
    config: { permission: 'orders:delete' },
    schema: {
      tags: ['orders'],
      operationId: 'eraseOrder',
      summary: 'Erase the personal data of a closed order',
      description: 'For the order of a guest, which has a data key of its own. That of a customer has the key of all his orders: erase the customer. The order itself stays.',
      params: Type.Object({ id: Type.String({ format: 'uuid', description: 'Id of the order.' }) }),
      querystring: EraseOrderQuery,
      response: { 202: AcceptedErasure, ...problems(400, 401, 403, 404, 409, 429, 503) }
    }
  }, async (request, reply) => {
    const { reason = 'the personal data of an order is erased' } = request.query
    const subject = await closedGuest(app.services, request, request.params.id)
    const accepted = await requestErasure(app.services, request, subject, reason)
    return await reply.code(202).header('location', accepted.location).send(accepted)
  })
}
