import helmet from '@fastify/helmet'
import fastify, { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

type Headers = Readonly<Record<string, string>>

/** What every answer has, with and without helmet. */
const ofEveryAnswer: ReadonlySet<string> = new Set(['content-length', 'content-type', 'connection', 'date'])

let known: Promise<Headers> | undefined

/**
 * Security headers. Answers are data, never documents: nothing may be loaded from them or framed. They are the same for every answer, so helmet is
 * asked once, and not a dozen functions for each request.
 */
export const helmetPlugin = fp(async function securityHeaders (app: FastifyInstance) {
  known ??= askHelmet()
  const headers = await known
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(headers)
    done()
  })
}, { name: 'security-headers' })

async function askHelmet (): Promise<Headers> {
  const app = fastify()
  await app.register(helmet, { contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } } })
  app.get('/', async () => '')
  const { headers } = await app.inject('/')
  await app.close()
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => ofEveryAnswer.has(name) ? [] : [[name, String(value)]]))
}
