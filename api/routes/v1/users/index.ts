import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { creditLimitRoutes } from './credit-limit.ts'

/** Everything below /v1/users. */
export const userRoutes: FastifyPluginAsyncTypebox = async app => {
  await app.register(creditLimitRoutes)
}
