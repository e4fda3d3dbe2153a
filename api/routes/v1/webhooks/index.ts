import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { carrierCallbackRoute } from './carrier-callback.ts'
import { deliveryRoutes } from './deliveries.ts'
import { notificationReceiptRoute } from './notification-receipt.ts'
import { paymentCallbackRoute } from './payment-callback.ts'
import { subscriptionRoutes } from './subscriptions.ts'

/** Everything below /v1/webhooks: what others tell us by themselves, and what we tell them. */
export const webhookRoutes: FastifyPluginAsyncTypebox = async app => {
  await app.register(paymentCallbackRoute)
  await app.register(carrierCallbackRoute)
  await app.register(notificationReceiptRoute)
  await app.register(subscriptionRoutes)
  await app.register(deliveryRoutes)
}
