import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { privacyRoutes } from '../privacy/index.ts'
import { flagRoutes } from './flags.ts'

/** Everything below /v1/admin. */
export const adminRoutes: FastifyPluginAsyncTypebox = async app => {
  await app.register(flagRoutes)
  await app.register(privacyRoutes, { prefix: '/privacy' })
}
