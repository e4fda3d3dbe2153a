import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type FastifyReply, type FastifyRequest } from 'fastify'
import { type CommandMeta, type UpdateProduct } from '#schemas'
import { type StatusMove, productMoves, whyForbidden } from '../../../../topology/catalog/product-status.ts'
import { isCurrency, parseMoney } from '../../../../topology/money.ts'
import { ChangeHeaders, CreationHeaders, changeCatalog } from '../../../catalog/change.ts'
import { productBody, productEtag } from '../../../catalog/view.ts'
import { ApiError } from '../../../errors.ts'
import { type Services } from '../../../plugins/app/services.ts'
import { type ProductCommand } from '../../../../topology/catalog/product.ts'
import {
  AcceptedProduct, AttributesBodySchema, type CreateProductBody, CreateProductBodySchema, ImagesBodySchema, PriceBodySchema, ProductBodySchema, ProductParams,
  type UpdateProductBody, UpdateProductBodySchema
} from '../../../schemas/product.ts'
import { problems } from '../../../schemas/problem.ts'

const failures = problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 503)
const changed = { tags: ['catalog'], params: ProductParams, headers: ChangeHeaders, response: { 200: ProductBodySchema, 202: AcceptedProduct, ...failures } }
const write = { permission: 'products:write' } as const

/** Everything that changes a product. */
export const changeProductRoutes: FastifyPluginAsyncTypebox = async app => {
  app.post('', {
    config: write,
    schema: {
      tags: ['catalog'],
      operationId: 'createProduct',
      summary: 'Add a product',
      description: 'A draft unless it says otherwise. The answer is 202 with a Location that waits for the product, or with `Prefer: wait=N` 201 with the product itself.',
      headers: CreationHeaders,
      body: CreateProductBodySchema,
      response: { 201: ProductBodySchema, 202: AcceptedProduct, ...failures }
    }
  }, async (request, reply) => {
    const sku = request.body.sku.toUpperCase()
    checkNew(app.services, request.body)
    return await change(app.services, request, reply, {
      sku,
      route: 'POST /v1/products',
      successStatus: 201,
      command: meta => {
        if (app.services.catalog.product(sku) !== undefined) throw new ApiError('API_STATE_FORBIDS', 'the product exists')
        return createCommand(meta, sku, request.body)
      }
    })
  })

  app.patch('/:id', {
    config: write,
    schema: { ...changed, operationId: 'updateProduct', summary: 'Change what a product is', body: UpdateProductBodySchema }
  }, async (request, reply) => {
    checkCategories(app.services, request.body.categoryIds)
    return await change(app.services, request, reply, existing(request.params.id, 'PATCH', '', meta => updateCommand(meta, request.params.id, request.body)))
  })

  app.put('/:id/attributes', {
    config: write,
    schema: { ...changed, operationId: 'setAttributes', summary: 'Set what a product can be found by', body: AttributesBodySchema }
  }, async (request, reply) =>
    await change(app.services, request, reply, existing(request.params.id, 'PUT', '/attributes', meta => updateCommand(meta, request.params.id, request.body))))

  app.put('/:id/images', {
    config: write,
    schema: { ...changed, operationId: 'setImages', summary: 'Set the images of a product', body: ImagesBodySchema }
  }, async (request, reply) =>
    await change(app.services, request, reply, existing(request.params.id, 'PUT', '/images', meta => updateCommand(meta, request.params.id, request.body))))

  app.post('/:id/price', {
    config: write,
    schema: {
      ...changed,
      operationId: 'changePrice',
      summary: 'Set the price of a product in one currency',
      description: 'Orders that are accepted keep the price that they were accepted at.',
      body: PriceBodySchema
    }
  }, async (request, reply) => {
    const { currency, amount: text } = request.body
    const amount = parseMoney(text)
    if (!isCurrency(currency)) throw invalid('currency', 'is not an active ISO 4217 code')
    if (amount === undefined) throw invalid('amount', 'is too large')
    return await change(app.services, request, reply, existing(request.params.id, 'POST', '/price', meta =>
      ({ type: 'ChangePrice', meta, sku: request.params.id.toUpperCase(), currency, amount, expectedVersion: null })))
  })

  for (const { move, type, summary } of moves) {
    app.post(`/:id/${move}`, {
      config: write,
      schema: { ...changed, operationId: `${move}Product`, summary }
    }, async (request, reply) => await moveTo(app.services, request, reply, request.params.id, move, type, `POST /v1/products/${request.params.id.toUpperCase()}/${move}`))
  }

  app.delete('/:id', {
    config: { permission: 'products:delete' },
    schema: {
      ...changed, operationId: 'deleteProduct', summary: 'Archive a product for good', description: 'Orders go on showing what they were placed for; the SKU is never used again.'
    }
  }, async (request, reply) => await moveTo(app.services, request, reply, request.params.id, 'archive', 'ArchiveProduct', `DELETE /v1/products/${request.params.id.toUpperCase()}`))
}

const moves = [
  { move: 'publish', type: 'PublishProduct', summary: 'Offer a product for sale' },
  { move: 'unpublish', type: 'UnpublishProduct', summary: 'Take a product off sale' },
  { move: 'archive', type: 'ArchiveProduct', summary: 'Archive a product that is not for sale, for good' }
] as const

type MoveType = (typeof moves)[number]['type']
type MakeCommand = (meta: CommandMeta) => ProductCommand

interface ProductChange {
  readonly sku: string
  readonly route: string
  readonly successStatus: 200 | 201
  readonly command: MakeCommand
  /** Checks what the product forbids. @default nothing */
  readonly check?: () => void
}

function existing (id: string, method: string, rest: string, command: MakeCommand): ProductChange {
  const sku = id.toUpperCase()
  return { sku, route: `${method} /v1/products/${sku}${rest}`, successStatus: 200, command }
}

async function moveTo (services: Services, request: FastifyRequest, reply: FastifyReply, id: string, move: StatusMove, type: MoveType, route: string) {
  const sku = id.toUpperCase()
  const check = (): void => {
    const status = services.catalog.product(sku)?.status
    if (status !== undefined && productMoves[status][move] === 'forbid') throw new ApiError('API_STATE_FORBIDS', whyForbidden[status])
  }
  return await change(services, request, reply, { sku, route, successStatus: 200, check, command: meta => ({ type, meta, sku, expectedVersion: null }) })
}

/** Takes the change and answers: with the product when it was waited for, else with where it will be. */
async function change (services: Services, request: FastifyRequest, reply: FastifyReply, { sku, route, successStatus, command, check }: ProductChange) {
  const { catalog } = services
  const { commandId, location, isVisible } = await changeCatalog(services, request, reply, {
    about: { sku },
    route,
    path: `/v1/products/${encodeURIComponent(sku)}`,
    body: request.body,
    version: () => catalog.product(sku)?.version,
    command: (meta, expectedVersion) => {
      const made = command(meta)
      if (made.type === 'CreateProduct') return made
      if (catalog.product(sku) === undefined) throw new ApiError('API_NOT_FOUND')
      check?.()
      return { ...made, expectedVersion }
    }
  })
  const product = isVisible ? catalog.product(sku) : undefined
  if (product === undefined) return await reply.code(202).send({ sku, commandId, status: 'accepted', location })
  return await reply.code(successStatus).header('etag', productEtag(product)).send(productBody(product))
}

function createCommand (meta: CommandMeta, sku: string, body: CreateProductBody): ProductCommand {
  const { name, stocked = true, status = 'draft', prices = [], ...content } = body
  const { description = '', weightGrams = 0, volumeCm3 = 0, categoryIds = [], attributes = [], images = [], featured = false } = content
  return {
    type: 'CreateProduct',
    meta,
    sku,
    name,
    description,
    prices: prices.map(({ currency, amount }) => ({ currency, amount: parseMoney(amount) ?? -1n })),
    stocked,
    status: status as 'draft' | 'published',
    weightGrams,
    volumeCm3,
    categoryIds,
    attributes,
    images: images.map(({ url, alt = '' }) => ({ url, alt })),
    featured
  }
}

function updateCommand (meta: CommandMeta, id: string, body: UpdateProductBody): UpdateProduct {
  const { name = null, description = null, weightGrams = null, volumeCm3 = null, categoryIds = null, attributes = null, images, featured = null } = body
  return {
    type: 'UpdateProduct',
    meta,
    sku: id.toUpperCase(),
    expectedVersion: null,
    name,
    description,
    weightGrams,
    volumeCm3,
    categoryIds,
    attributes,
    images: images?.map(({ url, alt = '' }) => ({ url, alt })) ?? null,
    featured
  }
}

/** Checks what a schema cannot say. @throws {ApiError} API_REQUEST_INVALID */
function checkNew (services: Services, { prices = [], categoryIds }: CreateProductBody): void {
  const unknown = prices.findIndex(({ currency }) => !isCurrency(currency))
  if (unknown >= 0) throw invalid(`prices/${unknown}/currency`, 'is not an active ISO 4217 code')
  if (new Set(prices.map(({ currency }) => currency)).size < prices.length) throw invalid('prices', 'has a currency twice')
  checkCategories(services, categoryIds)
}

/** A category that was created a moment ago may not be here yet: what is unknown is left to the catalog, what is archived stays so. */
function checkCategories ({ catalog }: Services, ids: readonly string[] = []): void {
  const archived = new Set(catalog.categories().filter(category => category.archived).map(({ categoryId }) => categoryId))
  const index = ids.findIndex(id => archived.has(id))
  if (index >= 0) throw invalid(`categoryIds/${index}`, 'is archived')
}

function invalid (field: string, message: string): ApiError {
  return new ApiError('API_REQUEST_INVALID', undefined, { errors: [{ field: `/${field}`, message }] })
}
