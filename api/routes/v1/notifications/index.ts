import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { inboxRoutes } from './inbox.ts'
import { preferenceRoutes } from './preferences.ts'
import { sendRoutes } from './send.ts'
import { streamInboxRoute } from './stream-inbox.ts'
import { templateRoutes } from './templates.ts'

/** Everything below /v1/notifications. */
export const notificationRoutes: FastifyPluginAsyncTypebox = async app => {
  await app.register(preferenceRoutes)
  await app.register(templateRoutes)
  await app.register(streamInboxRoute)
  await app.register(inboxRoutes)
  await app.register(sendRoutes)
}
