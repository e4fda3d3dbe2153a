import swaggerUi from '@fastify/swagger-ui'
import { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** Scripts, styles and images come from this server alone; styles stand in elements, too: the page makes some itself. */
const policy = [
  "default-src 'none'", "script-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:", "font-src 'self'", "connect-src 'self'",
  "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"
].join('; ')

/** Where the page is. */
export const docsPath = '/docs'

/** GET /docs: the description of the API as a page to read and to try, served from here: it needs no other server. */
export const docsPagePlugin = fp(async function docsPage (app: FastifyInstance) {
  await app.register(swaggerUi, {
    routePrefix: docsPath,
    staticCSP: policy,
    uiConfig: { docExpansion: 'none', persistAuthorization: false, tryItOutEnabled: false, validatorUrl: null }
  })
}, { name: 'docs-page', dependencies: ['open-api', 'auth'] })
