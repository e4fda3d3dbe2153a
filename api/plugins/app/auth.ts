import { type FastifyInstance, type FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ApiError } from '../../errors.ts'
import { type Permission, type Principal } from '../../permissions.ts'
import { type TokenVerifier } from '../../token.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a token must allow to use the route, or `public` for none. Every route must say one. */
    permission?: Permission | 'public'
  }
  interface FastifyRequest {
    /** Who sends the request; null on public routes. */
    principal: Principal | null
  }
}

export interface AuthOptions { readonly verify: TokenVerifier }

/** Verified tokens are remembered until they expire: a signature costs more than the rest of a request. */
const maxRememberedTokens = 10_000

/**
 * Checks the bearer token and the permission of every route. Denies by default: a route that says no permission cannot be
 * registered at all.
 */
export const authPlugin = fp(async function auth (app: FastifyInstance, { verify }: AuthOptions) {
  const remembered = new Map<string, { readonly principal: Principal, readonly expiresAtS: number }>()

  app.decorateRequest('principal', null)

  app.addHook('onRoute', route => {
    if (route.config?.permission === undefined) throw new Error(`the route ${String(route.method)} ${route.url} says no permission`)
  })

  app.addHook('onRequest', async request => {
    const { permission } = request.routeOptions.config
    if (request.is404 || permission === 'public') return
    const principal = await authenticate(request)
    request.principal = principal
    if (permission === undefined || !principal.permissions.has(permission)) throw new ApiError('API_FORBIDDEN', `the permission ${permission ?? 'of the route'} is missing`)
  })

  async function authenticate (request: FastifyRequest): Promise<Principal> {
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined) throw new ApiError('API_TOKEN_MISSING')
    const known = remembered.get(token)
    if (known !== undefined && known.expiresAtS > Date.now() / 1000) return known.principal
    remembered.delete(token)
    try {
      const verified = await verify(token)
      if (remembered.size >= maxRememberedTokens) remembered.clear()
      remembered.set(token, verified)
      return verified.principal
    } catch (error) {
      throw new ApiError('API_TOKEN_INVALID', undefined, {}, error)
    }
  }
}, { name: 'auth', dependencies: ['problems'] })

/** The sender of a request on a route that asks for a permission. */
export function principalOfRequest (request: FastifyRequest): Principal {
  if (request.principal === null) throw new ApiError('API_TOKEN_MISSING')
  return request.principal
}
