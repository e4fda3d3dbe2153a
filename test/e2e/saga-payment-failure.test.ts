import { test } from 'tap'
import { newKey } from '../client/client.ts'
import { topics } from '../../topology/topics.ts'
import { moneyAtGateway, stockOf } from '../support/books.ts'
import { openSaga, total, twoOfEach } from '../support/saga-scene.ts'

test('a payment that fails costs the customer nothing, and can be made again', async t => {
  const scene = await openSaga(t)
  if (scene === undefined) return
  const { customer, platform, products, sameInAnalytics, checkHealth } = scene

  await t.test('an order whose payment is declined is cancelled, no money moved and the stock is free again', async t => {
    const skus = await products(10)
    const placed = await customer.order(twoOfEach(skus, { payment: { method: 'card', token: 'tok_declined' }, onDecline: 'cancel' }))
    const { orderId } = placed.data
    t.match(placed, { status: 201, body: { state: 'Cancelled', outcome: 'Cancelled', outcomeCause: 'paymentDeclined', authorised: '0.0000', captured: '0.0000' } })
    t.equal(await moneyAtGateway(platform, orderId), undefined)
    for (const sku of skus) t.match(await stockOf(platform, sku), { onHand: 10, reserved: 0, deducted: 0 })
    t.match(customer.eventsOf(topics.payments.events, orderId), ['PaymentCreated', 'PaymentFailed'])
    await sameInAnalytics(t, orderId)
  })

  await t.test('a declined payment is made again with another card, from the stock that was kept', async t => {
    const skus = await products(10)
    const placed = await customer.order(twoOfEach(skus, { payment: { method: 'card', token: 'tok_declined' }, onDecline: 'retry' }))
    const { orderId } = placed.data
    t.match(placed, { status: 201, body: { state: 'ActionRequired', actionReason: 'paymentDeclined', captured: '0.0000' } })
    for (const sku of skus) t.match(await stockOf(platform, sku), { onHand: 10, reserved: 2 })
    t.equal((await customer.api.POST('/v1/orders/{id}/payments', {
      params: { path: { id: orderId }, header: newKey() }, body: { payment: { method: 'card', token: 'tok_ok' } }
    })).response.status, 202)
    await customer.event(topics.orders.events, orderId, 'OrderConfirmed')
    t.same(customer.eventsOf(topics.payments.events, orderId).slice(0, 4), ['PaymentCreated', 'PaymentFailed', 'PaymentCreated', 'PaymentAuthorized'])
    t.same(await moneyAtGateway(platform, orderId), { authorised: total, captured: total, voided: '0', refunded: '0' })
    for (const sku of skus) t.match(await stockOf(platform, sku), { onHand: 8, reserved: 0, deducted: 2 })
    await customer.event(topics.shipping.events, orderId, 'ShipmentCreated')
    await sameInAnalytics(t, orderId)
  })

  for (const token of ['tok_flaky', 'tok_slow', 'tok_timeout']) {
    await t.test(`a payment by ${token} is taken once, however often it is asked for`, async t => {
      const placed = await customer.order(twoOfEach(await products(10), { payment: { method: 'card', token } }))
      const { orderId } = placed.data
      t.match(placed.body, { state: 'Confirmed', captured: '50.0000' })
      t.same(await moneyAtGateway(platform, orderId), { authorised: total, captured: total, voided: '0', refunded: '0' })
    })
  }

  checkHealth(t)
})
