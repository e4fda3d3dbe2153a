import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { type HeldStock } from '../../../ports.ts'
import { ReservationPageSchema, Sku } from '../../../schemas/inventory.ts'
import { OrderId } from '../../../schemas/order.ts'
import { problems } from '../../../schemas/problem.ts'
import { levels } from './read-stock.ts'

/** GET /v1/inventory/reservations: what is held of the stock. */
export const listReservationsRoute: FastifyPluginAsyncTypebox = async app => {
  app.get('/reservations', {
    config: { permission: 'inventory:read' },
    schema: {
      tags: ['inventory'],
      operationId: 'listReservations',
      summary: 'What is held of the stock',
      description: 'By order and SKU: pieces that are reserved and not taken off the stock yet; what is held by hand stands under the id of its reservation. Comes from analytics, about a second behind the stock itself.',
      querystring: Type.Object({
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50, description: 'Reservations on a page.' })),
        after: Type.Optional(Type.String({ pattern: '^[0-9a-f-]{36} [!-~]([ -~]{0,62}[!-~])?$', description: '`next` of the page before.' })),
        sku: Type.Optional(Sku),
        order: Type.Optional(OrderId)
      }, { additionalProperties: false }),
      response: { 200: ReservationPageSchema, ...problems(400, 401, 403, 429, 503) }
    }
  }, async request => {
    const { limit = 50, after, sku, order } = request.query
    const found = await levels(async () => await app.services.stockLevels.held({
      limit: limit + 1,
      ...(sku === undefined ? {} : { sku: sku.toUpperCase() }),
      ...(order === undefined ? {} : { orderId: order }),
      ...(after === undefined ? {} : { after: { orderId: after.slice(0, 36), sku: after.slice(37) } })
    }))
    const page = found.slice(0, limit)
    const items = page.map(({ orderId, sku, quantity, sinceMs }) => ({ orderId, sku, quantity, since: new Date(sinceMs).toISOString() }))
    return { items, next: found.length > limit ? tokenOf(page.at(-1)) : null }
  })
}

function tokenOf (held: HeldStock | undefined): string | null {
  return held === undefined ? null : `${held.orderId} ${held.sku}`
}
