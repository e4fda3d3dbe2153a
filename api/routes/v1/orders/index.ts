import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getOrderRoute } from './get-order.ts'
import { laterCommandRoutes } from './later-commands.ts'
import { listOrdersRoute } from './list-orders.ts'
import { listEventsRoute } from './list-events.ts'
import { listPaymentsRoute } from './list-payments.ts'
import { listShipmentsRoute } from './list-shipments.ts'
import { placeOrderRoute } from './place-order.ts'
import { reviewOrderRoute } from './review-order.ts'
import { returnRoutes } from './returns.ts'
import { shipOrderRoute } from './ship-order.ts'

/** Everything below /v1/orders. */
export const orderRoutes: FastifyPluginAsyncTypebox = async app => {
  await app.register(placeOrderRoute)
  await app.register(getOrderRoute)
  await app.register(listOrdersRoute)
  await app.register(laterCommandRoutes)
  await app.register(reviewOrderRoute)
  await app.register(shipOrderRoute)
  await app.register(returnRoutes)
  await app.register(listEventsRoute)
  await app.register(listPaymentsRoute)
  await app.register(listShipmentsRoute)
}
