import { type Test, test } from 'tap'
import { topics } from '../../topology/topics.ts'
import { changePrice, createProduct } from '../support/catalog.ts'
import { commandMeta, line } from './orders/order-fixtures.ts'
import { Platform, orderIdOf, pieces, skus } from './platform.ts'

const id = orderIdOf(1)

/** The laws, at rest: stock and money of every order and SKU. */
async function assertLaws (t: Test, platform: Platform): Promise<void> {
  const views = await platform.views()
  const sold = views.filter(view => view.state === 'Confirmed').flatMap(view => view.lines.map(entry => [entry.sku, entry.quantity] as const))
  for (const stock of await platform.stocks()) {
    const deducted = sold.reduce((sum, [sku, quantity]) => sku === stock.sku ? sum + quantity : sum, 0)
    t.match(stock, { reserved: 0, onHand: pieces - deducted, deducted }, stock.sku)
  }
  for (const view of views) {
    t.equal(view.authorised, view.captured + view.voided, `authorised money of ${view.orderId}`)
    t.equal(view.captured - view.refunded, view.state === 'Confirmed' ? view.total : 0n, `captured money of ${view.orderId}`)
    const payment = (await platform.payments()).find(candidate => candidate.orderId === view.orderId)
    if (payment !== undefined) {
      t.same([view.authorised, view.captured, view.voided, view.refunded], [payment.authorised, payment.captured, payment.voided, payment.refunded])
    }
  }
  t.same(await platform.driver.deadLetters(), [])
}

test('the platform confirms and ships a five-line order when all goes well', async t => {
  const platform = await Platform.start(t)
  await platform.place(id)
  await platform.driver.run()
  t.match(await platform.view(id), { state: 'Confirmed', total: 1_000_000n, captured: 1_000_000n, carrier: 'USPS', everConfirmed: true })
  t.match((await platform.driver.read(topics.shipping.events)).map(({ value }) => value), [{ type: 'ShipmentCreated', cost: 79_900n }])
  t.same((await platform.driver.read(topics.notifications.requests)).map(({ value }) => value.template), ['order-created', 'payment-completed'])
  await assertLaws(t, platform)
})

test('a five-line order takes at most 20 hops when all goes well', async t => {
  const platform = await Platform.start(t)
  // Who only watches the orders is on nobody's way.
  const flow = platform.driver.topology.nodes.filter(({ name }) => !name.startsWith('audit-') && !['behaviour', 'analytics', 'webhooks', 'notifications'].includes(name))
  const inputs = [...new Set(flow.flatMap(node => node.kind === 'processor' ? node.inputs.map(input => input.topic.name) : []))]
  for (const name of inputs) await platform.driver.readRaw(name)
  await platform.place(id)
  let hops = 0
  for (const name of inputs) hops += (await platform.driver.readRaw(name)).length
  t.ok(hops <= 20, `${hops} hops`)
  t.ok(hops >= 12, 'they were counted')
  t.match(await platform.view(id), { state: 'Confirmed' })
})

test('the platform cancels and gives everything back when stock is short in one partition', async t => {
  const platform = await Platform.start(t)
  await platform.place(id, { lines: skus.map((sku, index) => line(sku, { lineNo: index + 1, quantity: index === 3 ? pieces + 1 : 1 })) })
  await platform.driver.run()
  t.match(await platform.view(id), { state: 'Cancelled', outcomeCause: 'shortStock', authorised: 0n })
  await assertLaws(t, platform)
})

test('the platform cancels and releases when the payment is declined', async t => {
  const platform = await Platform.start(t)
  await platform.place(id, { payment: { method: 'card', token: 'tok_declined' } })
  await platform.driver.run()
  t.match(await platform.view(id), { state: 'Cancelled', outcomeCause: 'paymentDeclined' })
  t.same((await platform.driver.read(topics.notifications.requests)).map(({ value }) => value.template), ['order-created', 'payment-failed', 'order-cancelled'])
  await assertLaws(t, platform)
})

test('the platform refunds, restocks and stops the shipment when a confirmed order is cancelled', async t => {
  const platform = await Platform.start(t)
  await platform.place(id)
  await platform.driver.run()
  await platform.cancel(id)
  await platform.driver.run()
  t.match(await platform.view(id), { state: 'Cancelled', outcomeCause: 'customer', captured: 1_000_000n, refunded: 1_000_000n, everConfirmed: true })
  t.same((await platform.driver.read(topics.shipping.events)).map(({ value }) => value.type), ['ShipmentCreated', 'ShipmentCancelled'])
  await assertLaws(t, platform)
})

test('the platform ends every order once and keeps the laws when cancels overtake the flow at any step', async t => {
  const platform = await Platform.start(t)
  for (let index = 0; index < 24; index++) {
    await platform.place(orderIdOf(index), {}, 1 + index % 6)
    const steps = index % 8
    for (let turn = 0; turn < steps * 6; turn++) await new Promise(resolve => { setImmediate(resolve) })
    await platform.cancel(orderIdOf(index))
  }
  await platform.driver.advance(60_000)
  const outcomes = (await platform.driver.read(topics.orders.events)).filter(({ value }) => value.type === 'OrderCancelled')
  t.equal(outcomes.length, 24)
  t.ok((await platform.views()).every(view => view.state === 'Cancelled'))
  await assertLaws(t, platform)
})

test('the platform fails the order and gives everything back when the gateway stays down', async t => {
  const platform = await Platform.start(t)
  platform.gateway.plan(...Array.from({ length: 12 }, () => 'down' as const))
  await platform.place(id)
  await platform.driver.advance(60_000)
  t.match(await platform.view(id), { state: 'Failed', outcomeCause: 'technical', authorised: 0n, captured: 0n })
  await assertLaws(t, platform)
})

test('the platform waits when the breaker holds the payment back, and goes on when it closes', async t => {
  const platform = await Platform.start(t)
  platform.gateway.plan('held-back', 'held-back')
  await platform.place(id)
  await platform.driver.advance(180_000)
  t.match(await platform.view(id), { state: 'Confirmed' })
  await assertLaws(t, platform)
})

test('the platform loses and doubles nothing when every task is lost again and again', async t => {
  const platform = await Platform.start(t)
  for (let index = 0; index < 8; index++) {
    await platform.place(orderIdOf(index), index === 5 ? { payment: { method: 'card', token: 'tok_declined' } } : {})
    for (let turn = 0; turn < 3 * index; turn++) await new Promise(resolve => { setImmediate(resolve) })
    await platform.driver.restart()
  }
  await platform.driver.advance(60_000)
  t.same((await platform.views()).map(view => view.state).sort(), ['Cancelled', ...Array.from({ length: 7 }, () => 'Confirmed')])
  t.equal((await platform.driver.read(topics.orders.events)).filter(({ value }) => value.type === 'OrderConfirmed').length, 7)
  await assertLaws(t, platform)
})

test('the platform goes on and keeps the bytes when records cannot be read', async t => {
  const platform = await Platform.start(t)
  const { driver } = platform
  const key = Buffer.from(id)
  await driver.pipeRaw(topics.orders.commands, { key, value: Buffer.from('{"orderId":1}') })
  await driver.pipeRaw(topics.orders.commands, { key, value: Buffer.from([0, 0, 0, 255, 255, 1, 2]) })
  await driver.pipeRaw(topics.orders.commands, { key: null, value: Buffer.from('no key') })
  await driver.pipeRaw(topics.orders.commands, { key, value: null })
  await platform.place(id)
  await driver.run()
  t.match(await platform.view(id), { state: 'Confirmed' })
  const dead = await driver.deadLetters()
  t.same(dead.map(letter => letter.processor), ['orders', 'orders', 'orders', 'orders'])
  t.ok(dead.some(letter => letter.value?.toString() === '{"orderId":1}'))
})

test('the platform voids what is held when the order is cancelled while its capture is retried', async t => {
  const platform = await Platform.start(t)
  platform.gateway.plan('none', 'down')
  await platform.place(id)
  await platform.driver.run()
  t.match(await platform.view(id), { state: 'PaymentAuthorized', authorised: 1_000_000n })
  await platform.cancel(id)
  await platform.driver.run()
  t.match(await platform.view(id), { state: 'Cancelled', authorised: 1_000_000n, voided: 1_000_000n, captured: 0n })
  await assertLaws(t, platform)
})

test('the platform refunds a capture whose answer was lost when the order is cancelled meanwhile', async t => {
  const platform = await Platform.start(t)
  platform.gateway.plan('none', 'lost-answer')
  await platform.place(id)
  await platform.driver.run()
  await platform.cancel(id)
  await platform.driver.advance(60_000)
  t.match(await platform.view(id), { state: 'Cancelled', captured: 1_000_000n, refunded: 1_000_000n })
  await assertLaws(t, platform)
})

test('no order times out when it waited 40 minutes in the log, longer than step and saga may take', async t => {
  const platform = await Platform.start(t)
  const { driver } = platform
  const back = Promise.withResolvers<void>()
  driver.broker.faults.intercept((call, phase) => call.api === 'fetch' && call.clientId === 'tasks' && phase === 'request' ? back.promise : undefined)
  await platform.place(id)
  await platform.place(orderIdOf(2))
  await driver.clock.advance(40 * 60_000)
  t.equal(await platform.view(id), undefined)
  driver.broker.faults.clear()
  back.resolve()
  await driver.advance(60_000)
  t.match(await platform.view(id), { state: 'Confirmed' })
  t.match(await platform.view(orderIdOf(2)), { state: 'Confirmed' })
  await assertLaws(t, platform)
})

test('a product is known to orders when its command was carried out, at the price of that moment', async t => {
  const platform = await Platform.start(t)
  const { driver } = platform
  const meta = (commandId: string) => ({ ...commandMeta, commandId })
  const prices = [{ currency: 'EUR', amount: 30_000n }]
  await platform.place(orderIdOf(1), { currency: 'EUR', lines: [line('NEW-1')] })
  await driver.pipe(topics.catalog.commands, 'NEW-1', createProduct('NEW-1', { meta: meta('p1'), prices, stocked: false }))
  await driver.advance(1_000)
  await platform.place(orderIdOf(2), { currency: 'EUR', lines: [line('NEW-1')] })
  await driver.run()
  await driver.pipe(topics.catalog.commands, 'NEW-1', changePrice('NEW-1', 40_000n, { meta: meta('p2'), currency: 'EUR' }))
  await driver.advance(1_000)
  await platform.place(orderIdOf(3), { currency: 'EUR', lines: [line('NEW-1')] })
  await driver.run()
  t.match(await platform.view(orderIdOf(1)), { state: 'Rejected' })
  t.match(await platform.view(orderIdOf(2)), { state: 'Delivered', total: 60_000n, lines: [{ catalogVersion: 1 }] })
  t.match(await platform.view(orderIdOf(3)), { state: 'Delivered', total: 80_000n, lines: [{ catalogVersion: 2 }] })
})
