import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { OwnWrites } from '../../../own-writes.ts'
import { changeStockRoutes } from './change-stock.ts'
import { holdStockRoutes } from './hold-stock.ts'
import { listReservationsRoute } from './list-reservations.ts'
import { readStockRoutes } from './read-stock.ts'

/** Everything below /v1/inventory. */
export const inventoryRoutes: FastifyPluginAsyncTypebox = async app => {
  const own = new OwnWrites()
  await app.register(readStockRoutes, { own })
  await app.register(listReservationsRoute)
  await app.register(changeStockRoutes, { own })
  await app.register(holdStockRoutes, { own })
}
