import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { changeProductRoutes } from './change-product.ts'
import { getProductRoutes } from './get-product.ts'
import { listProductsRoutes } from './list-products.ts'

/** Everything below /v1/products. */
export const productRoutes: FastifyPluginAsyncTypebox = async app => {
  await app.register(listProductsRoutes)
  await app.register(getProductRoutes)
  await app.register(changeProductRoutes)
}
