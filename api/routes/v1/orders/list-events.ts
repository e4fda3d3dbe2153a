import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { ApiError } from '../../../errors.ts'
import { eventItem } from '../../../orders/view.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { OrderEventsBodySchema } from '../../../schemas/order.ts'
import { problems } from '../../../schemas/problem.ts'
import { OrderParams, readableOrder } from './get-order.ts'

/** GET /v1/orders/{id}/events: what happened to an order, oldest first, page by page. */
export const listEventsRoute: FastifyPluginAsyncTypebox = async app => {
  app.get('/:id/events', {
    config: { permission: 'orders:read' },
    schema: {
      tags: ['orders'],
      operationId: 'listOrderEvents',
      summary: 'History of an order',
      description: 'Comes from analytics, about a second behind the order itself.',
      params: OrderParams,
      querystring: Type.Object({
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50, description: 'Events on a page.' })),
        after: Type.Optional(Type.String({ pattern: '^\\d{1,5}-\\d{1,18}$', description: 'Id of the last event of the page before.' }))
      }, { additionalProperties: false }),
      response: { 200: OrderEventsBodySchema, ...problems(400, 401, 403, 404, 429, 503) }
    }
  }, async request => {
    const { id } = request.params
    await readableOrder(app.services, id, principalOfRequest(request))
    const { limit = 50, after } = request.query
    const entries = await history(app.services.history.list(id, after === undefined ? -1n : BigInt(after.slice(after.indexOf('-') + 1)), limit + 1))
    const items = entries.slice(0, limit).map(eventItem)
    return { items, next: entries.length > limit ? items.at(-1)?.id ?? null : null }
  })
}

async function history<T> (list: Promise<T>): Promise<T> {
  try {
    return await list
  } catch (error) {
    throw new ApiError('API_ANALYTICS_UNAVAILABLE', undefined, {}, error)
  }
}
