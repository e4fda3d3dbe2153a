import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { type OrderView } from '#schemas'
import { answerReturn, receiveReturn, requestReturn, returnIdOf } from '../../../../topology/returns/decide-return.ts'
import { IdempotencyHeaders } from '../../../commands.ts'
import { acceptLater, checkDecision, stateForbids } from '../../../orders/later-command.ts'
import { returnBody } from '../../../orders/view.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { AcceptedOrder, OrderId, orderLimitBytes } from '../../../schemas/order.ts'
import { commandProblems, problems } from '../../../schemas/problem.ts'
import {
  AcceptedReturn, AnswerReturnBodySchema, ReceiveReturnBodySchema, RequestReturnBodySchema, ReturnId, ReturnsBodySchema
} from '../../../schemas/return.ts'
import { OrderParams, readableOrder } from './get-order.ts'

const ReturnParams = Type.Object({ id: OrderId, returnId: ReturnId })
const shared = { tags: ['returns'], headers: IdempotencyHeaders }

/** States in which an order has something to give back. */
const delivered: ReadonlySet<OrderView['state']> = new Set(['Delivered', 'ReturnRequested', 'PartiallyReturned', 'Returned'])

/** Everything about the returns of an order: its owner asks, support decides, the warehouse receives. */
export const returnRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get('/:id/returns', {
    config: { permission: 'orders:read' },
    schema: {
      tags: ['returns'],
      operationId: 'listReturns',
      summary: 'Returns of an order',
      description: 'Oldest first, with what became of each.',
      params: OrderParams,
      response: { 200: ReturnsBodySchema, ...problems(400, 401, 403, 404, 429, 503) }
    }
  }, async request => {
    const view = await readableOrder(app.services, request.params.id, principalOfRequest(request))
    return { items: view.returns.map(returnBody) }
  })

  app.post('/:id/returns', {
    bodyLimit: orderLimitBytes,
    config: { permission: 'orders:write' },
    schema: {
      ...shared,
      operationId: 'requestReturn',
      summary: 'Ask to give pieces back',
      description: 'For delivered pieces, within 30 days. The return is decided by the shop; its money is given back once the goods are there.',
      params: OrderParams,
      body: RequestReturnBodySchema,
      response: { 202: AcceptedReturn, ...commandProblems }
    }
  }, async (request, reply) => {
    const { id: orderId } = request.params
    const { lines, reason } = request.body
    return await acceptLater(app.services, request, reply, {
      orderId,
      action: 'returns',
      key: request.headers['idempotency-key'],
      check: view => {
        if (!delivered.has(view.state)) throw stateForbids(view)
        checkDecision(requestReturn(view, { type: 'RequestReturn', orderId, lines, reason }, '', app.services.clock.now()))
      },
      command: meta => ({ type: 'RequestReturn', meta, orderId, lines, reason }),
      answer: commandId => ({ returnId: returnIdOf(orderId, commandId) })
    })
  })

  app.post('/:id/returns/:returnId/approve', {
    config: { permission: 'orders:review' },
    schema: {
      ...shared,
      operationId: 'answerReturn',
      summary: 'Approve or decline a return',
      description: 'An approved return is waited for 30 days.',
      params: ReturnParams,
      body: AnswerReturnBodySchema,
      response: { 202: AcceptedOrder, ...commandProblems }
    }
  }, async (request, reply) => {
    const { id: orderId, returnId } = request.params
    const { approved = true, reason = approved ? 'approved' : 'declined' } = request.body
    const body = { type: 'ApproveReturn', orderId, returnId, approved, reason } as const
    return await acceptLater(app.services, request, reply, {
      orderId,
      action: `returns/${returnId}/approve`,
      key: request.headers['idempotency-key'],
      check: view => { checkDecision(answerReturn(view, body, app.services.clock.now())) },
      command: meta => ({ ...body, meta })
    })
  })

  app.post('/:id/returns/:returnId/receive', {
    bodyLimit: orderLimitBytes,
    config: { permission: 'shipments:create' },
    schema: {
      ...shared,
      operationId: 'receiveReturn',
      summary: 'Take in the goods of a return',
      description: 'What really arrived; without lines all of it. Goods go back to the stock, their money to the customer.',
      params: ReturnParams,
      body: ReceiveReturnBodySchema,
      response: { 202: AcceptedOrder, ...commandProblems }
    }
  }, async (request, reply) => {
    const { id: orderId, returnId } = request.params
    const { lines = [] } = request.body
    const body = { type: 'ReceiveReturn', orderId, returnId, lines } as const
    return await acceptLater(app.services, request, reply, {
      orderId,
      action: `returns/${returnId}/receive`,
      key: request.headers['idempotency-key'],
      check: view => { checkDecision(receiveReturn(view, body)) },
      command: meta => ({ ...body, meta })
    })
  })
}
