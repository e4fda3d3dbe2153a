import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type FastifyReply, type FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type ProductView } from '#schemas'
import { cacheSeconds, isUnchanged } from '../../../catalog/conditional.ts'
import { mayReadProduct, productBody, productEtag } from '../../../catalog/view.ts'
import { Position, waitVisible } from '../../../catalog/visibility.ts'
import { ApiError } from '../../../errors.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { type Services } from '../../../plugins/app/services.ts'
import { Sku } from '../../../schemas/inventory.ts'
import { PriceHistorySchema, ProductBodySchema, ProductParams } from '../../../schemas/product.ts'
import { problems } from '../../../schemas/problem.ts'

const query = Type.Object({ position: Position }, { additionalProperties: false })
const responses = { 200: ProductBodySchema, 304: Type.Null({ description: 'As the reader has it.' }), ...problems(400, 401, 403, 404, 429, 503) }
const description = 'A product that is not published is answered like one that does not exist, but to who may write; one that is archived, to everybody. The ETag is for If-None-Match and If-Match.'

/** GET /v1/products/{id}, /v1/products/sku/{sku} and /v1/products/{id}/prices. */
export const getProductRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get('/:id', {
    config: { permission: 'products:read' },
    schema: { tags: ['catalog'], operationId: 'getProduct', summary: 'Read a product', description, params: ProductParams, querystring: query, response: responses }
  }, async (request, reply) => await answer(app.services, request, reply, request.params.id, request.query.position))

  app.get('/sku/:sku', {
    config: { permission: 'products:read' },
    schema: {
      tags: ['catalog'], operationId: 'getProductBySku', summary: 'Read a product by its SKU', description, params: Type.Object({ sku: Sku }), querystring: query, response: responses
    }
  }, async (request, reply) => await answer(app.services, request, reply, request.params.sku, request.query.position))

  app.get('/:id/prices', {
    config: { permission: 'products:read' },
    schema: {
      tags: ['catalog'],
      operationId: 'listPrices',
      summary: 'What a product cost when',
      description: 'Oldest first. Comes from analytics, about a second behind the product itself. A page ends with a whole event: it may hold a few more items than `limit`.',
      params: ProductParams,
      querystring: Type.Object({
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50, description: 'Events of a page.' })),
        after: Type.Optional(Type.String({ pattern: '^\\d{1,18}$', description: '`next` of the page before.' }))
      }, { additionalProperties: false }),
      response: { 200: PriceHistorySchema, ...problems(400, 401, 403, 404, 429, 503) }
    }
  }, async request => {
    const { limit = 50, after = '-1' } = request.query
    const { sku } = await readableProduct(app.services, request, request.params.id.toUpperCase())
    const events = await history(async () => await app.services.prices.list(sku, BigInt(after), limit + 1))
    const page = events.slice(0, limit)
    const items = page.flatMap(([, changes]) => changes).map(({ changedAtMs, currency, before, after: now }) => ({
      changedAt: new Date(changedAtMs).toISOString(), currency, before, after: now
    }))
    return { items, next: events.length > limit ? String(page.at(-1)?.[0]) : null }
  })
}

async function answer (services: Services, request: FastifyRequest, reply: FastifyReply, id: string, position: string | undefined) {
  const product = await readableProduct(services, request, id.toUpperCase(), position)
  return isUnchanged(request, reply, productEtag(product), cacheSeconds.product) ? await reply.send(undefined as never) : productBody(product)
}

/** The product, when it is there and the reader may see it. @throws {ApiError} API_NOT_FOUND, and what `waitVisible` does. */
async function readableProduct ({ catalog }: Services, request: FastifyRequest, sku: string, position?: string): Promise<ProductView> {
  await waitVisible(catalog, { sku }, position, () => catalog.product(sku) !== undefined)
  const product = catalog.product(sku)
  if (product === undefined || !mayReadProduct(product, principalOfRequest(request))) throw new ApiError('API_NOT_FOUND')
  return product
}

async function history<Value> (read: () => Promise<Value>): Promise<Value> {
  try {
    return await read()
  } catch (error) {
    throw new ApiError('API_ANALYTICS_UNAVAILABLE', undefined, {}, error)
  }
}
