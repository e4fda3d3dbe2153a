import { type FastifyReply, type FastifyRequest } from 'fastify'

/** How long an answer may be used without asking again, seconds: short, because prices are in it. */
export const cacheSeconds = { product: 10, list: 5 } as const

/**
 * Puts the entity tag and the life of an answer into its headers; true = the reader has it already, and gets 304 without a body.
 * Caches that are shared never keep it: what is answered depends on the token. An answer at a position is asked for anew each time.
 */
export function isUnchanged (request: FastifyRequest, reply: FastifyReply, etag: string, maxAgeS: number): boolean {
  const { position } = request.query as { readonly position?: string }
  reply.header('etag', etag).header('cache-control', position === undefined ? `private, max-age=${maxAgeS}` : 'private, no-cache').header('vary', 'authorization')
  const known = request.headers['if-none-match']
  if (known === undefined || !matches(known, etag)) return false
  reply.code(304)
  return true
}

/** RFC 9110: a list of tags, weak ones count as strong ones here, and `*` is any. */
function matches (header: string, etag: string): boolean {
  return header.trim() === '*' || header.split(',').some(tag => tag.trim().replace(/^W\//, '') === etag)
}
