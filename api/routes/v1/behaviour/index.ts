import { type FastifyPluginAsyncTypebox, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import { ApiError } from '../../../errors.ts'
import { BehaviourAnswerSchema, BehaviourBodySchema, type BehaviourEnvelope, BehaviourEnvelopeSchema, maxBehaviourBytes } from '../../../schemas/behaviour.ts'
import { problems } from '../../../schemas/problem.ts'
import { traceparentOf } from '../../../trace.ts'
import { judgeVisits } from './judge-visits.ts'

/** POST /v1/behaviour: what visitors do, told by clients that may be anybody. */
export const behaviourRoutes: FastifyPluginAsyncTypebox = async app => {
  app.post('', {
    bodyLimit: maxBehaviourBytes,
    // By address, apart from what else it asks for: two requests a second.
    config: { permission: 'public', rateLimit: { max: 120, timeWindow: 60_000 } },
    // Documented event by event, checked as a list of anything: each event is judged alone.
    validatorCompiler: part => TypeBoxValidatorCompiler({ ...part, schema: BehaviourEnvelopeSchema }),
    schema: {
      tags: ['behaviour'],
      operationId: 'recordBehaviour',
      summary: 'Tell what visitors did',
      description: 'Events that break a rule are named and left out, the others are taken. Send again what was answered with 429 or 503, with the same ids: the same id counts once. Purchases are told by the orders themselves.',
      security: [],
      body: BehaviourBodySchema,
      response: { 202: BehaviourAnswerSchema, ...problems(400, 413, 415, 422, 429, 503) }
    }
  }, async (request, reply) => {
    const { behaviour, clock } = app.services
    const { events } = request.body as BehaviourEnvelope
    const { commands, refused } = judgeVisits(events, clock.now(), request.id)
    if (commands.length === 0) throw new ApiError('API_REQUEST_INVALID', undefined, { errors: refused.map(({ field, message }) => ({ field, message })) })
    await behaviour.append(commands, { traceparent: traceparentOf(request.headers) })
    return await reply.code(202).send({ accepted: commands.length, refused: [...refused] })
  })
}
