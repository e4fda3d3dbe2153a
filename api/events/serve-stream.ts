import { Readable } from 'node:stream'
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { ApiError } from '../errors.ts'
import { goneSignal, whenGone } from '../gone-signal.ts'
import { principalOfRequest } from '../plugins/app/auth.ts'
import { type EventFeed } from '../ports.ts'
import { createSeats } from '../seats.ts'
import { EventStream, type EventStreamOptions } from './event-stream.ts'
import { type StreamPlace, placePattern } from './frames.ts'

/** Limits of one route of streams, in this process. */
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

export const StreamHeaders = Type.Object({
  'last-event-id': Type.Optional(Type.String({ pattern: placePattern, description: 'Id of the last event that the client has.' }))
})

/** The answer of a stream; `data`: what its events carry. */
export function streamOf (description: string, data: string) {
  const event = Type.Object({
    id: Type.Optional(Type.String({ description: 'Its place in the log, for Last-Event-ID.' })),
    event: Type.Optional(Type.String({ description: 'Type of the event, or `end`.' })),
    data: Type.String({ description: `${data}, as JSON; of \`end\` why the stream ended.` })
  }, { description: 'One of the events, in the order in which they happened.' })
  return { description, content: { 'text/event-stream': { schema: Type.Unsafe<Readable>(event) } } }
}

/** Bytes that wait for a client beside what its connection takes. */
const waitingBytes = 16 * 1024

type StreamWish = Pick<EventStreamOptions, 'key' | 'telling' | 'from' | 'feed' | 'history' | 'onFailure'>

/** Opens a stream for who asks, and answers with it. @throws {ApiError} API_RATE_LIMITED, API_OVERLOADED when all seats are taken. */
export type ServeStream = (request: FastifyRequest, reply: FastifyReply, wish: StreamWish) => Promise<FastifyReply>

/** Serves the streams of a route: so many at a time, each ended with its token, with the server, or when its client does not read. */
export function createStreamServer (app: FastifyInstance, limits: StreamLimits): ServeStream {
  const { clock } = app.services
  const seats = createSeats({ each: limits.perUser, all: limits.inAll })
  const open = new Set<EventStream>()
  app.addHook('preClose', async () => { for (const stream of open) stream.end('shutdown') })

  /** Leaves a client that does not read: first it is to be told, then its connection is closed. */
  function watchReader (stream: EventStream, close: () => void): () => void {
    let cancel = clock.schedule(limits.stallMs, look)
    function look (): void {
      const stalledMs = stream.stalledMs
      if (stalledMs >= 2 * limits.stallMs) return close()
      if (stalledMs >= limits.stallMs) stream.end('slow-reader')
      cancel = clock.schedule(limits.stallMs, look)
    }
    return () => { cancel() }
  }

  return async (request, reply, wish) => {
    const seat = seats.take(principalOfRequest(request).subject)
    if (seat === 'each') throw new ApiError('API_RATE_LIMITED', `${limits.perUser} open streams are allowed`)
    if (seat === 'all') throw new ApiError('API_OVERLOADED')
    const gone = goneSignal(reply)
    const expiresAtMs = clock.now() + request.tokenExpiresAtS * 1000 - Date.now()
    const stream = new EventStream({ ...wish, clock, heartbeatMs: limits.heartbeatMs, expiresAtMs, gone })
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
  }
}

/** @throws {ApiError} API_POSITION_INVALID for a place of another partition than the key's, or one that the log never came to: events would be passed over. */
export async function checkPlace (feed: EventFeed, key: string, { partition, offset }: StreamPlace, ownPartition: number): Promise<void> {
  if (partition !== ownPartition || !await feed.hasReached(key, offset)) throw new ApiError('API_POSITION_INVALID', 'the Last-Event-ID is not one of this stream')
}
