import cors from '@fastify/cors'
import { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

export interface CorsOptions {
  /** Origins whose pages may use the API, e.g. `https://shop.example`; empty = none. */
  readonly origins: readonly string[]
}

/** Headers of our answers that a page may read. */
const exposedHeaders = [
  'Location', 'ETag', 'Retry-After', 'RateLimit', 'RateLimit-Policy', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset', 'Idempotent-Replayed',
  'Preference-Applied', 'Deprecation', 'Sunset', 'Link'
]

/**
 * Lets pages of the listed origins use the API, and no others. Tokens travel in a header that a page sets itself: there are no cookies, so
 * credentials are never allowed. Must come before whatever asks for a token: preflight requests carry none.
 */
export const corsPlugin = fp(async function crossOrigin (app: FastifyInstance, { origins }: CorsOptions) {
  if (origins.length === 0) return
  await app.register(cors, {
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match', 'Last-Event-ID', 'Prefer', 'traceparent', 'tracestate'],
    exposedHeaders,
    credentials: false,
    maxAge: 600
  })
}, { name: 'cross-origin' })
