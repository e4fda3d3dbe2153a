import rateLimit from '@fastify/rate-limit'
import { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ApiError } from '../../errors.ts'

export interface RateLimitOptions {
  /** Requests per window and user (per address without a token). */
  readonly max: number
  /** Length of the fixed window, ms. */
  readonly windowMs: number
}

/** Domain default: 100 requests a minute for each user. */
export const defaultRateLimit: RateLimitOptions = { max: 100, windowMs: 60_000 }

/**
 * Counts requests per user in a fixed window and says so in RateLimit headers. Runs after the token is checked, so that users
 * behind one address do not share a limit; health checks are not counted.
 */
export const rateLimitPlugin = fp(async function limits (app: FastifyInstance, options: RateLimitOptions) {
  await app.register(rateLimit, {
    global: true,
    hook: 'preValidation',
    max: options.max,
    timeWindow: options.windowMs,
    enableDraftSpec: true,
    keyGenerator: request => request.principal === null ? request.ip : `user ${request.principal.subject}`,
    allowList: request => request.url.startsWith('/health/'),
    errorResponseBuilder: (_request, context) => new ApiError('API_RATE_LIMITED', `${context.max} requests in ${context.after} are allowed`)
  })
}, { name: 'limits' })
