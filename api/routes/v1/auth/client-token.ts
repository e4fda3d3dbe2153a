import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type FastifyRequest } from 'fastify'
import { ApiError } from '../../../errors.ts'
import { isUuid } from '../../../identity/accounts.ts'
import { grantClient } from '../../../identity/sign-in.ts'
import { ClientTokenAnswer, ClientTokenBodySchema } from '../../../schemas/identity.ts'
import { problems } from '../../../schemas/problem.ts'

/** POST /v1/auth/token: an access token for a service account, as OAuth clients ask for one (form or JSON, secret in the body or the header). */
export const clientTokenRoute: FastifyPluginAsyncTypebox = async app => {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, Object.fromEntries(new URLSearchParams(String(body))))
  })

  app.post('/token', {
    config: { permission: 'public' },
    schema: {
      tags: ['auth'],
      operationId: 'grantClientToken',
      summary: 'Access token for a service account',
      description: 'OAuth 2.0 client credentials (RFC 6749, section 4.4), as a form or as JSON. There is no refresh token: ask again.',
      consumes: ['application/x-www-form-urlencoded', 'application/json'],
      security: [],
      body: ClientTokenBodySchema,
      response: { 200: ClientTokenAnswer, ...problems(400, 401, 403, 413, 415, 422, 429, 503) }
    }
  }, async request => {
    const { client_id: clientId, client_secret: clientSecret, scope } = { ...request.body, ...basicCredentials(request) }
    if (clientId === undefined || clientSecret === undefined || !isUuid(clientId)) throw new ApiError('API_CREDENTIALS_INVALID', undefined, { error: 'invalid_client' })
    const wanted = scope?.split(' ').filter(name => name !== '')
    const { token, grants } = await grantClient(app.services, { clientId, clientSecret, scope: wanted })
    return { access_token: token, token_type: 'Bearer' as const, expires_in: app.services.identity.tokens.ttlS, scope: grants.join(' ') }
  })
}

function basicCredentials ({ headers }: FastifyRequest): { readonly client_id?: string, readonly client_secret?: string } {
  const encoded = /^Basic ([\w+/]+=*)$/i.exec(headers.authorization ?? '')?.[1]
  if (encoded === undefined) return {}
  const [clientId = '', clientSecret = ''] = Buffer.from(encoded, 'base64').toString().split(':', 2)
  return { client_id: clientId, client_secret: clientSecret }
}
