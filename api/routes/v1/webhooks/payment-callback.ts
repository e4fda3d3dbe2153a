import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { callbackRecord } from '../../../../topology/payments/read-callback.ts'
import { CallbackId, callbackAnswers, keepBytes, signedCallback, takeCallback } from './take-callback.ts'

/** POST /v1/webhooks/payments: the payment provider tells by itself what it has done. Its signature is its token. */
export const paymentCallbackRoute: FastifyPluginAsyncTypebox = async app => {
  keepBytes(app)

  app.post('/payments', {
    ...signedCallback,
    schema: {
      tags: ['webhooks'],
      operationId: 'receivePaymentCallback',
      summary: 'Callback of the payment provider',
      description: 'Signed in the way of Stripe: HMAC-SHA256 over time and raw body. It may come twice, late, or before the answer to the call that it is about: it counts once.',
      security: [],
      headers: Type.Object({
        'payment-signature': Type.Optional(Type.String({ description: 't=<epoch seconds>,v1=<signature>, of the embedded gateway.' })),
        'stripe-signature': Type.Optional(Type.String({ description: 'The same, of Stripe.' }))
      }),
      body: Type.Object({ id: CallbackId }, {
        additionalProperties: true,
        description: 'The callback as the provider sends it.',
        examples: [{
          id: 'cb_000001',
          type: 'operation.done',
          data: {
            key: '1b4e28ba-2fa1-41d2-883f-0016d3cca427/capture/1',
            authorisation: { reference: 'auth-1', currency: 'GBP', authorised: '500000', captured: '500000', voided: '0', refunded: '0' }
          }
        }]
      }),
      response: callbackAnswers
    }
  }, async (request, reply) => {
    const { callbacks } = app.services
    return await takeCallback(app.services, request, reply, {
      check: (body, nowMs) => callbacks.check(request.headers[callbacks.header], body, nowMs),
      read: callbacks.read,
      record: ({ callback }, nowMs) => callbackRecord(callback, callbacks.provider, nowMs)
    })
  })
}
