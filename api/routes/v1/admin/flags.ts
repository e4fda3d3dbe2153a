import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type FlagChanged } from '#schemas'
import { type FlagName, flagNames, initialFlags } from '../../../../topology/flags/flags.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { FlagBodySchema, FlagParams, FlagsBodySchema, SetFlagBodySchema } from '../../../schemas/flag.ts'
import { problems } from '../../../schemas/problem.ts'
import { traceparentOf } from '../../../trace.ts'

/** GET /v1/admin/flags and PUT /v1/admin/flags/{name}: the switches of the platform. */
export const flagRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get('/flags', {
    config: { permission: 'admin' },
    schema: { tags: ['admin'], operationId: 'listFlags', summary: 'Every flag as it stands', response: { 200: FlagsBodySchema, ...problems(401, 403, 429, 503) } }
  }, async () => {
    const known = await app.services.flags.list()
    return { items: initialFlags(0).map(initial => flagBody(known.get(initial.name) ?? initial)) }
  })

  app.put('/flags/:name', {
    config: { permission: 'admin' },
    schema: {
      tags: ['admin'],
      operationId: 'setFlag',
      summary: 'Switch a flag',
      description: 'Acts within a moment on what is decided afterwards. The same request again leaves it as it is.',
      params: FlagParams,
      body: SetFlagBodySchema,
      response: { 200: FlagBodySchema, ...problems(400, 401, 403, 413, 415, 422, 429, 503) }
    }
  }, async request => {
    const { name } = request.params
    const { enabled, variant = null, reason = '' } = request.body
    const flag: FlagChanged = {
      type: 'FlagChanged', name, enabled, variant, reason, changedAt: app.services.clock.now(), changedBy: principalOfRequest(request).subject
    }
    await app.services.commandLog.append(flag, { traceparent: traceparentOf(request.headers) })
    return flagBody(flag)
  })
}

function flagBody ({ name, enabled, variant, reason, changedAt, changedBy }: FlagChanged) {
  return { name, enabled, variant, reason, changedAt: new Date(changedAt).toISOString(), changedBy, description: flagNames[name as FlagName] }
}
