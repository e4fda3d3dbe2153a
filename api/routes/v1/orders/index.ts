import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type StreamLimits, defaultStreamLimits } from '../../../events/serve-stream.ts'
import { eraseOrderRoute } from '../privacy/erase-order.ts'
import { type BulkLimits, bulkOrdersRoute, defaultBulkLimits } from './bulk-orders.ts'
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
import { streamOrderRoute } from './stream-order.ts'

/** Limits of what lasts long; what is not given is as by default. */
export interface OrderLimits {
  readonly bulk?: Partial<BulkLimits>
  readonly streams?: Partial<StreamLimits>
}

/** Everything below /v1/orders. */
export const orderRoutes: FastifyPluginAsyncTypebox<OrderLimits> = async (app, { bulk, streams }) => {
  await app.register(placeOrderRoute)
  await app.register(bulkOrdersRoute, { limits: { ...defaultBulkLimits, ...bulk } })
  await app.register(streamOrderRoute, { limits: { ...defaultStreamLimits, ...streams } })
  await app.register(getOrderRoute)
  await app.register(eraseOrderRoute)
  await app.register(listOrdersRoute)
  await app.register(laterCommandRoutes)
  await app.register(reviewOrderRoute)
  await app.register(shipOrderRoute)
  await app.register(returnRoutes)
  await app.register(listEventsRoute)
  await app.register(listPaymentsRoute)
  await app.register(listShipmentsRoute)
}
