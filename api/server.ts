import { randomUUID } from 'node:crypto'
import { type Registry } from '@prometheus-io/client'
import fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { type AppOptions, apiPlugin } from './app.ts'
import { refuseBytes } from './client-errors.ts'
import { ApiError } from './errors.ts'
import { sendProblem } from './plugins/app/problems.ts'
import { traceIdOf } from './trace.ts'

export interface ServerOptions extends AppOptions {
  /** Where request lines go; absent = nowhere. Tokens and bodies are never logged. */
  readonly logger?: FastifyBaseLogger
  /** Addresses and networks of proxies whose X-Forwarded-For is believed; empty = of nobody, the address of the connection counts. @default [] */
  readonly trustedProxies?: readonly string[]
}

/** What a client may send, and how long it may take: a slow sender does not hold a connection for ever, a large one no memory. */
const bounds = {
  /** For the headers, ms; bodies have limits by route. */
  headersTimeout: 10_000,
  /** Between two requests of a connection, ms: longer than that of common load balancers, so that they close first. */
  keepAliveTimeout: 72_000,
  /** All headers together, bytes. */
  maxHeaderSize: 16_384,
  /** Number of headers. */
  maxHeadersCount: 100,
  /** A body, bytes; routes that take more say so. */
  bodyLimit: 262_144,
  /** A parameter in a path, as it is sent, characters: longer than any that a schema allows, so that the schema answers. */
  maxParamLength: 4096
} as const

/** The API in a server that does not listen yet: `listen` and `close` are the caller's. `close` answers everything that came before. */
export async function buildServer ({ logger, trustedProxies = [], ...options }: ServerOptions): Promise<FastifyInstance> {
  const { headersTimeout, keepAliveTimeout, maxHeaderSize, maxHeadersCount, bodyLimit, maxParamLength } = bounds
  const app = fastify({
    ...(logger === undefined ? { logger: false } : { loggerInstance: logger }),
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    http: { maxHeaderSize, headersTimeout },
    keepAliveTimeout,
    bodyLimit,
    routerOptions: { maxParamLength },
    frameworkErrors: (error, request, reply) => { sendProblem(new ApiError(error.code === 'FST_ERR_MAX_PARAM_LENGTH' ? 'API_NOT_FOUND' : 'API_REQUEST_MALFORMED'), request, reply) },
    // Every line of a request names what it leads to and, when it has one, its trace.
    childLoggerFactory: (logger, { reqId: correlationId }, childOptions, request) => {
      const traceId = traceIdOf(request.headers)
      return logger.child(traceId === undefined ? { correlationId } : { correlationId, traceId }, childOptions)
    },
    genReqId: request => traceIdOf(request.headers) ?? randomUUID(),
    clientErrorHandler: refuseBytes,
    // What comes on an open connection while the server ends is answered, and asked to close it.
    return503OnClosing: false
  })
  app.server.maxHeadersCount = maxHeadersCount
  await app.register(apiPlugin, options)
  return app
}

/** A server of its own for Prometheus: metrics are for operators, never on the port of the API. */
export function buildMetricsServer (registry: Registry): FastifyInstance {
  const app = fastify({ logger: false })
  app.get('/metrics', async (_request, reply) => await reply.type(registry.contentType).send(await registry.metrics()))
  return app
}
