import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { type LookupAddress } from 'node:dns'
import { Webhook } from 'standardwebhooks'
import { type Test, test } from 'tap'
import { type WebhookCall } from '#schemas'
import { type WebhookSenderOptions, createWebhookSender, excerptLength } from '../../../sinks/webhooks/post-webhook.ts'
import { webhookSecret } from '../../../sinks/webhooks/secrets.ts'

const masterKey = Buffer.alloc(32, 7)
const webhookId = '00000000-0000-4000-8000-0000000000a1'
const never = new AbortController().signal

interface Heard { readonly url: string, readonly headers: Record<string, string>, readonly body: string }

/** A receiver on this machine, and what it heard. */
async function receiver (t: Test, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const heard: Heard[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => { chunks.push(chunk) })
    request.on('end', () => {
      heard.push({ url: request.url ?? '', headers: request.headers as Record<string, string>, body: Buffer.concat(chunks).toString() })
      answer(request, response)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => { server.closeAllConnections(); server.close() })
  return { heard, port: (server.address() as AddressInfo).port }
}

function sender (t: Test, options: Partial<WebhookSenderOptions> = {}) {
  const made = createWebhookSender({ masterKey, allowLoopback: true, ...options })
  t.teardown(async () => { await made.close() })
  return made
}

function call (url: string, change: Partial<WebhookCall> = {}): WebhookCall {
  return { type: 'WebhookCall', webhookId, ownerId: 'o', messageId: 'msg_1', url, body: '{"type":"orders.created"}', secrets: [{ secretId: 's1', until: null }], ...change }
}

test('a message is posted once, and its signature is believed by a library of Standard Webhooks', async t => {
  const { heard, port } = await receiver(t, (_request, response) => { response.writeHead(201).end('thank you') })
  const answer = await sender(t).send(call(`http://127.0.0.1:${port}/in?a=b`), never)
  t.match(answer, { code: 'delivered', status: 201, excerpt: 'thank you' })
  t.equal(heard.length, 1)
  const [{ url, headers, body } = { url: '', headers: {}, body: '' }] = heard
  t.equal(url, '/in?a=b')
  t.match(headers, { 'webhook-id': 'msg_1', 'content-type': 'application/json' })
  t.same(new Webhook(webhookSecret(masterKey, webhookId, 's1')).verify(body, headers), { type: 'orders.created' })
  t.throws(() => new Webhook(webhookSecret(masterKey, webhookId, 's2')).verify(body, headers))
  t.throws(() => new Webhook(webhookSecret(masterKey, webhookId, 's1')).verify(`${body} `, headers))
})

test('both secrets sign while one is changed, and one whose time is over does not', async t => {
  const { heard, port } = await receiver(t, (_request, response) => { response.end() })
  const nowMs = Date.now()
  const secrets = [{ secretId: 's3', until: null }, { secretId: 's2', until: nowMs + 60_000 }, { secretId: 's1', until: nowMs - 1 }]
  await sender(t).send(call(`http://127.0.0.1:${port}/`, { secrets }), never)
  const [{ headers, body } = { headers: {}, body: '' }] = heard
  t.match((headers as Record<string, string>)['webhook-signature'], /^v1,[A-Za-z0-9+/=]{44} v1,[A-Za-z0-9+/=]{44}$/)
  for (const secretId of ['s3', 's2']) t.ok(new Webhook(webhookSecret(masterKey, webhookId, secretId)).verify(body, headers))
  t.throws(() => new Webhook(webhookSecret(masterKey, webhookId, 's1')).verify(body, headers))
})

test('a secret is another one for each subscription and name, and has the form of the standard', t => {
  const secrets = [webhookSecret(masterKey, webhookId, 's1'), webhookSecret(masterKey, webhookId, 's2'), webhookSecret(masterKey, 'other', 's1'), webhookSecret(Buffer.alloc(32, 8), webhookId, 's1')]
  t.equal(new Set(secrets).size, 4)
  for (const secret of secrets) t.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
  t.end()
})

test('answers other than success are told with their status, and a redirect is not followed', async t => {
  const { heard, port } = await receiver(t, (request, response) => {
    const status = Number(request.url?.slice(1))
    response.writeHead(status, status === 302 ? { location: '/200' } : {}).end(`no: ${status}`)
  })
  const send = async (status: number) => await sender(t).send(call(`http://127.0.0.1:${port}/${status}`), never)
  t.match(await send(500), { code: 'refused', status: 500, excerpt: 'no: 500' })
  t.match(await send(404), { code: 'refused', status: 404 })
  t.match(await send(410), { code: 'gone', status: 410 })
  t.match(await send(302), { code: 'redirected', status: 302 })
  t.same(heard.map(({ url }) => url), ['/500', '/404', '/410', '/302'])
})

test('an answer is as long as it is read: of a large one the beginning is kept, as printable text', async t => {
  const { port } = await receiver(t, (_request, response) => { response.end(`a\u0000b\r\n\u202ec${'x'.repeat(10_000_000)}`) })
  const { code, excerpt } = await sender(t).send(call(`http://127.0.0.1:${port}/`), never)
  t.equal(code, 'delivered')
  t.equal(excerpt.length, excerptLength)
  t.equal(excerpt.slice(0, 6), 'a b cx')
})

test('a body that never ends, and one that breaks, change nothing about the status', async t => {
  const { port } = await receiver(t, (request, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('begun', () => { if (request.url === '/broken') response.destroy() })
  })
  const made = sender(t, { bodyTimeoutMs: 20 })
  t.match(await made.send(call(`http://127.0.0.1:${port}/slow`), never), { code: 'delivered', status: 200, excerpt: 'begun' })
  t.match(await made.send(call(`http://127.0.0.1:${port}/broken`), never), { code: 'delivered', status: 200 })
})

test('no answer in time, and a signal that aborts, end a try', async t => {
  const { port } = await receiver(t, () => {})
  t.match(await sender(t, { timeoutMs: 20 }).send(call(`http://127.0.0.1:${port}/`), never), { code: 'timeout', status: null })
  t.match(await sender(t).send(call(`http://127.0.0.1:${port}/`), AbortSignal.timeout(20)), { code: 'timeout', status: null })
})

test('an endpoint that is not there is told, and never throws', async t => {
  const { port } = await receiver(t, (request) => { request.socket.destroy() })
  t.match(await sender(t).send(call(`http://127.0.0.1:${port}/`), never), { code: 'unreachable', status: null })
  t.match(await sender(t).send(call('http://127.0.0.1:1/'), never), { code: 'unreachable', status: null })
  const resolve = async (): Promise<never> => { throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }) }
  t.match(await sender(t, { resolve }).send(call('https://hooks.example.com/'), never), { code: 'unresolved' })
})

test('nothing is posted to this machine when the development switch is off', async t => {
  const { heard, port } = await receiver(t, (_request, response) => { response.end() })
  const strict = sender(t, { allowLoopback: false })
  t.match(await strict.send(call(`http://127.0.0.1:${port}/`), never), { code: 'url-refused', excerpt: 'the URL is not https' })
  t.match(await strict.send(call('https://127.0.0.1:8443/'), never), { code: 'url-refused' })
  t.equal(heard.length, 0)
})

/** A resolver that gives other addresses each time, as one that is rebound does. */
function rebinding (...answers: readonly LookupAddress[][]) {
  const asked: string[] = []
  const resolve = async (name: string): Promise<readonly LookupAddress[]> => {
    asked.push(name)
    return answers[Math.min(asked.length, answers.length) - 1] ?? []
  }
  return { asked, resolve }
}

test('a name that leads inside is refused, whichever of its addresses does', async t => {
  for (const address of ['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1', 'fd00::1']) {
    const family = address.includes(':') ? 6 : 4
    const { resolve } = rebinding([{ address: '93.184.216.34', family: 4 }, { address, family }])
    t.match(await sender(t, { allowLoopback: false, resolve }).send(call('https://hooks.example.com/'), never), { code: 'address-refused', status: null }, address)
  }
})

test('a name is resolved once for a connection: what is checked is what is connected to, however it is rebound afterwards', async t => {
  const { heard, port } = await receiver(t, (_request, response) => { response.end() })
  // The second answer would lead to nobody: were the name asked again, the message would not arrive.
  const names = rebinding([{ address: '127.0.0.1', family: 4 }], [{ address: '127.0.0.9', family: 4 }])
  t.match(await sender(t, { resolve: names.resolve }).send(call(`http://localhost:${port}/`), never), { code: 'delivered' })
  t.same(names.asked, ['localhost'])
  t.equal(heard[0]?.headers['host'], `localhost:${port}`, 'the endpoint is asked by its name')
  // And the other way round: a name that was public when it was subscribed leads inside now.
  const turned = rebinding([{ address: '127.0.0.1', family: 4 }])
  t.match(await sender(t, { allowLoopback: false, resolve: turned.resolve }).send(call('https://hooks.example.com:8443/'), never), { code: 'address-refused' })
  t.same(turned.asked, ['hooks.example.com'])
})
