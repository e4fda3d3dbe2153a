import rateLimit, { type FastifyRateLimitOptions, type FastifyRateLimitStore, normalizeIP } from '@fastify/rate-limit'
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ApiError } from '../../errors.ts'
import { type BucketRule, type LimitRule, type WindowRule, memoryMs } from '../../limits/rules.ts'
import { type RateCounters } from '../../ports.ts'

/** Requests per window and user (per address without a token). */
export type RateLimitOptions = WindowRule

/** The limits of all routes; those of accounts and passwords are apart (`AuthLimits`). */
export interface ApiLimits {
  /** Of a user, over all routes without a limit of their own. */
  readonly user: WindowRule
  /** Of a user, over everything about payments. */
  readonly payments: BucketRule
  /** Of an address, for requests that are refused because of their token. */
  readonly refused: WindowRule
}

/** @source The domain: 100 requests a minute for each user; for payments 1,000 and 100 more every 10 seconds. */
export const defaultLimits: ApiLimits = {
  user: { max: 100, windowMs: 60_000 },
  payments: { max: 1000, refill: 100, everyMs: 10_000 },
  refused: { max: 300, windowMs: 60_000 }
}

/** A limit as the configuration of a route: over all routes of that name together; without a name of the route alone. */
export interface RouteLimit {
  readonly limitName?: string
  readonly bucket?: BucketRule
  readonly max: number
  readonly timeWindow: number
  readonly keyGenerator?: (request: FastifyRequest) => string
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Limits that routes put into their configuration. */
    readonly routeLimits: { readonly payments: RouteLimit }
    /** Counts a request that is refused because of its token. @throws {ApiError} API_RATE_LIMITED beyond the limit of its address. */
    countRefusal (request: FastifyRequest, reply: FastifyReply): Promise<void>
  }
}

export interface LimitsOptions {
  readonly limits: ApiLimits
  readonly counters: RateCounters
  /** Takes every request, and counts none: for load tests. */
  readonly areLifted: boolean
}

/**
 * Counts requests per user and says so in RateLimit headers. Runs after the token is checked, so that users behind one address do not
 * share a limit; health checks are not counted.
 */
export const rateLimitPlugin = fp(async function limits (app: FastifyInstance, { limits, counters, areLifted }: LimitsOptions) {
  await app.register(rateLimit, {
    global: true,
    hook: 'preValidation',
    max: limits.user.max,
    timeWindow: limits.user.windowMs,
    enableDraftSpec: true,
    store: storeOver(counters),
    keyGenerator: senderOf,
    allowList: request => areLifted || request.url.startsWith('/health/'),
    errorResponseBuilder: (_request, { max, ttl }) => new ApiError('API_RATE_LIMITED', `more than ${max} requests: wait ${Math.ceil(ttl / 1000)} s`)
  })
  app.decorate('routeLimits', { payments: { limitName: 'payments', bucket: limits.payments, max: limits.payments.max, timeWindow: memoryMs(limits.payments) } })

  const refusals = app.createRateLimit(named({ limitName: 'refused', max: limits.refused.max, timeWindow: limits.refused.windowMs, keyGenerator: addressOf }))
  app.decorate('countRefusal', async (request: FastifyRequest, reply: FastifyReply) => {
    const count = await refusals(request)
    if (count.isAllowed || !count.isExceeded) return
    reply.header('retry-after', count.ttlInSeconds)
    throw new ApiError('API_RATE_LIMITED', 'too many requests from this address without a token that counts')
  })

  app.addHook('onSend', async (request, reply) => { tellPolicy(request, reply, limits.user) })
}, { name: 'limits', dependencies: ['problems'] })

/** Where a request comes from, as limits count it: hosts choose freely within an IPv6 network of 64 bits, which counts as one. */
export function addressOf ({ ip }: FastifyRequest): string {
  return normalizeIP(ip)
}

/** A limit as an argument of `createRateLimit`, which knows nothing of names. */
export function named (limit: RouteLimit & { readonly keyGenerator: (request: FastifyRequest) => string }): FastifyRateLimitOptions {
  return limit as FastifyRateLimitOptions
}

function senderOf (request: FastifyRequest): string {
  return request.principal === null ? addressOf(request) : `user ${request.principal.subject}`
}

/** @source draft-ietf-httpapi-ratelimit-headers-10: the two structured fields, beside the three that are widely read. */
function tellPolicy (request: FastifyRequest, reply: FastifyReply, user: WindowRule): void {
  const [max, remaining, resetS] = ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'].map(name => reply.getHeader(name))
  if (max === undefined) return
  const { limitName = 'default', timeWindow = user.windowMs } = (request.routeOptions.config.rateLimit ?? {}) as Partial<RouteLimit>
  reply.header('ratelimit-policy', `"${limitName}";q=${String(max)};w=${Math.ceil(timeWindow / 1000)}`)
  reply.header('ratelimit', `"${limitName}";r=${String(remaining)};t=${String(resetS)}`)
}

interface LimitParams { readonly limitName?: string, readonly bucket?: BucketRule, readonly routeInfo?: { readonly method?: unknown, readonly url?: string } }

/** A store of the library over our counters: one of its own for each route with a limit of its own. */
function storeOver (counters: RateCounters) {
  return class CounterStore implements FastifyRateLimitStore {
    readonly #name: string
    readonly #bucket: BucketRule | undefined

    constructor (given: object) {
      const { limitName, bucket, routeInfo = {} } = given as LimitParams
      this.#name = limitName ?? (routeInfo.url === undefined ? 'all' : `${String(routeInfo.method)} ${routeInfo.url}`)
      this.#bucket = bucket
    }

    incr (sender: string, callback: (error: Error | null, result?: { current: number, ttl: number }) => void, windowMs: number, max: number): void {
      const rule: LimitRule = this.#bucket ?? { max, windowMs }
      counters.count(`${this.#name} ${sender}`, rule).then(({ current, resetMs }) => { callback(null, { current, ttl: resetMs }) }, callback)
    }

    child (params: object): CounterStore {
      return new CounterStore(params)
    }
  }
}
