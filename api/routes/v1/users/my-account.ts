import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type FastifyRequest } from 'fastify'
import { type UserState } from '#schemas'
import { encryptPersonal } from '../../../../topology/personal.ts'
import { customerKeyId } from '../../../../topology/privacy/subject.ts'
import { ApiError } from '../../../errors.ts'
import { isUuid } from '../../../identity/accounts.ts'
import { existingUser } from '../../../identity/administration.ts'
import { carryOut, identityMeta } from '../../../identity/carry-out.ts'
import { userBody } from '../../../identity/view.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { type Services } from '../../../plugins/app/services.ts'
import { ProfileBodySchema, UserBodySchema } from '../../../schemas/identity.ts'
import { problems } from '../../../schemas/problem.ts'

/** GET and PUT /v1/users/me: the account of whoever sends the request. */
export const myAccountRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get('/me', {
    config: { permission: 'self' },
    schema: { tags: ['users'], operationId: 'getMyAccount', summary: 'Read my account', response: { 200: UserBodySchema, ...problems(401, 404, 429, 503) } }
  }, async request => await userBody(await myAccount(app.services, request), app.services.keys, app.services.clock.now()))

  app.put('/me', {
    config: { permission: 'self' },
    schema: {
      tags: ['users'],
      operationId: 'updateMyAccount',
      summary: 'Change what I say of myself',
      body: ProfileBodySchema,
      response: { 200: UserBodySchema, ...problems(400, 401, 404, 413, 415, 422, 429, 503) }
    }
  }, async request => {
    const { services } = app
    const { userId, kind, status } = await myAccount(services, request)
    if (kind === 'service' || status !== 'active') throw new ApiError('API_NOT_FOUND')
    const { name } = request.body
    const profile = name === null ? null : await encryptPersonal(services.keys, customerKeyId(userId), 'profile', { name })
    const after = await carryOut(services, request, { type: 'UpdateProfile', meta: identityMeta(services, request), userId, profile })
    if (after === undefined) throw new ApiError('API_NOT_FOUND')
    return await userBody(after, services.keys, services.clock.now())
  })
}

/** A token of the command line has a subject without account. */
async function myAccount (services: Services, request: FastifyRequest): Promise<UserState> {
  const { subject } = principalOfRequest(request)
  if (!isUuid(subject)) throw new ApiError('API_NOT_FOUND')
  return await existingUser(services, subject)
}
