import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { paymentBodies } from '../../../payments/view.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { PaymentsBodySchema } from '../../../schemas/payment.ts'
import { problems } from '../../../schemas/problem.ts'
import { OrderParams, readableOrder } from './get-order.ts'

/** GET /v1/orders/{id}/payments: the payments of an order, one for each attempt. */
export const listPaymentsRoute: FastifyPluginAsyncTypebox = async app => {
  app.get('/:id/payments', {
    config: { permission: 'payments:read', rateLimit: app.routeLimits.payments },
    schema: {
      tags: ['payments'],
      operationId: 'listOrderPayments',
      summary: 'Payments of an order',
      description: 'One for each attempt, oldest first, with their refunds.',
      params: OrderParams,
      response: { 200: PaymentsBodySchema, ...problems(400, 401, 403, 404, 429, 503) }
    }
  }, async request => {
    const { id } = request.params
    await readableOrder(app.services, id, principalOfRequest(request))
    const state = await app.services.payments.read(id)
    return { items: state === undefined ? [] : [...paymentBodies(state)] }
  })
}
