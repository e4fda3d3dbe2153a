import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { asOfBody, customerValueBody, daysOf, failuresBody, funnelBody, productBody, revenueBody } from '../../../analytics/view.ts'
import { ApiError } from '../../../errors.ts'
import {
  CustomerParams, DashboardSchema, DaysQuery, FunnelSchema, LifetimeValueSchema, OrdersSummarySchema, RevenueQuery, RevenueSchema, SagaLatencySchema,
  TopProductsQuery, TopProductsSchema
} from '../../../schemas/analytics.ts'
import { problems } from '../../../schemas/problem.ts'

const permission = 'analytics:view'
const refusals = problems(400, 401, 403, 429, 503)
const described = (operationId: string, summary: string, more = '') => ({
  tags: ['analytics'],
  operationId,
  summary,
  description: `Exact sums over everything up to \`asOf\`, about a second behind; an order counts for the day on which it was placed. ${more}`.trim()
})

/** Most periods of the dashboard. */
const shownDays = 30
/** Most products of the dashboard. */
const shownProducts = 5

/** GET /v1/analytics/orders/summary, revenue, products/top, customers/{id}/lifetime-value, funnel, saga-latency and dashboard. */
export const figureRoutes: FastifyPluginAsyncTypebox = async app => {
  const { analytics } = app.services
  /** `asOf` is asked first: what is counted since then may be in the figures, and nothing that is counted up to then is missing. */
  const answered = async <Body extends object>(figures: () => Promise<Body>) => {
    try {
      return { asOf: asOfBody(await analytics.ask('asOf', {})), ...await figures() }
    } catch (error) {
      throw new ApiError('API_ANALYTICS_UNAVAILABLE', undefined, {}, error)
    }
  }

  app.get('/orders/summary', {
    config: { permission },
    schema: { ...described('getOrdersSummary', 'Orders by what became of them'), querystring: DaysQuery, response: { 200: OrdersSummarySchema, ...refusals } }
  }, async request => await answered(async () => ({ items: [...await analytics.ask('orders', daysOf(request.query))] })))

  app.get('/revenue', {
    config: { permission },
    schema: {
      ...described('getRevenue', 'Gross revenue, refunds and net by period', 'A period at the edge counts only the days that are asked for.'),
      querystring: RevenueQuery,
      response: { 200: RevenueSchema, ...refusals }
    }
  }, async request => {
    const { by = 'day', currency = '', limit = 400 } = request.query
    return await answered(async () => ({ items: (await analytics.ask('revenue', { ...daysOf(request.query), by, currency, limit })).map(revenueBody) }))
  })

  app.get('/products/top', {
    config: { permission },
    schema: { ...described('getTopProducts', 'Products with the greatest revenue'), querystring: TopProductsQuery, response: { 200: TopProductsSchema, ...refusals } }
  }, async request => {
    const { currency = '', limit = 10 } = request.query
    return await answered(async () => ({ items: (await analytics.ask('topProducts', { ...daysOf(request.query), currency, limit })).map(productBody) }))
  })

  app.get('/customers/:id/lifetime-value', {
    config: { permission },
    schema: {
      ...described('getLifetimeValue', 'What a customer is worth, and the segment', 'A customer who never bought anything has no items.'),
      params: CustomerParams,
      response: { 200: LifetimeValueSchema, ...refusals }
    }
  }, async request => {
    const customerId = request.params.id
    return await answered(async () => ({ customerId, items: (await analytics.ask('lifetimeValue', { customerId })).map(customerValueBody) }))
  })

  app.get('/funnel', {
    config: { permission },
    schema: {
      ...described('getFunnel', 'How far visitors came, from a first view to an order', '`from` and `to` are the days on which sessions began.'),
      querystring: DaysQuery,
      response: { 200: FunnelSchema, ...refusals }
    }
  }, async request => await answered(async () => ({ items: funnelBody(await analytics.ask('funnel', daysOf(request.query))) })))

  app.get('/saga-latency', {
    config: { permission },
    schema: {
      ...described('getSagaLatency', 'How long the steps of orders took', '`from` and `to` are the days on which orders were accepted.'),
      querystring: DaysQuery,
      response: { 200: SagaLatencySchema, ...refusals }
    }
  }, async request => await answered(async () => ({ items: [...await analytics.ask('sagaLatency', daysOf(request.query))] })))

  app.get('/dashboard', {
    config: { permission },
    schema: {
      ...described('getDashboard', 'The figures of an overview', `The newest ${shownDays} days and ${shownProducts} products at most.`),
      querystring: DaysQuery,
      response: { 200: DashboardSchema, ...refusals }
    }
  }, async request => await answered(async () => {
    const days = daysOf(request.query)
    const [orders, revenue, products, latency, payments] = await Promise.all([
      analytics.ask('orders', days),
      analytics.ask('revenue', { ...days, by: 'day', currency: '', limit: shownDays }),
      analytics.ask('topProducts', { ...days, currency: '', limit: shownProducts }),
      analytics.ask('sagaLatency', days),
      analytics.ask('paymentFailures', days)
    ])
    const shown = { revenue: revenue.map(revenueBody), products: products.map(productBody), payments: payments.map(failuresBody) }
    return { orders: [...orders], latency: [...latency], ...shown }
  }))
}
