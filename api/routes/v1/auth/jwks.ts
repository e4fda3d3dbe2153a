import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { problems } from '../../../schemas/problem.ts'

const KeySetSchema = Type.Object({
  keys: Type.Array(Type.Object({
    kty: Type.Literal('OKP'),
    crv: Type.Literal('Ed25519'),
    x: Type.String({ description: 'The public key, base64url.' }),
    kid: Type.String({ description: 'Id of the key: tokens name it in their header.' }),
    alg: Type.Literal('EdDSA'),
    use: Type.Literal('sig')
  }))
}, { description: 'A key set (RFC 7517).' })

/** How long others may keep the keys, seconds: half of the time in which a new key does not sign yet. */
const maxAgeS = 30

/** GET /v1/.well-known/jwks.json: the keys that verify access tokens. */
export const jwksRoute: FastifyPluginAsyncTypebox = async app => {
  app.get('/jwks.json', {
    config: { permission: 'public' },
    schema: {
      tags: ['auth'],
      operationId: 'getKeySet',
      summary: 'Keys that verify access tokens',
      description: 'Two while one takes the place of the other: a new key is here a minute before it signs.',
      security: [],
      response: { 200: KeySetSchema, ...problems(429, 503) }
    }
  }, async (_request, reply) => {
    const { keys } = app.services.identity.tokens
    await keys.refresh()
    const published = keys.published().map(({ x = '', kid = '' }) => ({ kty: 'OKP' as const, crv: 'Ed25519' as const, x, kid, alg: 'EdDSA' as const, use: 'sig' as const }))
    return await reply.header('cache-control', `public, max-age=${maxAgeS}`).send({ keys: published })
  })
}
