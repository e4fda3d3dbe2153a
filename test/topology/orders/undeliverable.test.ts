import { test } from 'tap'
import { confirmedOrder, reply } from './order-fixtures.ts'

/** Two parcels of one line each, both on the road. */
const twoParcels = () => confirmedOrder(2).ship([[1, 2]]).tell(reply.shipped([[1, 2]], 2), reply.pickedUp([[1, 2]], 2), reply.pickedUp([[2, 2]], 1))

test('an order is cancelled as undeliverable when all of it came back: everything is given back', t => {
  const run = confirmedOrder().tell(reply.pickedUp(), reply.notDelivered(3, true), reply.cameBack())
  t.match(run.last.events, [
    { type: 'OrderLinesCancelled', cause: 'undeliverable', shipmentNo: 1, lines: [{ lineNo: 1, quantity: 2 }], amount: 200_000n },
    { type: 'OrderCompensationStarted', cause: 'undeliverable', message: 'nobody took it' }
  ])
  t.match(run.last.commands, [{ type: 'Restock', sku: 'P0-mug', quantity: 2 }, { type: 'RefundPayment', amount: null }])
  run.tell(reply.refunded())
  t.match(run.view, { state: 'Cancelled', outcome: 'Cancelled', outcomeCause: 'undeliverable', refunded: 200_000n, parcels: [{ stage: 'returned', attempts: 3 }] })
  t.equal(run.saga.phase, 'closed')
  t.end()
})

test('stock that came back is not put back a second time when late answers arrive', t => {
  const run = confirmedOrder().tell(reply.pickedUp(), reply.cameBack(), reply.confirmed(), reply.refunded(), reply.confirmed())
  t.notOk(run.commands.some(({ type }) => type === 'UnconfirmReservation' || type === 'ReleaseReservation'))
  t.equal(run.state, 'Cancelled')
  t.end()
})

test('the order goes on without a parcel that came back when another one is on the road', t => {
  const run = twoParcels().tell(reply.cameBack([[1, 2]], 2))
  t.match(run.last.commands, [{ type: 'Restock', sku: 'P0-mug' }, { type: 'RefundPayment', effectId: 'undeliverable/2', amount: 200_000n }])
  t.match(run.view, { state: 'Shipped', progress: [{ lineNo: 1, shipped: 0, cancelled: 2 }, { lineNo: 2, shipped: 2 }] })
  run.tell(reply.partRefunded('undeliverable/2', 200_000n), reply.delivered([[2, 2]], 1))
  t.match(run.view, { state: 'Delivered', outcome: 'Fulfilled', refunded: 200_000n })
  t.match(run.events.at(-1), { type: 'OrderDelivered', lines: [{ lineNo: 2, quantity: 2 }] })
  t.end()
})

test('an order is fulfilled when one parcel was delivered before the other one came back', t => {
  const run = twoParcels().tell(reply.delivered([[2, 2]], 1), reply.cameBack([[1, 2]], 2))
  t.same(run.last.events.map(({ type }) => type), ['OrderLinesCancelled', 'OrderDelivered'])
  t.same([run.view.outcome, run.saga.refunds.length], ['Fulfilled', 1], 'the money is still owed')
  t.end()
})

test('the last parcel that comes back ends the order when nothing was delivered, and each piece is refunded once', t => {
  const run = twoParcels().tell(reply.cameBack([[1, 2]], 2), reply.cameBack([[2, 2]], 1))
  t.match(run.last.commands, [{ type: 'Restock', sku: 'P1-bag' }, { type: 'RefundPayment', amount: null }])
  t.equal(run.tell(reply.refunded(200_000n, 400_000n)).state, 'Compensating', 'a refund of before is not answered yet')
  run.tell(reply.partRefunded('undeliverable/2', 200_000n, 200_000n))
  t.match(run.view, { state: 'Cancelled', outcomeCause: 'undeliverable', captured: 400_000n, refunded: 400_000n })
  t.end()
})

test('an order that lost its parcel is cancelled when the customer stops the rest', t => {
  const run = confirmedOrder(2).ship([[1, 2]]).tell(reply.shipped([[1, 2]], 2), reply.pickedUp([[1, 2]], 2), reply.cameBack([[1, 2]], 2))
  t.equal(run.state, 'PartiallyShipped', 'the rest can still leave')
  run.cancel().tell(reply.shipmentCancelled([[2, 2]]))
  t.same(run.last.events.map(({ type }) => type), ['OrderLinesCancelled', 'OrderCompensationStarted'])
  run.tell(reply.partRefunded('undeliverable/2', 200_000n), reply.refunded(200_000n, 400_000n))
  t.match(run.view, { state: 'Cancelled', outcomeCause: 'customer', refunded: 400_000n })
  t.end()
})

test('a cancellation is refused when the only parcel comes back before shipping has answered', t => {
  const run = confirmedOrder().cancel('cancel-1').tell(reply.pickedUp(), reply.cameBack())
  t.match([run.state, run.last.refusals], ['Compensating', [{ commandId: 'cancel-1' }]])
  t.same(run.tell(reply.shipmentCancelled([]), reply.refunded()).state, 'Cancelled')
  t.end()
})
