import { test } from 'tap'
import { burstLimit, burstMs, digestLimit } from '../../../topology/notifications/bursts.ts'
import { maxTries } from '../../../topology/notifications/backoff.ts'
import { createNotificationsProcessor } from '../../../topology/notifications/process-notifications.ts'
import { topics } from '../../../topology/topics.ts'
import { ScriptedChannel, createWorld, idOf, minuteMs, noPreferences, request, sealed, startMs, userId } from './notification-world.ts'

test('a notification goes out once and is in the inbox when a reader with an account is told something', async t => {
  const world = await createWorld(t)
  await world.ask(request(1))
  t.match(world.email.ledger, [{ notificationId: idOf(1), recipients: [sealed('ada@example.com')], locale: 'en', parts: [{ template: 'message' }] }])
  t.same(await world.status(1), { email: 'sent', inApp: 'delivered' })
  t.match(await world.events(), [
    { type: 'NotificationDelivered', channel: 'inApp', notificationId: idOf(1), meta: { correlationId: 'corr' } },
    { type: 'NotificationSent', channel: 'email', policy: 'atLeastOnce', repeated: false, providerId: /^p-/, meta: { correlationId: 'corr' } }
  ])
})

test('a notification with the same id changes nothing when it is asked for again', async t => {
  const world = await createWorld(t)
  await world.ask(request(1), request(1), request(1, { variables: { subject: 'other', body: 'other' } }))
  t.equal(world.email.calls, 1)
  t.same((await world.history())?.notificationIds, [idOf(1)])
})

test('a guest is told at the address that came with the request, and has no inbox', async t => {
  const world = await createWorld(t, { isRegistered: false })
  await world.ask(request(1, { recipient: sealed('guest@example.com') }))
  t.match(world.email.ledger, [{ recipients: [sealed('guest@example.com')] }])
  t.same(await world.status(1), { email: 'sent' })
})

test('nothing is called and the cancellation is told when there is no address, or no such channel', async t => {
  const world = await createWorld(t, { isRegistered: false })
  await world.ask(request(1), request(2, { channel: 'sms' }))
  t.match(await world.events(), [{ type: 'NotificationCancelled', reason: 'no-address' }, { type: 'NotificationCancelled', reason: 'no-address' }])
  t.same([world.email.calls, world.channels.sms.calls], [0, 0])
})

test('a channel that is not configured is cancelled when it is asked for', async t => {
  const { createTestDriver } = await import('../../../streams/testing/index.ts')
  const processor = createNotificationsProcessor()
  const driver = await createTestDriver({ nodes: [processor] })
  t.teardown(async () => { await driver.close() })
  const meta = { eventId: idOf(9), occurredAt: startMs, correlationId: 'c', causationId: 'c', aggregateVersion: 0, tenant: 'default' }
  await driver.pipe(topics.notifications.requests, userId, { ...request(1, { recipient: sealed('a') }), meta })
  t.match((await driver.read(topics.notifications.events)).map(({ value }) => value), [{ type: 'NotificationCancelled', reason: 'no-channel' }])
})

test('a request that no template can be filled with fails at once, and says why', async t => {
  const world = await createWorld(t)
  await world.ask(
    request(1, { template: 'no-such' }), request(2, { template: 'low-stock', variables: {} }), request(3, { template: 'digest', variables: { count: '1' } }),
    request(4, { locale: '!!' }), request(5, { notBefore: startMs + 15 * 86_400_000 }), request(6, { template: 'constructor' })
  )
  t.match(await world.events(), [
    { code: 'template-unknown' }, { code: 'variable-missing', message: /needs sku/ }, { code: 'template-unknown' }, { code: 'locale-invalid' }, { code: 'too-far-ahead' },
    { code: 'template-unknown' }
  ])
  t.equal(world.email.calls, 0)
})

test('the channels a reader chose for a kind are taken instead of the one that was asked for, none of them silences it', async t => {
  const world = await createWorld(t)
  await world.command({ ...noPreferences, phone: sealed('+441'), choices: [{ kind: 'message', channels: ['sms'] }, { kind: 'order', channels: [] }] })
  await world.ask(request(1), request(2, { template: 'order-delivered', variables: { orderId: 'o', currency: 'GBP', total: '1.0000', lines: '1' } }))
  t.same([await world.status(1), await world.status(2)], [{ sms: 'sent' }, { email: 'cancelled' }])
  t.match(await world.events(), [{ type: 'NotificationCancelled', reason: 'unwanted' }, { type: 'NotificationSent', channel: 'sms', policy: 'once' }])
})

test('a letter about the safety of an account goes where it was asked to when the reader chose otherwise', async t => {
  const world = await createWorld(t)
  await world.command({ ...noPreferences, choices: [{ kind: 'account', channels: ['inApp'] }] })
  await world.ask(request(1, { template: 'account-exists', variables: {} }))
  t.same(await world.status(1), { email: 'sent', inApp: 'delivered' })
})

test('a notification waits for the end of the quiet hours of its reader, in his time zone, and an urgent one does not', async t => {
  const world = await createWorld(t, { startMs: Date.UTC(2026, 6, 1, 21, 30) })
  await world.command({ ...noPreferences, timeZone: 'Europe/Berlin', quietFrom: 22 * 60, quietUntil: 7 * 60 })
  await world.ask(request(1), request(2, { urgent: true }))
  t.same(world.email.ledger.map(({ notificationId }) => notificationId), [idOf(2)])
  await world.driver.advance(7.5 * 60 * minuteMs - 1)
  t.equal(world.email.calls, 1)
  await world.driver.advance(1)
  t.same(world.email.ledger.map(({ notificationId }) => notificationId), [idOf(2), idOf(1)])
})

test('a notification is delivered at its time when it is scheduled, and not at all when it is cancelled before', async t => {
  const world = await createWorld(t)
  await world.ask(request(1, { notBefore: startMs + minuteMs }), request(2, { notBefore: startMs + minuteMs }))
  await world.command({ type: 'CancelNotification', userId, notificationId: idOf(2) })
  t.match(await world.events(), [{ type: 'NotificationCancelled', reason: 'asked-for' }, { type: 'NotificationCancelled', reason: 'asked-for' }])
  await world.driver.advance(minuteMs)
  t.same(world.email.ledger.map(({ notificationId }) => notificationId), [idOf(1)])
  await world.command({ type: 'CancelNotification', userId, notificationId: idOf(1) })
  t.same(await world.status(1), { email: 'sent', inApp: 'delivered' })
})

test('a burst goes out by itself up to its limit, and the rest as one digest when its time is over', async t => {
  const world = await createWorld(t)
  const count = burstLimit + 3
  await world.ask(...Array.from({ length: count }, (_, at) => request(at + 1)))
  t.equal(world.email.calls, burstLimit)
  await world.said()
  await world.driver.advance(burstMs)
  t.equal(world.email.calls, burstLimit + 1)
  t.same(world.email.ledger.at(-1)?.parts.map(({ variables }) => variables['subject']), ['subject 6', 'subject 7', 'subject 8'])
  const events = (await world.events()).filter(({ type }) => type === 'NotificationSent')
  t.equal(events.length, 4, 'the digest and each of its three parts')
  t.same(await world.status(7), { email: 'sent', inApp: 'delivered' })
})

test('a digest goes at once when it is full, and a single one that waits goes as itself', async t => {
  const world = await createWorld(t)
  await world.ask(...Array.from({ length: burstLimit + digestLimit }, (_, at) => request(at + 1)))
  t.equal(world.email.ledger.at(-1)?.parts.length, digestLimit)
  const other = await createWorld(t)
  await other.ask(...Array.from({ length: burstLimit + 1 }, (_, at) => request(at + 1)))
  await other.driver.advance(burstMs)
  t.same(other.email.ledger.map(({ parts }) => parts.length), Array.from({ length: burstLimit + 1 }, () => 1))
})

test('what is urgent does not wait for a digest, letters with a token among it', async t => {
  const world = await createWorld(t)
  await world.ask(...Array.from({ length: burstLimit + 1 }, (_, at) => request(at + 1)))
  await world.ask(request(20, { urgent: true }), request(21, { template: 'verify-email', variables: { expiresAt: '2026-01-02T00:00:00Z' }, sealed: sealed('token') }))
  t.same(world.email.ledger.slice(-2).map(({ notificationId }) => notificationId), [idOf(20), idOf(21)])
})

test('a call that certainly failed is made again with growing waits, and given up after the last try', async t => {
  const world = await createWorld(t)
  world.email.answers.push(...Array.from({ length: maxTries }, () => ({ kind: 'unavailable', code: 'smtp-451', message: 'not now' }) as const))
  await world.ask(request(1))
  await world.driver.advance(60 * minuteMs)
  t.equal(world.email.calls, maxTries)
  t.match((await world.events()).at(-1), { type: 'NotificationFailed', code: 'smtp-451', tries: maxTries, inDoubt: false })
  t.equal(world.email.ledger.length, 0)
})

test('a call that was held back is no try, and is given up when a day is over', async t => {
  const world = await createWorld(t)
  world.email.answers.push(...Array.from({ length: 1000 }, () => ({ kind: 'unavailable', code: 'held-back', message: 'the breaker is open' }) as const))
  await world.ask(request(1))
  await world.driver.advance(60 * minuteMs)
  t.ok(world.email.calls > maxTries)
  t.match(await world.row(1), { deliveries: [{ status: 'scheduled', tries: 0 }, {}] })
  await world.driver.advance(24 * 60 * minuteMs)
  t.match((await world.events()).at(-1), { type: 'NotificationFailed', code: 'expired', tries: 0 })
})

test('an address that is refused for good is not written to again until there is another one', async t => {
  const world = await createWorld(t)
  world.email.answers.push({ kind: 'refused', code: 'smtp-550', message: 'no such mailbox', isAddressGone: true })
  await world.ask(request(1), request(2))
  t.same(await world.said(), ['NotificationFailed email', 'NotificationSent email'])
  await world.ask(request(3))
  t.match(await world.events(), [{ channel: 'inApp' }, { type: 'NotificationCancelled', reason: 'address-refused' }].reverse())
  await world.register()
  await world.ask(request(4))
  t.same((await world.status(4))['email'], 'sent')
})

test('receipts move a delivery forward, once each, and a bounce that comes late counts', async t => {
  const world = await createWorld(t)
  await world.ask(request(1))
  await world.said()
  const receipt = { type: 'NotificationReceipt', userId, notificationId: idOf(1), channel: 'email', receiptId: 'r1', outcome: 'delivered', code: null, providerId: null } as const
  await world.command(receipt)
  await world.command(receipt)
  t.same(await world.said(), ['NotificationDelivered email'])
  await world.command({ ...receipt, receiptId: 'r2', outcome: 'refused', code: '5.1.1' })
  t.same([await world.said(), (await world.status(1))['email'], (await world.profile())?.refused], [['NotificationFailed email'], 'bounced', ['email']])
  await world.command({ ...receipt, receiptId: 'r3', notificationId: idOf(99) })
  t.same(await world.said(), [])
})

test('a receipt that comes before the answer of its call counts, and the answer changes nothing after it', async t => {
  const world = await createWorld(t)
  world.email.isAnswering = false
  await world.ask(request(1))
  await world.command({ type: 'NotificationReceipt', userId, notificationId: idOf(1), channel: 'email', receiptId: 'r', outcome: 'delivered', code: null, providerId: 'p' })
  t.match(await world.row(1), { deliveries: [{ channel: 'email', status: 'delivered', providerId: 'p' }, {}] })
  world.email.release()
  t.match(await world.row(1), { deliveries: [{ channel: 'email', status: 'delivered', providerId: 'p' }, {}] })
})

test('a dead channel delays neither another channel nor another reader', async t => {
  const world = await createWorld(t)
  world.email.isReached = false
  await world.command({ ...noPreferences, phone: sealed('+441'), choices: [{ kind: 'message', channels: ['email', 'sms'] }] })
  await world.ask(...Array.from({ length: 4 }, (_, at) => request(at + 1)))
  t.equal(world.channels.sms.ledger.length, 4)
  t.same(await world.status(4), { email: 'calling', sms: 'sent' })
})

test('an inbox is read up to a moment, never back', async t => {
  const world = await createWorld(t)
  await world.ask(request(1))
  await world.command({ type: 'MarkNotificationsRead', userId, upTo: startMs })
  await world.command({ type: 'MarkNotificationsRead', userId, upTo: startMs - 1 })
  t.match(await world.history(), { readUpTo: startMs })
})

test('a deleted user is forgotten, and is written to no more', async t => {
  const world = await createWorld(t)
  await world.ask(request(1, { notBefore: startMs + minuteMs }))
  await world.deleteUser()
  t.same([await world.profile(), await world.history()], [undefined, undefined])
  await world.driver.advance(minuteMs)
  t.equal(world.email.calls, 0)
})

test('preferences that are none are a dead letter and change nothing', async t => {
  const world = await createWorld(t)
  for (const change of [{ timeZone: 'Mars/Base' }, { quietFrom: 5 }, { quietFrom: -1, quietUntil: 5 }, { locale: '?' }]) await world.command({ ...noPreferences, ...change })
  t.equal((await world.driver.deadLetters()).length, 4)
  t.match(await world.profile(), { version: 1, timeZone: null })
})

test('of two changes of the same preferences the second one changes nothing and is told as rejected', async t => {
  const world = await createWorld(t)
  await world.command({ ...noPreferences, locale: 'de', expectedVersion: 1 })
  await world.command({ ...noPreferences, locale: 'en', expectedVersion: 1 })
  t.match(await world.profile(), { version: 2, locale: 'de' })
  t.match((await world.driver.read(topics.orders.rejections)).map(({ key, value }) => ({ key, ...value })), [
    { key: userId, command: 'SetNotificationPreferences', code: 'version-mismatch', field: 'expectedVersion', message: 'the preferences are at version 2' }
  ])
  await world.command({ ...noPreferences, locale: 'en', expectedVersion: 2 })
  t.match(await world.profile(), { version: 3, locale: 'en' })
})

test('a letter is written in the language of the request, else of the reader', async t => {
  const world = await createWorld(t)
  await world.command({ ...noPreferences, locale: 'de-AT' })
  await world.ask(request(1), request(2, { locale: 'en' }))
  t.same(world.email.ledger.map(({ locale }) => locale), ['de-AT', 'en'])
})

test('a scripted channel knows a repeat when its provider does', async t => {
  const channel = new ScriptedChannel('once', 1)
  const letter = { type: 'ChannelLetter', deliveryId: idOf(1) } as never
  await channel.send(letter)
  await channel.send(letter)
  t.same([channel.calls, channel.ledger.length], [2, 1])
})
