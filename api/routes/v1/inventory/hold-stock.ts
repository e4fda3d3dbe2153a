import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { uuidOfCommand } from '../../../../topology/envelope.ts'
import { unclaimed } from '../../../../topology/inventory/stock.ts'
import { ApiError } from '../../../errors.ts'
import { type HoldAnswer, HoldHeaders, changeHold } from '../../../inventory/hold.ts'
import { holdBody } from '../../../inventory/view.ts'
import { StockPositionQuery, readVisible } from '../../../inventory/visibility.ts'
import { maxWaitS } from '../../../orders/wait.ts'
import { type OwnWrites } from '../../../own-writes.ts'
import { AcceptedHold, HoldBodySchema, HoldParams, HoldSchema } from '../../../schemas/inventory.ts'
import { commandProblems, problems } from '../../../schemas/problem.ts'
import { StockParams } from './read-stock.ts'

/** The longest wait that a client can ask for, and time to answer. */
const handlerTimeout = (maxWaitS + 10) * 1000

/** POST /v1/inventory/{sku}/reservations, GET of one and POST to release it: pieces that are held for something that is no order. */
export const holdStockRoutes: FastifyPluginAsyncTypebox<{ readonly own: OwnWrites }> = async (app, { own }) => {
  app.post('/:sku/reservations', {
    handlerTimeout,
    config: { permission: 'inventory:reserve' },
    schema: {
      tags: ['inventory'],
      operationId: 'holdStock',
      summary: 'Reserve pieces by hand',
      description: 'For what is no order: a photo shoot, a customer at the counter. They are nobody else\'s until they are released, or the time is over. ' +
        'More than is free is refused; those who wait for the SKU come first.',
      params: StockParams,
      headers: HoldHeaders,
      body: HoldBodySchema,
      response: { 201: HoldSchema, 202: AcceptedHold, ...commandProblems }
    }
  }, async (request, reply) => {
    const sku = request.params.sku.toUpperCase()
    const { quantity, expiresInS, reference } = request.body
    const stock = await app.services.stock.read(sku)
    const answer = await changeHold(own, app.services, request, reply, {
      route: `POST /v1/inventory/${sku}/reservations`,
      sku,
      body: request.body,
      reservationId: uuidOfCommand,
      command: meta => {
        if (stock === undefined) throw new ApiError('API_REQUEST_INVALID', 'the SKU is not registered')
        if (unclaimed(stock) < quantity) throw new ApiError('API_STOCK_SHORT', `only ${unclaimed(stock)} pieces are free`)
        return { type: 'HoldStock', meta, sku, reservationId: uuidOfCommand(meta.commandId), quantity, expiresAt: meta.issuedAt + expiresInS * 1000, reference }
      }
    })
    return answer.hold === undefined ? await reply.code(202).send(accepted(answer)) : await reply.code(201).send(holdBody(answer.hold))
  })

  app.get('/:sku/reservations/:id', {
    config: { permission: 'inventory:read' },
    schema: {
      tags: ['inventory'],
      operationId: 'getHold',
      summary: 'Read a reservation by hand',
      description: 'Kept for eight days after its end. What orders hold stands in the list of reservations.',
      params: HoldParams,
      querystring: StockPositionQuery,
      response: { 200: HoldSchema, ...problems(400, 401, 403, 404, 429, 503) }
    }
  }, async request => {
    const { sku, id } = request.params
    const name = sku.toUpperCase()
    return holdBody(await readVisible(app.services, own, name, request.query.position, async wait => await app.services.stock.hold(name, id, wait)))
  })

  app.post('/:sku/reservations/:id/release', {
    handlerTimeout,
    config: { permission: 'inventory:reserve' },
    schema: {
      tags: ['inventory'],
      operationId: 'releaseHold',
      summary: 'Release a reservation by hand',
      description: 'Its pieces are free again. One that has ended stays as it is.',
      params: HoldParams,
      headers: HoldHeaders,
      response: { 200: HoldSchema, 202: AcceptedHold, ...problems(400, 401, 403, 404, 409, 422, 429, 503) }
    }
  }, async (request, reply) => {
    const { sku: name, id } = request.params
    const sku = name.toUpperCase()
    // What this process has just taken can be released.
    await readVisible(app.services, own, sku, undefined, async wait => await app.services.stock.hold(sku, id, wait))
    const answer = await changeHold(own, app.services, request, reply, {
      route: `POST /v1/inventory/${sku}/reservations/${id}/release`,
      sku,
      body: null,
      reservationId: () => id,
      command: meta => ({ type: 'ReleaseHold', meta, sku, reservationId: id })
    })
    return answer.hold === undefined ? await reply.code(202).send(accepted(answer)) : await reply.code(200).send(holdBody(answer.hold))
  })
}

function accepted ({ reservationId, location }: HoldAnswer) {
  return { reservationId, status: 'accepted' as const, location }
}
