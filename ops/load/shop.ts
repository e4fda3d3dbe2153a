import { setTimeout as sleep } from 'node:timers/promises'
import { type Config } from '../config.ts'
import { OpsError } from '../errors.ts'
import { type Report } from '../stack/stack.ts'
import { createToken } from '../token.ts'

/** What a script of a load test finds. */
export interface PreparedShop {
  readonly url: string
  readonly tokens: readonly string[]
  readonly skus: readonly string[]
  readonly declined: ReadonlyArray<{ readonly orderId: string, readonly customer: number }>
}

/** Products that are ordered: enough for every task of the stock to have its share. */
const productCount = 64
/** Customers: one token for each virtual user at the rates of the scripts. */
const customerCount = 400
const tokenTtlS = 4 * 3600
const atOnce = 32

/**
 * Lists products with stock, signs tokens, and places that many orders whose payment is declined. Everything goes through the API; a second run
 * finds the products.
 */
export async function prepareShop (config: Config, url: string, declinedCount: number, report: Report): Promise<PreparedShop> {
  const admin = await createToken({ role: 'Admin', subject: 'load-admin', grants: [], ttlS: tokenTtlS }, config)
  const tokens = await Promise.all(Array.from({ length: customerCount }, async (_, index) =>
    await createToken({ role: 'Customer', subject: `load-customer-${index + 1}`, grants: [], ttlS: tokenTtlS }, config)))
  const skus = Array.from({ length: productCount }, (_, index) => `LOAD-${String(index + 1).padStart(3, '0')}`)
  await inTurns(skus, async (sku, index) => {
    const product = {
      sku, name: `Load mug ${index % 2 === 0 ? 'red' : 'blue'} ${index + 1}`, prices: [{ currency: 'GBP', amount: '12.50' }], status: 'published', weightGrams: 350
    }
    await send(url, admin, 'POST', '/v1/products', product, [201, 202, 409])
    await send(url, admin, 'POST', '/v1/inventory', { sku, openingStock: 1_000_000_000, reorderLevel: 10 }, [202, 409])
  })
  report(`${productCount} products are listed`)
  const declined = await inTurns(Array.from({ length: declinedCount }, (_, index) => index), async index => await declinedOrder(url, tokens, skus, index))
  await inTurns(declined, async ({ orderId, customer }) => { await untilDeclined(url, tokens[customer] ?? '', orderId) })
  if (declinedCount > 0) report(`${declinedCount} orders wait for another payment`)
  return { url, tokens, skus, declined }
}

async function declinedOrder (url: string, tokens: readonly string[], skus: readonly string[], index: number): Promise<{ orderId: string, customer: number }> {
  const customer = index % tokens.length
  const answer = await send(url, tokens[customer] ?? '', 'POST', '/v1/orders', {
    currency: 'GBP',
    lines: [{ sku: skus[index % skus.length], quantity: 1 }],
    shippingAddress: { name: 'Ada Lovelace', line1: '12 St James Square', city: 'London', country: 'GB' },
    payment: { method: 'card', token: 'tok_declined' }
  }, [200, 201, 202])
  return { orderId: (answer as { readonly orderId: string }).orderId, customer }
}

/** How long the platform may take for what was prepared, ms. */
const patienceMs = 120_000

async function untilDeclined (url: string, token: string, orderId: string): Promise<void> {
  for (const deadline = Date.now() + patienceMs; ; await sleep(250)) {
    const order = await send(url, token, 'GET', `/v1/orders/${orderId}`, undefined, [200, 404]) as { readonly actionReason?: string | null }
    if (order.actionReason === 'paymentDeclined') return
    if (Date.now() > deadline) throw new OpsError('OPS_LOAD_FAILED', { problem: `the payment of order ${orderId} was not declined within ${patienceMs / 1000} s: are the processors running?` })
  }
}

async function send (url: string, token: string, method: string, path: string, body: object | undefined, good: readonly number[]): Promise<unknown> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...body === undefined ? {} : { 'content-type': 'application/json', prefer: 'wait=10', 'idempotency-key': crypto.randomUUID() }
    },
    ...body === undefined ? {} : { body: JSON.stringify(body) },
    signal: AbortSignal.timeout(30_000)
  })
  const text = await response.text()
  if (!good.includes(response.status)) throw new OpsError('OPS_LOAD_FAILED', { problem: `${method} ${path} is answered ${response.status}: ${text.slice(0, 200)}` })
  return JSON.parse(text)
}

async function inTurns<T, R> (items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let at = 0; at < items.length; at += atOnce) {
    results.push(...await Promise.all(items.slice(at, at + atOnce).map(async (item, index) => await work(item, at + index))))
  }
  return results
}
