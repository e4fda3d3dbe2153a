import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type FlagChanged } from '#schemas'
import { widthOf } from '../../../../topology/flags/buckets.ts'
import { type FlagAuthor, type FlagDefinition, type FlagWish, defineFlag, wishOf } from '../../../../topology/flags/define-flag.ts'
import { flagNames, initialFlags, isFlagName } from '../../../../topology/flags/flags.ts'
import { ApiError } from '../../../errors.ts'
import { type FlagDecision, createFlagWriter } from '../../../flags/change-flag.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { DeleteFlagQuery, type FlagBody, FlagBodySchema, FlagParams, FlagsBodySchema, PatchFlagBodySchema, SetFlagBodySchema } from '../../../schemas/flag.ts'
import { problems } from '../../../schemas/problem.ts'
import { traceparentOf } from '../../../trace.ts'

/** Flags at most: each process holds them all. */
const maxFlags = 500

/** GET /v1/admin/flags and PUT, PATCH, DELETE /v1/admin/flags/{name}: the switches of the platform, and flags with variants. */
export const flagRoutes: FastifyPluginAsyncTypebox = async app => {
  const writer = createFlagWriter(app.services)
  const { flags, clock } = app.services
  const authorOf = (request: FastifyRequest, reason: string): FlagAuthor => {
    return { reason, changedAt: clock.now(), changedBy: principalOfRequest(request).subject }
  }
  const change = async (request: FastifyRequest, name: string, decide: FlagDecision): Promise<FlagChanged | undefined> => {
    const row = await writer.change(name, decide, { traceparent: traceparentOf(request.headers) })
    return row?.flag
  }

  app.get('/flags', {
    config: { permission: 'admin' },
    schema: { tags: ['admin'], operationId: 'listFlags', summary: 'Every flag as it stands', response: { 200: FlagsBodySchema, ...problems(401, 403, 429, 503) } }
  }, async () => {
    if (flags.state === 'reading') throw new ApiError('API_STATE_UNAVAILABLE', 'the flags are being read')
    const known = new Map([...initialFlags(0), ...flags.list().map(({ flag }) => flag)].map(flag => [flag.name, flag]))
    return { items: [...known.values()].sort((a, b) => a.name < b.name ? -1 : 1).map(flagBody) }
  })

  app.put('/flags/:name', {
    config: { permission: 'admin' },
    schema: {
      tags: ['admin'],
      operationId: 'setFlag',
      summary: 'Switch a flag, or define one',
      description: 'Acts within a moment on what is decided afterwards. The same request again leaves it as it is. New weights move as few subjects as they can.',
      params: FlagParams,
      body: SetFlagBodySchema,
      response: { 200: FlagBodySchema, ...problems(400, 401, 403, 413, 415, 422, 429, 503) }
    }
  }, async request => {
    const { name } = request.params
    const { reason = '', ...wish } = request.body
    const flag = await change(request, name, (before, others) => {
      if (before === undefined && others.length >= maxFlags) return { faults: [{ field: '', message: `is one flag too many: ${maxFlags} are allowed` }] }
      return unlessSame(before, defineFlag(name, wish, authorOf(request, reason), before, others))
    })
    return flagBody(flag as FlagChanged)
  })

  app.patch('/flags/:name', {
    config: { permission: 'admin' },
    schema: {
      tags: ['admin'],
      operationId: 'changeFlag',
      summary: 'Change a part of a flag',
      description: 'What is named is replaced, the rest stays. `weights` names variants that are there; together all weights come to 10,000.',
      params: FlagParams,
      body: PatchFlagBodySchema,
      response: { 200: FlagBodySchema, ...problems(400, 401, 403, 404, 413, 415, 422, 429, 503) }
    }
  }, async request => {
    const { name } = request.params
    const { reason, weights, ...part } = request.body
    const flag = await change(request, name, (found, others) => {
      const before = found ?? initialFlags(0).find(initial => initial.name === name)
      if (before === undefined) throw new ApiError('API_NOT_FOUND')
      const wish: FlagWish = { ...wishOf(before), ...part }
      const unknown = Object.keys(weights ?? {}).filter(variant => wish.variants?.some(each => each.name === variant) !== true)
      if (unknown.length > 0) return { faults: unknown.map(variant => ({ field: `/weights/${variant}`, message: 'is none of the variants' })) }
      return unlessSame(before, defineFlag(name, weighed(wish, weights), authorOf(request, reason), before, others))
    })
    return flagBody(flag as FlagChanged)
  })

  app.delete('/flags/:name', {
    config: { permission: 'admin' },
    schema: {
      tags: ['admin'],
      operationId: 'deleteFlag',
      summary: 'Take a flag away',
      description: 'Who asks for it afterwards falls back to what it likes. Switches of the platform cannot be taken away.',
      params: FlagParams,
      querystring: DeleteFlagQuery,
      response: { 204: Type.Null({ description: 'It is gone.' }), ...problems(400, 401, 403, 404, 409, 429, 503) }
    }
  }, async (request, reply) => {
    const { name } = request.params
    if (isFlagName(name)) throw new ApiError('API_STATE_FORBIDS', 'a switch of the platform cannot be taken away')
    await change(request, name, before => {
      if (before === undefined) throw new ApiError('API_NOT_FOUND')
      return { flag: { ...before, ...authorOf(request, request.query.reason), enabled: false, deleted: true } }
    })
    return await reply.code(204).send(null)
  })
}

/** A wish with other weights. A variant that is not named keeps its own. */
function weighed (wish: FlagWish, weights: Readonly<Record<string, number>> | undefined): FlagWish {
  if (weights === undefined || wish.variants === undefined) return wish
  const weightOf = new Map(Object.entries(weights))
  return { ...wish, variants: wish.variants.map(variant => ({ ...variant, weightBp: weightOf.get(variant.name) ?? variant.weightBp })) }
}

/** Nothing to write where the flag stands like that already, for the same reason. */
function unlessSame (before: FlagChanged | undefined, defined: FlagDefinition): FlagDefinition | undefined {
  if (before === undefined || 'faults' in defined) return defined
  const { changedAt, changedBy } = before
  const content = (flag: FlagChanged): string => JSON.stringify(Object.entries({ ...flag, changedAt, changedBy }).sort(([a], [b]) => a < b ? -1 : 1))
  return content(before) === content(defined.flag) ? undefined : defined
}

function flagBody (flag: FlagChanged): FlagBody {
  const { name, enabled, kind, variant, rules, salt, experiment, layer, reason, changedAt, changedBy } = flag
  const isSplit = flag.variants.some(({ buckets }) => buckets.length > 0)
  return {
    name,
    enabled,
    kind,
    variant,
    variants: flag.variants.map(each => ({ name: each.name, value: JSON.parse(each.value) as unknown, weightBp: isSplit ? widthOf(each.buckets) : null })),
    rules: rules.map(rule => ({ ...rule, values: [...rule.values] })),
    salt,
    experiment,
    layer,
    reason,
    changedAt: new Date(changedAt).toISOString(),
    changedBy,
    description: isFlagName(name) ? flagNames[name] : flag.description
  }
}
