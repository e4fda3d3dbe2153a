import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type Test, test } from 'tap'
import webPush from 'web-push'
import { type Message } from '../../../sinks/notifications/channel.ts'
import { createPush } from '../../../sinks/notifications/push.ts'
import { isPushEndpoint, pushServices, readSubscription } from '../../../sinks/notifications/push-subscription.ts'
import { createSms } from '../../../sinks/notifications/sms.ts'

const message: Message = { deliveryId: '0f0e0d0c-0000-4000-8000-000000000001', notificationId: 'n-1', to: ['+441'], subject: 'Subject', text: 'text', html: 'html', short: 'short & sweet' }
const { signal } = new AbortController()

interface Seen { readonly method: string | undefined, readonly url: string | undefined, readonly headers: IncomingMessage['headers'], readonly body: string }

async function provider (t: Test, answer: (seen: Seen) => { readonly status: number, readonly body?: string, readonly headers?: Record<string, string> } | 'cut') {
  const seen: Seen[] = []
  const server: Server = createServer((request, response) => {
    text(request).then(body => {
      const entry = { method: request.method, url: request.url, headers: request.headers, body }
      seen.push(entry)
      const given = answer(entry)
      if (given === 'cut') return request.socket.destroy()
      response.writeHead(given.status, given.headers).end(given.body ?? '')
    }, () => {})
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => { server.close() })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, server }
}

function smsTo (t: Test, url: string) {
  const sms = createSms({ url, accountId: 'AC1', token: 'secret', from: '+440', statusUrl: 'https://shop/receipts' })
  t.teardown(async () => { await sms.close() })
  return sms
}

test('a text message is posted as the provider wants it, with the delivery as idempotency key', async t => {
  const { url, seen } = await provider(t, () => ({ status: 201, body: '{"sid":"SM1"}' }))
  const sms = smsTo(t, url)
  t.same(await sms.send(message, signal), { kind: 'sent', providerId: 'SM1' })
  t.match(seen, [{
    method: 'POST',
    url: '/2010-04-01/Accounts/AC1/Messages.json',
    headers: { 'idempotency-key': message.deliveryId, authorization: `Basic ${Buffer.from('AC1:secret').toString('base64')}` },
    body: 'To=%2B441&From=%2B440&Body=short+%26+sweet&StatusCallback=https%3A%2F%2Fshop%2Freceipts%3Fnotification%3Dn-1'
  }])
  t.same([sms.policy, sms.keyLifeMs], ['once', 86_400_000])
})

test('what a provider of text messages answers is told as what it is', async t => {
  const cases = [
    [{ status: 400, body: '{"code":21211}' }, { kind: 'refused', code: 'provider-21211', isAddressGone: true }],
    [{ status: 400, body: '{"code":21610}' }, { kind: 'refused', isAddressGone: true }],
    [{ status: 400, body: '{"code":30007}' }, { kind: 'refused', isAddressGone: false }],
    [{ status: 401, body: '' }, { kind: 'unavailable', code: 'http-401' }],
    [{ status: 429 }, { kind: 'unavailable' }],
    [{ status: 503 }, { kind: 'unavailable' }],
    [{ status: 500 }, { kind: 'unknown' }],
    [{ status: 201, body: '<html>' }, { kind: 'unknown' }],
    ['cut', { kind: 'unknown' }]
  ] as const
  for (const [answer, expected] of cases) {
    const { url } = await provider(t, () => answer)
    t.match(await smsTo(t, url).send(message, signal), expected, JSON.stringify(answer))
  }
  const { url, server } = await provider(t, () => ({ status: 200 }))
  await new Promise<void>(resolve => { server.close(() => { resolve() }) })
  t.match(await smsTo(t, url).send(message, signal), { kind: 'unavailable', code: 'unreachable' })
})

const vapid = webPush.generateVAPIDKeys()
const browser = (endpoint: string): string => JSON.stringify({
  endpoint, keys: { p256dh: 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM', auth: 'tBHItJI5svbpez7KI4CCXg' }
})

function pushTo (t: Test) {
  const push = createPush({ subject: 'mailto:shop@example.com', ...vapid, hosts: ['127.0.0.1'], isPlainAllowed: true })
  t.teardown(async () => { await push.close() })
  return push
}

test('a push is encrypted for the browser, signed, and of the topic of its delivery', async t => {
  const { url, seen } = await provider(t, () => ({ status: 201, headers: { location: 'https://push/m/1' } }))
  t.same(await pushTo(t).send({ ...message, to: [browser(`${url}/sub/1`)] }, signal), { kind: 'sent', providerId: 'https://push/m/1' })
  const [first] = seen
  t.match(first?.headers, { 'content-encoding': 'aes128gcm', ttl: '86400', topic: /^[A-Za-z0-9_-]{22}$/, authorization: /^vapid t=/ })
  t.notMatch(first?.body, /short/)
})

test('a reader is reached when one of his browsers is, and his address is gone when all of them are', async t => {
  const statuses: Readonly<Record<string, number>> = { '/a': 410, '/b': 201, '/c': 404, '/d': 500 }
  const { url } = await provider(t, ({ url: path = '' }) => ({ status: statuses[path] ?? 400 }))
  const push = pushTo(t)
  const to = (...paths: readonly string[]) => ({ ...message, to: paths.map(path => browser(`${url}${path}`)) })
  t.match(await push.send(to('/a', '/b'), signal), { kind: 'sent' })
  t.match(await push.send(to('/a', '/c'), signal), { kind: 'refused', isAddressGone: true })
  t.match(await push.send(to('/a', '/e'), signal), { kind: 'refused', isAddressGone: false })
  t.match(await push.send(to('/a', '/d'), signal), { kind: 'unknown' })
})

test('nothing is sent to an endpoint that is no push service: a reader could choose any host', async t => {
  const { url, seen } = await provider(t, () => ({ status: 201 }))
  const strict = createPush({ subject: 'mailto:shop@example.com', ...vapid, hosts: pushServices })
  t.teardown(async () => { await strict.close() })
  t.match(await strict.send({ ...message, to: [browser(`${url}/x`), 'rubbish', '{}'] }, signal), { kind: 'refused', isAddressGone: true })
  t.equal(seen.length, 0)
  for (const endpoint of [
    'http://fcm.googleapis.com/x', 'https://fcm.googleapis.com.evil.com/x', 'https://u@fcm.googleapis.com/x', 'https://fcm.googleapis.com:8443/x', 'https://169.254.169.254/', 'x'
  ]) t.notOk(isPushEndpoint(endpoint, pushServices), endpoint)
  t.ok(isPushEndpoint('https://db5p.notify.windows.com/w/?token=x', pushServices))
  t.equal(readSubscription('{"endpoint":"https://x"}'), undefined)
})
