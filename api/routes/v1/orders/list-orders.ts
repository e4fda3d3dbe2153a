import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type OrderView } from '#schemas'
import { formatMoney } from '../../../../topology/money.ts'
import { ApiError } from '../../../errors.ts'
import { mayRead } from '../../../orders/view.ts'
import { type Principal } from '../../../permissions.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { type ListedOrder } from '../../../ports.ts'
import { OrderListQuery, OrderPageSchema, type OrderSummary } from '../../../schemas/order-list.ts'
import { problems } from '../../../schemas/problem.ts'

/** GET /v1/orders: one's own orders, or all of them with orders:read-all; the newest first. */
export const listOrdersRoute: FastifyPluginAsyncTypebox = async app => {
  app.get('', {
    config: { permission: 'orders:read' },
    schema: {
      tags: ['orders'],
      operationId: 'listOrders',
      summary: 'Orders, the newest first',
      description: 'One\'s own; all of them with the permission orders:read-all. Found in analytics, about a second behind, and shown as they stand now: an order that was just placed may be missing, one that has just left the state asked for is not shown.',
      querystring: OrderListQuery,
      response: { 200: OrderPageSchema, ...problems(400, 401, 403, 429, 503) }
    }
  }, async request => {
    const principal = principalOfRequest(request)
    const { limit = 50, after, state, from, to } = request.query
    const customerId = customerOf(principal, request.query.customer)
    const found = await listed(app.services.orderLists.list({
      limit: limit + 1,
      ...(customerId === undefined ? {} : { customerId }),
      ...(state === undefined ? {} : { state }),
      ...(from === undefined ? {} : { fromMs: Date.parse(from) }),
      ...(to === undefined ? {} : { untilMs: Date.parse(to) }),
      ...(after === undefined ? {} : { after: placeOf(after) })
    }))
    const page = found.slice(0, limit)
    const readings = await Promise.all(page.map(async ({ orderId }) => await app.services.orders.read(orderId)))
    const views = readings.flatMap(({ view }) => view === undefined ? [] : [view])
    const items = views.filter(view => mayRead(view, principal) && (state === undefined || view.state === state)).map(summaryOf)
    return { items, next: found.length > limit ? tokenOf(page.at(-1)) : null }
  })
}

/** Whose orders; undefined = everybody's. @throws {ApiError} API_FORBIDDEN for those of others without the permission */
function customerOf ({ subject, permissions }: Principal, asked: string | undefined): string | undefined {
  if (permissions.has('orders:read-all')) return asked
  if (asked !== undefined && asked !== subject) throw new ApiError('API_FORBIDDEN', 'orders of others need the permission orders:read-all')
  return subject
}

function tokenOf (order: ListedOrder | undefined): string | null {
  return order === undefined ? null : `${order.placedAtMs}-${order.orderId}`
}

function placeOf (token: string): ListedOrder {
  const cut = token.indexOf('-')
  return { placedAtMs: Number(token.slice(0, cut)), orderId: token.slice(cut + 1) }
}

function summaryOf ({ orderId, state, outcome, channel, customerId, currency, total, lines, placedAt, updatedAt, clientReference }: OrderView): OrderSummary {
  return {
    orderId,
    state,
    outcome,
    channel,
    customerId,
    currency,
    total: formatMoney(total),
    lines: lines.length,
    placedAt: new Date(placedAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
    clientReference
  }
}

async function listed<T> (list: Promise<T>): Promise<T> {
  try {
    return await list
  } catch (error) {
    throw new ApiError('API_ANALYTICS_UNAVAILABLE', undefined, {}, error)
  }
}
