import { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Lasts as long as something moves, which the route sees to: a stream of events, a bulk request. @default false */
    isLongLived?: boolean
  }
}

/** How long an answer may take, ms: of readings, and of what writes. A route that has to wait longer says so by `handlerTimeout`. */
const readingMs = 10_000
const writingMs = 20_000

/**
 * Every route has a limit of time, after which the client is told so (503) and `request.signal` ends what still runs. What lasts as long as
 * something moves has none.
 */
export const timeLimitsPlugin = fp(async function timeLimits (app: FastifyInstance) {
  app.addHook('onRoute', route => {
    if (route.config?.isLongLived === true) return
    route.handlerTimeout ??= route.method === 'GET' || route.method === 'HEAD' ? readingMs : writingMs
  })
}, { name: 'time-limits' })
