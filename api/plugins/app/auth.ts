import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ApiError } from '../../errors.ts'
import { type Permission, type Principal } from '../../permissions.ts'
import { type TokenVerifier } from '../../token.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a token must allow to use the route; `self`: any token, for what belongs to its subject; `public`: none. Every route must say one. */
    permission?: Permission | 'self' | 'public'
  }
  interface FastifyRequest {
    /** Who sends the request; null on public routes. */
    principal: Principal | null
    /** When its token expires, epoch seconds; 0 on public routes. */
    tokenExpiresAtS: number
  }
}

export interface AuthOptions {
  readonly verify: TokenVerifier
  /** Paths below which routes that say nothing are public: pages of libraries, which cannot say it. @default none */
  readonly publicPaths?: readonly string[]
}

/**
 * Checks the bearer token and the permission of every route. Denies by default: a route that says no permission cannot be
 * registered at all. Requests that are refused because of their token count against a limit of their address.
 */
export const authPlugin = fp(async function auth (app: FastifyInstance, { verify, publicPaths = [] }: AuthOptions) {
  app.decorateRequest('principal', null)
  app.decorateRequest('tokenExpiresAtS', 0)

  app.addHook('onRoute', route => {
    if (route.config?.permission === undefined && publicPaths.some(path => route.url === path || route.url.startsWith(`${path}/`))) {
      route.config = { ...route.config, permission: 'public' }
    }
    if (route.config?.permission === undefined) throw new Error(`the route ${String(route.method)} ${route.url} says no permission`)
  })

  app.addHook('onRequest', async (request, reply) => {
    const { permission } = request.routeOptions.config
    if (request.is404 || permission === 'public') return
    const { principal, expiresAtS } = await authenticate(request, reply)
    request.principal = principal
    request.tokenExpiresAtS = expiresAtS
    if (permission === 'self') return
    if (permission === undefined || !principal.permissions.has(permission)) throw new ApiError('API_FORBIDDEN', `the permission ${permission ?? 'of the route'} is missing`)
  })

  async function authenticate (request: FastifyRequest, reply: FastifyReply): ReturnType<TokenVerifier> {
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined) {
      await app.countRefusal(request, reply)
      throw new ApiError('API_TOKEN_MISSING')
    }
    try {
      return await verify(token)
    } catch (error) {
      await app.countRefusal(request, reply)
      throw new ApiError('API_TOKEN_INVALID', undefined, {}, error)
    }
  }
}, { name: 'auth', dependencies: ['problems'] })

/** The sender of a request on a route that asks for a permission. */
export function principalOfRequest (request: FastifyRequest): Principal {
  if (request.principal === null) throw new ApiError('API_TOKEN_MISSING')
  return request.principal
}
