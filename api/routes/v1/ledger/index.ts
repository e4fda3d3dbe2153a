import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ApiError } from '../../../errors.ts'
import { trialBalanceBody } from '../../../ledger/view.ts'
import { TrialBalanceSchema } from '../../../schemas/ledger.ts'
import { problems } from '../../../schemas/problem.ts'

/** Everything below /v1/ledger. */
export const ledgerRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get('/trial-balance', {
    config: { permission: 'analytics:view' },
    schema: {
      tags: ['ledger'],
      operationId: 'getTrialBalance',
      summary: 'What is on every account of the ledger',
      description: 'Comes from analytics, about a second behind the payments. The balances of a currency add up to 0.0000 at any moment.',
      response: { 200: TrialBalanceSchema, ...problems(401, 403, 429, 503) }
    }
  }, async () => {
    try {
      return trialBalanceBody(await app.services.ledger.balances())
    } catch (error) {
      throw new ApiError('API_ANALYTICS_UNAVAILABLE', undefined, {}, error)
    }
  })
}
