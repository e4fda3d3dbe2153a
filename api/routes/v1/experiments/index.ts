import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type EvaluationContext } from '@openfeature/server-sdk'
import { ApiError } from '../../../errors.ts'
import { type ExposureUnit, surfaceAttribute, unitAttribute } from '../../../flags/exposure-log.ts'
import { type Services } from '../../../plugins/app/services.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { AssignMeBodySchema, AssignSessionBodySchema, AssignmentsBodySchema } from '../../../schemas/experiment.ts'
import { problems } from '../../../schemas/problem.ts'

/** Bytes of a request: names, and what rules may look at. */
const bodyLimit = 16 * 1024

/** Everything below /v1/experiments: clients ask for their variants, and it is told that they have seen them. */
export const experimentRoutes: FastifyPluginAsyncTypebox = async app => {
  app.post('/assignments', {
    bodyLimit,
    // By address: a page asks once for all of its experiments.
    config: { permission: 'public', rateLimit: { max: 300, timeWindow: 60_000 } },
    schema: {
      tags: ['experiments'],
      operationId: 'assignExperiments',
      summary: 'Variants of a session',
      description: 'The same session gets the same variant as long as weights, salt and rules stay. Ask when the visitor is about to see it: the answer counts as seen.',
      security: [],
      body: AssignSessionBodySchema,
      response: { 200: AssignmentsBodySchema, ...problems(400, 413, 415, 422, 429, 503) }
    }
  }, async request => {
    const { sessionId, experiments, attributes } = request.body
    return { items: await assign(app.services, experiments, { ...attributes, ...told('session', 'assignExperiments'), targetingKey: sessionId }) }
  })

  app.post('/assignments/me', {
    bodyLimit,
    config: { permission: 'self' },
    schema: {
      tags: ['experiments'],
      operationId: 'assignMyExperiments',
      summary: 'Variants of a customer',
      description: 'As for a session, on every device of the customer.',
      body: AssignMeBodySchema,
      response: { 200: AssignmentsBodySchema, ...problems(400, 401, 413, 415, 422, 429, 503) }
    }
  }, async request => {
    const { experiments, attributes } = request.body
    const { subject } = principalOfRequest(request)
    return { items: await assign(app.services, experiments, { ...attributes, ...told('customer', 'assignMyExperiments'), targetingKey: subject }) }
  })
}

function told (unit: ExposureUnit, surface: string): EvaluationContext {
  return { [unitAttribute]: unit, [surfaceAttribute]: surface }
}

interface Assignment {
  readonly experiment: string
  readonly variant: string | null
  readonly value: unknown
  readonly reason: string
  readonly errorCode: string | null
}

async function assign (services: Services, experiments: readonly string[], context: EvaluationContext): Promise<Assignment[]> {
  if (services.flags.state === 'reading') throw new ApiError('API_STATE_UNAVAILABLE', 'the flags are being read')
  return await Promise.all(experiments.map(async experiment => await assignOne(services, experiment, context)))
}

/** Only experiments may be asked for: other flags are nobody's business, and look as if they were not there. */
async function assignOne ({ features, flags }: Services, experiment: string, context: EvaluationContext): Promise<Assignment> {
  const flag = flags.get(experiment)?.flag
  if (flag?.experiment !== true) return { experiment, variant: null, value: null, reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND' }
  const ask = {
    boolean: async () => await features.getBooleanDetails(experiment, false, context),
    string: async () => await features.getStringDetails(experiment, '', context),
    number: async () => await features.getNumberDetails(experiment, 0, context),
    object: async () => await features.getObjectDetails(experiment, {}, context)
  } as const
  const { variant, value, reason = 'UNKNOWN', errorCode } = await ask[flag.kind]()
  return { experiment, variant: variant ?? null, value: variant === undefined ? null : value, reason, errorCode: errorCode ?? null }
}
