import { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** Says that a route will go away. */
export interface Deprecated {
  /** Since when it should not be used any more, ISO 8601. */
  readonly since: string
  /** When it may be gone, ISO 8601; absent = not decided. Not before `since`. */
  readonly sunset?: string
  /** Page that says what to use instead. */
  readonly link: string
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route will go away: its answers and its description say so. */
    deprecated?: Deprecated
  }
}

/**
 * Routes that will go away say so in every answer, also in refusals: Deprecation and Sunset, with a link to what to use instead. In the
 * description of the API they are deprecated. Must come before the routes and before what describes them.
 *
 * @throws {RangeError} at registration, for a date that is none, and for a sunset before the deprecation.
 * @source RFC 9745 (Deprecation), RFC 8594 (Sunset)
 */
export const deprecationPlugin = fp(async function deprecation (app: FastifyInstance) {
  app.addHook('onRoute', route => {
    const deprecated = route.config?.deprecated
    if (deprecated === undefined) return
    const headers = deprecationHeaders(deprecated)
    route.schema = { ...route.schema, deprecated: true }
    const before = [route.onSend ?? []].flat()
    route.onSend = [...before, async (_request, reply) => { reply.headers(headers) }]
  })
}, { name: 'deprecation' })

function deprecationHeaders ({ since, sunset, link }: Deprecated): Readonly<Record<string, string>> {
  const sinceMs = instant(since)
  const rel = `<${link}>; rel="deprecation"; type="text/html"`
  if (sunset === undefined) return { deprecation: `@${Math.floor(sinceMs / 1000)}`, link: rel }
  if (instant(sunset) < sinceMs) throw new RangeError(`the sunset ${sunset} is before the deprecation ${since}`)
  return { deprecation: `@${Math.floor(sinceMs / 1000)}`, sunset: new Date(sunset).toUTCString(), link: rel }
}

function instant (text: string): number {
  const ms = Date.parse(text)
  if (Number.isNaN(ms)) throw new RangeError(`not a date: ${text}`)
  return ms
}
