import { Readable } from 'node:stream'
import { type FastifyPluginAsyncTypebox, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import { type FastifySchemaCompiler } from 'fastify'
import { type TSchema, Type } from 'typebox'
import { ApiError } from '../../../errors.ts'
import { goneSignal, whenGone } from '../../../gone-signal.ts'
import { watchIdle } from '../../../idle-watch.ts'
import { type BulkRequest, takeLine } from '../../../orders/bulk.ts'
import { type InputLine, splitLines } from '../../../orders/ndjson.ts'
import { mapInOrder } from '../../../orders/ordered-window.ts'
import { createPace } from '../../../pace.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { BulkResult } from '../../../schemas/bulk.ts'
import { PlaceOrderBodySchema, orderLimitBytes } from '../../../schemas/order.ts'
import { problems } from '../../../schemas/problem.ts'
import { createSeats } from '../../../seats.ts'
import { traceparentOf } from '../../../trace.ts'

const mediaType = 'application/x-ndjson'

/** Limits of POST /v1/orders/bulk, in this process. */
export interface BulkLimits {
  /** Lines a second of one user; more are taken as slowly as that. @default 500 */
  readonly linesPerS: number
  /** Requests of one user that are under way at a time; more are refused with 429. @default 2 */
  readonly perUser: number
  /** The same of all users; more are refused with 503. @default 50 */
  readonly inAll: number
  /** Lines of one request that are under way, or done and not read by the client, at most. @default 500 */
  readonly windowLines: number
  /** A connection on which nothing moves for that long is closed, ms. @default 60000 */
  readonly idleMs: number
}

export const defaultBulkLimits: BulkLimits = { linesPerS: 500, perUser: 2, inAll: 50, windowLines: 500, idleMs: 60_000 }

/** Bytes of the lines of one request that are under way. */
const windowBytes = 2 * orderLimitBytes

/** Bytes of results that wait for the client beside what its connection takes. */
const resultBytes = 16 * 1024

/** POST /v1/orders/bulk: orders line by line, results line by line, in constant memory whatever their number. */
export const bulkOrdersRoute: FastifyPluginAsyncTypebox<{ readonly limits: BulkLimits }> = async (app, { limits }) => {
  const validate = TypeBoxValidatorCompiler({ schema: PlaceOrderBodySchema, httpPart: 'body', method: 'POST', url: '' })
  const seats = createSeats({ each: limits.perUser, all: limits.inAll })
  const pace = createPace({ clock: app.services.clock, perS: limits.linesPerS, burst: limits.linesPerS })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(mediaType, (_request, payload, done) => { done(null, payload) })

  app.post('/bulk', {
    config: { permission: 'orders:write', bodyTimeoutMs: 0, isLongLived: true },
    validatorCompiler: linesAreChecked,
    schema: {
      tags: ['orders'],
      operationId: 'placeOrders',
      summary: 'Place many orders',
      description: 'One order a line, one result a line, in the order of the lines and while they come: read the results while you send. ' +
        'A bad line gets its problem and the others go on. A line is known by the Idempotency-Key of the request and its clientReference, without one by its number: ' +
        'a repeated request, whole or broken off, creates nothing twice and answers the same ids. Lines end with LF or CRLF. ' +
        `Counts as one request; beyond ${limits.linesPerS} lines a second of one user they are taken as slowly as that.`,
      headers: Type.Object({
        'idempotency-key': Type.String({ pattern: '^[!-~]{1,255}$', description: 'Key of your own for the whole of the request: repeat it when you repeat the request.' })
      }),
      body: { content: { [mediaType]: { schema: PlaceOrderBodySchema } } },
      response: { 200: { description: 'A result for every line.', content: { [mediaType]: { schema: Type.Unsafe<Readable>(BulkResult) } } }, ...problems(400, 401, 403, 415, 429, 503) }
    }
  }, async (request, reply) => {
    const principal = principalOfRequest(request)
    // Without a media type and without a body no parser is asked.
    if (request.body === undefined) throw new ApiError('API_MEDIA_TYPE_UNSUPPORTED', `orders come as ${mediaType}, one a line`)
    const seat = seats.take(principal.subject)
    if (seat === 'each') throw new ApiError('API_RATE_LIMITED', `${limits.perUser} bulk requests at a time are allowed`)
    if (seat === 'all') throw new ApiError('API_OVERLOADED')
    const signal = goneSignal(reply)
    const idle = watchIdle(app.services.clock, limits.idleMs, () => { reply.raw.destroy() })
    whenGone(signal, () => {
      idle.stop()
      seat()
    })

    let failures = 0
    const bulk: BulkRequest = {
      principal,
      correlationId: request.id,
      traceparent: traceparentOf(request.headers),
      isPaced: true,
      idempotencyKey: request.headers['idempotency-key'],
      validate,
      maxLineBytes: orderLimitBytes,
      onFailure: error => { if (failures++ === 0) request.log.error({ err: error.cause ?? error }, 'lines of a bulk request were not acknowledged') }
    }
    const input = splitLines(seen(request.body as AsyncIterable<Buffer>, idle.move), orderLimitBytes)
    const lines = paced(input, async () => { await pace.wait(principal.subject, signal) })
    const results = mapInOrder(lines, async line => await takeLine(app.services, line, bulk), {
      maxItems: limits.windowLines, maxBytes: windowBytes, sizeBytes: ({ bytes }) => bytes?.length ?? 0, signal
    })
    return await reply.type(mediaType).send(Readable.from(seen(written(results), idle.move), { objectMode: false, highWaterMark: resultBytes }))
  })
}

/** The body is a stream: its lines are checked one by one, everything else as on every route. */
const linesAreChecked: FastifySchemaCompiler<TSchema> = route => route.httpPart === 'body' ? () => true : TypeBoxValidatorCompiler(route)

async function * paced (lines: AsyncIterable<InputLine>, turn: () => Promise<void>): AsyncGenerator<InputLine, void, undefined> {
  for await (const line of lines) {
    await turn()
    yield line
  }
}

/** Tells of every piece that passes, when the next one is asked for. */
async function * seen<T> (pieces: AsyncIterable<T>, onPiece: () => void): AsyncGenerator<T, void, undefined> {
  for await (const piece of pieces) {
    yield piece
    onPiece()
  }
}

async function * written (results: AsyncIterable<object>): AsyncGenerator<string, void, undefined> {
  for await (const result of results) yield `${JSON.stringify(result)}\n`
}
