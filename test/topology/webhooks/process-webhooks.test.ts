import { test } from 'tap'
import { topics } from '../../../topology/topics.ts'
import { retries } from '../../../topology/webhooks/retries.ts'
import { window } from '../../../topology/webhooks/gate.ts'
import { WebhookWorld, arrived, failing, orderOf, ownerId, url, webhookId } from './webhook-world.ts'

/** Longer than all waits between the tries of a message, ms. */
const allWaitsMs = 400_000

test('an event is posted once to each subscription that asked for it, when it was there before', async t => {
  const w = await WebhookWorld.start(t)
  await w.confirm([1])
  t.equal(w.endpoints.calls.length, 0, 'nobody asked')
  const other = { webhookId: '00000000-0000-4000-8000-0000000000a2', ownerId: 'owner-2', url: 'https://two.example.com/' }
  await w.subscribe({ eventTypes: ['orders.confirmed', 'payments.failed'] })
  await w.subscribe({ ...other, eventTypes: ['orders.*'] })
  await w.subscribe({ webhookId: '00000000-0000-4000-8000-0000000000a3', url: 'https://three.example.com/', eventTypes: ['shipments.*'] })
  await w.confirm([2])
  t.equal(w.endpoints.calls.length, 2)
  const [mine] = w.endpoints.to(url)
  const [theirs] = w.endpoints.to(other.url)
  t.not(mine?.messageId, theirs?.messageId, 'each message has an id of its own')
  t.match(JSON.parse(mine?.body ?? ''), { type: 'orders.confirmed', version: '1', id: orderOf(2), data: { orderId: orderOf(2), total: '20.0000', lineCount: 1 } })
  t.match(await w.webhook(), { openCalls: 0, failuresInRow: 0, stopped: null })
  t.match(await w.deliveries(), [{ status: 'delivered', attempts: [{ code: 'delivered', status: 200, tookMs: 12, excerpt: 'ok', mayBeTwice: false }] }, { status: 'delivered' }])
})

test('a message is tried again after 10 · 2ⁿ s, five times under one id, and then its subscription is disabled and its owner told', async t => {
  const w = await WebhookWorld.start(t, () => failing)
  await w.subscribe()
  await w.confirm([1])
  const started = w.driver.nowMs
  for (let n = 0; n < retries; n++) {
    const [delivery] = await w.deliveries()
    const wait = (delivery?.dueAt ?? 0) - w.driver.nowMs
    t.ok(wait >= 10_000 * 2 ** n && wait <= 12_500 * 2 ** n, `retry ${n + 1} waits ${wait} ms`)
    await w.driver.advance(wait)
    t.equal(w.endpoints.calls.length, n + 2)
  }
  t.ok(w.driver.nowMs - started < allWaitsMs)
  t.equal(new Set(w.endpoints.calls.map(({ messageId }) => messageId)).size, 1)
  t.match(await w.webhook(), { stopped: 'exhausted', openCalls: 0 })
  t.match(await w.deliveries(), [{ status: 'failed', tries: 6, attempts: { length: 6 } }])
  const told = (await w.driver.read(topics.webhooks.events)).map(({ value }) => value)
  t.match(told, [{ type: 'WebhookChanged', change: 'subscribed' }, { type: 'WebhookDisabled', reason: 'exhausted', messageId: w.endpoints.calls[0]?.messageId }])
  t.match((await w.driver.read(topics.notifications.requests)).map(({ value }) => value), [
    { type: 'NotificationRequested', userId: ownerId, template: 'webhook-disabled', variables: { webhookId, reason: 'exhausted' } }
  ])
  await w.confirm([2])
  t.equal(w.endpoints.calls.length, 6, 'nothing more is sent')
})

test('an endpoint that says that it is gone is disabled at once', async t => {
  const w = await WebhookWorld.start(t, () => ({ ...failing, code: 'gone', status: 410 }))
  await w.subscribe()
  await w.confirm([1])
  t.match(await w.webhook(), { stopped: 'gone' })
  await w.driver.advance(allWaitsMs)
  t.equal(w.endpoints.calls.length, 1)
})

test('a message that fails a while arrives under its id when the endpoint is back', async t => {
  const w = await WebhookWorld.start(t, (_call, count) => count <= 3 ? failing : arrived)
  await w.subscribe()
  await w.confirm([1])
  await w.driver.advance(allWaitsMs)
  t.match(await w.deliveries(), [{ status: 'delivered', tries: 4, attempts: [{ status: 500 }, { status: 500 }, { status: 500 }, { status: 200 }] }])
  t.match(await w.webhook(), { stopped: null, failuresInRow: 0 })
})

test('a slow endpoint holds no more than its window, and delays no other', async t => {
  const slow = 'https://slow.example.com/'
  const held = Promise.withResolvers<typeof arrived>()
  const w = await WebhookWorld.start(t, () => arrived, { [slow]: () => held.promise })
  await w.subscribe({ webhookId: '00000000-0000-4000-8000-0000000000a2', url: slow })
  await w.subscribe()
  await w.confirm(Array.from({ length: 40 }, (_, index) => index + 1), false)
  await w.untilCalls(40 + window)
  t.equal(w.endpoints.to(slow).length, window)
  t.equal(new Set(w.endpoints.to(url).map(({ messageId }) => messageId)).size, 40)
  held.resolve(arrived)
  await w.driver.run()
  t.equal(w.endpoints.to(slow).length, 40, 'and it has all of them, each once, when it answers')
})

test('a dead endpoint is only probed, and what waits is sent in its order when a probe arrives', async t => {
  let isDead = true
  const w = await WebhookWorld.start(t, () => isDead ? failing : arrived)
  await w.subscribe()
  await w.confirm(Array.from({ length: 30 }, (_, index) => index + 1))
  const before = w.endpoints.calls.length
  t.ok(before < 15, `${before} calls were made of 30 messages`)
  t.equal(await w.turns(), 30 - before)
  isDead = false
  await w.driver.advance(allWaitsMs)
  t.equal(await w.turns(), 0)
  t.equal((await w.deliveries()).filter(({ status }) => status === 'delivered').length, 30)
  const tried = new Set(w.endpoints.calls.slice(0, before).map(({ messageId }) => messageId))
  const fresh = w.endpoints.calls.map(({ messageId }) => messageId).filter(id => !tried.has(id))
  t.equal(fresh.length, 30 - before)
  t.same(fresh, [...fresh].sort(), 'ids in their order are messages from the oldest to the newest')
})

test('what waits when a subscription is disabled is sent once it is enabled, and what came meanwhile is not', async t => {
  let isDead = true
  const w = await WebhookWorld.start(t, () => isDead ? failing : arrived)
  await w.subscribe()
  await w.confirm([1, 2, 3])
  await w.change({ enabled: false })
  await w.driver.advance(allWaitsMs)
  t.equal(w.endpoints.calls.length, 3)
  await w.confirm([4])
  isDead = false
  await w.change({ enabled: true })
  await w.driver.run()
  t.equal(w.endpoints.calls.length, 6)
  t.same((await w.deliveries()).map(({ status }) => status), ['delivered', 'delivered', 'delivered'])
  t.same((await w.driver.read(topics.webhooks.events)).map(({ value }) => value.type === 'WebhookChanged' ? value.change : value.reason), ['subscribed', 'owner', 'enabled'])
})

test('messages are sent again under their ids when their owner asks for one, or for those that were given up', async t => {
  let answer = failing
  const w = await WebhookWorld.start(t, () => answer)
  await w.subscribe()
  await w.confirm([1])
  await w.driver.advance(allWaitsMs)
  answer = arrived
  await w.change({ enabled: true })
  await w.confirm([2])
  const meta = w.meta()
  await w.resend({}, meta)
  await w.resend({}, meta)
  const ids = w.endpoints.calls.map(({ messageId }) => messageId)
  t.equal(ids.length, 8, 'six in vain, one that came later, and one again: the repeat of the command asks for nothing more')
  t.equal(ids[7], ids[0])
  t.match(await w.delivery(ids[0] ?? ''), { status: 'delivered', calls: 7 })
  await w.resend({ messageId: ids[6] ?? '' })
  await w.resend({ from: 0, isFailedOnly: false })
  t.same(w.endpoints.calls.slice(8).map(({ messageId }) => messageId), [ids[6], ids[0], ids[6]], 'a range from the oldest to the newest')
})

test('two secrets sign while one is changed, and the old one no more when its time is over', async t => {
  const w = await WebhookWorld.start(t)
  await w.subscribe()
  await w.rotate('s2', 60_000)
  await w.confirm([1])
  const secrets = w.endpoints.calls[0]?.secrets ?? []
  t.same(secrets.map(({ secretId }) => secretId), ['s2', 's1'])
  t.equal(secrets[0]?.until, null)
  t.ok((secrets[1]?.until ?? 0) > w.driver.nowMs)
  await w.driver.advance(61_000)
  await w.rotate('s3', 0)
  await w.confirm([2])
  t.same(w.endpoints.calls[1]?.secrets.map(({ secretId }) => secretId), ['s3'])
})

test('a test is sent once to whatever is subscribed, and does no harm when it fails', async t => {
  const w = await WebhookWorld.start(t, () => failing)
  await w.subscribe()
  await w.change({ enabled: false })
  const meta = w.meta()
  await w.ask('PingWebhook', meta)
  await w.ask('PingWebhook', meta)
  await w.driver.advance(allWaitsMs)
  t.equal(w.endpoints.calls.length, 1)
  t.match(JSON.parse(w.endpoints.calls[0]?.body ?? ''), { type: 'webhooks.ping', data: { webhookId } })
  t.match(await w.deliveries(), [{ eventType: 'webhooks.ping', status: 'failed', tries: 1 }])
  t.match(await w.webhook(), { failuresInRow: 0, openCalls: 0 })
})

test('nothing is sent for a subscription that is removed, and what was on its way leaves nothing behind', async t => {
  const w = await WebhookWorld.start(t, () => failing)
  await w.subscribe()
  await w.confirm([1, 2])
  await w.ask('RemoveWebhook')
  await w.confirm([3])
  await w.driver.advance(allWaitsMs)
  t.equal(w.endpoints.calls.length, 2)
  t.equal(await w.webhook(), undefined)
  t.same(await w.deliveries(), [])
})

test('an owner who is deleted has no subscriptions, and one whose rights shrink has to enable them anew', async t => {
  const w = await WebhookWorld.start(t)
  await w.subscribe()
  await w.subscribe({ webhookId: '00000000-0000-4000-8000-0000000000a2', ownerId: 'owner-2', url: 'https://two.example.com/' })
  const meta = { eventId: orderOf(9), occurredAt: 0, correlationId: 'c', causationId: 'c', aggregateVersion: 1, tenant: 'default' }
  await w.driver.pipe(topics.identity.events, ownerId, { type: 'RoleRevoked', meta, userId: ownerId, role: 'Support', by: null })
  await w.driver.pipe(topics.identity.events, 'owner-2', { type: 'UserDeleted', meta, userId: 'owner-2' })
  await w.driver.run()
  t.match(await w.webhook(), { stopped: 'access' })
  t.equal(await w.webhook('00000000-0000-4000-8000-0000000000a2', 'owner-2'), undefined)
  await w.confirm([1])
  t.equal(w.endpoints.calls.length, 0)
})

test('a command counts once, and another one under its id is refused', async t => {
  const w = await WebhookWorld.start(t)
  const meta = w.meta()
  await w.subscribe({}, meta)
  await w.subscribe({}, meta)
  t.match(await w.webhook(), { version: 1 })
  await w.subscribe({ url: 'https://other.example.com/' }, meta)
  t.match(await w.webhook(), { version: 1, url })
  t.match((await w.driver.read(topics.orders.rejections)).map(({ value }) => value), [{ code: 'command-id-reused', command: 'SubscribeWebhook' }])
})
