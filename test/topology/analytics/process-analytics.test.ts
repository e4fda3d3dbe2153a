import { type Test, test } from 'tap'
import { type TestDriver, createTestDriver } from '../../../streams/testing/index.ts'
import { type CountedPaymentEvent } from '../../../topology/analytics/count-payment.ts'
import { type CountedOrderEvent } from '../../../topology/analytics/counted-status.ts'
import { analyticsProcessor, countedOrderStore, countedSkuStore } from '../../../topology/analytics/process-analytics.ts'
import { topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'
import { addedToCart, captured, confirmed, created, delivered, ended, meta, opened, orderId, purchased, refunded, sums, total, viewed } from './analytics-fixtures.ts'

await bindMemoryCodec()

async function counting (t: Test) {
  const driver: TestDriver = await createTestDriver({ nodes: [analyticsProcessor] })
  t.teardown(async () => { await driver.close() })
  const hear = async (...events: ReadonlyArray<CountedOrderEvent | CountedPaymentEvent>): Promise<void> => {
    for (const event of events) await driver.pipe(('paymentId' in event ? topics.payments.events : topics.orders.events) as typeof topics.orders.events, event.orderId, event as CountedOrderEvent)
  }
  return { driver, hear, facts: async () => (await driver.read(topics.analytics.facts)).map(({ value }) => value) }
}

const sold = { captured: total, fulfilled: 1, gross: total, lines: 2, orders: 1, refunded: 100n, refunds: 100n, sales: 1, succeeded: 1, units: 7 }

test('analytics tells one fact for each event that changes a figure, keyed by the order, with its cause', async t => {
  const { driver, hear, facts } = await counting(t)
  await hear(created(), opened(), captured(), confirmed(), delivered(), refunded())
  const told = await driver.read(topics.analytics.facts)
  t.same(told.map(({ key }) => key), Array.from({ length: 5 }, () => orderId))
  t.match(told[0]?.value.meta, { correlationId: 'correlation', causationId: meta(1).eventId })
  t.same(sums(told.map(({ value }) => value)), sold)
  t.same(await facts(), [])
  t.same(await driver.deadLetters(), [])
})

test('analytics counts every event once when all of them come again, before and after a restart', async t => {
  const { driver, hear, facts } = await counting(t)
  const all = [created(), opened(), captured(), confirmed(), refunded(), delivered()]
  await hear(...all, ...all)
  const told = await facts()
  await driver.restart()
  await hear(...all)
  await driver.run()
  t.same(await facts(), [])
  t.same(sums(told), sold)
  t.equal((await driver.store(analyticsProcessor, countedOrderStore).rows()).size, 1)
})

test('analytics counts the same when every payment is read before the orders, over a restart between them', async t => {
  const { driver, hear, facts } = await counting(t)
  await hear(opened(), captured(), refunded())
  await driver.run()
  t.same(await facts(), [])
  await driver.restart()
  await hear(created(), confirmed(), delivered())
  t.same(sums(await facts()), sold)
})

test('orders are counted apart: one that is cancelled leaves the figures of another one alone', async t => {
  const { hear, facts } = await counting(t)
  const other = '00000000-0000-4000-8000-000000000002'
  await hear(created(), { ...created(), orderId: other }, confirmed(), { ...ended('OrderCancelled', 3), orderId: other })
  const told = await facts()
  const of = (id: string) => sums(told.filter(fact => 'orderId' in fact && fact.orderId === id))
  t.same(of(other), { cancelled: 1, orders: 1 })
  t.match(of(orderId), { confirmed: 1, gross: total, orders: 1 })
})

test('analytics counts corrections of stock by SKU, and passes over what orders do to it', async t => {
  const { driver, facts } = await counting(t)
  const level = { sku: 'MUG', onHand: 12, reserved: 0 }
  const adjusted = { type: 'StockAdjusted', meta: meta(2), delta: 2, reason: 'found', ...level } as const
  await driver.pipe(topics.inventory.events, 'MUG', { type: 'SkuRegistered', meta: meta(1), sku: 'MUG', openingStock: 10, reorderLevel: 1 })
  await driver.pipe(topics.inventory.events, 'MUG', adjusted)
  await driver.pipe(topics.inventory.events, 'MUG', adjusted)
  await driver.pipe(topics.inventory.events, 'MUG', { type: 'StockReserved', meta: meta(3), orderId, attempt: 1, quantity: 1, ...level, reserved: 1 })
  t.match(await facts(), [{ sku: 'MUG', onHandDelta: 10, onHand: 10 }, { sku: 'MUG', onHandDelta: 2, onHand: 12 }])
  t.equal((await driver.store(analyticsProcessor, countedSkuStore).get('MUG'))?.version, 2)
})

test('an order whose first event is missing is parked, and the others are counted', async t => {
  const { driver, hear, facts } = await counting(t)
  const other = '00000000-0000-4000-8000-000000000002'
  await hear(confirmed(), delivered(), { ...created(), orderId: other })
  t.same((await facts()).map(fact => 'orderId' in fact && fact.orderId), [other])
  t.match(await driver.deadLetters(), [{ message: /OrderConfirmed is the first event of order/ }])
})

test('visits are counted once when all of them come again, before and after a restart', async t => {
  const { driver, facts } = await counting(t)
  const visits = [viewed('v-1'), viewed('v-2'), addedToCart('v-3', 3)]
  const hearAll = async (): Promise<void> => { for (const visit of visits) await driver.pipe(topics.behaviour.events, visit.sessionId, visit) }
  await hearAll()
  await hearAll()
  const told = await driver.read(topics.analytics.facts)
  t.match(told.map(({ key, value }) => [key, value]), [
    ['session-1', { behaviour: 'viewed', times: 1 }], ['session-1', { behaviour: 'viewed' }], ['session-1', { behaviour: 'addedToCart', products: [{ pieces: 3 }] }]
  ])
  t.equal(told.length, 3)
  await driver.restart()
  await hearAll()
  t.same(await facts(), [])
})

test('a purchase is counted once whether it is read before its order or after, over a restart between them', async t => {
  for (const isEarly of [true, false]) {
    const { driver, hear, facts } = await counting(t)
    const buy = async (): Promise<void> => { await driver.pipe(topics.behaviour.events, orderId, purchased()) }
    if (isEarly) await buy()
    await hear(created(), confirmed())
    await driver.restart()
    await buy()
    await buy()
    await hear(delivered())
    const told = await facts()
    t.match(told.filter(({ type }) => type === 'ProductFact'), [{ behaviour: 'purchased', products: [{ sku: 'S1', lines: 1, pieces: 2 }, { sku: 'S2', lines: 1, pieces: 5 }] }])
    t.equal(told.length, 4, 'and three facts of the order')
    t.same(await driver.deadLetters(), [])
  }
})
