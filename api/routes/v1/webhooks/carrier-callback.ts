import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { carrierRecord, readCarrierCallback } from '../../../../topology/shipping/read-carrier-callback.ts'
import { CallbackId, callbackAnswers, keepBytes, signedCallback, takeCallback } from './take-callback.ts'

/** POST /v1/webhooks/carriers: a carrier tells by itself where a shipment is. Its signature is its token. */
export const carrierCallbackRoute: FastifyPluginAsyncTypebox = async app => {
  keepBytes(app)

  app.post('/carriers', {
    ...signedCallback,
    schema: {
      tags: ['webhooks'],
      operationId: 'receiveCarrierCallback',
      summary: 'Callback of a carrier',
      description: 'Signed like the callbacks of payments. It may come twice, late, or out of order: it counts once, and moves a shipment only forward.',
      security: [],
      headers: Type.Object({ 'carrier-signature': Type.Optional(Type.String({ description: 't=<epoch seconds>,v1=<HMAC-SHA256 over time, full stop and raw body>.' })) }),
      body: Type.Object({ id: CallbackId }, {
        additionalProperties: true,
        description: 'type: shipment.picked_up, in_transit, out_for_delivery, delivery_failed, delivered or returned; at (ISO 8601); reference (<order id>/<number>) or trackingNumber; location; note.',
        examples: [{
          id: 'cb-000001', type: 'shipment.in_transit', at: '2026-03-02T09:30:00Z', reference: '1b4e28ba-2fa1-41d2-883f-0016d3cca427/1', location: 'Leeds'
        }]
      }),
      response: callbackAnswers
    }
  }, async (request, reply) => await takeCallback(app.services, request, reply, {
    check: (body, nowMs) => {
      const signature = request.headers['carrier-signature']
      return app.services.carrierCallbacks.check(Array.isArray(signature) ? signature[0] : signature, body, nowMs)
    },
    read: readCarrierCallback,
    record: carrierRecord
  }))
}
