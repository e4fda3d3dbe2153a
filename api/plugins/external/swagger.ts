import swagger from '@fastify/swagger'
import { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { problemMediaType } from '../../schemas/problem.ts'

/** Collects the routes' schemas into an OpenAPI document; must be registered before the routes. */
export const openApiPlugin = fp(async function openApi (app: FastifyInstance) {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Commerce streams',
        version: '1',
        description: 'Orders as a stream: what is accepted here is in the log, and is processed exactly once.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' }
      },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
      security: [{ bearer: [] }],
      tags: [
        { name: 'auth', description: 'Accounts, sessions and tokens.' }, { name: 'users', description: 'Who may do what.' },
        { name: 'orders', description: 'Place and follow orders.' }, { name: 'payments', description: 'What was taken, and giving it back.' },
        { name: 'returns', description: 'Goods that come back.' }, { name: 'shipments', description: 'Parcels on their way.' },
        { name: 'inventory', description: 'What is in stock.' }, { name: 'ledger', description: 'The books.' },
        { name: 'catalog', description: 'Products and categories.' }, { name: 'analytics', description: 'Figures.' },
        { name: 'behaviour', description: 'What visitors do.' }, { name: 'experiments', description: 'Which variant is whose.' },
        { name: 'webhooks', description: 'What others tell by themselves.' }, { name: 'admin', description: 'Running the platform.' },
        { name: 'notifications', description: 'What readers are told, and how they want it.' },
        { name: 'privacy', description: 'What is kept about persons, and forgetting them.' },
        { name: 'health', description: 'Is the process alive, is it ready.' }
      ]
    },
    transformObject: document => 'openapiObject' in document ? withSharedProblem(document.openapiObject) : document.swaggerObject,
    // What a token must allow stands at every operation; `public` and `self` are explicit, too.
    transform: ({ schema, url, route }) => ({ schema: { ...schema, 'x-permission': route.config?.permission } as typeof schema, url })
  })
}, { name: 'open-api' })

interface Media { schema?: object }
interface Operation { readonly responses?: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>> }

/** Every answer that is a problem names the one schema of problems, instead of repeating it hundreds of times. */
function withSharedProblem<Document extends { readonly paths?: object, components?: { schemas?: object } }> (document: Document): Document {
  const operations = Object.values(document.paths ?? {}).flatMap(path => Object.values(path as Readonly<Record<string, Operation>>))
  const answers = operations.flatMap(({ responses = {} }) => Object.values(responses).map(({ content }) => content?.[problemMediaType]))
  const [first, ...others] = answers.filter(media => media !== undefined)
  if (first === undefined) return document
  document.components = { ...document.components, schemas: { ...document.components?.schemas, Problem: first.schema } }
  for (const media of [first, ...others]) media.schema = { $ref: '#/components/schemas/Problem' }
  return document
}
