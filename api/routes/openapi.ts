import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

/** GET /openapi.json: the description of this API, made from the schemas that check it. */
export const openApiRoute: FastifyPluginAsyncTypebox = async app => {
  app.get('/openapi.json', { config: { permission: 'public' }, schema: { hide: true } }, async () => app.swagger())
}
