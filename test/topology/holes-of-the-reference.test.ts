import { test } from 'tap'
import { topics } from '../../topology/topics.ts'
import { line } from './orders/order-fixtures.ts'
import { Platform, orderIdOf, pieces, skus } from './platform.ts'

/** What the platform that this one replaces does not do, a test each. The numbers are those of its list of holes. */

const id = orderIdOf(1)
const sku = skus[0] as string

test('hole 2: every outcome of an order tells its customer, and every handler has a consumer', async t => {
  const platform = await Platform.start(t)
  await platform.place(orderIdOf(1))
  await platform.place(orderIdOf(2), { payment: { method: 'card', token: 'tok_declined' } })
  await platform.place(orderIdOf(3), { onShortage: 'amend', lines: [line(sku, { quantity: pieces + 1 })] })
  await platform.place(orderIdOf(4), { onShortage: 'backorder', lines: [line(sku, { quantity: pieces + 1 })] })
  await platform.driver.run()
  const told = Map.groupBy((await platform.driver.read(topics.notifications.requests)).map(({ value }) => value), ({ orderId }) => orderId)
  const templates = (index: number) => told.get(orderIdOf(index))?.map(({ template }) => template).sort()
  t.same(templates(1), ['order-created', 'payment-completed'])
  t.same(templates(2), ['order-cancelled', 'order-created', 'payment-failed'])
  t.same(templates(3), ['action-required', 'order-created'])
  t.same(templates(4), ['order-backordered', 'order-created'])
})

test('hole 3: no order is confirmed without its stock and its money', async t => {
  const platform = await Platform.start(t)
  platform.gateway.plan('none', 'down')
  await platform.place(id)
  await platform.driver.run()
  t.match(await platform.view(id), { state: 'PaymentAuthorized', captured: 0n }, 'the capture has no answer yet')
  t.notOk((await platform.driver.read(topics.orders.events)).some(({ value }) => value.type === 'OrderConfirmed'))
  await platform.driver.advance(60_000)
  t.match(await platform.view(id), { state: 'Confirmed', captured: 1_000_000n })
  t.ok((await platform.stocks()).slice(0, 5).every(({ reserved }) => reserved === 0))
})

test('hole 4: a saga that is taken over while it compensates undoes everything, and only then ends', async t => {
  const platform = await Platform.start(t)
  await platform.place(id)
  await platform.driver.run()
  await platform.cancel(id)
  await platform.driver.restart()
  await platform.driver.advance(60_000)
  t.match(await platform.view(id), { state: 'Cancelled', captured: 1_000_000n, refunded: 1_000_000n })
  for (const stock of await platform.stocks()) t.match(stock, { onHand: pieces, reserved: 0, deducted: 0 })
})

test('hole 5: events carry customer, lines and amounts, and are there together with the state that they tell of', async t => {
  const platform = await Platform.start(t)
  await platform.place(id)
  await platform.driver.run()
  const confirmed = (await platform.driver.read(topics.orders.events)).map(({ value }) => value).find(event => event.type === 'OrderConfirmed')
  t.match(confirmed, { customerId: 'customer-1', total: 1_000_000n, currency: 'GBP', lines: [{ sku }] })
  t.equal((await platform.view(id))?.version, 6)
})

test('hole 6: a payment is what the provider says, and a refund of nothing is no refund', async t => {
  const platform = await Platform.start(t)
  await platform.place(id, { payment: { method: 'card', token: 'tok_declined' } })
  await platform.driver.run()
  t.match(await platform.view(id), { state: 'Cancelled', captured: 0n, refunded: 0n })
  const types = (await platform.driver.read(topics.payments.events)).map(({ value }) => value.type)
  t.notOk(types.includes('PaymentSucceeded'))
  t.notOk(types.includes('PaymentRefunded'))
})

test('hole 8: all lines of an order are reserved or none, once, and are taken when it is paid', async t => {
  const platform = await Platform.start(t)
  await platform.place(orderIdOf(1), { lines: skus.map((each, index) => line(each, { lineNo: index + 1, quantity: index === 5 ? pieces + 1 : 1 })) })
  await platform.driver.run()
  for (const stock of await platform.stocks()) t.match(stock, { reserved: 0, onHand: pieces }, 'nothing of what was there is held')
  await platform.place(orderIdOf(2))
  await platform.place(orderIdOf(2))
  await platform.driver.run()
  t.match((await platform.stocks()).find(stock => stock.sku === sku), { reserved: 0, onHand: pieces - 2, deducted: 2 })
})

test('hole 9: an order in another currency than dollars is taken, prices are the catalog\'s, and a paid order that is cancelled is refunded', async t => {
  const platform = await Platform.start(t)
  await platform.place(id, { lines: [line(sku, { quotedUnitPrice: 1n })] })
  await platform.driver.run()
  t.match(await platform.view(id), { state: 'Confirmed', currency: 'GBP', total: 200_000n, lines: [{ priceSource: 'catalog' }] })
  t.match((await platform.driver.read(topics.orders.events)).map(({ value }) => value)[0], { type: 'OrderCreated', quotedIgnored: true })
  await platform.cancel(id)
  await platform.driver.run()
  t.match(await platform.view(id), { state: 'Cancelled', refunded: 200_000n })
})

test('hole 9: an order fails when the platform cannot carry it out, and says so', async t => {
  const platform = await Platform.start(t)
  platform.gateway.plan(...Array.from({ length: 12 }, () => 'down' as const))
  await platform.place(id)
  await platform.driver.advance(120_000)
  t.match(await platform.view(id), { state: 'Failed', outcome: 'Failed', outcomeCause: 'technical' })
})

test('holes 1 and 7: the same command again changes nothing, whoever repeats it and whenever', async t => {
  const platform = await Platform.start(t)
  await platform.place(id, { onShortage: 'amend', lines: [line(sku, { quantity: pieces + 1 })] })
  await platform.driver.run()
  const meta = { commandId: 'once', bodyHash: null, issuedAt: 0, correlationId: '', principal: null, tenant: 'default' }
  for (const each of [1, 2, 3]) {
    await platform.driver.pipe(topics.orders.commands, id, { type: 'AmendOrder', meta, orderId: id, lines: [{ lineNo: 1, quantity: 3 }] })
    if (each === 2) await platform.driver.restart()
  }
  await platform.driver.run()
  t.match(await platform.view(id), { state: 'Confirmed', total: 300_000n })
  t.equal((await platform.driver.read(topics.orders.events)).filter(({ value }) => value.type === 'OrderAmended').length, 1)
  t.same((await platform.driver.read(topics.orders.rejections)).map(({ value }) => value), [])
})
