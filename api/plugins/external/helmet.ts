import helmet from '@fastify/helmet'
import { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** Security headers. Answers are data, never documents: nothing may be loaded from them or framed. */
export const helmetPlugin = fp(async function securityHeaders (app: FastifyInstance) {
  await app.register(helmet, { contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } } })
}, { name: 'security-headers' })
