import { type FastifyPluginAsync } from 'fastify'
import { exportRoute } from './export.ts'
import { figureRoutes } from './figures.ts'

/** Everything below /v1/analytics. */
export const analyticsRoutes: FastifyPluginAsync = async app => {
  await app.register(figureRoutes)
  await app.register(exportRoute)
}
