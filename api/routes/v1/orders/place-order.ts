import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type FastifyReply, type FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { tellAcceptance } from '../../../commands.ts'
import { type Services } from '../../../plugins/app/services.ts'
import { goneSignal } from '../../../gone-signal.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { ApiError } from '../../../errors.ts'
import { acceptOrder } from '../../../orders/accept.ts'
import { checkOrder, orderIdentity } from '../../../orders/command.ts'
import { isSettled, orderBody } from '../../../orders/view.ts'
import { maxWaitS, preferredWaitS, readUntil } from '../../../orders/wait.ts'
import { type OrderReading } from '../../../ports.ts'
import { type LogPosition } from '../../../position.ts'
import { traceparentOf } from '../../../trace.ts'
import { AcceptedOrder, OrderBodySchema, PlaceOrderBodySchema, orderLimitBytes } from '../../../schemas/order.ts'
import { problems } from '../../../schemas/problem.ts'

/** The longest wait that a client can ask for, and time to answer. */
const answerTimeoutMs = (maxWaitS + 10) * 1000

/** POST /v1/orders: writes a PlaceOrder into the log and answers before, or on demand after, it was decided. */
export const placeOrderRoute: FastifyPluginAsyncTypebox = async app => {
  app.post('', {
    bodyLimit: orderLimitBytes,
    handlerTimeout: answerTimeoutMs,
    config: { permission: 'orders:write', isIntake: true },
    schema: {
      tags: ['orders'],
      operationId: 'placeOrder',
      summary: 'Place an order',
      description: 'The order is in the log when the answer comes, and is decided a moment later. The same Idempotency-Key means the same order, for ever.',
      headers: Type.Object({
        'idempotency-key': Type.String({ pattern: '^[!-~]{1,255}$', description: 'Key of your own, unique for each order: repeat it when you repeat the request.' }),
        prefer: Type.Optional(Type.String({ description: `wait=N: answer when the order is confirmed, needs an action or has ended, at the latest after N ≤ ${maxWaitS} seconds.` }))
      }),
      body: PlaceOrderBodySchema,
      response: { 201: OrderBodySchema, 202: AcceptedOrder, ...problems(400, 401, 403, 409, 413, 415, 422, 429, 503) }
    }
  }, async (request, reply) => {
    const principal = principalOfRequest(request)
    checkOrder(request.body, principal)
    const identity = await orderIdentity({ principal, idempotencyKey: request.headers['idempotency-key'], keys: app.services.keys }, request.body)
    const sender = { principal, correlationId: request.id, traceparent: traceparentOf(request.headers) }
    const acceptance = await acceptOrder(app.services, request.body, identity, sender)
    const location = tellAcceptance(reply, `/v1/orders/${identity.orderId}`, acceptance)
    const waitS = preferredWaitS(request.headers.prefer)
    if (waitS !== undefined) {
      reply.header('preference-applied', `wait=${waitS}`)
      const answer = await settled(app.services, request, reply, identity.orderId, acceptance.position, waitS)
      if (answer !== undefined) return answer
    }
    return await reply.code(202).send({ orderId: identity.orderId, status: 'accepted', location })
  })
}

/** Waits for the order and answers with it; undefined when it is still open, or cannot be read now: it is accepted all the same. */
async function settled (
  services: Services, request: FastifyRequest, reply: FastifyReply, orderId: string, position: LogPosition | undefined, waitS: number
): Promise<FastifyReply | undefined> {
  const signal = goneSignal(reply)
  const isGood = ({ view }: OrderReading): boolean => view !== undefined && isSettled(view)
  let view
  try {
    const { clock, feed } = services
    view = (await readUntil(services.orders, orderId, position, isGood, { clock, timeoutMs: waitS * 1000, signal, feed, outlastsRestore: true })).view
  } catch (error) {
    request.log.warn({ err: error }, 'the wait for an accepted order ended early')
  }
  if (view === undefined || !isSettled(view)) return undefined
  if (view.outcome === 'Rejected') throw new ApiError('API_ORDER_REJECTED', view.reason ?? undefined, { order: orderBody(view) })
  return await reply.code(201).send(orderBody(view))
}
