import { test } from 'tap'
import { UnexpectedRecord } from '../../../topology/orders/phases.ts'
import { OrderRun, confirmedOrder, line, orderIn, placeOrder, reply, startMs } from './order-fixtures.ts'

test('an order is shipped when its one parcel has left, and fulfilled when it is there', t => {
  const run = confirmedOrder().tell(reply.pickedUp())
  t.match(run.view, { state: 'Shipped', outcome: null, progress: [{ lineNo: 1, shipped: 2, delivered: 0 }], parcels: [{ stage: 'pickedUp' }] })
  t.match(run.last.events, [{ type: 'OrderShipped', shipmentNo: 1, shipmentId: 'ship-1', carrier: 'USPS', trackingNumber: 'US1', lines: [{ lineNo: 1, quantity: 2 }] }])
  run.tell(reply.inTransit(), reply.outForDelivery(), reply.delivered([[1, 2]], 1, startMs + 5))
  t.match(run.view, {
    state: 'Delivered', outcome: 'Fulfilled', outcomeCause: null, deliveredAt: startMs + 5, progress: [{ lineNo: 1, shipped: 2, delivered: 2, returned: 0 }]
  })
  t.match(run.last.events, [{ type: 'OrderDelivered', lines: [{ lineNo: 1, quantity: 2 }], total: 200_000n, currency: 'GBP', customerId: 'customer-1' }])
  t.same([run.saga.phase, run.last.timer], ['delivered', { kind: 'keep' }])
  t.end()
})

test('an order is partly shipped when one parcel of two has left', t => {
  const run = confirmedOrder(2).ship([[1, 1]]).tell(reply.shipped([[1, 1]], 2), reply.pickedUp([[1, 1]], 2))
  t.match(run.view, { state: 'PartiallyShipped', outcome: null, progress: [{ lineNo: 1, shipped: 1 }] })
  t.same(run.view.parcels.map(({ shipmentNo, stage, lines }) => [shipmentNo, stage, lines.map(({ lineNo, quantity }) => [lineNo, quantity])]), [
    [1, 'created', [[1, 1], [2, 2]]], [2, 'pickedUp', [[1, 1]]]
  ])
  run.tell(reply.pickedUp([[1, 1], [2, 2]], 1))
  t.same([run.state, run.story.slice(-2)], ['Shipped', ['OrderPartiallyShipped', 'OrderShipped']])
  t.end()
})

test('an order is not delivered before its last parcel is, when two have left', t => {
  const run = confirmedOrder(2).ship([[1, 2]]).tell(reply.shipped([[1, 2]], 2), reply.pickedUp([[1, 2]], 2), reply.delivered([[1, 2]], 2, startMs + 9))
  t.equal(run.state, 'PartiallyShipped', 'something is still to leave')
  run.tell(reply.pickedUp([[2, 2]], 1))
  t.equal(run.state, 'Shipped')
  run.tell(reply.delivered([[2, 2]], 1, startMs + 3))
  t.match(run.view, { state: 'Delivered', deliveredAt: startMs + 9, progress: [{ delivered: 2 }, { delivered: 2 }] })
  t.end()
})

test('a parcel that is left empty is cancelled in the view when a later one takes all its pieces', t => {
  const run = confirmedOrder().ship().tell(reply.shipped([[1, 2]], 2))
  t.same(run.view.parcels.map(({ stage, lines }) => [stage, lines.length]), [['cancelled', 0], ['created', 1]])
  t.match(run.view, { shipmentId: 'ship-2', trackingNumber: 'US2' })
  t.end()
})

test('lines without stock are delivered with the order when its goods are', t => {
  const lines = [line('P0-mug'), line('POST', { lineNo: 2, quantity: 1 })]
  const run = new OrderRun().place(placeOrder({ lines }))
    .tell(reply.reserved(), reply.authorised(300_000n), reply.confirmed(), reply.captured(300_000n), reply.shipped(), reply.pickedUp())
  t.equal(run.state, 'Shipped', 'postage does not leave')
  run.tell(reply.delivered())
  t.match(run.last.events, [{ type: 'OrderDelivered', lines: [{ lineNo: 1, quantity: 2 }, { lineNo: 2, quantity: 1 }] }])
  t.end()
})

test('readers see where a parcel is, and no event of the order is written, when the carrier tells', t => {
  const run = confirmedOrder().tell(reply.pickedUp())
  const { version } = run.view
  run.tell(reply.inTransit(), reply.tracked('Leeds'), reply.tracked(null), reply.outForDelivery(), reply.notDelivered(2), reply.delayed())
  t.match(run.view.parcels, [{ stage: 'attemptFailed', location: 'Leeds', attempts: 2, isLate: true, deliveredAt: null }])
  t.same([run.view.version, run.state], [version, 'Shipped'])
  t.end()
})

test('what the carrier tells of a parcel is counted when it changes nothing', t => {
  const run = confirmedOrder().tell(reply.inTransit(), reply.shipped(), reply.pickedUp(), reply.pickedUp())
  t.same([run.saga.repeats, run.story.filter(type => type === 'OrderShipped').length], [3, 1])
  run.tell(reply.delivered(), reply.delivered(), reply.delayed(), reply.shipped(), reply.shipmentCancelled([]))
  t.same([run.saga.repeats, run.state], [7, 'Delivered'])
  t.end()
})

test('a parcel that the order does not have is refused when the carrier tells of it', t => {
  const run = confirmedOrder()
  const { order } = run
  t.throws(() => run.tell(reply.pickedUp([[1, 2]], 7)), new UnexpectedRecord('ShipmentPickedUp is about shipment 7, which the order does not have'))
  t.equal(run.order, order)
  t.end()
})

test('pieces that are not there to leave are refused when a parcel claims them', t => {
  t.throws(() => confirmedOrder().tell(reply.pickedUp([[1, 3]])), /left with pieces that were not there to leave/)
  t.throws(() => confirmedOrder().ship([[1, 1]]).tell(reply.shipped([[1, 1]], 2), reply.pickedUp([[1, 1]], 2), reply.pickedUp([[1, 2]])), UnexpectedRecord)
  t.end()
})

test('a delivered order has no second outcome when anybody wants to undo it', t => {
  const run = orderIn('delivered').cancel()
  t.match(run.last.rejection, { code: 'state-forbids', message: /it is Delivered/ })
  t.match(run.command({ type: 'CompensateOrder', orderId: run.view.orderId, cause: 'technical', reason: '' }).last.rejection, { code: 'state-forbids' })
  t.throws(() => run.tell(reply.cameBack()), UnexpectedRecord)
  t.same([run.state, run.view.outcome], ['Delivered', 'Fulfilled'])
  t.end()
})

test('no timer is left when an order is on its way and nothing is owed', t => {
  const run = confirmedOrder().tell(reply.pickedUp())
  t.same([run.saga.stepDueMs, run.saga.sagaDueMs, run.saga.waitDueMs, run.saga.timerDueMs], [null, null, null, null])
  t.end()
})
