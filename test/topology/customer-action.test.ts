import { type Test, test } from 'tap'
import { describeViolation, joinReports } from '../../topology/audit/law.ts'
import { checkMoney, checkOutcomes, checkStock, type OutcomeEvent } from '../../topology/audit/laws.ts'
import { topics } from '../../topology/topics.ts'
import { line } from './orders/order-fixtures.ts'
import { Platform, orderIdOf, pieces, skus } from './platform.ts'

const id = orderIdOf(1)
const dayMs = 86_400_000
const endings: readonly string[] = ['OrderCancelled', 'OrderFailed', 'OrderTimedOut', 'OrderRejected', 'OrderDelivered']
const scarce = skus[3] as string

/** One piece of each SKU, and more of the fourth than there is. */
const short = (more = 1) => skus.map((sku, index) => line(sku, { lineNo: index + 1, quantity: sku === scarce ? pieces + more : 1 }))

/** Stock, money and outcomes of everything, at rest; and nothing was reported on the way, nor lost as a dead letter. */
async function assertLaws (t: Test, platform: Platform): Promise<void> {
  const { driver, gateway } = platform
  const views = (await platform.views()).filter(view => view.state !== 'Rejected')
  const reservations = await platform.reservations()
  const events = (await driver.read(topics.orders.events)).map(({ value }) => value)
  const outcomes = events.filter((event): event is typeof event & OutcomeEvent => endings.includes(event.type))
  const { violations } = joinReports([
    checkStock(await platform.stocks(), reservations), checkMoney(await platform.payments(), { gateway: gateway.ledger.authorisations(), orders: views }),
    checkOutcomes(views, outcomes, reservations)
  ])
  t.same(violations.map(describeViolation), [])
  t.same((await driver.read(topics.audit.invariants)).map(({ value }) => value), [])
  t.same(await driver.deadLetters(), [])
}

test('an order that is short is amended by its customer and confirmed with what is there', async t => {
  const platform = await Platform.start(t)
  await platform.place(id, { onShortage: 'amend', lines: short() })
  await platform.driver.run()
  t.match(await platform.view(id), { state: 'ActionRequired', actionReason: 'shortStock', shortages: [{ sku: scarce, requested: pieces + 1, available: pieces }] })
  t.ok((await platform.stocks()).every(({ reserved }) => reserved === 0), 'nothing is held while the customer thinks')
  await platform.amend(id, [[4, pieces]])
  await platform.driver.run()
  t.match(await platform.view(id), { state: 'Confirmed', total: 100_000n * BigInt(pieces + 5), captured: 100_000n * BigInt(pieces + 5), actionReason: null })
  t.match((await platform.stocks()).find(({ sku }) => sku === scarce), { onHand: 0, deducted: pieces })
  await assertLaws(t, platform)
})

test('an order that nobody amends times out after a day, and takes nothing with it', async t => {
  const platform = await Platform.start(t)
  await platform.place(id, { onShortage: 'amend', lines: short() })
  await platform.driver.advance(dayMs - 60_000)
  t.match(await platform.view(id), { state: 'ActionRequired' })
  await platform.driver.advance(120_000)
  t.match(await platform.view(id), { state: 'TimedOut', outcomeCause: 'actionTimeout' })
  await assertLaws(t, platform)
})

test('a back-order is confirmed when its stock is delivered, and takes nothing before', async t => {
  const platform = await Platform.start(t)
  await platform.place(id, { onShortage: 'backorder', lines: short(3) })
  await platform.driver.run()
  t.match(await platform.view(id), { state: 'BackOrdered' })
  await platform.restock(scarce, 2)
  await platform.driver.run()
  t.match(await platform.view(id), { state: 'BackOrdered' }, 'two of three are not enough')
  await platform.restock(scarce, 1)
  await platform.driver.run()
  t.match(await platform.view(id), { state: 'Confirmed' })
  t.same(await platform.backOrders(), [])
  const told = (await platform.driver.read(topics.inventory.events)).map(({ value }) => value.type)
  t.ok(told.includes('BackOrderQueued') && told.includes('BackOrderFilled'))
  await assertLaws(t, platform)
})

test('back-orders are filled oldest first, and a new order does not pass them', async t => {
  const platform = await Platform.start(t)
  const { driver } = platform
  for (let index = 1; index <= 3; index++) {
    await platform.place(orderIdOf(index), { onShortage: 'backorder', lines: [line(scarce, { quantity: pieces + 1 - (index - 1) * 20 })] })
    await driver.advance(1_000)
    if (index === 1) await platform.place(orderIdOf(9), { lines: [line(scarce, { quantity: pieces })] })
    await driver.advance(1_000)
  }
  t.match(await platform.view(orderIdOf(9)), { state: 'Cancelled', outcomeCause: 'shortStock' }, 'those who wait come first')
  t.same(await Promise.all([1, 2, 3].map(async index => (await platform.view(orderIdOf(index)))?.state)), ['BackOrdered', 'BackOrdered', 'BackOrdered'])
  await platform.restock(scarce, 1)
  await driver.run()
  t.same(await Promise.all([1, 2, 3].map(async index => (await platform.view(orderIdOf(index)))?.state)), ['Confirmed', 'BackOrdered', 'BackOrdered'])
  await platform.restock(scarce, 81)
  await driver.run()
  t.same(await Promise.all([1, 2, 3].map(async index => (await platform.view(orderIdOf(index)))?.state)), ['Confirmed', 'Confirmed', 'BackOrdered'])
  await platform.restock(scarce, 61)
  await driver.run()
  t.match(await platform.view(orderIdOf(3)), { state: 'Confirmed' })
  await assertLaws(t, platform)
})

test('a back-order that is cancelled leaves the queue, and the next one has the stock', async t => {
  const platform = await Platform.start(t)
  for (const index of [1, 2]) {
    await platform.place(orderIdOf(index), { onShortage: 'backorder', lines: [line(scarce, { quantity: pieces + 3 - index })] })
    await platform.driver.advance(1_000)
  }
  t.equal((await platform.backOrders()).length, 2)
  await platform.restock(scarce, 1)
  await platform.driver.run()
  t.match(await platform.view(orderIdOf(2)), { state: 'BackOrdered' }, 'enough for the second, but the first is older')
  await platform.cancel(orderIdOf(1))
  await platform.driver.run()
  t.match(await platform.view(orderIdOf(1)), { state: 'Cancelled' })
  t.match(await platform.view(orderIdOf(2)), { state: 'Confirmed' })
  t.same(await platform.backOrders(), [])
  await assertLaws(t, platform)
})

test('what a cancelled order gives back fills who waits for it', async t => {
  const platform = await Platform.start(t)
  await platform.place(orderIdOf(1), { lines: [line(scarce, { quantity: pieces })] })
  await platform.driver.run()
  await platform.place(orderIdOf(2), { onShortage: 'backorder', lines: [line(scarce, { quantity: 5 })] })
  await platform.driver.run()
  t.match(await platform.view(orderIdOf(2)), { state: 'BackOrdered' })
  await platform.cancel(orderIdOf(1))
  await platform.driver.run()
  t.match(await platform.view(orderIdOf(2)), { state: 'Confirmed' })
  await assertLaws(t, platform)
})

test('a back-order over both partitions is confirmed when the last of its stock has come', async t => {
  const platform = await Platform.start(t)
  const lines = skus.map((sku, index) => line(sku, { lineNo: index + 1, quantity: pieces + 1 }))
  await platform.place(id, { onShortage: 'backorder', lines })
  await platform.driver.run()
  for (const [index, sku] of skus.entries()) {
    t.match(await platform.view(id), { state: 'BackOrdered' }, `${index} of ${skus.length} have come`)
    await platform.restock(sku, 1)
    await platform.driver.run()
  }
  t.match(await platform.view(id), { state: 'Confirmed' })
  await assertLaws(t, platform)
})

test('a back-order times out after thirty days and leaves the queue', async t => {
  const platform = await Platform.start(t)
  await platform.place(id, { onShortage: 'backorder', lines: short() })
  await platform.driver.advance(29 * dayMs)
  t.match(await platform.view(id), { state: 'BackOrdered' })
  await platform.driver.advance(2 * dayMs)
  t.match(await platform.view(id), { state: 'TimedOut', outcomeCause: 'backOrderTimeout' })
  t.same(await platform.backOrders(), [])
  await assertLaws(t, platform)
})

test('a declined payment is made again with another card, hours later, from the stock that was kept', async t => {
  const platform = await Platform.start(t)
  await platform.place(id, { onDecline: 'retry', payment: { method: 'card', token: 'tok_declined' } })
  await platform.driver.run()
  t.match(await platform.view(id), { state: 'ActionRequired', actionReason: 'paymentDeclined' })
  await platform.driver.advance(20 * 3_600_000)
  t.ok((await platform.stocks()).some(({ reserved }) => reserved > 0), 'the reservation lives longer than its 45 minutes')
  await platform.payAgain(id, 'tok_declined')
  await platform.driver.advance(20 * 3_600_000)
  t.match(await platform.view(id), { state: 'ActionRequired' })
  await platform.payAgain(id, 'tok_ok')
  await platform.driver.run()
  t.match(await platform.view(id), { state: 'Confirmed', captured: 1_000_000n })
  await assertLaws(t, platform)
})

test('an order that nobody pays again times out after a day and gives its stock back', async t => {
  const platform = await Platform.start(t)
  await platform.place(id, { onDecline: 'retry', payment: { method: 'card', token: 'tok_declined' } })
  await platform.driver.advance(dayMs + 60_000)
  t.match(await platform.view(id), { state: 'TimedOut', outcomeCause: 'actionTimeout' })
  t.ok((await platform.stocks()).every(({ reserved, onHand }) => reserved === 0 && onHand === pieces))
  await assertLaws(t, platform)
})

test('orders that wait go on where they were when every task is lost again and again', async t => {
  const platform = await Platform.start(t)
  const { driver } = platform
  await platform.place(orderIdOf(1), { onShortage: 'amend', lines: short() })
  await platform.place(orderIdOf(2), { onShortage: 'backorder', lines: short() })
  await platform.place(orderIdOf(3), { onDecline: 'retry', payment: { method: 'card', token: 'tok_declined' } })
  await driver.run()
  await driver.restart()
  await driver.advance(2 * 3_600_000)
  await driver.restart()
  await platform.restock(scarce, 3)
  await driver.run()
  await driver.restart()
  await platform.amend(orderIdOf(1), [[4, 0]])
  await platform.payAgain(orderIdOf(3), 'tok_ok')
  await driver.advance(60_000)
  t.same(await Promise.all([1, 2, 3].map(async index => (await platform.view(orderIdOf(index)))?.state)), ['Confirmed', 'Confirmed', 'Confirmed'])
  await assertLaws(t, platform)
})

for (let failing = 1; failing <= skus.length; failing++) {
  test(`everything is given back when line ${failing} of ${skus.length} is short, whichever policy the order has`, async t => {
    const platform = await Platform.start(t)
    const lines = skus.map((sku, index) => line(sku, { lineNo: index + 1, quantity: index + 1 === failing ? pieces + 1 : 2 }))
    for (const [index, onShortage] of (['reject', 'amend', 'backorder'] as const).entries()) await platform.place(orderIdOf(index), { onShortage, lines })
    await platform.driver.run()
    t.same(await Promise.all([0, 1, 2].map(async index => (await platform.view(orderIdOf(index)))?.state)), ['Cancelled', 'ActionRequired', 'BackOrdered'])
    await platform.cancel(orderIdOf(1))
    await platform.cancel(orderIdOf(2))
    await platform.driver.run()
    for (const stock of await platform.stocks()) t.match(stock, { onHand: pieces, reserved: 0, deducted: 0, waiting: 0 }, stock.sku)
    await assertLaws(t, platform)
  })
}

test('an order of each currency is paid in its own, and one without a price in its currency is rejected', async t => {
  const platform = await Platform.start(t)
  await platform.place(orderIdOf(1), { currency: 'GBP', lines: [line(skus[0] as string)] })
  await platform.place(orderIdOf(2), { currency: 'JPY', lines: [line(skus[0] as string)] })
  await platform.driver.run()
  t.match(await platform.view(orderIdOf(1)), { state: 'Confirmed', currency: 'GBP' })
  t.match(await platform.view(orderIdOf(2)), { state: 'Rejected', currency: 'JPY' })
  t.match((await platform.driver.read(topics.orders.rejections)).map(({ value }) => value), [{ code: 'price-missing', field: '/lines/0/sku' }])
})
