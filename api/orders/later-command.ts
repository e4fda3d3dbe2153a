import { type FastifyReply, type FastifyRequest } from 'fastify'
import { type CommandMeta, type OrderView } from '#schemas'
import { type Rejection } from '../../topology/orders/price-order.ts'
import { type OrderCommand } from '../../topology/topics.ts'
import { acceptCommand, requestCommandId, tellAcceptance } from '../commands.ts'
import { ApiError } from '../errors.ts'
import { principalOfRequest } from '../plugins/app/auth.ts'
import { type Services } from '../plugins/app/services.ts'
import { mayRead } from './view.ts'

export interface LaterCommandOptions {
  readonly orderId: string
  /** Last part of the path, e.g. `amend`. */
  readonly action: string
  readonly key: string
  /** Checks what can be known now. @throws {ApiError} API_STATE_FORBIDS, API_REQUEST_INVALID */
  readonly check: (view: OrderView) => void
  readonly command: (meta: CommandMeta) => OrderCommand
  /** What the answer says besides. @default nothing */
  readonly answer?: (commandId: string) => Readonly<Record<string, string>>
}

/**
 * Takes a command for an order that exists: it is in the log when the answer comes, and is decided a moment later. What the order allows by
 * then is decided by the order: a rejection lies on orders.rejections.
 *
 * @throws {ApiError} API_NOT_FOUND for no order and for another's.
 */
export async function acceptLater (services: Services, request: FastifyRequest, reply: FastifyReply, options: LaterCommandOptions) {
  const { orderId, action, key, answer = () => ({}) } = options
  const route = `POST /v1/orders/${orderId}/${action}`
  const { view, commandHashes } = await services.orders.read(orderId)
  if (view === undefined || !mayRead(view, principalOfRequest(request))) throw new ApiError('API_NOT_FOUND')
  const acceptance = await acceptCommand(services, request, {
    route,
    key,
    body: request.body,
    known: id => commandHashes[id],
    command: meta => {
      options.check(view)
      return options.command(meta)
    }
  })
  const location = tellAcceptance(reply, `/v1/orders/${orderId}`, acceptance)
  return await reply.code(202).send({ orderId, ...answer(requestCommandId(request, { route, key })), status: 'accepted', location })
}

/** What an order would answer to a command now. @throws {ApiError} for a rejection: of a field, of the state, or of something that is not there. */
export function checkDecision (decided: object | undefined): void {
  if (decided === undefined || !('code' in decided)) return
  const { code, field, message } = decided as Rejection
  if (code === 'return-unknown') throw new ApiError('API_NOT_FOUND')
  if (field === null) throw new ApiError('API_STATE_FORBIDS', message)
  throw new ApiError('API_REQUEST_INVALID', undefined, { errors: [{ field, message }] })
}

/** The command makes no sense in this state: said at once, before it is in the log. */
export function stateForbids (view: OrderView): ApiError {
  return new ApiError('API_STATE_FORBIDS', `the order is ${view.state}`)
}
