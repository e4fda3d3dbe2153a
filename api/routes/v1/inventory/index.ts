import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { changeStockRoutes } from './change-stock.ts'
import { listReservationsRoute } from './list-reservations.ts'
import { readStockRoutes } from './read-stock.ts'

/** Everything below /v1/inventory. */
export const inventoryRoutes: FastifyPluginAsyncTypebox = async app => {
  await app.register(readStockRoutes)
  await app.register(listReservationsRoute)
  await app.register(changeStockRoutes)
}
