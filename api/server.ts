import { randomUUID } from 'node:crypto'
import { type Registry } from '@prometheus-io/client'
import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { type AppOptions, apiPlugin } from './app.ts'
import { traceIdOf } from './trace.ts'

export interface ServerOptions extends AppOptions {
  /** Where request lines go; absent = nowhere. Tokens and bodies are never logged. */
  readonly logger?: FastifyBaseLogger
}

/** How long a client may take to send the headers of its request, ms; bodies have limits by route. */
const headersTimeoutMs = 20_000

/** The API in a server that does not listen yet: `listen` and `close` are the caller's. */
export async function buildServer ({ logger, ...options }: ServerOptions): Promise<FastifyInstance> {
  const app = fastify({
    ...(logger === undefined ? { logger: false } : { loggerInstance: logger }),
    http: { headersTimeout: headersTimeoutMs },
    genReqId: request => traceIdOf(request.headers) ?? randomUUID(),
    return503OnClosing: true
  })
  await app.register(apiPlugin, options)
  return app
}

/** A server of its own for Prometheus: metrics are for operators, never on the port of the API. */
export function buildMetricsServer (registry: Registry): FastifyInstance {
  const app = fastify({ logger: false })
  app.get('/metrics', async (_request, reply) => await reply.type(registry.contentType).send(await registry.metrics()))
  return app
}
