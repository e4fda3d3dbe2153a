import { test } from 'tap'
import { goodOrder } from '../client/client.ts'
import { toRecord } from '../../ops/play/commands.ts'
import { topics } from '../../topology/topics.ts'
import { moneyAtGateway, stockOf } from '../support/books.ts'
import { cancelOrder, commandMeta, newOrderId, placeOrder } from '../support/orders.ts'
import { happyEvents, openSaga } from '../support/saga-scene.ts'

test('whatever is sent again changes nothing', async t => {
  const scene = await openSaga(t)
  if (scene === undefined) return
  const { customer, platform, products, sameInAnalytics, checkHealth } = scene

  await t.test('an order that is sent three times over the topic is one order, and other content under its id is refused', async t => {
    const [sku] = await products(10)
    const command = placeOrder(newOrderId(), sku, { customerId: customer.name })
    const { orderId } = command
    const record = toRecord(topics.orders.commands, orderId, command)
    await platform.send(record, record, record)
    await customer.event(topics.orders.events, orderId, 'OrderConfirmed')
    await customer.event(topics.shipping.events, orderId, 'ShipmentCreated')
    await platform.send(record, toRecord(topics.orders.commands, orderId, { ...command, currency: 'EUR' }))
    await customer.event(topics.orders.rejections, orderId, 'CommandRejected')
    t.same(customer.eventsOf(topics.orders.events, orderId), happyEvents)
    t.same(customer.eventsOf(topics.orders.rejections, orderId), ['CommandRejected'])
    t.same(customer.eventsOf(topics.payments.events, orderId), ['PaymentCreated', 'PaymentAuthorized', 'PaymentSucceeded'])
    t.same(await moneyAtGateway(platform, orderId), { authorised: '125000', captured: '125000', voided: '0', refunded: '0' })
    t.match(await stockOf(platform, sku), { onHand: 9, reserved: 0, deducted: 1 })
    await sameInAnalytics(t, orderId)
  })

  await t.test('twenty requests at once under one key are one order', async t => {
    const [sku] = await products(10)
    const key = crypto.randomUUID()
    const answers = await Promise.all(Array.from({ length: 20 }, async () => await customer.order(goodOrder(sku), key)))
    const orders = new Set(answers.filter(({ status }) => status < 300).map(({ data }) => data.orderId))
    t.equal(orders.size, 1, [...orders].join(' '))
    t.ok(answers.every(({ status }) => status < 300 || status === 409), answers.map(({ status }) => status).join(' '))
    const [orderId = ''] = orders
    await customer.event(topics.shipping.events, orderId, 'ShipmentCreated')
    t.match(await stockOf(platform, sku), { onHand: 9, reserved: 0, deducted: 1 })
    await sameInAnalytics(t, orderId)
  })

  await t.test('a cancellation that comes three times gives back once', async t => {
    const [sku] = await products(10)
    const { orderId } = (await customer.order(goodOrder(sku))).data
    const command = cancelOrder(orderId)
    const record = toRecord(topics.orders.commands, orderId, { ...command, meta: commandMeta(crypto.randomUUID()) })
    await platform.send(record, record, record)
    await customer.event(topics.orders.events, orderId, 'OrderCancelled')
    await platform.send(record)
    t.same(await moneyAtGateway(platform, orderId), { authorised: '125000', captured: '125000', voided: '0', refunded: '125000' })
    t.match(await stockOf(platform, sku), { onHand: 10, reserved: 0, deducted: 0 })
    t.equal(customer.eventsOf(topics.orders.events, orderId).filter(type => type === 'OrderCancelled').length, 1)
  })

  checkHealth(t)
})
