import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { privacyRoutes } from '../privacy/index.ts'
import { flagRoutes } from './flags.ts'
import { type LogLevelOptions, logLevelRoutes } from './log-level.ts'

/** Everything below /v1/admin. */
export const adminRoutes: FastifyPluginAsyncTypebox<LogLevelOptions> = async (app, { level }) => {
  await app.register(flagRoutes)
  await app.register(privacyRoutes, { prefix: '/privacy' })
  await app.register(logLevelRoutes, level === undefined ? {} : { level })
}
