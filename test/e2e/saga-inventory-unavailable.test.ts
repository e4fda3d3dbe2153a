import { test } from 'tap'
import { answerOf, createApiClient, goodOrder, newKey } from '../client/client.ts'
import { toRecord } from '../../ops/play/commands.ts'
import { topics } from '../../topology/topics.ts'
import { moneyAtGateway, stockOf } from '../support/books.ts'
import { newOrderId, placeOrder } from '../support/orders.ts'
import { happyEvents, openSaga, total } from '../support/saga-scene.ts'

test('an order that is short of stock is cancelled, amended or waits, as its customer wants it', async t => {
  const scene = await openSaga(t)
  if (scene === undefined) return
  const { customer, platform, products, sameInAnalytics, checkHealth } = scene

  await t.test('an order that is short in one partition is cancelled, and what the other held is free again', async t => {
    const skus = await products(10)
    const placed = await customer.order(goodOrder('', { lines: [{ sku: skus[0], quantity: 2 }, { sku: skus[1], quantity: 11 }], onShortage: 'reject' }))
    const { orderId } = placed.data
    t.match(placed, { status: 201, body: { state: 'Cancelled', outcome: 'Cancelled', outcomeCause: 'shortStock', reason: new RegExp(`${skus[1]}`), captured: '0.0000' } })
    t.equal(await moneyAtGateway(platform, orderId), undefined)
    for (const sku of skus) t.match(await stockOf(platform, sku), { onHand: 10, reserved: 0, deducted: 0 })
    t.notOk(customer.eventsOf(topics.orders.events, orderId).includes('OrderConfirmed'))
    await sameInAnalytics(t, orderId)
  })

  await t.test('an order that is short is amended by its customer, and confirmed with what is there', async t => {
    const skus = await products(10)
    const placed = await customer.order(goodOrder('', { lines: [{ sku: skus[0], quantity: 2 }, { sku: skus[1], quantity: 11 }], onShortage: 'amend' }))
    const { orderId } = placed.data
    t.match(placed, { status: 201, body: { state: 'ActionRequired', actionReason: 'shortStock', shortages: [{ sku: skus[1], requested: 11, available: 10 }] } })
    t.equal((await customer.api.POST('/v1/orders/{id}/amend', {
      params: { path: { id: orderId }, header: newKey() }, body: { lines: [{ lineNo: 2, quantity: 2 }] }
    })).response.status, 202)
    await customer.event(topics.orders.events, orderId, 'OrderConfirmed')
    t.match(await customer.read(orderId), { body: { state: 'Confirmed', total: '50.0000', captured: '50.0000', actionReason: null, shortages: [] } })
    t.same(customer.eventsOf(topics.orders.events, orderId), ['OrderCreated', 'OrderActionRequired', 'OrderAmended', ...happyEvents.slice(1)])
    for (const sku of skus) t.match(await stockOf(platform, sku), { onHand: 8, reserved: 0, deducted: 2 })
    t.same(await moneyAtGateway(platform, orderId), { authorised: total, captured: total, voided: '0', refunded: '0' })
    await customer.event(topics.shipping.events, orderId, 'ShipmentCreated')
    await sameInAnalytics(t, orderId)
  })

  await t.test('a back-order is confirmed when its stock is delivered through the API', async t => {
    const skus = await products(10)
    const command = placeOrder(newOrderId(), skus[1], { customerId: customer.name, onShortage: 'backorder' })
    const { orderId } = command
    await platform.send(toRecord(topics.orders.commands, orderId, { ...command, lines: [{ lineNo: 1, sku: skus[1], quantity: 12, quotedUnitPrice: null }] }))
    await customer.event(topics.orders.events, orderId, 'OrderBackOrdered')
    const keeper = createApiClient(platform.apiUrl, await platform.token('WarehouseManager', 'keeper'))
    const about = { path: { sku: skus[1] } }
    const delivery = await keeper.POST('/v1/inventory/{sku}/restock', { params: { ...about, header: newKey() }, body: { quantity: 2 } })
    t.equal(delivery.response.status, 202)
    await customer.event(topics.orders.events, orderId, 'OrderConfirmed')
    t.match(await answerOf(keeper.GET('/v1/inventory/{sku}', { params: about })), { status: 200, body: { onHand: 0, reserved: 0, waiting: 0 } })
    t.match(await stockOf(platform, skus[1]), { onHand: 0, in: 2, deducted: 12, waiting: 0 })
    await customer.event(topics.shipping.events, orderId, 'ShipmentCreated')
    await sameInAnalytics(t, orderId)
  })

  await t.test('pieces that are held by hand are sold to nobody, and to the next one once they are released', async t => {
    const [sku] = await products(10)
    const keeper = createApiClient(platform.apiUrl, await platform.token('WarehouseManager', 'keeper'))
    const header = () => ({ ...newKey(), prefer: 'wait=30' })
    const order = async () => await customer.order(goodOrder('', { lines: [{ sku, quantity: 2 }], onShortage: 'reject' }))
    const held = await answerOf(keeper.POST('/v1/inventory/{sku}/reservations', {
      params: { path: { sku }, header: header() }, body: { quantity: 9, expiresInS: 3600, reference: 'photo shoot' }
    }))
    t.match(held, { status: 201, body: { sku, quantity: 9, status: 'reserved', reference: 'photo shoot' } })
    t.match(await order(), { body: { state: 'Cancelled', outcomeCause: 'shortStock' } })
    const { reservationId: id } = held.body as { readonly reservationId: string }
    const released = await answerOf(keeper.POST('/v1/inventory/{sku}/reservations/{id}/release', { params: { path: { sku, id }, header: header() } }))
    t.match(released, { status: 200, body: { reservationId: id, status: 'released' } })
    t.match(await stockOf(platform, sku), { onHand: 10, reserved: 0 })
    t.match(await order(), { status: 201, body: { state: 'Confirmed' } })
  })

  checkHealth(t)
})
