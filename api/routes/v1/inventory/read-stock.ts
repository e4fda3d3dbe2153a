import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { type StockState } from '#schemas'
import { ApiError } from '../../../errors.ts'
import { stockBody } from '../../../inventory/view.ts'
import { StockPositionQuery, readVisible } from '../../../inventory/visibility.ts'
import { type OwnWrites } from '../../../own-writes.ts'
import { LowStockBodySchema, Sku, StockBodySchema, StockPageSchema } from '../../../schemas/inventory.ts'
import { problems } from '../../../schemas/problem.ts'

/** Path of everything below one SKU. */
export const StockParams = Type.Object({ sku: Sku })

const PageQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50, description: 'SKUs on a page.' })),
  after: Type.Optional(Type.String({ maxLength: 64, description: 'Last SKU of the page before.' }))
}, { additionalProperties: false })

/** GET /v1/inventory, /v1/inventory/low-stock and /v1/inventory/{sku}. */
export const readStockRoutes: FastifyPluginAsyncTypebox<{ readonly own: OwnWrites }> = async (app, { own }) => {
  app.get('', {
    config: { permission: 'inventory:read' },
    schema: {
      tags: ['inventory'],
      operationId: 'listStock',
      summary: 'Stock of every SKU',
      description: 'By SKU. Comes from analytics, about a second behind the stock itself.',
      querystring: PageQuery,
      response: { 200: StockPageSchema, ...problems(400, 401, 403, 429, 503) }
    }
  }, async request => {
    const { limit = 50, after = '' } = request.query
    const found = await levels(async () => await app.services.stockLevels.list(after, limit + 1))
    const items = found.slice(0, limit).map(level => ({ ...level, available: level.onHand - level.reserved }))
    return { items, next: found.length > limit ? items.at(-1)?.sku ?? null : null }
  })

  app.get('/low-stock', {
    config: { permission: 'inventory:read' },
    schema: {
      tags: ['inventory'],
      operationId: 'listLowStock',
      summary: 'SKUs to be ordered anew',
      description: 'Free stock at or below the reorder level, by SKU. Comes from analytics, about a second behind the stock itself.',
      querystring: PageQuery,
      response: { 200: LowStockBodySchema, ...problems(400, 401, 403, 429, 503) }
    }
  }, async request => {
    const { limit = 50, after = '' } = request.query
    const found = await levels(async () => await app.services.stockLevels.low(after, limit + 1))
    const items = found.slice(0, limit).map(({ sku, onHand, reserved, reorderLevel }) => ({ sku, available: onHand - reserved, reorderLevel }))
    return { items, next: found.length > limit ? items.at(-1)?.sku ?? null : null }
  })

  app.get('/:sku', {
    config: { permission: 'inventory:read' },
    schema: {
      tags: ['inventory'],
      operationId: 'getStock',
      summary: 'Read the stock of a SKU',
      description: 'The ETag is what a correction by hand has to name in If-Match.',
      params: StockParams,
      querystring: StockPositionQuery,
      response: { 200: StockBodySchema, ...problems(400, 401, 403, 404, 429, 503) }
    }
  }, async (request, reply) => {
    const sku = request.params.sku.toUpperCase()
    const stock = await readVisible(app.services, own, sku, request.query.position, async wait => await app.services.stock.readAfter(sku, wait))
    return await reply.header('etag', etagOf(stock)).send(stockBody(stock))
  })
}

/** The version of the stock as an entity tag. */
export function etagOf ({ version }: StockState): string {
  return `"${version}"`
}

/** What analytics lists. @throws {ApiError} API_ANALYTICS_UNAVAILABLE */
export async function levels<Value> (read: () => Promise<Value>): Promise<Value> {
  try {
    return await read()
  } catch (error) {
    throw new ApiError('API_ANALYTICS_UNAVAILABLE', undefined, {}, error)
  }
}
