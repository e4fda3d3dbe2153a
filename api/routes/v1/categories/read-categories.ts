import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { categoryTree, findNode } from '../../../catalog/category-tree.ts'
import { cacheSeconds, isUnchanged } from '../../../catalog/conditional.ts'
import { catalogEtag } from '../../../catalog/view.ts'
import { Position, waitListed, waitVisible } from '../../../catalog/visibility.ts'
import { ApiError } from '../../../errors.ts'
import { CategoryNodeSchema, CategoryParams, CategoryTreeSchema } from '../../../schemas/category.ts'
import { problems } from '../../../schemas/problem.ts'

const unchanged = { 304: Type.Null({ description: 'As the reader has it.' }) }
const query = Type.Object({ position: Position }, { additionalProperties: false })

/** GET /v1/categories and /v1/categories/{id}. */
export const readCategoryRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get('', {
    config: { permission: 'products:read' },
    schema: {
      tags: ['catalog'],
      operationId: 'listCategories',
      summary: 'The tree of categories',
      querystring: query,
      response: { 200: CategoryTreeSchema, ...unchanged, ...problems(400, 401, 403, 429, 503) }
    }
  }, async (request, reply) => {
    const { catalog } = app.services
    await waitListed(catalog, request.query.position)
    if (isUnchanged(request, reply, catalogEtag(catalog.fingerprint, 'tree'), cacheSeconds.list)) return await reply.send(undefined as never)
    return { items: categoryTree(catalog.categories()) as never }
  })

  app.get('/:id', {
    config: { permission: 'products:read' },
    schema: {
      tags: ['catalog'],
      operationId: 'getCategory',
      summary: 'A category with what is below it',
      description: 'The ETag is the version of the category itself, for If-Match.',
      params: CategoryParams,
      querystring: query,
      response: { 200: CategoryNodeSchema, ...problems(400, 401, 403, 404, 429, 503) }
    }
  }, async (request, reply) => {
    const { catalog } = app.services
    const categoryId = request.params.id
    const find = () => findNode(categoryTree(catalog.categories()), categoryId)
    await waitVisible(catalog, { categoryId }, request.query.position, () => find() !== undefined)
    const node = find()
    if (node === undefined) throw new ApiError('API_NOT_FOUND')
    return await reply.header('etag', `"${node.version}"`).header('cache-control', 'private, no-cache').send(node as never)
  })
}
