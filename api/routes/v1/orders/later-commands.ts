import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { amendLines } from '../../../../topology/orders/amend-order.ts'
import { ApiError } from '../../../errors.ts'
import { acceptLater, stateForbids } from '../../../orders/later-command.ts'
import { AmendOrderBodySchema, CancelOrderBodySchema, RetryPaymentBodySchema, orderLimitBytes } from '../../../schemas/order.ts'
import { orderCommand } from './order-command.ts'

/** POST /v1/orders/{id}/amend, /payments and /cancel: what a customer decides about an order that exists. */
export const laterCommandRoutes: FastifyPluginAsyncTypebox = async app => {
  app.post('/:id/amend', {
    bodyLimit: orderLimitBytes,
    config: { permission: 'orders:write' },
    schema: {
      ...orderCommand,
      operationId: 'amendOrder',
      summary: 'Take less than was ordered',
      description: 'For an order whose stock is short (ActionRequired, BackOrdered): lines are dropped or reduced, and the rest is reserved anew.',
      body: AmendOrderBodySchema
    }
  }, async (request, reply) => {
    const { id: orderId } = request.params
    const { lines } = request.body
    return await acceptLater(app.services, request, reply, {
      orderId,
      action: 'amend',
      key: request.headers['idempotency-key'],
      check: view => {
        if (view.state !== 'BackOrdered' && view.actionReason !== 'shortStock') throw stateForbids(view)
        const left = amendLines(view, lines)
        if ('code' in left) throw new ApiError('API_REQUEST_INVALID', undefined, { errors: [{ field: left.field ?? '', message: left.message }] })
      },
      command: meta => ({ type: 'AmendOrder', meta, orderId, lines })
    })
  })

  app.post('/:id/payments', {
    config: { permission: 'payments:process', rateLimit: app.routeLimits.payments },
    schema: {
      ...orderCommand,
      operationId: 'retryPayment',
      summary: 'Pay again',
      description: 'For an order whose payment was declined (ActionRequired): its stock is kept for a day. Without a body it is paid as before.',
      body: RetryPaymentBodySchema
    }
  }, async (request, reply) => {
    const { id: orderId } = request.params
    const { payment } = request.body
    return await acceptLater(app.services, request, reply, {
      orderId,
      action: 'payments',
      key: request.headers['idempotency-key'],
      check: view => { if (view.actionReason !== 'paymentDeclined') throw stateForbids(view) },
      command: meta => ({ type: 'RetryPayment', meta, orderId, payment: payment ?? null })
    })
  })

  app.post('/:id/cancel', {
    config: { permission: 'orders:cancel' },
    schema: {
      ...orderCommand,
      operationId: 'cancelOrder',
      summary: 'Cancel an order',
      description: 'Possible until it is shipped: what was taken is given back, whether it was held or paid. Of an order that left in part, the rest is cancelled.',
      body: CancelOrderBodySchema
    }
  }, async (request, reply) => {
    const { id: orderId } = request.params
    const { reason = 'cancelled by the customer' } = request.body
    return await acceptLater(app.services, request, reply, {
      orderId,
      action: 'cancel',
      key: request.headers['idempotency-key'],
      check: view => { if (view.outcome !== null || view.state === 'Compensating' || view.state === 'Shipped') throw stateForbids(view) },
      command: meta => ({ type: 'CancelOrder', meta, orderId, reason })
    })
  })
}
