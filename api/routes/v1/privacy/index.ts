import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { erasePersonRoutes } from './erase-person.ts'
import { exportPersonRoute } from './export-person.ts'

/** Everything below /v1/admin/privacy. */
export const privacyRoutes: FastifyPluginAsyncTypebox = async app => {
  await app.register(erasePersonRoutes)
  await app.register(exportPersonRoute)
}
