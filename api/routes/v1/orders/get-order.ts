import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { type OrderView } from '#schemas'
import { partitionOf } from '../../../../streams/kafka/murmur2.ts'
import { topics } from '../../../../topology/topics.ts'
import { ApiError } from '../../../errors.ts'
import { mayRead, orderBody } from '../../../orders/view.ts'
import { readUntil } from '../../../orders/wait.ts'
import { type Principal } from '../../../permissions.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { type Services } from '../../../plugins/app/services.ts'
import { type LogPosition, parsePosition } from '../../../position.ts'
import { readParts } from '../../../orders/parts.ts'
import { type OrderPart, OrderWithPartsSchema, orderParts } from '../../../schemas/order-list.ts'
import { OrderId, PositionQuery } from '../../../schemas/order.ts'
import { problems } from '../../../schemas/problem.ts'

/** How long a reader waits for the position it asks for, ms. */
const positionWaitMs = 1000

const onePart = `(${orderParts.join('|')})`
const includePattern = `^${onePart}(,${onePart}){0,${orderParts.length - 1}}$`

/** Path and query of everything below one order. */
export const OrderParams = Type.Object({ id: OrderId })

/** GET /v1/orders/{id}: the newest state of an order. */
export const getOrderRoute: FastifyPluginAsyncTypebox = async app => {
  app.get('/:id', {
    config: { permission: 'orders:read' },
    schema: {
      tags: ['orders'],
      operationId: 'getOrder',
      summary: 'Read an order',
      description: 'An order of somebody else is answered like one that does not exist. With `include` its payments and shipments come along, read side by side: one that cannot be read within half a second is named in `missing`, and the rest is answered.',
      params: OrderParams,
      querystring: Type.Object({
        ...PositionQuery.properties,
        include: Type.Optional(Type.String({ pattern: includePattern, description: `Parts to come along, with commas between them: ${orderParts.join(', ')}. Payments need the permission payments:read.` }))
      }, { additionalProperties: false }),
      response: { 200: OrderWithPartsSchema, ...problems(400, 401, 403, 404, 429, 503) }
    }
  }, async request => {
    const { params: { id }, query: { position, include } } = request
    const principal = principalOfRequest(request)
    const wanted = wantedParts(principal, include)
    const view = await readableOrder(app.services, id, principal, position)
    if (wanted.length === 0) return orderBody(view)
    const parts = await readParts(app.services, id, wanted, (part, error) => { request.log.warn({ err: error, part }, 'a part of an order could not be read in time') })
    return { ...orderBody(view), ...parts }
  })
}

/** @throws {ApiError} API_FORBIDDEN for payments without the permission to read them */
function wantedParts ({ permissions }: Principal, include: string | undefined): readonly OrderPart[] {
  const names = new Set(include?.split(','))
  if (names.has('payments') && !permissions.has('payments:read')) throw new ApiError('API_FORBIDDEN', 'payments need the permission payments:read')
  return orderParts.filter(part => names.has(part))
}

/**
 * The order, when it exists and the reader may see it.
 *
 * @throws {ApiError} API_ORDER_NOT_VISIBLE when the position was not reached in time; API_NOT_FOUND for no order and for another's.
 */
export async function readableOrder (services: Services, orderId: string, principal: Principal, token?: string): Promise<OrderView> {
  const position = token === undefined ? undefined : positionOf(orderId, token)
  const wait = { clock: services.clock, timeoutMs: positionWaitMs }
  const { view, reached } = await readUntil(services.orders, orderId, position, reading => reading.reached, wait)
  if (view !== undefined && mayRead(view, principal)) return view
  throw new ApiError(view === undefined && !reached ? 'API_ORDER_NOT_VISIBLE' : 'API_NOT_FOUND')
}

/** A token of another order would make the wait meaningless, or endless: it is refused. */
function positionOf (orderId: string, token: string): LogPosition {
  const position = parsePosition(token)
  const topic = [topics.orders.commands, topics.orders.commandsTrusted].find(candidate => candidate.name === position?.topic)
  if (position === undefined || topic === undefined || partitionOf(orderId, topic.partitions) !== position.partition) throw new ApiError('API_POSITION_INVALID')
  return position
}
