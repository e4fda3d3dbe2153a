import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { changeCategoryRoutes } from './change-category.ts'
import { readCategoryRoutes } from './read-categories.ts'

/** Everything below /v1/categories. */
export const categoryRoutes: FastifyPluginAsyncTypebox = async app => {
  await app.register(readCategoryRoutes)
  await app.register(changeCategoryRoutes)
}
