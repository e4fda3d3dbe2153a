import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type FastifyReply, type FastifyRequest } from 'fastify'
import { type CommandMeta } from '#schemas'
import { type CategoryCommand, type CategoryRequest, decideCategory } from '../../../../topology/catalog/category.ts'
import { categoryTree, findNode } from '../../../catalog/category-tree.ts'
import { ChangeHeaders, CreationHeaders, changeCatalog } from '../../../catalog/change.ts'
import { ApiError } from '../../../errors.ts'
import { type Services } from '../../../plugins/app/services.ts'
import {
  AcceptedCategory, CategoryNodeSchema, CategoryParams, CreateCategoryBodySchema, MoveCategoryBodySchema, RenameCategoryBodySchema
} from '../../../schemas/category.ts'
import { problems } from '../../../schemas/problem.ts'

const failures = problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 503)
const changed = { tags: ['catalog'], params: CategoryParams, headers: ChangeHeaders, response: { 200: CategoryNodeSchema, 202: AcceptedCategory, ...failures } }
const write = { permission: 'products:write' } as const

/** Everything that changes the tree of categories. */
export const changeCategoryRoutes: FastifyPluginAsyncTypebox = async app => {
  app.post('', {
    config: write,
    schema: {
      tags: ['catalog'],
      operationId: 'createCategory',
      summary: 'Add a category',
      headers: CreationHeaders,
      body: CreateCategoryBodySchema,
      response: { 201: CategoryNodeSchema, 202: AcceptedCategory, ...failures }
    }
  }, async (request, reply) => {
    const { categoryId, name, parentId = null } = request.body
    return await change(app.services, request, reply, 'POST /v1/categories', 201, meta => ({ type: 'CreateCategory', meta, categoryId, name, parentId }))
  })

  app.patch('/:id', {
    config: write,
    schema: { ...changed, operationId: 'renameCategory', summary: 'Rename a category', body: RenameCategoryBodySchema }
  }, async (request, reply) => {
    const { params: { id: categoryId }, body: { name } } = request
    return await change(app.services, request, reply, `PATCH /v1/categories/${categoryId}`, 200, (meta, expectedVersion) =>
      ({ type: 'RenameCategory', meta, categoryId, name, expectedVersion }))
  })

  app.post('/:id/move', {
    config: write,
    schema: { ...changed, operationId: 'moveCategory', summary: 'Put a category, with all below it, into another one', body: MoveCategoryBodySchema }
  }, async (request, reply) => {
    const { params: { id: categoryId }, body: { parentId } } = request
    return await change(app.services, request, reply, `POST /v1/categories/${categoryId}/move`, 200, (meta, expectedVersion) =>
      ({ type: 'MoveCategory', meta, categoryId, parentId, expectedVersion }))
  })

  app.delete('/:id', {
    config: { permission: 'products:delete' },
    schema: {
      ...changed,
      operationId: 'deleteCategory',
      summary: 'Archive a category for good',
      description: 'It must have none below it. Its products stay, and are found without it; its id is never used again.'
    }
  }, async (request, reply) => {
    const categoryId = request.params.id
    return await change(app.services, request, reply, `DELETE /v1/categories/${categoryId}`, 200, (meta, expectedVersion) => ({ type: 'ArchiveCategory', meta, categoryId, expectedVersion }))
  })
}

/** Takes the change, when the tree as it is known here allows it, and answers: with the category when it was waited for, else with where it will be. */
async function change (
  services: Services, request: FastifyRequest, reply: FastifyReply, route: string, successStatus: 200 | 201,
  command: (meta: CommandMeta, expectedVersion: number | null) => CategoryCommand
) {
  const { catalog } = services
  const { categoryId } = (request.body ?? {}) as { readonly categoryId?: string }
  const id = categoryId ?? (request.params as { readonly id: string }).id
  const { commandId, location, isVisible } = await changeCatalog(services, request, reply, {
    about: { categoryId: id },
    route,
    path: `/v1/categories/${id}`,
    body: request.body,
    command: (meta, expectedVersion) => {
      const made = command(meta, expectedVersion)
      allow(services, made)
      return made
    }
  })
  const node = isVisible ? findNode(categoryTree(catalog.categories()), id) : undefined
  if (node === undefined) return await reply.code(202).send({ categoryId: id, commandId, status: 'accepted', location })
  return await reply.code(successStatus).header('etag', `"${node.version}"`).send(node as never)
}

/** Says at once what the tree forbids; a parent that is not here yet may have been created a moment ago: that is left to the catalog. */
function allow ({ catalog }: Services, command: CategoryRequest): void {
  const { rejection } = decideCategory(catalog.categories(), command)
  if (rejection === undefined || rejection.code === 'unknown-parent') return
  const { code, field, message } = rejection
  if (code === 'unknown-category') throw new ApiError('API_NOT_FOUND')
  if (code === 'version-mismatch') throw new ApiError('API_VERSION_MISMATCH', message)
  if (field === null || code === 'category-exists') throw new ApiError('API_STATE_FORBIDS', message)
  throw new ApiError('API_REQUEST_INVALID', undefined, { errors: [{ field: `/${field}`, message }] })
}
