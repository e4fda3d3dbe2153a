import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { accountRoutes } from './accounts.ts'
import { clientTokenRoute } from './client-token.ts'
import { type AuthLimits } from './limits.ts'
import { sessionRoutes } from './sessions.ts'

export { type AuthLimits, defaultAuthLimits } from './limits.ts'

/** Everything below /v1/auth. What is answered here is for one person: nobody on the way keeps a copy. */
export const authRoutes: FastifyPluginAsyncTypebox<{ readonly limits: AuthLimits }> = async (app, { limits }) => {
  app.addHook('onSend', async (_request, reply) => { reply.header('cache-control', 'no-store') })
  await app.register(accountRoutes, { limits })
  await app.register(sessionRoutes, { limits })
  await app.register(clientTokenRoute)
}
