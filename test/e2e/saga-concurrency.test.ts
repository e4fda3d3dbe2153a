import { test } from 'tap'
import { toRecord } from '../../ops/play/commands.ts'
import { topics } from '../../topology/topics.ts'
import { stockOf } from '../support/books.ts'
import { newOrderId, placeOrder } from '../support/orders.ts'
import { openSaga, twoOfEach } from '../support/saga-scene.ts'

test('orders that want the same pieces at once never have more of them than there are', async t => {
  const scene = await openSaga(t)
  if (scene === undefined) return
  const { customer, platform, products, checkHealth } = scene

  await t.test('a hundred orders at once on ten units confirm ten and compensate ninety, ten times over', async t => {
    for (let round = 0; round < 10; round++) {
      const [sku] = await products(10)
      const orders = Array.from({ length: 100 }, () => placeOrder(newOrderId(), sku, { customerId: customer.name }))
      await platform.send(...orders.map(order => toRecord(topics.orders.commands, order.orderId, order)))
      const ends = await Promise.all(orders.map(async ({ orderId }) => await customer.endOf(orderId)))
      t.same([ends.filter(end => end === 'OrderConfirmed').length, ends.filter(end => end === 'OrderCancelled').length], [10, 90], `round ${round}`)
      t.match(await stockOf(platform, sku), { onHand: 0, reserved: 0, deducted: 10 })
    }
  })

  await t.test('orders that want the same last pieces share them, and no piece is sold twice', async t => {
    const [sku] = await products(5)
    const answers = await Promise.all(Array.from({ length: 6 }, async () => await customer.order(twoOfEach([sku]))))
    const states = answers.map(({ data }) => 'state' in data ? data.state : data.status)
    t.equal(states.filter(state => state === 'Confirmed').length, 2, 'five pieces are two orders of two')
    t.equal(states.filter(state => state === 'Cancelled').length, 4)
    t.match(await stockOf(platform, sku), { onHand: 1, reserved: 0, deducted: 4 })
  })

  checkHealth(t)
})
