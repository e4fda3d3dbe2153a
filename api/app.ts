import { type Registry } from '@prometheus-io/client'
import { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { systemClock } from '../streams/time/system-clock.ts'
import { createMemoryRateCounters } from './adapters/memory-rate-counters.ts'
import { registerFormats } from './formats.ts'
import { authPlugin } from './plugins/app/auth.ts'
import { deprecationPlugin } from './plugins/app/deprecation.ts'
import { drainingPlugin } from './plugins/app/draining.ts'
import { jsonBodiesPlugin } from './plugins/app/json-bodies.ts'
import { metricsPlugin } from './plugins/app/metrics.ts'
import { problemsPlugin } from './plugins/app/problems.ts'
import { type Services, servicesPlugin } from './plugins/app/services.ts'
import { slowSendersPlugin } from './plugins/app/slow-senders.ts'
import { timeLimitsPlugin } from './plugins/app/time-limits.ts'
import { corsPlugin } from './plugins/external/cors.ts'
import { docsPagePlugin, docsPath } from './plugins/external/docs-page.ts'
import { helmetPlugin } from './plugins/external/helmet.ts'
import { type ApiLimits, defaultLimits, rateLimitPlugin } from './plugins/external/rate-limit.ts'
import { openApiPlugin } from './plugins/external/swagger.ts'
import { loadSheddingPlugin } from './plugins/external/under-pressure.ts'
import { compileRequestSchema } from './request-validator.ts'
import { compileResponseSchema } from './response-serializer.ts'
import { type HealthCheck, healthRoutes } from './routes/health.ts'
import { type RateCounters } from './ports.ts'
import { openApiRoute } from './routes/openapi.ts'
import { type AuthLimits, authRoutes, defaultAuthLimits } from './routes/v1/auth/index.ts'
import { jwksRoute } from './routes/v1/auth/jwks.ts'
import { behaviourRoutes } from './routes/v1/behaviour/index.ts'
import { categoryRoutes } from './routes/v1/categories/index.ts'
import { experimentRoutes } from './routes/v1/experiments/index.ts'
import { inventoryRoutes } from './routes/v1/inventory/index.ts'
import { analyticsRoutes } from './routes/v1/analytics/index.ts'
import { adminRoutes } from './routes/v1/admin/index.ts'
import { type LogLevelPort } from './routes/v1/admin/log-level.ts'
import { ledgerRoutes } from './routes/v1/ledger/index.ts'
import { notificationRoutes } from './routes/v1/notifications/index.ts'
import { type OrderLimits, orderRoutes } from './routes/v1/orders/index.ts'
import { paymentRoutes } from './routes/v1/payments/index.ts'
import { productRoutes } from './routes/v1/products/index.ts'
import { shipmentRoutes } from './routes/v1/shipments/index.ts'
import { userRoutes } from './routes/v1/users/index.ts'
import { webhookRoutes } from './routes/v1/webhooks/index.ts'
import { type TokenVerifier } from './token.ts'

export interface AppOptions {
  readonly services: Services
  readonly verify: TokenVerifier
  /** Parts that /health/ready asks, by name. */
  readonly checks?: Readonly<Record<string, HealthCheck>>
  /** @default those of the domain */
  readonly limits?: Partial<ApiLimits>
  /** Who counts requests against the limits. @default this process by itself */
  readonly counters?: RateCounters
  /** Takes every request, however many there are: for load tests. @default false */
  readonly areLimitsLifted?: boolean
  /** Origins whose pages may use the API. @default none */
  readonly corsOrigins?: readonly string[]
  /** @default 5 logins a minute for each account and address, 30 for each address */
  readonly authLimits?: AuthLimits
  /** Bulk requests and open streams. @default as `defaultBulkLimits` and `defaultStreamLimits` say */
  readonly orderLimits?: OrderLimits
  /** Above this delay of the event loop requests are turned away with 503, ms; 0 = never. @default 1000 */
  readonly maxEventLoopDelayMs?: number
  /** What the log writes, for operators to change. @default it cannot be changed */
  readonly levelSwitch?: LogLevelPort
  /** Where request metrics are kept; absent = not measured. */
  readonly metrics?: Registry
}

/**
 * The API as a plugin, without a process: everything it works with comes in as ports. Order matters: errors first, then what must
 * see every route (permissions, documentation, limits), then the routes.
 */
export const apiPlugin = fp(async function api (app: FastifyInstance, options: AppOptions) {
  registerFormats()
  // Bodies are taken as they are: unknown members are refused, and "3" is no number.
  app.setValidatorCompiler(compileRequestSchema)
  app.setSerializerCompiler(compileResponseSchema)
  // Fastify would take plain text as a body: whoever forgets the media type is told so, not that his text is no object.
  app.removeContentTypeParser('text/plain')
  await app.register(jsonBodiesPlugin)
  await app.register(problemsPlugin)
  await app.register(drainingPlugin)
  await app.register(slowSendersPlugin)
  // Before whatever refuses a request: refusals carry them, too, and a busy server does not check tokens first.
  await app.register(helmetPlugin)
  await app.register(loadSheddingPlugin, { maxEventLoopDelayMs: options.maxEventLoopDelayMs ?? 1000, services: options.services })
  await app.register(corsPlugin, { origins: options.corsOrigins ?? [] })
  await app.register(authPlugin, { verify: options.verify, publicPaths: [docsPath] })
  if (options.metrics !== undefined) await app.register(metricsPlugin, { registry: options.metrics })
  await app.register(deprecationPlugin)
  await app.register(timeLimitsPlugin)
  await app.register(openApiPlugin)
  await app.register(rateLimitPlugin, {
    limits: { ...defaultLimits, ...options.limits },
    counters: options.counters ?? createMemoryRateCounters({ clock: systemClock }),
    areLifted: options.areLimitsLifted ?? false
  })
  await app.register(servicesPlugin, { services: options.services })
  await app.register(healthRoutes, { prefix: '/health', checks: options.checks ?? {} })
  await app.register(openApiRoute)
  await app.register(docsPagePlugin)
  await app.register(authRoutes, { prefix: '/v1/auth', limits: options.authLimits ?? defaultAuthLimits })
  await app.register(jwksRoute, { prefix: '/v1/.well-known' })
  await app.register(userRoutes, { prefix: '/v1/users' })
  await app.register(orderRoutes, { prefix: '/v1/orders', ...options.orderLimits })
  await app.register(inventoryRoutes, { prefix: '/v1/inventory' })
  await app.register(productRoutes, { prefix: '/v1/products' })
  await app.register(categoryRoutes, { prefix: '/v1/categories' })
  await app.register(paymentRoutes, { prefix: '/v1/payments' })
  await app.register(adminRoutes, { prefix: '/v1/admin', ...(options.levelSwitch === undefined ? {} : { level: options.levelSwitch }) })
  await app.register(behaviourRoutes, { prefix: '/v1/behaviour' })
  await app.register(experimentRoutes, { prefix: '/v1/experiments' })
  await app.register(ledgerRoutes, { prefix: '/v1/ledger' })
  await app.register(shipmentRoutes, { prefix: '/v1/shipments' })
  await app.register(analyticsRoutes, { prefix: '/v1/analytics' })
  await app.register(webhookRoutes, { prefix: '/v1/webhooks' })
  await app.register(notificationRoutes, { prefix: '/v1/notifications' })
}, { name: 'api' })
