import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { problems } from '../../../schemas/problem.ts'
import { ShipmentsBodySchema } from '../../../schemas/shipment.ts'
import { shipmentBodies } from '../../../shipments/view.ts'
import { OrderParams, readableOrder } from './get-order.ts'

/** GET /v1/orders/{id}/shipments: the parcels of an order. */
export const listShipmentsRoute: FastifyPluginAsyncTypebox = async app => {
  app.get('/:id/shipments', {
    config: { permission: 'orders:read' },
    schema: {
      tags: ['shipments'],
      operationId: 'listOrderShipments',
      summary: 'Shipments of an order',
      description: 'By number, with their tracking history.',
      params: OrderParams,
      response: { 200: ShipmentsBodySchema, ...problems(400, 401, 403, 404, 429, 503) }
    }
  }, async request => {
    const { id } = request.params
    await readableOrder(app.services, id, principalOfRequest(request))
    const state = await app.services.shipments.read(id)
    return { items: state === undefined ? [] : [...shipmentBodies(state)] }
  })
}
