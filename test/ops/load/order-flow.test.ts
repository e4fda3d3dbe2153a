import { test } from 'tap'
import { OrderFlowCount } from '../../../ops/load/order-flow.ts'
import { type OrderCommand, type OrderEvent } from '../../../topology/topics.ts'

const record = (type: OrderCommand['type'] | OrderEvent['type'], orderId: string) => ({ type, orderId }) as OrderCommand | OrderEvent

test('the orders of a load test are counted once each by how far the platform came, whatever order their records are read in', async t => {
  const count = new OrderFlowCount()
  for (const [type, orderId] of [
    ['OrderConfirmed', 'a'], ['PlaceOrder', 'a'], ['OrderConfirmed', 'a'],
    ['PlaceOrder', 'b'], ['OrderCreated', 'b'], ['OrderActionRequired', 'b'],
    ['PlaceOrder', 'c'], ['OrderCreated', 'c'],
    ['PlaceOrder', 'd'], ['OrderConfirmed', 'd'], ['OrderCancelled', 'd'],
    ['PlaceOrder', 'e']
  ] as const) count.add(record(type, orderId))
  t.same(count.figures, { taken: 5, confirmed: 2, otherwise: 1, waiting: 2 })
})

test('orders that came before the load test are none of it when they are confirmed meanwhile', async t => {
  const count = new OrderFlowCount()
  for (const type of ['OrderConfirmed', 'OrderFailed'] as const) count.add(record(type, `before-${type}`))
  t.same(count.figures, { taken: 0, confirmed: 0, otherwise: 0, waiting: 0 })
})
