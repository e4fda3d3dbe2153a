import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type CurrencySum } from '#schemas'
import { formatMoney, isCurrency, parseMoney } from '../../../../topology/money.ts'
import { IdempotencyHeaders, acceptCommand, tellAcceptance } from '../../../commands.ts'
import { ApiError } from '../../../errors.ts'
import { problems } from '../../../schemas/problem.ts'
import { AcceptedLimit, CreditBodySchema, type CreditLimitBody, CreditLimitBodySchema, CustomerParams } from '../../../schemas/risk.ts'

/** PUT and GET /v1/users/{id}/credit-limit. */
export const creditLimitRoutes: FastifyPluginAsyncTypebox = async app => {
  app.put('/:id/credit-limit', {
    config: { permission: 'users:write' },
    schema: {
      tags: ['users'],
      operationId: 'setCreditLimit',
      summary: 'Set how much a customer may owe',
      description: 'Counts for orders that are assessed after it. The customer need not have ordered before.',
      params: CustomerParams,
      headers: IdempotencyHeaders,
      body: CreditLimitBodySchema,
      response: { 202: AcceptedLimit, ...problems(400, 401, 403, 409, 413, 415, 422, 429, 503) }
    }
  }, async (request, reply) => {
    const { id: customerId } = request.params
    const limit = limitOf(request.body)
    const { currency } = request.body
    const acceptance = await acceptCommand(app.services, request, {
      route: `PUT /v1/users/${customerId}/credit-limit`,
      key: request.headers['idempotency-key'],
      body: request.body,
      known: async id => await app.services.risk.commandHash(customerId, id),
      command: meta => ({ type: 'SetCreditLimit', meta, customerId, currency, limit })
    })
    const location = tellAcceptance(reply, `/v1/users/${encodeURIComponent(customerId)}/credit-limit`, { ...acceptance, position: undefined })
    return await reply.code(202).send({ customerId, status: 'accepted', location })
  })

  app.get('/:id/credit-limit', {
    config: { permission: 'users:read' },
    schema: {
      tags: ['users'],
      operationId: 'getCreditLimit',
      summary: 'Read what a customer may owe, and owes',
      params: CustomerParams,
      response: { 200: CreditBodySchema, ...problems(400, 401, 403, 429, 503) }
    }
  }, async request => {
    const { id: customerId } = request.params
    const account = await app.services.risk.read(customerId)
    return { customerId, limits: sums(account?.limits ?? []), owed: sums(account?.exposures ?? []) }
  })
}

/** @throws {ApiError} API_REQUEST_INVALID for what risk would refuse. */
function limitOf ({ currency, limit }: CreditLimitBody): bigint | null {
  if (!isCurrency(currency)) throw new ApiError('API_REQUEST_INVALID', undefined, { errors: [{ field: '/currency', message: 'is not an active ISO 4217 code' }] })
  return limit === null ? null : parseMoney(limit) ?? null
}

function sums (entries: readonly CurrencySum[]) {
  return entries.map(({ currency, amount }) => ({ currency, amount: formatMoney(amount) }))
}
