import { test } from 'tap'
import { toRecord } from '../../ops/play/commands.ts'
import { topics } from '../../topology/topics.ts'
import { moneyAtGateway, stockOf } from '../support/books.ts'
import { cancelOrder } from '../support/orders.ts'
import { happyEvents, openSaga, total, twoOfEach } from '../support/saga-scene.ts'

test('a confirmed order that is cancelled gives everything back, once', async t => {
  const scene = await openSaga(t)
  if (scene === undefined) return
  const { customer, platform, products, sameInAnalytics, checkHealth } = scene

  await t.test('an order that is cancelled after its confirmation is refunded, its stock is back and its shipment cancelled', async t => {
    const skus = await products(10)
    const placed = await customer.order(twoOfEach(skus))
    const { orderId } = placed.data
    t.match(placed.body, { state: 'Confirmed' })
    await customer.event(topics.shipping.events, orderId, 'ShipmentCreated')
    await platform.send(toRecord(topics.orders.commands, orderId, cancelOrder(orderId, 'too late')))
    await customer.event(topics.orders.events, orderId, 'OrderCancelled')
    t.match(await customer.read(orderId), {
      body: { state: 'Cancelled', outcome: 'Cancelled', outcomeCause: 'customer', reason: 'too late', captured: '50.0000', refunded: '50.0000', voided: '0.0000' }
    })
    t.same(await moneyAtGateway(platform, orderId), { authorised: total, captured: total, voided: '0', refunded: total })
    for (const sku of skus) t.match(await stockOf(platform, sku), { onHand: 10, reserved: 0, deducted: 0 })
    t.same(customer.eventsOf(topics.orders.events, orderId), [...happyEvents, 'OrderCompensationStarted', 'OrderCancelled'])
    t.same(customer.eventsOf(topics.shipping.events, orderId), ['ShipmentCreated', 'ShipmentCancelled'])
    t.same(customer.eventsOf(topics.payments.events, orderId).slice(3), ['PaymentRefunded'])

    await platform.send(toRecord(topics.orders.commands, orderId, cancelOrder(orderId, 'once more')))
    await customer.event(topics.orders.rejections, orderId, 'CommandRejected')
    t.same(await moneyAtGateway(platform, orderId), { authorised: total, captured: total, voided: '0', refunded: total }, 'money goes back once')
    await sameInAnalytics(t, orderId)
  })

  checkHealth(t)
})
