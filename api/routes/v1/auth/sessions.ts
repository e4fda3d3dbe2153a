import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { logIn, logOut, refreshSession } from '../../../identity/sign-in.ts'
import { LoginBodySchema, LogoutBodySchema, RefreshBodySchema, SessionBodySchema } from '../../../schemas/identity.ts'
import { problems } from '../../../schemas/problem.ts'
import { type AuthLimits, perAccount, perAddress } from './limits.ts'

/** POST /v1/auth/login, /refresh and /logout: the life of a session. */
export const sessionRoutes: FastifyPluginAsyncTypebox<{ readonly limits: AuthLimits }> = async (app, { limits }) => {
  app.post('/login', {
    config: { permission: 'public', rateLimit: perAccount(limits) },
    preHandler: perAddress(app, limits),
    schema: {
      tags: ['auth'],
      operationId: 'logIn',
      summary: 'Log in',
      description: 'Five wrong passwords in 15 minutes shut the address out of the account for 15 minutes; the answer is the same.',
      security: [],
      body: LoginBodySchema,
      response: { 200: SessionBodySchema, ...problems(400, 401, 403, 413, 415, 422, 429, 503) }
    }
  }, async request => await logIn(app.services, request, request.body))

  app.post('/refresh', {
    config: { permission: 'public' },
    schema: {
      tags: ['auth'],
      operationId: 'refreshSession',
      summary: 'Exchange a refresh token',
      description: 'Once: a token that comes a second time ends the session, for whoever holds it. There is no grace: who loses the answer logs in again.',
      security: [],
      body: RefreshBodySchema,
      response: { 200: SessionBodySchema, ...problems(400, 401, 413, 415, 422, 429, 503) }
    }
  }, async request => await refreshSession(app.services, request, request.body.refreshToken))

  app.post('/logout', {
    config: { permission: 'public' },
    schema: {
      tags: ['auth'],
      operationId: 'logOut',
      summary: 'End a session',
      description: 'Its refresh token is worth nothing any more; an access token of it lives on until it expires.',
      security: [],
      body: LogoutBodySchema,
      response: { 204: Type.Null({ description: 'The session is over, if there was one.' }), ...problems(400, 413, 415, 422, 429, 503) }
    }
  }, async (request, reply) => {
    await logOut(app.services, request, request.body.refreshToken, request.body.everywhere ?? false)
    return await reply.code(204).send(null)
  })
}
