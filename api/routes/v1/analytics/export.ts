import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { daysOf } from '../../../analytics/view.ts'
import { ApiError } from '../../../errors.ts'
import { ExportQuery } from '../../../schemas/analytics.ts'
import { problems } from '../../../schemas/problem.ts'

const mediaTypes = { csv: 'text/csv; charset=utf-8; header=present', ndjson: 'application/x-ndjson', parquet: 'application/vnd.apache.parquet' } as const

/** GET /v1/analytics/export: a whole view, as it comes out of the engine. Whoever hangs up ends the query. */
export const exportRoute: FastifyPluginAsyncTypebox = async app => {
  app.get('/export', {
    config: { permission: 'analytics:export' },
    schema: {
      tags: ['analytics'],
      operationId: 'exportAnalytics',
      summary: 'Take a view out as CSV, NDJSON or Parquet',
      description: 'Rows come in no order. An answer that ends early, without its last chunk, is not complete.',
      querystring: ExportQuery,
      response: {
        200: {
          description: 'The rows.',
          content: Object.fromEntries(['text/csv', 'application/x-ndjson', 'application/vnd.apache.parquet'].map(type => [type, { schema: Type.String({ description: 'Rows in the format asked for.' }) }]))
        },
        ...problems(400, 401, 403, 429, 503)
      }
    }
  }, async (request, reply) => {
    const { dataset: name, format = 'csv', limit = 1_000_000 } = request.query
    try {
      const rows = await app.services.analytics.export({ name, format, ...daysOf(request.query), limit })
      return reply.type(mediaTypes[format]).header('content-disposition', `attachment; filename="${name}.${format}"`).send(rows as never)
    } catch (error) {
      throw new ApiError('API_ANALYTICS_UNAVAILABLE', undefined, {}, error)
    }
  })
}
