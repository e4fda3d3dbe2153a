import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { exportMeRoute } from '../privacy/export-person.ts'
import { creditLimitRoutes } from './credit-limit.ts'
import { manageUserRoutes } from './manage-users.ts'
import { myAccountRoutes } from './my-account.ts'

/** Everything below /v1/users. */
export const userRoutes: FastifyPluginAsyncTypebox = async app => {
  await app.register(myAccountRoutes)
  await app.register(exportMeRoute)
  await app.register(manageUserRoutes)
  await app.register(creditLimitRoutes)
}
