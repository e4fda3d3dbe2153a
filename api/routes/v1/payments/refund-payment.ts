import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type PaymentState } from '#schemas'
import { type Acceptance, appendOnce, tellAcceptance } from '../../../commands.ts'
import { readablePayment } from '../../../payments/readable.ts'
import { type RefundIdentity, checkRefund, knownRefund, refundCommand, refundIdentity } from '../../../payments/refund.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { type Services } from '../../../plugins/app/services.ts'
import { AcceptedRefund, PaymentParams, type RefundBody, RefundBodySchema } from '../../../schemas/payment.ts'
import { commandProblems } from '../../../schemas/problem.ts'
import { traceparentOf } from '../../../trace.ts'

/** POST /v1/payments/{id}/refund: writes a RefundPayment into the log; it is paid once, and tried until it is done. */
export const refundPaymentRoute: FastifyPluginAsyncTypebox = async app => {
  app.post('/:id/refund', {
    config: { permission: 'payments:refund', rateLimit: app.routeLimits.payments },
    schema: {
      tags: ['payments'],
      operationId: 'refundPayment',
      summary: 'Give money back',
      description: 'The refund is in the log when the answer comes. The same Idempotency-Key means the same refund of the payment, for ever. Support may give back 200 of one payment in all.',
      params: PaymentParams,
      headers: Type.Object({
        'idempotency-key': Type.String({ pattern: '^[!-~]{1,255}$', description: 'Key of your own, unique for each refund: repeat it when you repeat the request.' })
      }),
      body: RefundBodySchema,
      response: { 202: AcceptedRefund, ...commandProblems }
    }
  }, async (request, reply) => {
    const { params: { id: paymentId }, body } = request
    const principal = principalOfRequest(request)
    const state = await readablePayment(app.services, paymentId, principal)
    const identity = refundIdentity(principal, paymentId, request.headers['idempotency-key'], body)
    const acceptance = await accept(app.services, request, { paymentId, state, body, identity })
    const location = tellAcceptance(reply, `/v1/payments/${paymentId}`, acceptance)
    return await reply.code(202).send({ refundId: identity.refundId, paymentId, status: 'accepted', location })
  })
}

interface Asked { readonly paymentId: string, readonly state: PaymentState, readonly body: RefundBody, readonly identity: RefundIdentity }

async function accept (services: Services, request: FastifyRequest, { paymentId, state, body, identity }: Asked): Promise<Acceptance> {
  const { commandId, bodyHash, refundId } = identity
  return await appendOnce(services, {
    commandId,
    bodyHash,
    known: () => knownRefund(state, refundId, body),
    append: async () => {
      const principal = principalOfRequest(request)
      checkRefund(state, paymentId, body, principal)
      const command = refundCommand(state.orderId, body, { principal, identity, correlationId: request.id, nowMs: services.clock.now() })
      return await services.commandLog.append(command, { traceparent: traceparentOf(request.headers) })
    }
  })
}
