import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { type SignatureVerdict } from '../../../../topology/payments/callback-signature.ts'
import { callbackRecord } from '../../../../topology/payments/read-callback.ts'
import { ApiError, type ApiErrorCode } from '../../../errors.ts'
import { CallbackAnswer } from '../../../schemas/payment.ts'
import { problems } from '../../../schemas/problem.ts'
import { traceparentOf } from '../../../trace.ts'

/** Several times the largest callback of a known provider. */
export const bodyLimitBytes = 64 * 1024

/** A provider sends in bursts, from few addresses, and nobody can send more than is checked in that time. */
export const rateLimit = { max: 1000, timeWindow: 1000 }

/** What is answered to a callback that is not believed. */
export const refusals: Readonly<Record<Exclude<SignatureVerdict, 'valid'> | 'off', readonly [code: ApiErrorCode, detail?: string]>> = {
  missing: ['API_CALLBACK_UNSIGNED'],
  malformed: ['API_CALLBACK_FORGED', 'the header is not t=<epoch seconds>,v1=<64 hexadecimal digits>'],
  wrong: ['API_CALLBACK_FORGED', 'no secret of ours gives this signature for these bytes'],
  stale: ['API_CALLBACK_STALE'],
  off: ['API_CALLBACKS_OFF']
}

/** POST /v1/webhooks/payments: the payment provider tells by itself what it has done. Its signature is its token. */
export const paymentCallbackRoute: FastifyPluginAsyncTypebox = async app => {
  // The signature is over the bytes: they are kept as they came.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => { done(null, body) })

  app.post('/payments', {
    bodyLimit: bodyLimitBytes,
    config: { permission: 'public', rateLimit },
    // Nothing is read of the body before its signature is checked; what it must look like is the provider's affair.
    validatorCompiler: () => () => true,
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
      body: Type.Object({}, { additionalProperties: true, description: 'The callback as the provider sends it.' }),
      response: { 200: CallbackAnswer, 202: CallbackAnswer, ...problems(400, 413, 415, 422, 429, 503) }
    }
  }, async (request, reply) => {
    const { callbacks, clock, commandLog } = app.services
    const nowMs = clock.now()
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const verdict = callbacks.check(request.headers[callbacks.header], body, nowMs)
    if (verdict !== 'valid') throw new ApiError(...refusals[verdict])
    const reading = callbacks.read(jsonOf(body))
    if (reading.kind === 'unreadable') throw new ApiError('API_REQUEST_INVALID', undefined, { errors: [{ field: reading.field, message: reading.message }] })
    if (reading.kind === 'ignored') return await reply.code(200).send({ received: true, outcome: 'ignored', reason: reading.reason })
    await commandLog.append(callbackRecord(reading.callback, callbacks.provider, nowMs), { traceparent: traceparentOf(request.headers) })
    return await reply.code(202).send({ received: true, outcome: 'accepted' })
  })
}

/** The JSON of a body as it came. @throws {ApiError} API_REQUEST_MALFORMED */
export function jsonOf (body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch (error) {
    throw new ApiError('API_REQUEST_MALFORMED', 'the body is not JSON', {}, error)
  }
}
