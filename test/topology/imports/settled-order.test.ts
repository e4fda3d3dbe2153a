import { test } from 'tap'
import { settlementsOf } from '../../../topology/imports/settled-order.ts'
import { orderEventTypes } from '../../../topology/orders/states.ts'
import { customerId, orderOf } from './import-fixtures.ts'

const orderId = orderOf(1)
const order = { orderId, channel: 'import', customerId } as const

test('the import is told of a confirmation and of every end of an imported order, and of nothing else', t => {
  const told = orderEventTypes.flatMap(type => settlementsOf([{ type }], order).map(({ confirmed }) => [type, confirmed] as const))
  t.same(Object.fromEntries(told), { OrderConfirmed: true, OrderRejected: false, OrderCancelled: false, OrderFailed: false, OrderTimedOut: false })
  t.same(settlementsOf([{ type: 'OrderConfirmed' }], order), [{ type: 'ImportedOrderSettled', orderId, customerId, confirmed: true }])
  t.end()
})

test('nobody is told of orders of guests and of other channels', t => {
  t.same(settlementsOf([{ type: 'OrderConfirmed' }], { ...order, customerId: null }), [])
  for (const channel of ['storefront', 'api', 'backoffice'] as const) t.same(settlementsOf([{ type: 'OrderConfirmed' }], { ...order, channel }), [])
  t.end()
})
