import exec from 'k6/execution'
import http from 'k6/http'
import { prepared } from './settings.ts'

/** Routes as the API names them in its metrics. */
export const routes = {
  placeOrder: 'POST /v1/orders',
  getOrder: 'GET /v1/orders/:id',
  listOrders: 'GET /v1/orders',
  retryPayment: 'POST /v1/orders/:id/payments',
  searchProducts: 'GET /v1/products',
  getProduct: 'GET /v1/products/:id',
  categories: 'GET /v1/categories'
} as const

/** The number of this iteration over all virtual users. */
const iteration = (): number => exec.scenario.iterationInTest

function pick<T> (list: readonly T[], index: number): T {
  return list[index % list.length] as T
}

function headers (customer: number, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { authorization: `Bearer ${pick(prepared.tokens, customer)}`, ...more }
}

/** A key that no other request of any run has. */
function newKey (): string {
  return `load-${Date.now().toString(36)}-${exec.vu.idInTest}-${iteration()}-${Math.random().toString(36).slice(2, 10)}`
}

/** An order of one to three lines: one customer a virtual user. */
export function placeOrder (): void {
  const at = iteration()
  const lines = Array.from({ length: 1 + at % 3 }, (_, line) => ({ sku: pick(prepared.skus, at * 7 + line * 31), quantity: 1 + (at + line) % 2 }))
  const unique = lines.filter(({ sku }, index) => lines.findIndex(line => line.sku === sku) === index)
  const body = {
    currency: 'GBP',
    lines: unique,
    shippingAddress: { name: 'Ada Lovelace', line1: '12 St James Square', city: 'London', country: 'GB' },
    payment: { method: 'card', token: 'tok_ok' }
  }
  http.post(`${prepared.url}/v1/orders`, JSON.stringify(body), {
    headers: headers(exec.vu.idInTest, { 'content-type': 'application/json', 'idempotency-key': newKey() }), tags: { name: routes.placeOrder }
  })
}

/** Pays an order again whose payment was declined, and is declined again. There are so many orders that none is asked more often than it may be paid. */
export function retryPayment (): void {
  const { orderId, customer } = pick(prepared.declined, iteration())
  http.post(`${prepared.url}/v1/orders/${orderId}/payments`, '{}', {
    headers: headers(customer, { 'content-type': 'application/json', 'idempotency-key': newKey() }), tags: { name: routes.retryPayment }
  })
}

/** What visitors of a shop do: they search, look at a product, and now and then at the categories. */
export function browse (): void {
  const at = iteration()
  if (at % 10 === 9) get('/v1/categories', routes.categories)
  else if (at % 10 < 4) get(`/v1/products?q=${pick(['mug', 'load', 'red', 'blue'], at)}&limit=20`, routes.searchProducts)
  else get(`/v1/products/${pick(prepared.skus, at * 13)}`, routes.getProduct)
}

/** What customers do afterwards. */
export function lookAtOrders (): void {
  get('/v1/orders?limit=20', routes.listOrders)
}

function get (path: string, name: string): void {
  http.get(`${prepared.url}${path}`, { headers: headers(exec.vu.idInTest), tags: { name } })
}
