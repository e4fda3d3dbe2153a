import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type PaymentState } from '#schemas'
import { ApiError } from '../../../errors.ts'
import { readablePayment } from '../../../payments/readable.ts'
import { type RefundIdentity, checkRefund, knownRefund, refundCommand, refundIdentity } from '../../../payments/refund.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { type Services } from '../../../plugins/app/services.ts'
import { type LogPosition, positionToken } from '../../../position.ts'
import { AcceptedRefund, PaymentParams, type RefundBody, RefundBodySchema } from '../../../schemas/payment.ts'
import { problems } from '../../../schemas/problem.ts'
import { traceparentOf } from '../../../trace.ts'

/** POST /v1/payments/{id}/refund: writes a RefundPayment into the log; it is paid once, and tried until it is done. */
export const refundPaymentRoute: FastifyPluginAsyncTypebox = async app => {
  app.post('/:id/refund', {
    config: { permission: 'payments:refund' },
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
      response: { 202: AcceptedRefund, ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 503) }
    }
  }, async (request, reply) => {
    const { params: { id: paymentId }, body } = request
    const principal = principalOfRequest(request)
    const state = await readablePayment(app.services, paymentId, principal)
    const identity = refundIdentity(principal, paymentId, request.headers['idempotency-key'], body)
    const { position, replayed } = await accept(app.services, request, { paymentId, state, body, identity })
    const location = `/v1/payments/${paymentId}${position === undefined ? '' : `?position=${positionToken(position)}`}`
    reply.header('location', location)
    if (replayed) reply.header('idempotent-replayed', 'true')
    return await reply.code(202).send({ refundId: identity.refundId, paymentId, status: 'accepted', location })
  })
}

interface Asked { readonly paymentId: string, readonly state: PaymentState, readonly body: RefundBody, readonly identity: RefundIdentity }

/** Appends the command unless the log has it: the cache answers most repeats, the payment itself all others. */
async function accept (
  services: Services, request: FastifyRequest, { paymentId, state, body, identity }: Asked
): Promise<{ readonly position: LogPosition | undefined, readonly replayed: boolean }> {
  const { commandId, bodyHash, refundId } = identity
  const known = await services.idempotency.begin(commandId, bodyHash)
  if (known.kind === 'conflict') throw new ApiError('API_IDEMPOTENCY_CONFLICT')
  if (known.kind === 'running') throw new ApiError('API_REQUEST_RUNNING')
  if (known.kind === 'done') return { position: known.position, replayed: true }
  try {
    const before = knownRefund(state, refundId, body)
    if (before === 'other') throw new ApiError('API_IDEMPOTENCY_CONFLICT')
    if (before === 'same') {
      await services.idempotency.abandon(commandId)
      return { position: undefined, replayed: true }
    }
    const principal = principalOfRequest(request)
    checkRefund(state, paymentId, body, principal)
    const command = refundCommand(state.orderId, body, { principal, identity, correlationId: request.id, nowMs: services.clock.now() })
    const position = await services.commandLog.append(command, { traceparent: traceparentOf(request.headers) })
    await services.idempotency.finish(commandId, position)
    return { position, replayed: false }
  } catch (error) {
    await services.idempotency.abandon(commandId)
    throw error
  }
}
