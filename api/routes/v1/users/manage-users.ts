import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { createServiceAccount, deleteUser, existingUser, setRoles } from '../../../identity/administration.ts'
import { userBody } from '../../../identity/view.ts'
import { RolesBodySchema, ServiceAccountAnswer, ServiceAccountBodySchema, UserBodySchema, UserParams } from '../../../schemas/identity.ts'
import { commandProblems, problems } from '../../../schemas/problem.ts'

/** /v1/users/{id} and /v1/users/service-accounts: what administrators do. */
export const manageUserRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get('/:id', {
    config: { permission: 'users:read' },
    schema: { tags: ['users'], operationId: 'getUser', summary: 'Read a user', params: UserParams, response: { 200: UserBodySchema, ...problems(400, 401, 403, 404, 429, 503) } }
  }, async request => await userBody(await existingUser(app.services, request.params.id), app.services.keys, app.services.clock.now()))

  app.put('/:id/roles', {
    config: { permission: 'users:write' },
    schema: {
      tags: ['users'],
      operationId: 'setRoles',
      summary: 'Say which roles a user has',
      description: 'Nobody gives a role that allows more than he may himself. It counts from the next access token on: within its life, 15 minutes.',
      params: UserParams,
      body: RolesBodySchema,
      response: { 200: UserBodySchema, ...commandProblems }
    }
  }, async request => {
    const user = await setRoles(app.services, request, request.params.id, request.body.roles)
    return await userBody(user, app.services.keys, app.services.clock.now())
  })

  app.delete('/:id', {
    config: { permission: 'users:delete' },
    schema: {
      tags: ['users'],
      operationId: 'deleteUser',
      summary: 'Delete a user',
      description: 'His sessions end, and the address is free again. Orders stay; their personal data goes with its key.',
      params: UserParams,
      response: { 204: Type.Null({ description: 'The user is gone.' }), ...problems(400, 401, 403, 404, 409, 429, 503) }
    }
  }, async (request, reply) => {
    await deleteUser(app.services, request, request.params.id)
    return await reply.code(204).send(null)
  })

  app.post('/service-accounts', {
    config: { permission: 'users:write' },
    schema: {
      tags: ['users'],
      operationId: 'createServiceAccount',
      summary: 'Make a service account',
      description: 'For a program that asks for its tokens at POST /v1/auth/token. To change secret or grants make another one and delete this.',
      body: ServiceAccountBodySchema,
      response: { 201: ServiceAccountAnswer, ...problems(400, 401, 403, 413, 415, 422, 429, 503) }
    }
  }, async (request, reply) => {
    const { name, grants } = request.body
    const account = await createServiceAccount(app.services, request, name, grants)
    return await reply.code(201).header('cache-control', 'no-store').header('location', `/v1/users/${account.clientId}`).send({ ...account, grants: [...grants] })
  })
}
