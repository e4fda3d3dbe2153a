import { once } from 'node:events'
import { type IncomingHttpHeaders, createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { type Test, test } from 'tap'
import { call } from '../support/http.ts'
import { openSaga, twoOfEach } from '../support/saga-scene.ts'
import { until } from '../support/until.ts'

interface Posted { readonly path: string, readonly headers: IncomingHttpHeaders, readonly body: string }

/** An endpoint that answers the first message to `/shaky` with 503, and everything else with 204. */
async function receiver (t: Test) {
  const posted: Posted[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => { chunks.push(chunk) })
    request.on('end', () => {
      const path = request.url ?? ''
      const isFirst = !posted.some(each => each.path === path)
      posted.push({ path, headers: request.headers, body: Buffer.concat(chunks).toString() })
      response.writeHead(path === '/shaky' && isFirst ? 503 : 204).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => { server.closeAllConnections(); server.close() })
  return { posted, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

test('an order is told to whoever subscribed, signed, once, and again to an endpoint that was not there', async t => {
  const scene = await openSaga(t)
  if (scene === undefined) return
  const { platform, customer, products, checkHealth } = scene
  const { posted, url } = await receiver(t)
  const owner = `owner-${crypto.randomUUID()}`
  const token = await platform.token('Admin', owner)
  const ask = async (method: string, path: string, body?: object) => {
    const headers = method === 'POST' ? { 'idempotency-key': crypto.randomUUID() } : {}
    return await call(`${platform.apiUrl}/v1/webhooks${path}`, { token, method, headers, ...body === undefined ? {} : { body } })
  }
  const subscribe = async (path: string, eventTypes: readonly string[]) => {
    const answer = await ask('POST', '', { url: url + path, eventTypes })
    t.equal(answer.status, 201, JSON.stringify(answer.body))
    return answer.body as { readonly webhookId: string, readonly secret: string }
  }
  const steady = await subscribe('/steady', ['orders.*', 'payments.captured'])
  const shaky = await subscribe('/shaky', ['orders.confirmed'])
  // Each task knows of them once it has read the routes; a message that arrives shows that the endpoint is there.
  t.equal((await ask('POST', `/${steady.webhookId}/ping`)).status, 202)
  await until(() => posted.some(({ path }) => path === '/steady'))

  const messagesOf = (path: string, orderId: string): Array<Posted & { readonly type: string }> => posted
    .filter(each => each.path === path && each.body.includes(orderId))
    .map(each => ({ ...each, type: (JSON.parse(each.body) as { type: string }).type }))
  const skus = await products(2)
  const orderId = (await customer.order(twoOfEach(skus))).data.orderId
  t.equal(await customer.endOf(orderId), 'OrderConfirmed')

  await t.test('each event arrives once, and its signature is believed', async t => {
    const expected = ['orders.confirmed', 'orders.created', 'payments.captured']
    await until(() => messagesOf('/steady', orderId).length >= expected.length)
    const messages = messagesOf('/steady', orderId)
    t.same(messages.map(({ type }) => type).sort(), expected)
    t.equal(new Set(messages.map(({ headers }) => headers['webhook-id'])).size, expected.length)
    const verifier = new Webhook(steady.secret)
    for (const { body, headers } of messages) t.ok(verifier.verify(body, headers as Record<string, string>))
    t.throws(() => new Webhook(shaky.secret).verify(messages[0]?.body ?? '', messages[0]?.headers as Record<string, string>))
  })

  await t.test('what failed comes again under its id, and the log of the subscription tells both tries', async t => {
    await until(() => messagesOf('/shaky', orderId).length >= 2)
    const [first, second] = messagesOf('/shaky', orderId)
    t.equal(first?.headers['webhook-id'], second?.headers['webhook-id'])
    t.equal(first?.body, second?.body)
    const read = async () => (await ask('GET', `/${shaky.webhookId}/deliveries/${String(first?.headers['webhook-id'])}`)).body as { readonly status: string }
    await until(async () => (await read()).status === 'delivered')
    t.match(await read(), { status: 'delivered', attempts: [{ code: 'refused', status: 503 }, { code: 'delivered', status: 204 }] })
  })

  await t.test('a secret that is changed signs beside the one before', async t => {
    const { secret } = (await ask('POST', `/${steady.webhookId}/secret`, { overlapS: 3600 })).body as { readonly secret: string }
    const before = posted.length
    await ask('POST', `/${steady.webhookId}/ping`)
    await until(() => posted.length > before)
    const { body, headers } = posted.at(-1) as Posted
    for (const each of [secret, steady.secret]) t.ok(new Webhook(each).verify(body, headers as Record<string, string>))
  })

  for (const { webhookId } of [steady, shaky]) t.equal((await ask('DELETE', `/${webhookId}`)).status, 204)
  checkHealth(t)
})
