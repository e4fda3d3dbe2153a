import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { carrierCallbackRoute } from './carrier-callback.ts'
import { paymentCallbackRoute } from './payment-callback.ts'

/** Everything below /v1/webhooks: what others tell us by themselves. */
export const webhookRoutes: FastifyPluginAsyncTypebox = async app => {
  await app.register(paymentCallbackRoute)
  await app.register(carrierCallbackRoute)
}
