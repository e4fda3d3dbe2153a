import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { carrierRecord, readCarrierCallback } from '../../../../topology/shipping/read-carrier-callback.ts'
import { ApiError } from '../../../errors.ts'
import { CallbackAnswer } from '../../../schemas/payment.ts'
import { problems } from '../../../schemas/problem.ts'
import { traceparentOf } from '../../../trace.ts'
import { bodyLimitBytes, jsonOf, rateLimit, refusals } from './payment-callback.ts'

/** POST /v1/webhooks/carriers: a carrier tells by itself where a shipment is. Its signature is its token. */
export const carrierCallbackRoute: FastifyPluginAsyncTypebox = async app => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => { done(null, body) })

  app.post('/carriers', {
    bodyLimit: bodyLimitBytes,
    config: { permission: 'public', rateLimit },
    validatorCompiler: () => () => true,
    schema: {
      tags: ['webhooks'],
      operationId: 'receiveCarrierCallback',
      summary: 'Callback of a carrier',
      description: 'Signed like the callbacks of payments. It may come twice, late, or out of order: it counts once, and moves a shipment only forward.',
      security: [],
      headers: Type.Object({ 'carrier-signature': Type.Optional(Type.String({ description: 't=<epoch seconds>,v1=<HMAC-SHA256 over time, full stop and raw body>.' })) }),
      body: Type.Object({}, {
        additionalProperties: true,
        description: 'id; type: shipment.picked_up, in_transit, out_for_delivery, delivery_failed, delivered or returned; at (ISO 8601); reference (<order id>/<number>) or trackingNumber; location; note.'
      }),
      response: { 200: CallbackAnswer, 202: CallbackAnswer, ...problems(400, 413, 415, 422, 429, 503) }
    }
  }, async (request, reply) => {
    const { carrierCallbacks, clock, commandLog } = app.services
    const nowMs = clock.now()
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const signature = request.headers['carrier-signature']
    const verdict = carrierCallbacks.check(Array.isArray(signature) ? signature[0] : signature, body, nowMs)
    if (verdict !== 'valid') throw new ApiError(...refusals[verdict])
    const reading = readCarrierCallback(jsonOf(body))
    if (reading.kind === 'unreadable') throw new ApiError('API_REQUEST_INVALID', undefined, { errors: [{ field: reading.field, message: reading.message }] })
    if (reading.kind === 'ignored') return await reply.code(200).send({ received: true, outcome: 'ignored', reason: reading.reason })
    await commandLog.append(carrierRecord(reading, nowMs), { traceparent: traceparentOf(request.headers) })
    return await reply.code(202).send({ received: true, outcome: 'accepted' })
  })
}
