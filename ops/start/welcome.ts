import { type Config } from '../config.ts'
import { type ServedApi } from '../platform/serve-api.ts'
import { type Monitoring } from '../platform/serve-monitoring.ts'
import { demoProduct } from '../play/catalog.ts'
import { createToken } from '../token.ts'
import { heading } from './progress.ts'

/** Prints what a person can do next: URLs, a token and a first order with curl. */
export async function printWelcome (options: { readonly config: Config, readonly api: ServedApi, readonly monitoring: Pick<Monitoring, 'url'>, readonly print: (line: string) => void }): Promise<void> {
  const { config, api, monitoring, print } = options
  const token = await createToken({ role: 'Customer', subject: 'customer-1', grants: [], ttlS: undefined }, config)
  print(`
${heading('The platform is running; Ctrl-C ends it and keeps the data.')}
  API       ${api.url}/v1/orders      OpenAPI  ${api.url}/openapi.json
  health    ${api.url}/health/ready   metrics  ${monitoring.url}/metrics

A first order (the token is for customer-1 and lasts ${config.token.ttlS / 60} minutes; npm run token makes another):

TOKEN=${token}
curl -i -X POST ${api.url}/v1/orders -H "authorization: Bearer $TOKEN" -H "idempotency-key: my-first-order" \\
  -H "prefer: wait=5" -H "content-type: application/json" -d '${JSON.stringify(exampleOrder())}'
`)
}

function exampleOrder (): object {
  return {
    currency: 'GBP',
    lines: [{ sku: demoProduct.sku, quantity: 2 }],
    shippingAddress: { name: 'Ada Lovelace', line1: '12 St James Square', city: 'London', country: 'GB' },
    payment: { method: 'card', token: 'tok_ok' }
  }
}
