import { test } from 'tap'
import { deliverySteps, newDelivery, step } from '../../../topology/webhooks/delivery.ts'
import { breakerFailures, freePlaces, maySend, window } from '../../../topology/webhooks/gate.ts'
import { deliveriesBetween, deliveryKey, isMessageId, messageIdOf } from '../../../topology/webhooks/message-id.ts'
import { retries, retryWaitMs } from '../../../topology/webhooks/retries.ts'
import { decideWebhook, maxSecrets } from '../../../topology/webhooks/webhook.ts'
import { ownerId, webhookId } from './webhook-world.ts'

const meta = { commandId: 'c1', bodyHash: null, issuedAt: 0, correlationId: '', principal: null, tenant: 'default' }
const made = decideWebhook(undefined, {
  type: 'SubscribeWebhook', meta, ownerId, webhookId, url: 'https://a.example.com/', eventTypes: ['orders.*'], description: '', secretId: 's1'
}, { commandId: 'c1', nowMs: 0, owned: 0 }).webhook
if (made === undefined) throw new Error('a subscription is made')

test('the waits between the tries of a message double from ten seconds, with a jitter that depends on message and try alone', t => {
  for (let tries = 1; tries <= retries; tries++) {
    const waits = ['a', 'b', 'c', 'd', 'e'].map(id => retryWaitMs(id, tries))
    t.ok(waits.every(wait => wait >= 10_000 * 2 ** (tries - 1) && wait <= 12_500 * 2 ** (tries - 1)))
    t.ok(new Set(waits).size > 1, 'messages come back apart')
    t.same(waits, ['a', 'b', 'c', 'd', 'e'].map(id => retryWaitMs(id, tries)))
  }
  t.end()
})

test('a message goes through its states by the table, and no other way', t => {
  const waiting = newDelivery({ messageId: messageIdOf(1, 'a'), webhookId, ownerId, eventType: 'orders.created', subject: 'o', body: '{}' }, 1)
  t.equal(step(step(step(waiting, 'start'), 'failed'), 'start').status, 'sending')
  t.throws(() => step(waiting, 'arrived'), /waiting knows no step arrived/)
  const reached = new Set(Object.values(deliverySteps).flatMap(steps => Object.values(steps)))
  t.same([...reached].sort(), Object.keys(deliverySteps).sort(), 'every state is reached, and left or resent')
  t.end()
})

test('the gate lets a window of messages through, probes only when it is troubled, and a test whatever is known', t => {
  const fresh = { eventType: 'orders.created', tries: 0 }
  t.ok(maySend(made, fresh))
  t.notOk(maySend({ ...made, openCalls: window }, fresh))
  const troubled = { ...made, failuresInRow: breakerFailures }
  t.notOk(maySend(troubled, fresh))
  t.ok(maySend(troubled, { ...fresh, tries: 1 }))
  t.equal(freePlaces(troubled), 0)
  t.notOk(maySend({ ...made, stopped: 'owner' }, { ...fresh, tries: 1 }))
  t.ok(maySend({ ...made, stopped: 'owner' }, { eventType: 'webhooks.ping', tries: 0 }))
  t.notOk(maySend({ ...made, openCalls: window }, { eventType: 'webhooks.ping', tries: 0 }))
  t.end()
})

test('rows of messages lie from the newest to the oldest, and a time names a range of them', t => {
  const times = [0, 1, 35, 36, 1_767_225_600_000, 1_767_225_600_001]
  const ids = times.map(at => messageIdOf(at, 'event', 'webhook'))
  t.ok(ids.every(isMessageId))
  t.same([...ids].sort(), ids)
  const keys = ids.map(id => deliveryKey(webhookId, id))
  t.same([...keys].sort(), [...keys].reverse())
  const within = (from: number, until: number): number[] => {
    const range = deliveriesBetween(webhookId, from, until)
    return times.filter((_, index) => (keys[index] ?? '') >= range.from && (keys[index] ?? '') < range.to)
  }
  t.same(within(1, 36), [1, 35])
  t.same(within(0, 1), [0])
  t.same(within(0, Number.MAX_SAFE_INTEGER), times)
  t.same(within(1_767_225_600_001, 1_767_225_600_002), [1_767_225_600_001])
  t.end()
})

test('secrets before the newest sign until their overlap is over, however often it is changed', t => {
  let webhook = made
  for (let n = 2; n < 12; n++) {
    const rotate = { type: 'RotateWebhookSecret' as const, meta, ownerId, webhookId, secretId: `s${n}`, overlapMs: 1000 }
    webhook = decideWebhook(webhook, rotate, { commandId: `r${n}`, nowMs: n * 100, owned: 0 }).webhook ?? webhook
    t.match(webhook.secrets[0], { secretId: `s${n}`, until: null })
    t.ok(webhook.secrets.slice(1).every(({ until }) => until !== null && until > n * 100))
    t.ok(webhook.secrets.length <= maxSecrets)
  }
  t.equal(webhook.secrets[1]?.until, 11 * 100 + 1000)
  t.end()
})

test('an overlap never makes a secret sign longer than it would have', t => {
  const rotate = (before: typeof made, secretId: string, overlapMs: number) => {
    return decideWebhook(before, { type: 'RotateWebhookSecret', meta, ownerId, webhookId, secretId, overlapMs }, { commandId: secretId, nowMs: 0, owned: 0 }).webhook ?? before
  }
  const twice = rotate(rotate(made, 's2', 1000), 's3', 9000)
  t.same(twice.secrets.map(({ secretId, until }) => [secretId, until]), [['s3', null], ['s2', 9000], ['s1', 1000]])
  t.end()
})
