import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { readShipmentRoutes } from './read-shipments.ts'
import { tellShipmentRoutes } from './tell-shipments.ts'

/** Everything below /v1/shipments. */
export const shipmentRoutes: FastifyPluginAsyncTypebox = async app => {
  await app.register(readShipmentRoutes)
  await app.register(tellShipmentRoutes)
}
