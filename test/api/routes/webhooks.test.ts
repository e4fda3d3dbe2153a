import { type Test, test } from 'tap'
import { createKafkaCommandLog } from '../../../api/adapters/kafka-command-log.ts'
import { createStateWebhookQueries } from '../../../api/adapters/state-webhook-queries.ts'
import { type Permission } from '../../../api/permissions.ts'
import { type WebhookQueries } from '../../../api/webhooks/ports.ts'
import { checkEndpoint } from '../../../sinks/webhooks/endpoint-policy.ts'
import { webhookSecret } from '../../../sinks/webhooks/secrets.ts'
import { topics } from '../../../topology/topics.ts'
import { maxWebhooks } from '../../../topology/webhooks/webhook.ts'
import { buildApi } from '../../support/build-app.ts'
import { type Endpoint, WebhookWorld, arrived, failing, url } from '../../topology/webhooks/webhook-world.ts'

const masterKey = Buffer.alloc(32, 3)
const reader: readonly Permission[] = ['orders:read-all']
const body = { url, eventTypes: ['orders.*'], description: 'accounting' }

/** The API over the webhooks processor itself: what it writes is carried out, and read back from the state. */
async function start (t: Test, endpoint: Endpoint = () => arrived, watched = (queries: WebhookQueries) => queries) {
  const world = await WebhookWorld.start(t, endpoint)
  const client = world.driver.broker.client('api')
  await client.start()
  const api = await buildApi(t, {
    commandLog: createKafkaCommandLog(client.producer()),
    webhooks: {
      queries: watched(createStateWebhookQueries({ backend: world.driver.backend, applicationId: 'driver' })),
      whyRefused: text => {
        const verdict = checkEndpoint(text, { allowLoopback: false })
        return 'refused' in verdict ? verdict.refused : undefined
      },
      secretOf: (webhookId, secretId) => webhookSecret(masterKey, webhookId, secretId)
    }
  })
  let keys = 0
  const as = async (subject: string, grants: readonly Permission[] = reader) => {
    const token = await api.token('ServiceAccount', subject, grants)
    return async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object, key: string | undefined = `key-${keys++}`) => {
      const asked = api.app.inject({
        method,
        url: `/v1/webhooks${path}`,
        headers: { authorization: `Bearer ${token}`, ...method === 'POST' ? { 'idempotency-key': key } : {} },
        ...payload === undefined ? {} : { payload }
      })
      await api.until(asked)
      await world.driver.run()
      return await asked
    }
  }
  return { api, world, as }
}

test('a subscription is made once for a key, with a secret that only this answer shows, and its events arrive', async t => {
  const { world, as } = await start(t)
  const ask = await as('alice')
  const made = await ask('POST', '', body, 'k1')
  t.equal(made.statusCode, 201, made.body)
  const { webhookId, secret, secrets } = made.json()
  t.match(made.json(), { ...body, status: 'active', disabledReason: null, isFailing: false })
  t.equal(made.headers.location, `/v1/webhooks/${webhookId}`)
  t.equal(made.headers['cache-control'], 'no-store')
  t.equal(secret, webhookSecret(masterKey, webhookId, secrets[0].secretId))
  const again = await ask('POST', '', body, 'k1')
  t.same(again.json(), made.json())
  t.equal(again.headers['idempotent-replayed'], 'true')
  t.match((await ask('POST', '', { ...body, description: 'other' }, 'k1')).json(), { status: 422, code: 'idempotency-conflict' })
  const list = await ask('GET', '')
  t.match(list.json(), { items: [{ webhookId }] })
  t.equal(list.json().items.length, 1)
  t.notOk(list.body.includes('whsec_'))
  t.notOk((await ask('GET', `/${webhookId}`)).body.includes('whsec_'))
  await world.confirm([1])
  t.match(world.endpoints.calls, [{ url, webhookId, secrets: [{ secretId: secrets[0].secretId }] }])
})

test('every change is carried out when several requests are of one trace', async t => {
  const { api, world, as } = await start(t)
  const ask = await as('alice')
  const { webhookId } = (await ask('POST', '', body)).json()
  const headers = { authorization: `Bearer ${await api.token('ServiceAccount', 'alice', reader)}`, traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }
  for (const status of ['disabled', 'active', 'disabled']) {
    const asked = api.app.inject({ method: 'PATCH', url: `/v1/webhooks/${webhookId}`, headers, payload: { status } })
    await api.until(asked)
    await world.driver.run()
    t.match((await asked).json(), { webhookId, status }, 'the same body again is another change')
  }
})

test('no secret is in the log or the state', async t => {
  const { world, as } = await start(t)
  const ask = await as('alice')
  const { webhookId, secret } = (await ask('POST', '', body)).json()
  const { secret: second } = (await ask('POST', `/${webhookId}/secret`, {})).json()
  const everything = [topics.webhooks.commands, topics.webhooks.events, topics.webhooks.routes].map(({ name }) => name)
    .concat('driver-webhooks-changelog')
    .flatMap(topic => Array.from({ length: 8 }, (_, partition) => world.driver.broker.entries(topic, partition)).flat())
  t.ok(everything.length > 5)
  for (const given of [secret, second]) {
    const bytes = Buffer.from(given.slice('whsec_'.length), 'base64')
    t.notOk(everything.some(({ value }) => value !== null && value !== undefined && (value.includes(bytes) || value.includes(given.slice(6)))))
  }
})

test('a subscription is nobody else\'s: all that is asked of it by another is answered like one that does not exist', async t => {
  const { world, as } = await start(t)
  const alice = await as('alice')
  const mallory = await as('mallory')
  const { webhookId } = (await alice('POST', '', body)).json()
  await world.confirm([1])
  const [delivery] = (await alice('GET', `/${webhookId}/deliveries`)).json().items
  t.equal(delivery.status, 'delivered')
  for (const [method, path, payload] of [
    ['GET', ''], ['PATCH', '', { status: 'disabled' }], ['DELETE', ''], ['POST', '/secret', {}], ['POST', '/ping'], ['GET', '/deliveries'],
    ['GET', `/deliveries/${delivery.messageId}`], ['POST', `/deliveries/${delivery.messageId}/resend`], ['POST', '/resend', { from: '2026-01-01T00:00:00Z' }]
  ] as const) {
    t.match((await mallory(method, `/${webhookId}${path}`, payload)).json(), { status: 404, code: 'not-found' }, `${method} ${path}`)
  }
  t.same((await mallory('GET', '')).json(), { items: [] })
  t.match(await alice('GET', `/${webhookId}`).then(answer => answer.json()), { status: 'active' })
})

test('who may not read what he would be told does not subscribe to it', async t => {
  const { as } = await start(t)
  t.match((await (await as('bob', ['orders:read']))('POST', '', body)).json(), { status: 403 })
  t.match((await (await as('bob'))('POST', '', { ...body, eventTypes: ['payments.captured'] })).json(), { status: 403, detail: /payments:read/ })
  t.match((await (await as('bob'))('POST', '', { ...body, eventTypes: ['shipments.*'] })).json(), { status: 403, detail: /shipments:read/ })
  t.equal((await (await as('bob', ['orders:read-all', 'payments:read', 'shipments:read']))('POST', '', { ...body, eventTypes: ['payments.*', 'shipments.created'] })).statusCode, 201)
})

test('a subscription is enabled again only by who may still read what it tells', async t => {
  const { world, as } = await start(t)
  const ask = await as('alice', ['orders:read-all', 'payments:read'])
  const { webhookId } = (await ask('POST', '', { ...body, eventTypes: ['payments.*'] })).json()
  const meta = { eventId: webhookId, occurredAt: 0, correlationId: 'c', causationId: 'c', aggregateVersion: 1, tenant: 'default' }
  await world.driver.pipe(topics.identity.events, 'alice', { type: 'RoleRevoked', meta, userId: 'alice', role: 'Support', by: null })
  await world.driver.run()
  t.match((await ask('GET', `/${webhookId}`)).json(), { status: 'disabled', disabledReason: 'access' })
  t.match((await (await as('alice'))('PATCH', `/${webhookId}`, { status: 'active' })).json(), { status: 403 })
  t.match((await ask('PATCH', `/${webhookId}`, { status: 'active' })).json(), { status: 'active', disabledReason: null })
})

test('what may not be subscribed to is refused with its field', async t => {
  const { as } = await start(t)
  const ask = await as('alice')
  for (const wrong of ['http://example.com/', 'https://127.0.0.1/', 'https://2130706433/', 'https://[::ffff:127.0.0.1]/', 'https://user@example.com/', 'https://localhost/', 'https://example.com./', 'https://example.com:22/']) {
    const answer = await ask('POST', '', { ...body, url: wrong })
    t.match(answer.json(), { status: 422, code: 'request-invalid', errors: [{ field: '/url' }] }, wrong)
  }
  t.match((await ask('POST', '', { ...body, eventTypes: ['orders.created', 'orders.unheard'] })).json(), { status: 422, errors: [{ field: '/eventTypes/1' }] })
  t.equal((await ask('POST', '', { ...body, eventTypes: [] })).statusCode, 422)
  t.equal((await ask('POST', '', { ...body, secret: 'mine' })).statusCode, 422)
  const { webhookId } = (await ask('POST', '', body)).json()
  t.match((await ask('PATCH', `/${webhookId}`, { url: 'https://10.0.0.1/' })).json(), { status: 422, errors: [{ field: '/url' }] })
  t.match((await ask('POST', `/${webhookId}/resend`, { from: '2026-01-02T00:00:00Z', until: '2026-01-01T00:00:00Z' })).json(), { status: 422, errors: [{ field: '/until' }] })
})

test('an account has so many subscriptions, and a repeat of the last one is still answered', async t => {
  const { as } = await start(t)
  const ask = await as('alice')
  for (let n = 0; n < maxWebhooks; n++) t.equal((await ask('POST', '', body, `n${n}`)).statusCode, 201)
  t.match((await ask('POST', '', body)).json(), { status: 409, code: 'state-forbids' })
  t.equal((await ask('POST', '', body, `n${maxWebhooks - 1}`)).statusCode, 201)
  t.equal((await (await as('bob'))('POST', '', body)).statusCode, 201)
})

test('of subscriptions that are asked for at the same moment none is made beyond the limit, and one that was refused can be asked for again', async t => {
  const keys = Array.from({ length: 5 }, (_, n) => `n${n}`)
  const all = Promise.withResolvers<void>()
  let listed = 0
  const { api, world, as } = await start(t, () => arrived, queries => ({
    ...queries,
    list: async ownerId => {
      const found = await queries.list(ownerId)
      if (found.length === maxWebhooks - 1 && ++listed === keys.length) all.resolve()
      if (found.length === maxWebhooks - 1) await all.promise
      return found
    }
  }))
  const ask = await as('alice')
  for (let n = 1; n < maxWebhooks; n++) await ask('POST', '', body)
  const headers = { authorization: `Bearer ${await api.token('ServiceAccount', 'alice', reader)}` }
  const asked = Promise.all(keys.map(async key => await api.app.inject({ method: 'POST', url: '/v1/webhooks', headers: { ...headers, 'idempotency-key': key }, payload: body })))
  await api.until(asked)
  await world.driver.run()
  const answers = await asked
  const made = answers.findIndex(({ statusCode }) => statusCode === 201)
  t.same(answers.map(({ statusCode }, index) => index === made ? statusCode === 201 : statusCode === 409), [true, true, true, true, true])
  t.same((await world.driver.read(topics.orders.rejections)).map(({ value: { code } }) => code), Array(4).fill('too-many-webhooks'), 'the log decided')
  t.equal((await ask('GET', '')).json().items.length, maxWebhooks)
  await ask('DELETE', `/${answers[made]?.json().webhookId}`)
  t.equal((await ask('POST', '', body, keys[made])).statusCode, 404, 'it was made under this key, and removed')
  t.equal((await ask('POST', '', body, keys[(made + 1) % 5])).statusCode, 201)
})

test('a secret is changed once for a key, and both sign until the overlap is over', async t => {
  const { world, as } = await start(t)
  const ask = await as('alice')
  const first = (await ask('POST', '', body)).json()
  const path = `/${first.webhookId}/secret`
  const second = await ask('POST', path, { overlapS: 3600 }, 'r1')
  t.equal(second.statusCode, 200, second.body)
  t.not(second.json().secret, first.secret)
  t.same((await ask('POST', path, { overlapS: 3600 }, 'r1')).json().secret, second.json().secret)
  await world.confirm([1])
  t.same(world.endpoints.calls[0]?.secrets.map(({ secretId }) => webhookSecret(masterKey, first.webhookId, secretId)), [second.json().secret, first.secret])
})

test('the log of a subscription tells each message and its tries, page by page, and sends again what is asked for', async t => {
  const { world, as } = await start(t, (_call, count) => count === 1 ? { ...failing, code: 'gone', status: 410 } : arrived)
  const ask = await as('alice')
  const { webhookId } = (await ask('POST', '', body)).json()
  await world.confirm([1])
  t.match((await ask('GET', `/${webhookId}`)).json(), { status: 'disabled', disabledReason: 'gone' })
  t.match((await ask('PATCH', `/${webhookId}`, { status: 'active' })).json(), { status: 'active' })
  await world.confirm([2, 3])
  const page = (await ask('GET', `/${webhookId}/deliveries?limit=2`)).json()
  t.match(page.items, [{ status: 'delivered' }, { status: 'delivered' }])
  const rest = (await ask('GET', `/${webhookId}/deliveries?limit=2&after=${page.next}`)).json()
  t.equal(rest.items.length + page.items.length, 3)
  t.equal(rest.next, null)
  const failed = [...page.items, ...rest.items].find(({ status }: { status: string }) => status === 'failed')
  t.match(failed, { eventType: 'orders.confirmed', lastAttempt: { code: 'gone', status: 410, tookMs: 12, excerpt: 'no' } })
  const whole = (await ask('GET', `/${webhookId}/deliveries/${failed.messageId}`)).json()
  t.match(JSON.parse(whole.body), { type: 'orders.confirmed' })
  t.equal((await ask('POST', `/${webhookId}/deliveries/${failed.messageId}/resend`)).statusCode, 202)
  t.match((await ask('GET', `/${webhookId}/deliveries/${failed.messageId}`)).json(), { status: 'delivered', attempts: { length: 2 } })
  t.equal((await ask('POST', `/${webhookId}/resend`, { from: '2020-01-01T00:00:00Z', onlyFailed: false })).statusCode, 202)
  t.equal(world.endpoints.calls.length, 7)
  t.equal(new Set(world.endpoints.calls.map(({ messageId }) => messageId)).size, 3)
})

test('a test message is accepted, and the list tells what came of it', async t => {
  const { as } = await start(t)
  const ask = await as('alice')
  const { webhookId } = (await ask('POST', '', body)).json()
  const accepted = await ask('POST', `/${webhookId}/ping`)
  t.equal(accepted.statusCode, 202, accepted.body)
  t.equal(accepted.headers.location, `/v1/webhooks/${webhookId}/deliveries`)
  t.match((await ask('GET', `/${webhookId}/deliveries`)).json(), { items: [{ eventType: 'webhooks.ping', status: 'delivered' }], next: null })
})

test('a subscription that is removed is gone', async t => {
  const { as } = await start(t)
  const ask = await as('alice')
  const { webhookId } = (await ask('POST', '', body)).json()
  t.equal((await ask('DELETE', `/${webhookId}`)).statusCode, 204)
  t.equal((await ask('GET', `/${webhookId}`)).statusCode, 404)
  t.equal((await ask('DELETE', `/${webhookId}`)).statusCode, 404)
})

test('what can be subscribed to is listed with its groups', async t => {
  const { as } = await start(t)
  const { version, items } = (await (await as('alice'))('GET', '/event-types')).json()
  t.equal(version, '1')
  t.ok(items.some(({ name, group }: { name: string, group: string }) => name === 'orders.confirmed' && group === 'orders.*'))
})
