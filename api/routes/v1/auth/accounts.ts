import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { changePassword, register, requestReset, resetPassword, verifyEmail } from '../../../identity/accounts.ts'
import {
  AcceptedIdentity, ChangePasswordBodySchema, ConfirmResetBodySchema, RegisterBodySchema, RequestResetBodySchema, VerifyEmailBodySchema
} from '../../../schemas/identity.ts'
import { problems } from '../../../schemas/problem.ts'
import { type AuthLimits, perAccount, perAddress } from './limits.ts'

const done = Type.Null({ description: 'Done.' })
const bad = problems(400, 413, 415, 422, 429, 503)

/** POST /v1/auth/register, /verify-email, /password and /password-reset: the life of an account and its password. */
export const accountRoutes: FastifyPluginAsyncTypebox<{ readonly limits: AuthLimits }> = async (app, { limits }) => {
  const open = { config: { permission: 'public' as const, rateLimit: perAccount(limits) }, preHandler: perAddress(app, limits) }

  app.post('/register', {
    ...open,
    schema: {
      tags: ['auth'],
      operationId: 'register',
      summary: 'Make an account',
      description: 'Answered alike whether the address is free or not; what is so stands in the mail that its owner gets.',
      security: [],
      body: RegisterBodySchema,
      response: { 202: AcceptedIdentity, ...bad }
    }
  }, async (request, reply) => {
    await register(app.services, request, request.body)
    return await reply.code(202).send({ status: 'accepted' })
  })

  app.post('/verify-email', {
    ...open,
    schema: { tags: ['auth'], operationId: 'verifyEmail', summary: 'Prove an e-mail address', security: [], body: VerifyEmailBodySchema, response: { 204: done, ...bad } }
  }, async (request, reply) => {
    await verifyEmail(app.services, request, request.body.token, request.body.password)
    return await reply.code(204).send(null)
  })

  app.post('/password-reset', {
    ...open,
    schema: {
      tags: ['auth'],
      operationId: 'requestPasswordReset',
      summary: 'Ask for another password',
      description: 'Answered alike for every address. The owner of an account gets a token that counts once, for an hour.',
      security: [],
      body: RequestResetBodySchema,
      response: { 202: AcceptedIdentity, ...bad }
    }
  }, async (request, reply) => {
    await requestReset(app.services, request, request.body.email)
    return await reply.code(202).send({ status: 'accepted' })
  })

  app.post('/password-reset/confirm', {
    ...open,
    schema: {
      tags: ['auth'],
      operationId: 'confirmPasswordReset',
      summary: 'Set another password by the token from the mail',
      description: 'All sessions end, all locks open, and the address counts as proved.',
      security: [],
      body: ConfirmResetBodySchema,
      response: { 204: done, ...bad }
    }
  }, async (request, reply) => {
    await resetPassword(app.services, request, request.body.token, request.body.newPassword)
    return await reply.code(204).send(null)
  })

  app.post('/password', {
    ...open,
    config: { permission: 'self', rateLimit: perAccount(limits) },
    schema: {
      tags: ['auth'],
      operationId: 'changePassword',
      summary: 'Set another password',
      description: 'All sessions end, that of the request included: log in again.',
      body: ChangePasswordBodySchema,
      response: { 204: done, ...problems(400, 401, 404, 413, 415, 422, 429, 503) }
    }
  }, async (request, reply) => {
    await changePassword(app.services, request, request.body.currentPassword, request.body.newPassword)
    return await reply.code(204).send(null)
  })
}
