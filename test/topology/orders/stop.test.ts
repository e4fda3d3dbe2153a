import { test } from 'tap'
import { confirmedOrder, orderId, orderIn, reply } from './order-fixtures.ts'

/** Two lines of two pieces; line 1 has left. */
const partlyShipped = () => confirmedOrder(2).ship([[1, 2]]).tell(reply.shipped([[1, 2]], 2), reply.pickedUp([[1, 2]], 2))

test('a cancellation asks shipping first when the order is confirmed: nothing is given back before it answers', t => {
  const run = confirmedOrder().cancel()
  t.same([run.state, run.asked, run.saga.phase], ['Confirmed', ['CancelShipment'], 'stopping'])
  t.match(run.last.commands, [{ reason: 'changed my mind' }])
  t.same(run.fire().asked, ['CancelShipment'], 'asked again until it is answered')
  t.same(run.fire().asked, ['CancelShipment'])
  t.end()
})

test('an order is cancelled as a whole when nothing of it had left', t => {
  const run = confirmedOrder(2).cancel().tell(reply.shipmentCancelled())
  t.same(run.asked, ['UnconfirmReservation', 'UnconfirmReservation', 'RefundPayment'])
  run.tell(reply.unconfirmed(0), reply.unconfirmed(1), reply.refunded(400_000n))
  t.match(run.view, { state: 'Cancelled', outcome: 'Cancelled', outcomeCause: 'customer', refunded: 400_000n, parcels: [{ stage: 'cancelled' }] })
  t.same([run.saga.stop, run.refusals], [null, []])
  t.end()
})

test('an order is cancelled as a whole when shipping had not even heard of it', t => {
  const fence = { type: 'ShipmentCancelled', orderId, shipmentId: null, reason: '', nothingToCancel: true, shipmentNo: 0, lines: [], shipped: false } as const
  const run = orderIn('fulfilling').cancel().tell(fence)
  t.equal(run.state, 'Compensating')
  run.tell(fence)
  t.same([run.saga.repeats, run.asked], [1, []], 'the refused creation changes nothing')
  t.end()
})

test('a cancellation is refused, and the order goes on, when everything had left before it was asked', t => {
  const run = confirmedOrder().cancel('cancel-1').tell(reply.pickedUp(), reply.shipmentCancelled([]))
  t.match(run.last.refusals, [{ command: 'CancelOrder', commandId: 'cancel-1', rejection: { code: 'left-already' } }])
  t.same([run.state, run.saga.phase, run.last.timer], ['Shipped', 'fulfilling', { kind: 'cancel' }])
  t.equal(run.tell(reply.delivered()).view.outcome, 'Fulfilled')
  t.end()
})

test('a cancellation is refused once when everything was even delivered before shipping answered', t => {
  const run = confirmedOrder().cancel('cancel-1').tell(reply.pickedUp(), reply.delivered())
  t.same([run.state, run.last.refusals.length], ['Delivered', 1])
  run.tell(reply.shipmentCancelled([]))
  t.same([run.last.refusals, run.saga.repeats, run.saga.timerDueMs], [[], 1, null])
  t.end()
})

test('the rest is cancelled, refunded and put back when a part had left, and the order goes on with that', t => {
  const run = partlyShipped().cancel().tell(reply.shipmentCancelled([[2, 2]]))
  t.match(run.last.events, [
    { type: 'OrderLinesCancelled', cause: 'customer', shipmentNo: null, lines: [{ lineNo: 2, quantity: 2 }], amount: 200_000n, reason: 'changed my mind' },
    { type: 'OrderShipped', shipmentNo: null, lines: [] }
  ])
  t.match(run.last.commands, [{ type: 'Restock', sku: 'P1-bag', quantity: 2 }, { type: 'RefundPayment', effectId: 'cancel-rest/8', amount: 200_000n }])
  t.same([run.state, run.saga.phase, run.refusals], ['Shipped', 'fulfilling', []])
  run.tell(reply.partRefunded('cancel-rest/8', 200_000n), reply.delivered([[1, 2]], 2))
  t.match(run.view, { state: 'Delivered', outcome: 'Fulfilled', captured: 400_000n, refunded: 200_000n, progress: [{ delivered: 2 }, { cancelled: 2, delivered: 0 }] })
  t.same([run.saga.refunds, run.last.timer.kind], [[], 'keep'])
  t.end()
})

test('only what was stopped is given back when a parcel left while the cancellation was on its way', t => {
  const run = confirmedOrder(2).cancel().tell(reply.shipmentCancelled())
  t.equal(run.state, 'Compensating')
  const other = confirmedOrder(2).ship([[1, 1]]).cancel('cancel-1')
    .tell(reply.shipped([[1, 1]], 2), reply.pickedUp([[1, 1]], 2), reply.shipmentCancelled([[1, 1], [2, 2]]))
  t.match(other.last.commands.filter(({ type }) => type === 'RefundPayment'), [{ amount: 300_000n }])
  t.same([other.state, other.refusals], ['Shipped', []])
  t.end()
})

test('an order is fulfilled at once when its rest is cancelled after the other part was delivered', t => {
  const run = partlyShipped().tell(reply.delivered([[1, 2]], 2)).cancel().tell(reply.shipmentCancelled([[2, 2]]))
  t.same(run.last.events.map(({ type }) => type), ['OrderLinesCancelled', 'OrderShipped', 'OrderDelivered'])
  t.equal(run.view.outcome, 'Fulfilled')
  t.end()
})

test('a second cancellation is counted when the first one waits for shipping', t => {
  const run = confirmedOrder().cancel('cancel-1').cancel('cancel-2')
  t.same([run.last.rejection, run.asked, run.saga.repeats], [undefined, [], 1])
  t.match(run.ship().last.rejection, { code: 'state-forbids' })
  t.end()
})

test('a cancellation is rejected when everything has left', t => {
  t.match(confirmedOrder().tell(reply.pickedUp()).cancel().last.rejection, { code: 'state-forbids', message: /it is Shipped/ })
  t.end()
})

test('the order follows when the warehouse stops its shipment without being asked', t => {
  const run = confirmedOrder().tell(reply.shipmentCancelled())
  t.match(run.last.events, [{ type: 'OrderCompensationStarted', cause: 'technical', message: 'the shipment was cancelled: cancelled' }])
  const other = partlyShipped().tell(reply.shipmentCancelled([[2, 2]]))
  t.match(other.last.events[0], { type: 'OrderLinesCancelled', cause: 'technical', amount: 200_000n })
  t.end()
})

test('a cancellation that stopped nothing more is counted when it was answered before', t => {
  const run = partlyShipped().cancel().tell(reply.shipmentCancelled([[2, 2]]), reply.shipmentCancelled([]))
  t.same([run.saga.repeats, run.last.commands, run.refusals], [1, [], []])
  t.end()
})

test('stock that was given back behind the order is not put back twice when its rest is cancelled', t => {
  const run = partlyShipped().tell(reply.unconfirmed(1))
  t.same([run.asked, run.saga.phase], [['CancelShipment'], 'stopping'])
  run.tell(reply.shipmentCancelled([[2, 2]]))
  t.same(run.asked, ['RefundPayment'], 'money only: the partition of line 2 has its pieces')
  t.same(run.refusals, [], 'nobody asked for it by a command')
  t.end()
})
