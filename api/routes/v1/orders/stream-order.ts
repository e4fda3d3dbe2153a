import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { partitionOf } from '../../../../streams/kafka/murmur2.ts'
import { topics } from '../../../../topology/topics.ts'
import { parsePlace } from '../../../events/frames.ts'
import { type StreamLimits, StreamHeaders, checkPlace, createStreamServer, streamOf } from '../../../events/serve-stream.ts'
import { orderTelling } from '../../../orders/event-frames.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { PositionQuery } from '../../../schemas/order.ts'
import { problems } from '../../../schemas/problem.ts'
import { OrderParams, readableOrder } from './get-order.ts'

/** GET /v1/orders/{id}/stream: what happened to an order, and what happens to it, as server-sent events. */
export const streamOrderRoute: FastifyPluginAsyncTypebox<{ readonly limits: StreamLimits }> = async (app, { limits }) => {
  const { feed, history } = app.services
  const serve = createStreamServer(app, limits)

  app.get('/:id/stream', {
    exposeHeadRoute: false,
    config: { permission: 'orders:read', isLongLived: true },
    schema: {
      tags: ['orders'],
      operationId: 'streamOrder',
      summary: 'Follow an order',
      description: 'Server-sent events: the whole history of the order first, then every event as it happens. The id of an event is its place in the log (partition-offset), ' +
        'its name the type, its data what /events has. With Last-Event-ID the stream goes on after that event: nothing is lost, nothing comes twice. ' +
        'A last event named `end` says why the stream ended: `outcome` (rejected, cancelled, failed, timed out or returned whole: nothing can follow; a client that comes back gets 204), ' +
        '`token-expired`, `shutdown` or `slow-reader` (come back with Last-Event-ID). A delivered order may be returned: its stream stays open.',
      params: OrderParams,
      querystring: PositionQuery,
      headers: StreamHeaders,
      response: {
        200: streamOf('The events.', 'The event as /events has it'),
        204: Type.Null({ description: 'The stream had come to its end: nothing can follow.' }),
        ...problems(400, 401, 403, 404, 429, 503)
      }
    }
  }, async (request, reply) => {
    const { id: orderId } = request.params
    const last = request.headers['last-event-id']
    const place = last === undefined ? undefined : parsePlace(last)
    await readableOrder(app.services, orderId, principalOfRequest(request), request.query.position)
    if (place !== undefined) await checkPlace(feed, orderId, place, partitionOf(orderId, topics.orders.events.partitions))
    if (place?.isEnd === true) return await reply.code(204).send(null)
    return await serve(request, reply, {
      key: orderId,
      telling: orderTelling,
      from: place === undefined ? 0n : place.offset + 1n,
      feed,
      history,
      onFailure: error => { request.log.warn({ err: error, orderId }, 'the history of an order cannot be read now') }
    })
  })
}
