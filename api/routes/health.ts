import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'

/** Answers true when a part works; a rejection counts as false. */
export type HealthCheck = () => Promise<boolean>

export interface HealthOptions { readonly checks: Readonly<Record<string, HealthCheck>> }

const Ready = Type.Object({
  status: Type.Enum(['ready', 'unready']),
  checks: Type.Record(Type.String(), Type.Boolean(), { description: 'True for every part that works.' })
})

/** /health/live: the process answers. /health/ready: everything behind it answers too. */
export const healthRoutes: FastifyPluginAsyncTypebox<HealthOptions> = async (app, { checks }) => {
  const tags = ['health']
  app.get('/live', {
    config: { permission: 'public' },
    schema: { tags, operationId: 'live', summary: 'Is the process alive', security: [], response: { 200: Type.Object({ status: Type.Literal('live') }) } }
  }, async () => ({ status: 'live' as const }))

  app.get('/ready', {
    config: { permission: 'public' },
    schema: { tags, operationId: 'ready', summary: 'Is everything behind the API ready', security: [], response: { 200: Ready, 503: Ready } }
  }, async (_request, reply) => {
    const results = await Promise.all(Object.entries(checks).map(async ([name, check]) => [name, await check().catch(() => false)] as const))
    const ready = results.every(([, works]) => works)
    return await reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'unready', checks: Object.fromEntries(results) })
  })
}
