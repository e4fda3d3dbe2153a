import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { type Availability, type ProductStatus, availabilitySymbols, productStatusSymbols } from '#schemas'
import { isCurrency, parseMoney } from '../../../../topology/money.ts'
import { categoryTree, findNode, idsBelow } from '../../../catalog/category-tree.ts'
import { cacheSeconds, isUnchanged } from '../../../catalog/conditional.ts'
import { cursorToken, pageOf, parseCursor } from '../../../catalog/page.ts'
import { type CatalogReader } from '../../../catalog/ports.ts'
import { type ProductQuery, type SortOrder, sortOrders } from '../../../catalog/product-index.ts'
import { catalogEtag, facetsBody, isEditor, productBody } from '../../../catalog/view.ts'
import { Position, waitListed } from '../../../catalog/visibility.ts'
import { ApiError } from '../../../errors.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { CategoryId, ProductPageSchema, amount } from '../../../schemas/product.ts'
import { problems } from '../../../schemas/problem.ts'

const paging = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50, description: 'Products on a page.' })),
  after: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,2000}$', description: '`next` of the page before.' })),
  position: Position
}
const attributeFilter = Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}:.{1,100}$', description: 'name:value' })

const ListQuery = Type.Object({
  q: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Words that are all in name, SKU, description or attributes; beginnings count, and a letter may be wrong.' })),
  category: Type.Optional(CategoryId),
  attr: Type.Optional(Type.Union([attributeFilter, Type.Array(attributeFilter, { maxItems: 10 })], { description: 'name:value of an attribute; several are all asked for.' })),
  availability: Type.Optional(Type.Enum(availabilitySymbols, { description: 'How much of it can be had.' })),
  currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: 'Currency of prices: needed for bounds, and to sort by price.' })),
  minPrice: Type.Optional(amount('Lowest price, included.')),
  maxPrice: Type.Optional(amount('Highest price, included.')),
  sort: Type.Optional(Type.Enum(sortOrders, { description: 'Default: relevance with words, else name. -price = dearest first.' })),
  status: Type.Optional(Type.Enum(productStatusSymbols, { description: 'Only for who may write: products that stand there. Default: published.' })),
  ...paging
}, { additionalProperties: false })

const responses = { 200: ProductPageSchema, 304: Type.Null({ description: 'As the reader has it.' }), ...problems(400, 401, 403, 422, 429, 503) }

/** GET /v1/products and /v1/products/featured: search, browse, and the front page. */
export const listProductsRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get('', {
    config: { permission: 'products:read' },
    schema: {
      tags: ['catalog'],
      operationId: 'listProducts',
      summary: 'Search and browse products',
      description: 'All filters together; a category stands for all below it. Facets count the whole list, not the page. Comes from memory, a moment behind the log.',
      querystring: ListQuery,
      response: responses
    }
  }, async (request, reply) => {
    const { catalog } = app.services
    await waitListed(catalog, request.query.position)
    if (isUnchanged(request, reply, listEtag(catalog, request), cacheSeconds.list)) return await reply.send(undefined as never)
    const { limit = 50, after } = request.query
    return listed(catalog, productQuery(catalog, request), limit, after)
  })

  app.get('/featured', {
    config: { permission: 'products:read' },
    schema: {
      tags: ['catalog'],
      operationId: 'listFeaturedProducts',
      summary: 'Products of the front page',
      querystring: Type.Object(paging, { additionalProperties: false }),
      response: responses
    }
  }, async (request, reply) => {
    const { catalog } = app.services
    await waitListed(catalog, request.query.position)
    if (isUnchanged(request, reply, listEtag(catalog, request), cacheSeconds.list)) return await reply.send(undefined as never)
    const { limit = 50, after } = request.query
    return listed(catalog, { ...everything, featured: true }, limit, after)
  })
}

const everything: ProductQuery = {
  words: undefined,
  categoryIds: undefined,
  attributes: [],
  status: new Set<ProductStatus>(['published']),
  availability: undefined,
  featured: undefined,
  currency: undefined,
  minPrice: undefined,
  maxPrice: undefined,
  sort: 'name'
}

function listEtag (catalog: CatalogReader, request: FastifyRequest): string {
  return catalogEtag(catalog.fingerprint, isEditor(principalOfRequest(request)) ? 'editor' : 'reader')
}

/** What is asked for. @throws {ApiError} API_REQUEST_INVALID for what a schema cannot say, API_FORBIDDEN for what is not published. */
function productQuery (catalog: CatalogReader, request: FastifyRequest<{ Querystring: Static<typeof ListQuery> }>): ProductQuery {
  const { q, category, attr = [], availability, currency, minPrice, maxPrice, status = 'published', sort = q === undefined ? 'name' : 'relevance' } = request.query
  if (status !== 'published' && !isEditor(principalOfRequest(request))) throw new ApiError('API_FORBIDDEN', 'only published products are shown without the permission products:write')
  const comparesPrices = minPrice !== undefined || maxPrice !== undefined || sort === 'price' || sort === '-price'
  if (comparesPrices && currency === undefined) throw invalid('currency', 'is needed to compare prices')
  if (currency !== undefined && !isCurrency(currency)) throw invalid('currency', 'is not an active ISO 4217 code')
  if (sort === 'relevance' && q === undefined) throw invalid('sort', 'relevance is about the words of q')
  return {
    words: q,
    categoryIds: category === undefined ? undefined : withAllBelow(catalog, category),
    attributes: (typeof attr === 'string' ? [attr] : attr).map(text => [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)] as const),
    status: new Set([status as ProductStatus]),
    availability: availability as Availability | undefined,
    featured: undefined,
    currency,
    minPrice: minPrice === undefined ? undefined : parseMoney(minPrice),
    maxPrice: maxPrice === undefined ? undefined : parseMoney(maxPrice),
    sort: sort as SortOrder
  }
}

/** A category that is not there has no products, and is no mistake: it may be archived since. */
function withAllBelow (catalog: CatalogReader, categoryId: string): ReadonlySet<string> {
  const node = findNode(categoryTree(catalog.categories()), categoryId)
  return node === undefined ? new Set() : idsBelow(node)
}

function listed (catalog: CatalogReader, query: ProductQuery, limit: number, after: string | undefined) {
  const cursor = after === undefined ? undefined : parseCursor(after, query.sort)
  if (after !== undefined && cursor === undefined) throw invalid('after', 'is not the end of a page of this list')
  const { hits, facets } = catalog.search(query)
  const { items, isLast } = pageOf(hits, cursor, limit)
  const last = items.at(-1)
  const next = isLast || last === undefined ? null : cursorToken(query.sort, last)
  return { items: items.map(({ product }) => productBody(product)), next, facets: facetsBody(facets) }
}

function invalid (field: string, message: string): ApiError {
  return new ApiError('API_REQUEST_INVALID', `${field} ${message}`, { errors: [{ field: `/${field}`, message }] })
}
