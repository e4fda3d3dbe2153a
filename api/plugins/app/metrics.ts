import { Histogram, type Registry } from '@prometheus-io/client'
import { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** Where the intake target lies (p99 below 100 ms), finer around it. Seconds. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 10, 30]

/**
 * Counts and times every request: `http_server_request_duration_seconds` by method, route pattern and status. The route is the
 * pattern, never the path: a path has as many values as there are orders.
 *
 * @source OpenTelemetry semantic conventions for HTTP: name and unit of the metric.
 */
export const metricsPlugin = fp(async function metrics (app: FastifyInstance, { registry }: { readonly registry: Registry }) {
  const durations = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer, seconds.',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets,
    registers: [registry]
  })
  app.addHook('onResponse', async (request, reply) => {
    durations.observe({
      http_request_method: request.method,
      http_route: request.is404 ? 'none' : request.routeOptions.url ?? 'none',
      http_response_status_code: String(reply.statusCode)
    }, reply.elapsedTime / 1000)
  })
}, { name: 'metrics' })
