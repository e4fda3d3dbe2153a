import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { locales } from '../../../../sinks/index.ts'
import { isTimeZone } from '../../../../topology/notifications/quiet-hours.ts'
import { digestTemplate, templates } from '../../../../topology/notifications/templates.ts'
import { ApiError } from '../../../errors.ts'
import { PreviewBodySchema, PreviewSchema, TemplateListSchema, TemplateParams } from '../../../schemas/notification.ts'
import { problems } from '../../../schemas/problem.ts'

/** GET /v1/notifications/templates and POST /templates/{name}/preview. */
export const templateRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get('/templates', {
    config: { permission: 'notifications:send' },
    schema: {
      tags: ['notifications'], operationId: 'listTemplates', summary: 'What readers can be told', response: { 200: TemplateListSchema, ...problems(401, 403, 429, 503) }
    }
  }, async () => ({
    items: Object.entries(templates).filter(([name]) => name !== digestTemplate).map(([name, { kind, variables, sealed = [] }]) => ({
      name, kind, variables: [...variables, ...sealed], locales: [...locales]
    }))
  }))

  app.post('/templates/:name/preview', {
    config: { permission: 'notifications:send' },
    schema: {
      tags: ['notifications'],
      operationId: 'previewTemplate',
      summary: 'A template in words',
      description: 'Nothing is sent.',
      params: TemplateParams,
      body: PreviewBodySchema,
      response: { 200: PreviewSchema, ...problems(400, 401, 403, 413, 415, 422, 429, 503) }
    }
  }, async request => {
    const { variables, locale = 'en', timeZone = 'UTC' } = request.body
    if (!isTimeZone(timeZone)) throw new ApiError('API_REQUEST_INVALID', undefined, { errors: [{ field: '/timeZone', message: 'is not known' }] })
    try {
      return app.services.notifications.letters.render(request.params.name, variables, { locale, timeZone })
    } catch (error) {
      const { context = {} } = error as { readonly context?: Readonly<Record<string, unknown>> }
      throw new ApiError('API_REQUEST_INVALID', undefined, { errors: [{ field: '/variables', message: String(context['problem'] ?? 'cannot be written') }] }, error)
    }
  })
}
