import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type FastifyReply, type FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type CommandMeta, type StockState } from '#schemas'
import { IdempotencyHeaders, acceptCommand, tellAcceptance } from '../../../commands.ts'
import { ApiError } from '../../../errors.ts'
import { type OwnWrites } from '../../../own-writes.ts'
import { type Services } from '../../../plugins/app/services.ts'
import { type StockCommand } from '../../../ports.ts'
import { AcceptedStock, AdjustStockBodySchema, RegisterSkuBodySchema, RestockBodySchema } from '../../../schemas/inventory.ts'
import { problems } from '../../../schemas/problem.ts'
import { StockParams, etagOf } from './read-stock.ts'

const response = { 202: AcceptedStock, ...problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429, 503) }

/** POST /v1/inventory, POST /v1/inventory/{sku}/restock and PATCH /v1/inventory/{sku}: what moves pieces by hand. */
export const changeStockRoutes: FastifyPluginAsyncTypebox<{ readonly own: OwnWrites }> = async (app, { own }) => {
  app.post('', {
    config: { permission: 'inventory:write' },
    schema: { tags: ['inventory'], operationId: 'registerSku', summary: 'Open the stock of a SKU', headers: IdempotencyHeaders, body: RegisterSkuBodySchema, response }
  }, async (request, reply) => {
    const { openingStock, reorderLevel } = request.body
    const sku = request.body.sku.toUpperCase()
    return await change(own, app.services, request, reply, { route: 'POST /v1/inventory', key: request.headers['idempotency-key'], sku, body: request.body }, (stock, meta) => {
      const isOther = stock !== undefined && (stock.opening !== openingStock || stock.reorderLevel !== reorderLevel)
      if (isOther) throw new ApiError('API_STATE_FORBIDS', 'the SKU is registered with another opening stock or reorder level')
      return { type: 'RegisterSku', meta, sku, openingStock, reorderLevel }
    })
  })

  app.post('/:sku/restock', {
    config: { permission: 'inventory:write' },
    schema: {
      tags: ['inventory'],
      operationId: 'restock',
      summary: 'Take in a delivery',
      description: 'Orders that wait for the SKU are filled with it, oldest first.',
      params: StockParams,
      headers: IdempotencyHeaders,
      body: RestockBodySchema,
      response
    }
  }, async (request, reply) => {
    const sku = request.params.sku.toUpperCase()
    const { quantity } = request.body
    return await change(own, app.services, request, reply, { route: `POST /v1/inventory/${sku}/restock`, key: request.headers['idempotency-key'], sku, body: request.body }, (stock, meta) => {
      if (stock === undefined) throw new ApiError('API_NOT_FOUND')
      return { type: 'Restock', meta, sku, quantity }
    })
  })

  app.patch('/:sku', {
    config: { permission: 'inventory:write' },
    schema: {
      tags: ['inventory'],
      operationId: 'adjustStock',
      summary: 'Correct the stock by hand',
      description: 'For what was found or broken. If-Match is the ETag that was read: a correction of other figures than those is refused, never made by guess.',
      params: StockParams,
      headers: Type.Object({
        ...IdempotencyHeaders.properties,
        'if-match': Type.String({ pattern: '^"[0-9]{1,15}"$', description: 'ETag of the stock that the correction is about.' })
      }),
      body: AdjustStockBodySchema,
      response
    }
  }, async (request, reply) => {
    const sku = request.params.sku.toUpperCase()
    const { delta, reason } = request.body
    const match = request.headers['if-match']
    const body = { ...request.body, match }
    return await change(own, app.services, request, reply, { route: `PATCH /v1/inventory/${sku}`, key: request.headers['idempotency-key'], sku, body }, (stock, meta) => {
      if (stock === undefined) throw new ApiError('API_NOT_FOUND')
      if (etagOf(stock) !== match) throw new ApiError('API_VERSION_MISMATCH', `the stock is at version ${stock.version}`)
      if (stock.onHand - stock.reserved + delta < 0) {
        const errors = [{ field: '/delta', message: `only ${stock.onHand - stock.reserved} pieces are free` }]
        throw new ApiError('API_REQUEST_INVALID', undefined, { errors })
      }
      return { type: 'AdjustStock', meta, sku, delta, reason, expectedVersion: stock.version }
    })
  })
}

interface Change { readonly route: string, readonly key: string, readonly sku: string, readonly body: unknown }

/** Takes a change of the stock: in the log when the answer comes, carried out a moment later. A rejection then lies on orders.rejections. */
async function change (
  own: OwnWrites, services: Services, request: FastifyRequest, reply: FastifyReply, { route, key, sku, body }: Change,
  command: (stock: StockState | undefined, meta: CommandMeta) => StockCommand
) {
  const stock = await services.stock.read(sku)
  const acceptance = await acceptCommand(services, request, {
    route, key, body, known: async id => await services.stock.commandHash(sku, id), command: meta => command(stock, meta)
  })
  if (acceptance.position !== undefined) own.wrote(sku, acceptance.position)
  const location = tellAcceptance(reply, `/v1/inventory/${encodeURIComponent(sku)}`, acceptance)
  return await reply.code(202).send({ sku, status: 'accepted', location })
}
