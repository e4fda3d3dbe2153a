import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { getPaymentRoute } from './get-payment.ts'
import { refundPaymentRoute } from './refund-payment.ts'

/** Everything below /v1/payments. */
export const paymentRoutes: FastifyPluginAsyncTypebox = async app => {
  await app.register(getPaymentRoute)
  await app.register(refundPaymentRoute)
}
