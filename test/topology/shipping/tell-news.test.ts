import { test } from 'tap'
import { maxAheadMs, maxHistory, maxText } from '../../../topology/shipping/tell-news.ts'
import { ShipmentWorld, attempt, createShipment, delivery, handOver, idOf, lines, orderId, startMs, tracking } from './shipping-fixtures.ts'

function created (): ShipmentWorld {
  const world = new ShipmentWorld()
  world.tell(createShipment())
  world.events.splice(0)
  return world
}

test('a shipment that is told about step by step is delivered, once', t => {
  const world = created()
  world.tell(tracking('pickedUp', 1), tracking('inTransit', 2), tracking('outForDelivery', 3), delivery(4), delivery(5))
  t.same(world.said, ['ShipmentPickedUp', 'ShipmentInTransit', 'ShipmentOutForDelivery', 'ShipmentDelivered'])
  t.match(world.events.at(-1), { orderId, shipmentId: idOf(1), shipmentNo: 1, lines, at: startMs + 4 })
  t.match(world.state, { repeats: 1, timerDueMs: null, shipments: [{ stage: 'delivered', stageAt: startMs + 4 }] })
  t.end()
})

test('a missed scan is skipped: a shipment that is told to be delivered was picked up before', t => {
  const world = created()
  t.same(world.tell(delivery(7)).map(({ type }) => type), ['ShipmentPickedUp', 'ShipmentDelivered'])
  t.end()
})

test('tracking with words is passed on beside the stage that it tells', t => {
  const world = created()
  t.match(world.tell(tracking('inTransit', 2, { location: 'Leipzig', note: 'left the depot' })), [
    { type: 'ShipmentPickedUp' },
    { type: 'ShipmentInTransit' },
    { type: 'ShipmentTrackingUpdated', stage: 'inTransit', location: 'Leipzig', note: 'left the depot', at: startMs + 2 }
  ])
  t.end()
})

test('a scan on the way says where the shipment is, and moves nothing', t => {
  const world = created()
  world.tell(tracking('inTransit', 2))
  t.match(world.tell(tracking('inTransit', 5, { location: 'Hull' })), [{ type: 'ShipmentTrackingUpdated', location: 'Hull' }])
  t.match(world.parcel(), { stage: 'inTransit', stageAt: startMs + 2, history: { length: 3 } })
  t.equal(world.state?.repeats, 0)
  t.end()
})

test('tracking that comes out of order is a counted repeat, kept in the history where it belongs', t => {
  const world = created()
  world.tell(tracking('pickedUp', 1), tracking('outForDelivery', 9))
  t.same(world.tell(tracking('inTransit', 4, { location: 'Hull' })), [])
  t.match(world.parcel(), { stage: 'outForDelivery' })
  t.same(world.parcel().history.map(({ stage, at }) => [stage, at - startMs]), [['pickedUp', 1], ['inTransit', 4], ['outForDelivery', 9]])
  t.equal(world.state?.repeats, 1)
  t.end()
})

test('the same tracking twice is in the history once, and counted', t => {
  const world = created()
  world.tell(tracking('inTransit', 2), tracking('inTransit', 5, { location: 'Hull' }))
  t.same(world.tell(tracking('inTransit', 5, { location: 'Hull' })), [])
  t.match(world, { state: { repeats: 1 } })
  t.equal(world.parcel().history.length, 3)
  t.end()
})

test('three attempts in vain are numbered, the third is the last, and then the shipment comes back', t => {
  const world = created()
  world.tell(tracking('outForDelivery', 1), attempt(2), tracking('outForDelivery', 3), attempt(4, 'gate closed'))
  t.match(world.events.filter(({ type }) => type === 'ShipmentDeliveryFailed'), [
    { attempt: 1, reason: 'nobody at home', final: false }, { attempt: 2, reason: 'gate closed', final: false }
  ])
  t.match(world.tell(attempt(6, 'dog')), [{ type: 'ShipmentDeliveryFailed', attempt: 3, final: true }])
  world.tell(attempt(7), tracking('outForDelivery', 8))
  t.match(world.rejections, [{ code: 'attempts-used-up' }, { code: 'attempts-used-up' }])
  t.match(world.tell(tracking('returned', 9)), [{ type: 'ShipmentReturned', lines, reason: 'dog', at: startMs + 9 }])
  t.match(world.parcel(), { stage: 'returned', attempts: 3 })
  t.end()
})

test('a shipment may be received after the last attempt in vain', t => {
  const world = created()
  world.tell(attempt(2), attempt(3), attempt(4))
  t.match(world.tell(delivery(5)), [{ type: 'ShipmentDelivered' }])
  t.end()
})

test('an attempt that is told late or twice is not counted again', t => {
  const world = created()
  world.tell(tracking('outForDelivery', 1), attempt(2), tracking('outForDelivery', 3))
  t.same(world.tell(attempt(2), attempt(3, 'told in other words')), [])
  t.match(world.parcel(), { stage: 'outForDelivery', attempts: 1 })
  t.match(world.tell(attempt(4)), [{ attempt: 2 }])
  t.end()
})

test('what contradicts is refused by name and changes nothing', t => {
  const world = created()
  world.tell(delivery(4))
  const before = world.state
  t.same(world.tell(tracking('returned', 5), tracking('cancelled', 6)), [])
  t.match(world.rejections, [
    { code: 'stage-forbids', message: 'a shipment that is delivered is not returned afterwards' },
    { code: 'stage-forbids', message: 'a shipment that is delivered is not cancelled afterwards' }
  ])
  t.equal(world.state, before)
  t.end()
})

test('news of another shipment, from the future, or too long is refused with its field', t => {
  const world = created()
  const before = world.state
  world.tell(
    tracking('inTransit', 1, { shipmentId: idOf(2) }), tracking('inTransit', maxAheadMs + 1), tracking('inTransit', -startMs - 1),
    tracking('inTransit', 1, { location: 'x'.repeat(maxText + 1) }), attempt(1, 'x'.repeat(maxText + 1))
  )
  t.same(world.rejections.map(({ code, field }) => [code, field]), [
    ['unknown-shipment', '/shipmentId'], ['time-in-future', '/at'], ['time-invalid', '/at'], ['text-too-long', '/location'], ['text-too-long', '/note']
  ])
  t.equal(world.state, before)
  t.end()
})

test('the history of a shipment is bounded: the newest entries are kept', t => {
  const world = created()
  for (let at = 1; at <= 50; at++) world.tell(tracking('inTransit', at, { location: `hub ${at}` }))
  t.equal(world.parcel().history.length, maxHistory)
  t.match(world.parcel().history.at(-1), { location: 'hub 50' })
  t.end()
})

test('who received it is kept, encrypted, and old news do not take it away', t => {
  const world = created()
  const receivedBy = { keyId: 'order/1', ciphertext: Buffer.from('sealed') }
  world.tell({ ...delivery(4), receivedBy }, delivery(5), tracking('inTransit', 2))
  t.same(world.parcel().receivedBy, receivedBy)
  t.end()
})

test('each shipment of an order moves by itself', t => {
  const world = created()
  world.tell(handOver(2, [1, 1]), handOver(3, [1, 1]), delivery(5, 2), attempt(6, 'closed', 3))
  t.same([1, 2, 3].map(no => world.parcel(no).stage), ['created', 'delivered', 'attemptFailed'])
  t.end()
})
