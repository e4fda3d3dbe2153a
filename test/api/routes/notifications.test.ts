import { type Test, test } from 'tap'
import { createKafkaEventFeed } from '../../../api/adapters/kafka-event-feed.ts'
import { createKafkaCommandLog } from '../../../api/adapters/kafka-command-log.ts'
import { createStateNotificationQueries } from '../../../api/adapters/state-notification-queries.ts'
import { type NotificationQueries } from '../../../api/notifications/ports.ts'
import { type Permission } from '../../../api/permissions.ts'
import { type NotificationRequested } from '../../../schemas/index.ts'
import { TemplateSet } from '../../../sinks/index.ts'
import { templates } from '../../../topology/notifications/templates.ts'
import { type KeyProvider, decryptPersonal, encryptPersonal } from '../../../topology/personal.ts'
import { topics } from '../../../topology/topics.ts'
import { buildApi } from '../../support/build-app.ts'
import { historyIn } from '../notifications/reader-log.ts'
import { framesOf } from '../orders/event-log.ts'
import { derivedKeys } from '../../support/derived-keys.ts'
import { createWorld, idOf, minuteMs, request, userId } from '../../topology/notifications/notification-world.ts'

const startMs = 1_700_000_000_000
const sender: readonly Permission[] = ['notifications:send']
const body = { userId, template: 'message', variables: { subject: 'Your parcel', body: 'It waits at the counter.' } }
const letters = new TemplateSet(templates)
const missing = '00000000-0000-4000-8000-00000000dead'

/** The API over the notifications processor itself: what it writes is carried out, and read back from the state. */
async function start (t: Test, keys: KeyProvider = derivedKeys(Buffer.alloc(32, 7)), watched = (queries: NotificationQueries) => queries) {
  const world = await createWorld(t, { startMs })
  const client = world.driver.broker.client('api')
  await client.start()
  const api = await buildApi(t, {
    commandLog: createKafkaCommandLog(client.producer()),
    notifications: { queries: watched(createStateNotificationQueries({ backend: world.driver.backend, applicationId: 'driver' })), letters, receipts: { check: () => 'off' } },
    keys
  })
  let count = 0
  const as = async (subject: string, grants: readonly Permission[] = []) => {
    const token = await api.token('ServiceAccount', subject, grants)
    return async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: object, key: string = `key-${count++}`, match?: string) => {
      const asked = api.app.inject({
        method,
        url: `/v1/notifications${path}`,
        headers: { authorization: `Bearer ${token}`, ...method === 'POST' ? { 'idempotency-key': key } : {}, ...match === undefined ? {} : { 'if-match': match } },
        ...payload === undefined ? {} : { payload }
      })
      await api.until(asked)
      await world.work()
      return await asked
    }
  }
  const written = (topic: { readonly name: string }) => Array.from({ length: 8 }, (_, partition) => world.driver.broker.entries(topic.name, partition)).flat()
  const { requests: asked } = topics.notifications
  const requests = (): NotificationRequested[] => written(asked).map(({ value }) => asked.value.decode(value as Buffer))
  return { api, world, keys, as, written, requests, reader: await as(userId), staff: await as('staff', sender) }
}

test('what is sent is in the inbox of its reader in words, and on the channel that was asked for', async t => {
  const { world, reader, staff } = await start(t)
  const sent = await staff('POST', '', body)
  t.equal(sent.statusCode, 202, sent.body)
  const { notificationId } = sent.json()
  t.match(sent.json(), { status: 'accepted', location: `/v1/notifications/${notificationId}` })
  t.equal(sent.headers.location, `/v1/notifications/${notificationId}`)
  t.match((await reader('GET', '')).json(), { unread: 1, items: [{ notificationId, kind: 'message', subject: 'Your parcel', text: /It waits at the counter\./, isRead: false }] })
  t.same(world.email.templates, ['message'])
  const one = (await reader('GET', `/${notificationId}`)).json()
  t.equal(one.subject, 'Your parcel')
  t.same(one.deliveries.map(({ channel, status }: { channel: string, status: string }) => [channel, status]).sort(), [['email', 'sent'], ['inApp', 'delivered']])
})

test('requests of one trace are commands of their own', async t => {
  const { api, written } = await start(t)
  const headers = { authorization: `Bearer ${await api.token('Customer', userId)}`, traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }
  const preferences = { locale: null, timeZone: null, quietHours: null, choices: [] }
  for (const locale of ['de', 'en', 'de']) {
    t.equal((await api.app.inject({ method: 'PUT', url: '/v1/notifications/preferences', headers, payload: { ...preferences, locale } })).statusCode, 202)
  }
  const { commands } = topics.notifications
  const ids = written(commands).map(({ value }) => commands.value.decode(value as Buffer).meta.commandId)
  t.equal(ids.length, 3)
  t.equal(new Set(ids).size, 3)
})

test('what is written by hand is nowhere in the log or the state but encrypted', async t => {
  const { world, keys, written, requests, staff } = await start(t)
  await staff('POST', '', body)
  const [asked] = requests()
  t.same(asked?.variables, {})
  t.same(asked?.sealed === null || asked?.sealed === undefined ? null : await decryptPersonal(keys, 'secret', asked.sealed), body.variables)
  await world.work()
  const everything = [topics.notifications.requests, topics.notifications.events, { name: 'driver-notifications-changelog' }].flatMap(written)
  t.ok(everything.length >= 4)
  t.notOk(everything.some(({ value }) => value?.includes('counter') === true || value?.includes('Your parcel') === true))
})

test('values that are no secret go as they are, and the template has all of them', async t => {
  const { world, requests, staff } = await start(t)
  const sent = await staff('POST', '', { userId, template: 'low-stock', variables: { sku: 'A', available: '1', reorderLevel: '2' } })
  t.equal(sent.statusCode, 202, sent.body)
  t.match(requests(), [{ variables: { sku: 'A', available: '1', reorderLevel: '2' }, sealed: null }])
  t.same(world.email.templates, ['low-stock'])
})

test('a key stands for one notification, and for no other body or reader', async t => {
  const { requests, staff, as } = await start(t)
  const first = await staff('POST', '', body, 'k1')
  const again = await staff('POST', '', body, 'k1')
  t.same(again.json(), first.json())
  t.equal(again.headers['idempotent-replayed'], 'true')
  t.match((await staff('POST', '', { ...body, userId: missing }, 'k1')).json(), { status: 422, code: 'idempotency-conflict' })
  t.not((await (await as('other', sender))('POST', '', body, 'k1')).json().notificationId, first.json().notificationId, 'the key of another sender is another one')
  t.equal(requests().length, 2)
})

test('a key is remembered by the notification itself when the memory of keys is lost', async t => {
  const { world, keys, staff } = await start(t)
  const first = await staff('POST', '', body, 'k1')
  const client = world.driver.broker.client('other')
  await client.start()
  const other = await buildApi(t, {
    commandLog: createKafkaCommandLog(client.producer()),
    notifications: { queries: createStateNotificationQueries({ backend: world.driver.backend, applicationId: 'driver' }), letters, receipts: { check: () => 'off' } },
    keys
  })
  const headers = { authorization: `Bearer ${await other.token('ServiceAccount', 'staff', sender)}`, 'idempotency-key': 'k1' }
  const ask = async (payload: object) => await other.app.inject({ method: 'POST', url: '/v1/notifications', headers, payload })
  t.match(await ask(body).then(({ headers, statusCode }) => ({ statusCode, replayed: headers['idempotent-replayed'], location: headers.location })), {
    statusCode: 202, replayed: 'true', location: first.headers.location
  })
  t.match((await ask({ ...body, urgent: true })).json(), { status: 422, code: 'idempotency-conflict' })
})

test('a reader is told the same thing once when senders name it alike', async t => {
  const { world, staff, as } = await start(t)
  const first = await staff('POST', '', { ...body, dedupeKey: 'parcel-1' })
  const second = await (await as('other', sender))('POST', '', { ...body, dedupeKey: 'parcel-1' })
  t.equal(second.statusCode, 202)
  t.equal(second.json().notificationId, first.json().notificationId)
  await staff('POST', '', { ...body, dedupeKey: 'parcel-2' })
  t.equal(world.email.ledger.length, 2)
})

test('what the processor would fail is refused, and nothing is written', async t => {
  const { requests, staff } = await start(t)
  const late = new Date(startMs + 15 * 86_400_000).toISOString()
  for (const [change, field] of [
    [{ variables: { subject: 'a' } }, '/variables/body'], [{ variables: { ...body.variables, more: 'b' } }, '/variables/more'], [{ notBefore: late }, '/notBefore'], [{ locale: 'en-a' }, '/locale']
  ] as const) {
    t.match((await staff('POST', '', { ...body, ...change })).json(), { status: 422, code: 'request-invalid', errors: [{ field }] }, field)
  }
  for (const change of [{ template: 'nothing' }, { template: 'digest' }, { template: 'password-changed' }, { userId: 'x' }, { locale: 'not a tag' }, { channel: 'fax' }, { more: 1 }]) {
    t.equal((await staff('POST', '', { ...body, ...change })).statusCode, 422, JSON.stringify(change))
  }
  t.same(requests(), [])
})

test('who was erased is not written to any more', async t => {
  const keys: KeyProvider = { dataKey: async () => null, findKey: async () => null }
  const { requests, staff, reader, written } = await start(t, keys)
  t.match((await staff('POST', '', body)).json(), { status: 409, code: 'person-erased' })
  t.match((await reader('PUT', '/preferences', { ...wishes, phone: '+4915112345678' })).json(), { status: 409, code: 'person-erased' })
  t.same(requests(), [])
  t.same(written(topics.notifications.commands), [])
})

test('a notification whose reader was erased has no words any more', async t => {
  let isErased = false
  const alive = derivedKeys(Buffer.alloc(32, 7))
  const { reader, staff } = await start(t, { dataKey: async id => await alive.dataKey(id), findKey: async id => isErased ? null : await alive.findKey(id) })
  await staff('POST', '', body)
  isErased = true
  t.match((await reader('GET', '')).json(), { items: [{ subject: null, text: null }] })
})

test('a scheduled notification is taken back as long as it waits', async t => {
  const { world, staff } = await start(t)
  const notBefore = new Date(startMs + 60 * minuteMs).toISOString()
  const { notificationId } = (await staff('POST', '', { ...body, notBefore })).json()
  t.match((await staff('GET', `/${notificationId}`)).json(), { deliveries: [{ status: 'scheduled' }, { status: 'scheduled' }] })
  t.equal((await staff('DELETE', `/${notificationId}`)).statusCode, 202)
  t.match((await staff('GET', `/${notificationId}`)).json(), { deliveries: [{ status: 'cancelled', code: 'asked-for' }, { status: 'cancelled' }] })
  t.equal((await staff('DELETE', `/${notificationId}`)).statusCode, 202, 'a repeat is no mistake')
  await world.driver.advance(61 * minuteMs)
  await world.work()
  t.equal(world.email.calls, 0)
})

test('what has arrived cannot be taken back, nor what is not there', async t => {
  const { staff } = await start(t)
  const { notificationId } = (await staff('POST', '', body)).json()
  t.match((await staff('DELETE', `/${notificationId}`)).json(), { status: 409, code: 'state-forbids' })
  t.match((await staff('DELETE', `/${missing}`)).json(), { status: 404, code: 'not-found' })
})

test('a notification is its reader\'s: who sends sees what became of it and not its words, and a stranger nothing', async t => {
  const { as, staff } = await start(t)
  const { notificationId } = (await staff('POST', '', body)).json()
  const seen = await staff('GET', `/${notificationId}`)
  t.match(seen.json(), { notificationId, subject: null, text: null, deliveries: [{ status: 'sent' }, { status: 'delivered' }] })
  const stranger = await as('mallory')
  t.match((await stranger('GET', `/${notificationId}`)).json(), { status: 404, code: 'not-found' })
  t.same((await stranger('GET', `/${notificationId}`)).json().title, (await stranger('GET', `/${missing}`)).json().title)
  t.same((await stranger('GET', '')).json(), { items: [], unread: 0 })
})

test('only who may send sends, takes back and sees templates', async t => {
  const { reader, requests } = await start(t)
  for (const [method, path, payload] of [
    ['POST', '', body], ['DELETE', `/${missing}`], ['GET', '/templates'], ['POST', '/templates/message/preview', { variables: body.variables }]
  ] as const) {
    t.match((await reader(method, path, payload)).json(), { status: 403, detail: /notifications:send/ }, `${method} ${path}`)
  }
  t.same(requests(), [])
})

test('an inbox is read once it was seen, and what comes later is not', async t => {
  const { world, reader, staff } = await start(t)
  await staff('POST', '', body)
  t.equal((await reader('POST', '/read', { upTo: '2999-01-01T00:00:00Z' })).statusCode, 202)
  t.match((await reader('GET', '')).json(), { unread: 0, items: [{ isRead: true }] })
  await world.driver.advance(minuteMs)
  await staff('POST', '', body)
  t.match((await reader('GET', '')).json(), { unread: 1, items: [{ isRead: false }, { isRead: true }] }, 'the newest first')
})

test('a moment that is no number of milliseconds is refused, and nothing is written', async t => {
  const { written, reader, staff } = await start(t)
  for (const moment of ['2016-12-31T23:59:60Z', '2026-03-02T09:30:00+01']) {
    t.match((await reader('POST', '/read', { upTo: moment })).json(), { status: 422, errors: [{ field: '/upTo' }] }, moment)
    t.match((await staff('POST', '', { ...body, notBefore: moment })).json(), { status: 422, errors: [{ field: '/notBefore' }] }, moment)
  }
  t.same([...written(topics.notifications.commands), ...written(topics.notifications.requests)], [])
})

test('the secret of a letter about an account is in no answer', async t => {
  const { world, keys, reader } = await start(t)
  const secret = await encryptPersonal(keys, `customer/${userId}`, 'secret', { token: 'tell-nobody' })
  await world.command({ ...commandOf(wishes), choices: [{ kind: 'account', channels: ['inApp'] }] })
  await world.ask(request(1, { template: 'verify-email', variables: { expiresAt: '2026-01-01T00:00:00.000Z' }, sealed: secret }))
  const inbox = await reader('GET', '')
  t.match(inbox.json(), { items: [{ notificationId: idOf(1), subject: null, text: null }] })
  t.notMatch(inbox.body, 'tell-nobody')
})

const wishes = { locale: 'de', timeZone: 'Europe/Berlin', quietHours: { from: 1320, until: 420 }, choices: [{ kind: 'message', channels: ['inApp'] }] }

function commandOf ({ locale, timeZone }: typeof wishes) {
  return { type: 'SetNotificationPreferences' as const, userId, locale, timeZone, quietFrom: null, quietUntil: null, phone: null, pushSubscriptions: [], expectedVersion: null }
}

test('a reader says how he is told things, and is told so', async t => {
  const { world, reader, staff } = await start(t)
  t.match((await reader('GET', '/preferences')).json(), { locale: null, quietHours: null, choices: [], hasPhone: false, browsers: 0, refused: [] })
  t.equal((await reader('PUT', '/preferences', wishes)).statusCode, 202)
  t.same((await reader('GET', '/preferences')).json(), { ...wishes, hasPhone: false, browsers: 0, refused: [] })
  await staff('POST', '', { ...body, template: 'low-stock', variables: { sku: 'A', available: '1', reorderLevel: '2' }, channel: 'inApp' })
  await staff('POST', '', body)
  const { items } = (await reader('GET', '')).json()
  t.equal(items.length, 2)
  t.same(items[0].deliveries.map(({ channel }: { channel: string }) => channel), ['inApp'], 'he chose so')
  t.not(items[1].text, letters.render('low-stock', { sku: 'A', available: '1', reorderLevel: '2' }, { locale: 'en', timeZone: 'UTC' }).text, 'in his language')
  t.equal(world.email.calls, 0)
})

test('addresses are encrypted before they are written, stay when they are left out, and go when they are taken back', async t => {
  const { world, keys, written, reader } = await start(t)
  const subscription = { endpoint: 'https://fcm.googleapis.com/fcm/send/abc', keys: { p256dh: 'p', auth: 'a' } }
  await reader('PUT', '/preferences', { ...wishes, phone: '+4915112345678', pushSubscriptions: [subscription] })
  await reader('PUT', '/preferences', { ...wishes, locale: 'en' })
  t.match((await reader('GET', '/preferences')).json(), { locale: 'en', hasPhone: true, browsers: 1 })
  const profile = await world.profile()
  t.same(profile?.phone == null ? null : await decryptPersonal(keys, 'contact', profile.phone), { phone: '+4915112345678' })
  const [browser] = profile?.pushSubscriptions ?? []
  t.same(browser === undefined ? null : await decryptPersonal(keys, 'contact', browser), { subscription: JSON.stringify(subscription) })
  t.notOk(written(topics.notifications.commands).some(({ value }) => value?.includes('15112345678') === true || value?.includes('googleapis') === true))
  await reader('PUT', '/preferences', { ...wishes, phone: null, pushSubscriptions: [] })
  t.match((await reader('GET', '/preferences')).json(), { hasPhone: false, browsers: 0 })
})

test('preferences that were changed since they were read are left alone when the change names what it is about', async t => {
  const { written, reader } = await start(t)
  const read = async () => (await reader('GET', '/preferences')).headers.etag ?? ''
  const put = async (locale: string, match?: string) => await reader('PUT', '/preferences', { ...wishes, locale }, undefined, match)
  const first = await read()
  t.match(first, /^"\d+"$/)
  t.equal((await put('de', first)).statusCode, 202)
  t.match((await put('en', first)).json(), { status: 412, code: 'version-mismatch' })
  t.match((await reader('GET', '/preferences')).json(), { locale: 'de' })
  t.equal(written(topics.notifications.commands).length, 1, 'nothing is written of a change that is refused')
  t.equal((await put('en', await read())).statusCode, 202)
  t.match((await reader('GET', '/preferences')).json(), { locale: 'en' })
  t.equal((await put('de', 'W/"1"')).statusCode, 400)
  t.equal((await put('fr')).statusCode, 202, 'without one the last change counts')
  t.match((await reader('GET', '/preferences')).json(), { locale: 'fr' })
})

test('of two changes of the same preferences at the same moment the one that does not count is told so', async t => {
  const locales = ['de', 'en', 'fr']
  const all = Promise.withResolvers<void>()
  let read = 0
  const { api, written, reader } = await start(t, undefined, queries => ({
    ...queries,
    // The first one reads for the ETag.
    reader: async userId => {
      const found = await queries.reader(userId)
      if (++read === locales.length + 1) all.resolve()
      if (read > 1) await all.promise
      return found
    }
  }))
  const etag = (await reader('GET', '/preferences')).headers.etag ?? ''
  const headers = { authorization: `Bearer ${await api.token('ServiceAccount', userId, [])}`, 'if-match': etag }
  const asked = Promise.all(locales.map(async locale => await api.app.inject({
    method: 'PUT', url: '/v1/notifications/preferences', headers, payload: { ...wishes, locale }
  })))
  await api.until(asked)
  const answers = await asked
  t.equal(written(topics.notifications.commands).length, 3, 'all of them were about what was there')
  const counted = answers.findIndex(({ statusCode }) => statusCode === 202)
  for (const [index, answer] of answers.entries()) if (index !== counted) t.match(answer.json(), { status: 412, code: 'version-mismatch', detail: /at version 2/ })
  t.match((await reader('GET', '/preferences')).json(), { locale: locales[counted] })
})

test('preferences that are not possible are refused, and nothing is written', async t => {
  const { written, reader } = await start(t)
  const [choice] = wishes.choices
  for (const change of [
    { timeZone: 'Mars/Olympus' }, { choices: [choice, choice] },
    { pushSubscriptions: [{ endpoint: 'https://10.0.0.1/hook', keys: { p256dh: 'p', auth: 'a' } }] }
  ]) t.match((await reader('PUT', '/preferences', { ...wishes, ...change })).json(), { status: 422, code: 'request-invalid' }, JSON.stringify(change))
  for (const change of [{ quietHours: { from: 0, until: 1440 } }, { phone: '0151' }, { locale: '-' }, { choices: [{ kind: 'message', channels: ['fax'] }] }]) {
    t.equal((await reader('PUT', '/preferences', { ...wishes, ...change })).statusCode, 422, JSON.stringify(change))
  }
  t.same(written(topics.notifications.commands), [])
})

test('an inbox is followed by its reader, and goes on after the last event that he has', async t => {
  const world = await createWorld(t, { startMs })
  const client = world.driver.broker.client('api')
  await client.start()
  const { clock } = world.driver
  const feed = createKafkaEventFeed({ kafka: client, clock, topic: topics.notifications.events })
  t.teardown(() => { feed.close() })
  const queries = createStateNotificationQueries({ backend: world.driver.backend, applicationId: 'driver' })
  const api = await buildApi(t, { notifications: { queries, letters, receipts: { check: () => 'off' }, feed, history: historyIn(world.driver.broker) } })
  await api.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = api.app.server.address() as { readonly port: number }
  const open = async (subject: string, last?: string) => {
    const gone = new AbortController()
    t.teardown(() => { gone.abort() })
    const headers = { authorization: `Bearer ${await api.token('Customer', subject)}`, ...last === undefined ? {} : { 'last-event-id': last } }
    const response = await fetch(`http://127.0.0.1:${port}/v1/notifications/stream`, { headers, signal: gone.signal })
    let text = ''
    const reading = (async () => { for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString() })().catch(() => {})
    const told = () => framesOf(text.slice(0, text.lastIndexOf('\n\n') + 2)).filter(({ event }) => event === 'notification')
    const until = async (count: number) => { while (told().length < count) await clock.advance(50) }
    return { response, told, until, leave: async () => { gone.abort(); await reading } }
  }
  await world.ask(request(1, { urgent: true }), request(2, { urgent: true }))
  const mine = await open(userId)
  t.match(mine.response.headers.get('content-type'), 'text/event-stream')
  await mine.until(2)
  const [first] = mine.told()
  t.match(first, { data: { notificationId: idOf(1), subject: 'subject 1' } })
  await mine.leave()
  await world.ask(request(3, { urgent: true }))
  const again = await open(userId, first?.id)
  await again.until(2)
  t.match(again.told(), [{ data: { notificationId: idOf(2) } }, { data: { notificationId: idOf(3) } }])
  await again.leave()
  const refused = await open(userId, `${Number(first?.id?.split('-')[0]) + 1}-0`)
  t.equal(refused.response.status, 400)
  t.match(await (await fetch(`http://127.0.0.1:${port}/v1/notifications/stream`)).json(), { status: 401 })
})

test('a template is shown in words without sending anything', async t => {
  const { world, requests, staff } = await start(t)
  const { items } = (await staff('GET', '/templates')).json()
  t.match(items.find(({ name }: { name: string }) => name === 'message'), { kind: 'message', variables: ['subject', 'body'], locales: ['en', 'de'] })
  t.notOk(items.some(({ name }: { name: string }) => name === 'digest'))
  const preview = await staff('POST', '/templates/message/preview', { variables: { subject: 'Hello', body: '<b>bold</b>' }, locale: 'de' })
  t.match(preview.json(), { subject: 'Hello', text: /<b>bold<\/b>/, html: /&lt;b&gt;bold/ })
  t.match((await staff('POST', '/templates/message/preview', { variables: { subject: 'Hello' } })).json(), { status: 422, errors: [{ field: '/variables', message: /lacks body/ }] })
  t.match((await staff('POST', '/templates/message/preview', { variables: body.variables, timeZone: 'Mars/Olympus' })).json(), { status: 422, errors: [{ field: '/timeZone' }] })
  t.equal((await staff('POST', '/templates/nothing/preview', { variables: {} })).statusCode, 400)
  t.same(requests(), [])
  t.equal(world.email.calls, 0)
})
