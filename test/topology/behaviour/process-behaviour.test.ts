import { type Test, test } from 'tap'
import { type OrderConfirmed, type RecordCheckoutStarted, type RecordExposure, type RecordProductAddedToCart, type RecordProductViewed } from '#schemas'
import { inboxStore } from '../../../streams/inbox.ts'
import { createTestDriver } from '../../../streams/testing/index.ts'
import { behaviourMemoryMs, behaviourProcessor } from '../../../topology/behaviour/process-behaviour.ts'
import { visitCommandId } from '../../../topology/behaviour/behaviour.ts'
import { aheadMs, oldestMs, whyRefused } from '../../../topology/behaviour/moment.ts'
import { topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'
import { eventMeta } from '../imports/import-fixtures.ts'

await bindMemoryCodec()

const session = 'session-0001'
const orderId = '0198c0de-0000-8000-8000-000000000001'
const meta = (eventId: string) => {
  return { commandId: visitCommandId(session, eventId), bodyHash: null, issuedAt: 0, correlationId: 'request-1', principal: null, tenant: 'default' }
}
const about = (eventId: string) => ({ meta: meta(eventId), sessionId: session, eventId, at: 1_700_000_000_000 })
const viewed = (eventId: string, change: Partial<RecordProductViewed> = {}): RecordProductViewed => ({ type: 'RecordProductViewed', ...about(eventId), sku: 'MUG-1', ...change })
const added = (eventId: string): RecordProductAddedToCart => ({ type: 'RecordProductAddedToCart', ...about(eventId), sku: 'MUG-1', quantity: 2 })
const checkout = (eventId: string): RecordCheckoutStarted => ({ type: 'RecordCheckoutStarted', ...about(eventId), orderId })
const exposed = (exposureId: string): RecordExposure => ({
  type: 'RecordExposure', meta: meta(exposureId), exposureId, experiment: 'button', variant: 'treatment', subject: session, unit: 'session', reason: 'SPLIT', flagVersion: 3, context: 'c', at: 5
})
const confirmed: OrderConfirmed = {
  type: 'OrderConfirmed',
  meta: eventMeta,
  orderId,
  total: 300_000n,
  currency: 'GBP',
  lines: [1, 2].map(lineNo => ({
    lineNo, sku: `MUG-${lineNo}`, quantity: lineNo, unitPrice: 100_000n, lineTotal: 100_000n * BigInt(lineNo), priceSource: 'catalog', catalogVersion: 1, stocked: true
  })) as unknown as OrderConfirmed['lines'],
  customerId: null,
  placedAt: 1_690_000_000_000
}

async function watch (t: Test) {
  const driver = await createTestDriver({ nodes: [behaviourProcessor] })
  t.teardown(async () => { await driver.close() })
  return {
    driver,
    tell: async (...commands: ReadonlyArray<Parameters<typeof driver.pipe>[2]>) => {
      for (const command of commands) await driver.pipe(topics.behaviour.commands, session, command as never)
      await driver.run()
    },
    told: async () => (await driver.read(topics.behaviour.events)).map(({ key, value }) => ({ key, ...value })),
    exposures: async () => (await driver.read(topics.experiments.exposures)).map(({ key, value }) => ({ key, ...value }))
  }
}

test('what a visitor does is told by session, in its order, with metadata of its own', async t => {
  const { tell, told } = await watch(t)
  await tell(viewed('event-01'), added('event-02'), checkout('event-03'))
  const common = { key: session, sessionId: session, at: 1_700_000_000_000, meta: { correlationId: 'request-1', aggregateVersion: 0 } }
  const events = await told()
  t.match(events, [
    { ...common, type: 'ProductViewed', clientEventId: 'event-01', sku: 'MUG-1', meta: { causationId: visitCommandId(session, 'event-01') } },
    { ...common, type: 'ProductAddedToCart', clientEventId: 'event-02', sku: 'MUG-1', quantity: 2 },
    { ...common, type: 'CheckoutStarted', clientEventId: 'event-03', orderId }
  ])
  t.equal(new Set(events.map(event => event.meta.eventId)).size, 3)
})

test('the same event of a session counts once, whatever it says the second time, and another session may use its id', async t => {
  const { driver, tell, told } = await watch(t)
  await tell(viewed('event-01'), viewed('event-01'), viewed('event-01', { sku: 'OTHER' }), added('event-01'))
  await driver.pipe(topics.behaviour.commands, 'session-0002', viewed('event-01', { sessionId: 'session-0002' }))
  await driver.run()
  t.same((await told()).map(event => [event.key, event.type]).sort(), [[session, 'ProductViewed'], ['session-0002', 'ProductViewed']])
})

test('an exposure counts once by its id, and is not taken for an event of that id', async t => {
  const { tell, told, exposures } = await watch(t)
  await tell(exposed('event-01'), exposed('event-01'), viewed('event-01'), exposed('event-02'))
  t.match(await exposures(), [
    { key: session, type: 'ExperimentExposed', exposureId: 'event-01', experiment: 'button', variant: 'treatment', subject: session, unit: 'session', reason: 'SPLIT', flagVersion: 3, context: 'c', at: 5 },
    { exposureId: 'event-02' }
  ])
  t.equal((await told()).length, 1)
})

test('repeats change nothing after a restart and after the loss of the state', async t => {
  const { driver, tell, told, exposures } = await watch(t)
  await tell(viewed('event-01'), exposed('exposure-1'))
  await driver.restart()
  await tell(viewed('event-01'), exposed('exposure-1'))
  driver.backend.flush()
  await driver.restart()
  await tell(viewed('event-01'), exposed('exposure-1'))
  t.equal((await told()).length, 1)
  t.equal((await exposures()).length, 1)
})

test('a confirmed order tells once what it has sold, at the time at which it was placed', async t => {
  const { driver, told } = await watch(t)
  await driver.pipe(topics.orders.events, orderId, confirmed)
  await driver.run()
  await driver.restart()
  t.match(await told(), [{
    key: orderId,
    type: 'ProductPurchased',
    orderId,
    customerId: null,
    total: 300_000n,
    currency: 'GBP',
    at: 1_690_000_000_000,
    lines: [{ sku: 'MUG-1', quantity: 1, lineTotal: 100_000n }, { sku: 'MUG-2', quantity: 2, lineTotal: 200_000n }]
  }])
  t.equal((await driver.store('behaviour', inboxStore).rows()).size, 0, 'what the platform writes is not remembered: it has no duplicates')
})

test('what comes under another key than its session is a dead letter that changes nothing', async t => {
  const { driver, told, exposures } = await watch(t)
  await driver.pipe(topics.behaviour.commands, 'other', viewed('event-01'))
  await driver.pipe(topics.behaviour.commands, 'other', exposed('exposure-1'))
  await driver.run()
  t.same(await told(), [])
  t.same(await exposures(), [])
  t.equal((await driver.deadLetters()).length, 2)
  t.equal((await driver.store('behaviour', inboxStore).rows()).size, 0)
})

test('ids are remembered for two days, which is longer than the door takes a repeat', async t => {
  t.ok(behaviourMemoryMs >= oldestMs + aheadMs)
  const { driver, tell, told } = await watch(t)
  await tell(viewed('event-01'))
  await driver.advance(oldestMs + aheadMs)
  await tell(viewed('event-01'))
  t.equal((await told()).length, 1)
  await driver.advance(behaviourMemoryMs)
  t.equal((await driver.store('behaviour', inboxStore).rows()).size, 0, 'nothing is left')
})

test('a time is refused when it is too far ahead or too long ago, and never put right', t => {
  const nowMs = 1_700_000_000_000
  for (const atMs of [nowMs, nowMs + aheadMs, nowMs - oldestMs]) t.equal(whyRefused(atMs, nowMs), undefined)
  t.match(whyRefused(nowMs + aheadMs + 1, nowMs), /ahead/)
  t.match(whyRefused(nowMs - oldestMs - 1, nowMs), /24 hours/)
  t.match(whyRefused(Number.NaN, nowMs), /no time/)
  t.end()
})
