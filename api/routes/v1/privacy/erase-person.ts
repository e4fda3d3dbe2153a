import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ApiError } from '../../../errors.ts'
import { closedCustomer, closedGuest, erasureBody, requestErasure } from '../../../privacy/erase.ts'
import { AcceptedErasure, EraseBodySchema, ErasureBodySchema, SubjectParams } from '../../../schemas/privacy.ts'
import { problems } from '../../../schemas/problem.ts'

/** POST /v1/admin/privacy/erase and GET /v1/admin/privacy/erasures/{subject}. */
export const erasePersonRoutes: FastifyPluginAsyncTypebox = async app => {
  const { services } = app

  app.post('/erase', {
    config: { permission: 'admin' },
    schema: {
      tags: ['privacy'],
      operationId: 'erasePerson',
      summary: 'Erase a person',
      description: 'Destroys the data key: names, addresses, e-mail addresses and phone numbers in the log, in state, in dead letters, in analytics and in every backup of them can never be read again. ' +
        'The account is deleted with it. Orders, money and figures stay. For a customer without open orders, or the guest of a closed one. Asked again it is the same erasure.',
      body: EraseBodySchema,
      response: { 202: AcceptedErasure, ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 503) }
    }
  }, async (request, reply) => {
    const { customerId, orderId, reason } = request.body
    const subject = customerId === undefined ? await closedGuest(services, request, orderId ?? '') : await closedCustomer(services, request, customerId)
    const accepted = await requestErasure(services, request, subject, reason)
    return await reply.code(202).header('location', accepted.location).send(accepted)
  })

  app.get('/erasures/:subject', {
    config: { permission: 'admin' },
    schema: {
      tags: ['privacy'],
      operationId: 'getErasure',
      summary: 'Read how far an erasure is, and its proof',
      params: SubjectParams,
      response: { 200: ErasureBodySchema, ...problems(400, 401, 403, 404, 429, 503) }
    }
  }, async request => {
    const erasure = await services.erasures.read(request.params.subject)
    if (erasure === undefined) throw new ApiError('API_NOT_FOUND')
    return erasureBody(erasure)
  })
}
