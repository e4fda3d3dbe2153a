import { Readable } from 'node:stream'
import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { partitionOf } from '../../../../streams/kafka/murmur2.ts'
import { topics } from '../../../../topology/topics.ts'
import { ApiError } from '../../../errors.ts'
import { goneSignal, whenGone } from '../../../gone-signal.ts'
import { type StreamPlace, parsePlace, placePattern } from '../../../orders/event-frames.ts'
import { OrderStream } from '../../../orders/order-stream.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { PositionQuery } from '../../../schemas/order.ts'
import { problems } from '../../../schemas/problem.ts'
import { createSeats } from '../../../seats.ts'
import { OrderParams, readableOrder } from './get-order.ts'

/** Limits of GET /v1/orders/{id}/stream, in this process. */
export interface StreamLimits {
  /** Streams that one user has open; more are refused with 429. @default 100 */
  readonly perUser: number
  /** The same of all users; more are refused with 503. @default 5000 */
  readonly inAll: number
  /** Pause without events after which a stream says that it is alive, ms. @default 15000 */
  readonly heartbeatMs: number
  /** A client that takes nothing of what is there for it for that long is left to come back, ms; its connection is closed after twice that. @default 30000 */
  readonly stallMs: number
}

export const defaultStreamLimits: StreamLimits = { perUser: 100, inAll: 5000, heartbeatMs: 15_000, stallMs: 30_000 }

/** One event of the stream. */
const StreamedEvent = Type.Object({
  id: Type.Optional(Type.String({ description: 'Its place in the log, for Last-Event-ID.' })),
  event: Type.Optional(Type.String({ description: 'Type of the event, or `end`.' })),
  data: Type.String({ description: 'The event as /events has it, as JSON; of `end` why the stream ended.' })
}, { description: 'One of the events, in the order in which they happened.' })

/** Bytes that wait for a client beside what its connection takes. */
const waitingBytes = 16 * 1024

/** GET /v1/orders/{id}/stream: what happened to an order, and what happens to it, as server-sent events. */
export const streamOrderRoute: FastifyPluginAsyncTypebox<{ readonly limits: StreamLimits }> = async (app, { limits }) => {
  const { clock, feed, history } = app.services
  const seats = createSeats({ each: limits.perUser, all: limits.inAll })
  const open = new Set<OrderStream>()
  app.addHook('preClose', async () => { for (const stream of open) stream.end('shutdown') })

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
      headers: Type.Object({
        'last-event-id': Type.Optional(Type.String({ pattern: placePattern, description: 'Id of the last event that the client has.' }))
      }),
      response: {
        200: { description: 'The events.', content: { 'text/event-stream': { schema: Type.Unsafe<Readable>(StreamedEvent) } } },
        204: Type.Null({ description: 'The stream had come to its end: nothing can follow.' }),
        ...problems(400, 401, 403, 404, 429, 503)
      }
    }
  }, async (request, reply) => {
    const { id: orderId } = request.params
    const { subject } = principalOfRequest(request)
    const last = request.headers['last-event-id']
    const place = last === undefined ? undefined : parsePlace(last)
    await readableOrder(app.services, orderId, principalOfRequest(request), request.query.position)
    if (place !== undefined) await checkPlace(orderId, place)
    if (place?.isEnd === true) return await reply.code(204).send(null)

    const seat = seats.take(subject)
    if (seat === 'each') throw new ApiError('API_RATE_LIMITED', `${limits.perUser} open streams are allowed`)
    if (seat === 'all') throw new ApiError('API_OVERLOADED')
    const gone = goneSignal(reply)
    const stream = new OrderStream({
      orderId,
      from: place === undefined ? 0n : place.offset + 1n,
      feed,
      history,
      clock,
      heartbeatMs: limits.heartbeatMs,
      expiresAtMs: clock.now() + request.tokenExpiresAtS * 1000 - Date.now(),
      gone,
      onFailure: error => { request.log.warn({ err: error, orderId }, 'the history of an order cannot be read now') }
    })
    open.add(stream)
    const cancelWatch = watchReader(stream, () => { reply.raw.destroy() })
    whenGone(gone, () => {
      cancelWatch()
      open.delete(stream)
      stream.close()
      seat()
    })
    return await reply
      .headers({ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
      .send(Readable.from(stream.frames(), { objectMode: false, highWaterMark: waitingBytes }))
  })

  /** @throws {ApiError} API_POSITION_INVALID for a place of another order's partition, or one that the log never came to: events would be passed over. */
  async function checkPlace (orderId: string, { partition, offset }: StreamPlace): Promise<void> {
    const isOurs = partition === partitionOf(orderId, topics.orders.events.partitions)
    if (!isOurs || !await feed.hasReached(orderId, offset)) throw new ApiError('API_POSITION_INVALID', 'the Last-Event-ID is not one of this order')
  }

  /** Leaves a client that does not read: first it is to be told, then its connection is closed. */
  function watchReader (stream: OrderStream, close: () => void): () => void {
    let cancel = clock.schedule(limits.stallMs, look)
    function look (): void {
      const stalledMs = stream.stalledMs
      if (stalledMs >= 2 * limits.stallMs) return close()
      if (stalledMs >= limits.stallMs) stream.end('slow-reader')
      cancel = clock.schedule(limits.stallMs, look)
    }
    return () => { cancel() }
  }
}
