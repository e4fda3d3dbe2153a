import { type FastifyInstance, type FastifyRequest, type preHandlerAsyncHookHandler } from 'fastify'
import { ApiError } from '../../../errors.ts'
import { type WindowRule } from '../../../limits/rules.ts'
import { type RouteLimit, addressOf, named } from '../../../plugins/external/rate-limit.ts'

/** How often passwords may be tried. Durable limits are the locks of the accounts; these keep the load and the mails down. */
export interface AuthLimits {
  /** For one account from one address. */
  readonly account: WindowRule
  /** For one address, whatever the accounts. */
  readonly address: WindowRule
}

/** @source The domain: 5 logins a minute for each account and address. */
export const defaultAuthLimits: AuthLimits = { account: { max: 5, windowMs: 60_000 }, address: { max: 30, windowMs: 60_000 } }

/** Route configuration: counts requests by address and by the account that the body names. */
export function perAccount ({ account: { max, windowMs } }: AuthLimits): RouteLimit {
  return { max, timeWindow: windowMs, keyGenerator: (request: FastifyRequest) => `${addressOf(request)} ${accountIn(request)}` }
}

/** A hook that counts requests by address alone, over all routes that it stands on. */
export function perAddress (app: FastifyInstance, { address: { max, windowMs } }: AuthLimits): preHandlerAsyncHookHandler {
  const limit = app.createRateLimit(named({ limitName: 'auth', max, timeWindow: windowMs, keyGenerator: addressOf }))
  return async (request, reply) => {
    const count = await limit(request)
    if (count.isAllowed || !count.isExceeded) return
    reply.header('retry-after', count.ttlInSeconds)
    throw new ApiError('API_RATE_LIMITED', 'too many attempts from this address')
  }
}

/** Not checked yet: whatever it is, it is cut to a length. */
function accountIn ({ body, principal }: FastifyRequest): string {
  const { email, token } = typeof body === 'object' && body !== null ? body as Readonly<Record<string, unknown>> : {}
  if (typeof email === 'string') return email.trim().toLowerCase().slice(0, 254)
  return typeof token === 'string' ? token.slice(0, 39) : principal?.subject ?? ''
}
