import { test } from 'tap'
import { type DeliverySpeed, deliverySpeedSymbols } from '#schemas'
import { answerMs } from '../../../topology/shipping/deadlines.ts'
import { embeddedCarrier } from '../../../topology/shipping/embedded-carrier.ts'
import { ShipmentWorld, cancelShipment, createShipment, dayMs, delivery, embedded, handOver, idOf, startMs, tracking } from './shipping-fixtures.ts'

const journey = ['ShipmentCreated', 'ShipmentPickedUp', 'ShipmentInTransit', 'ShipmentOutForDelivery', 'ShipmentDelivered']

function sent (options: Parameters<typeof embedded>[0] = {}, deliverySpeed: DeliverySpeed = 'standard'): ShipmentWorld {
  const world = new ShipmentWorld(embedded(options))
  world.tell(createShipment({ deliverySpeed }))
  return world
}

test('a shipment of the embedded carrier travels by one timer, and ends without one', t => {
  const world = sent()
  const dues: Array<number | null> = []
  while (world.dueMs !== null) {
    dues.push(world.dueMs)
    world.fire()
  }
  t.same(world.said, journey)
  t.same(dues, [1_000, 2_000, 4_000, 4_500])
  t.match(world.parcel(), { stage: 'delivered', stageAt: startMs + 4_500, delayed: false })
  t.end()
})

for (const speed of deliverySpeedSymbols) {
  test(`a ${speed} delivery keeps its promise when the first attempt succeeds`, t => {
    const world = sent({}, speed)
    world.settle()
    t.same(world.said, journey)
    t.ok(world.parcel().stageAt < (world.parcel().promisedBy ?? 0))
    t.end()
  })
}

test('an express delivery that fails once is told to be late, once, and is delivered in the end', t => {
  const world = sent({ vainShare: 1 }, 'express')
  world.settle()
  t.same(world.said, [
    ...journey.slice(0, 4), 'ShipmentDeliveryFailed', 'ShipmentDelayed', 'ShipmentOutForDelivery', 'ShipmentDelivered'
  ])
  t.match(world.events.find(({ type }) => type === 'ShipmentDelayed'), { shipmentId: idOf(1), shipmentNo: 1, promisedBy: startMs + 3 * dayMs })
  t.end()
})

test('a shipment that fails three times comes back', t => {
  const world = sent({ vainShare: 1, vainAttempts: 3 })
  world.settle()
  t.same(world.said.filter(type => type === 'ShipmentDeliveryFailed').length, 3)
  t.match(world.events.at(-1), { type: 'ShipmentReturned', shipmentNo: 1, reason: 'it could not be delivered' })
  t.equal(world.dueMs, null)
  t.end()
})

test('a small share of first attempts is in vain, the same shipments every time', t => {
  const carrier = embeddedCarrier('USPS', { dayMs, pickupAfterMs: null })
  const vain = () => Array.from({ length: 5_000 }, (_, index) => `shipment-${index}`)
    .filter(shipmentId => carrier.journey?.({ shipmentId, stage: 'outForDelivery', attempts: 0, speed: 'standard' })?.stage === 'attemptFailed')
  t.same(vain(), vain())
  t.ok(vain().length > 50 && vain().length < 150, `${vain().length} of 5,000`)
  const second = vain().map(shipmentId => carrier.journey?.({ shipmentId, stage: 'outForDelivery', attempts: 1, speed: 'standard' })?.stage)
  t.same(new Set(second), new Set(['delivered']))
  t.end()
})

test('a timer that comes late catches up in one go, by the clock of the carrier', t => {
  const world = sent({ pickupAfterMs: null })
  world.tell(tracking('pickedUp', 0))
  t.same(world.fire(4_000).map(({ type }) => type), ['ShipmentInTransit', 'ShipmentOutForDelivery', 'ShipmentDelivered'])
  t.match(world.parcel(), { stage: 'delivered', stageAt: startMs + 3_500, delayed: false })
  t.equal(world.dueMs, null)
  t.end()
})

test('a shipment is not picked up while its cancellation may be on its way: the window runs anew after a timer that came late', t => {
  const world = sent({ pickupAfterMs: 10_000 })
  t.same(world.fire(60_000), [])
  t.equal(world.dueMs, 80_000)
  t.match(world.tell(cancelShipment), [{ nothingToCancel: false, shipped: false }])
  t.equal(world.dueMs, null)
  t.end()
})

test('a shipment is not picked up before its task has run for the whole window, and then it is', t => {
  const world = sent({ pickupAfterMs: 10_000 })
  world.runningSinceMs = startMs + 9_000
  t.same(world.fire(), [])
  t.equal(world.dueMs, 19_000)
  t.match(world.fire(), [{ type: 'ShipmentPickedUp', at: startMs + 19_000 }])
  t.end()
})

test('the window of a pick-up runs anew once at most', t => {
  const world = sent({ pickupAfterMs: 10_000 })
  t.same(world.fire(60_000), [])
  t.match(world.fire(60_000).slice(0, 1), [{ type: 'ShipmentPickedUp' }])
  t.end()
})

test('a promise is not judged before the task has run for a while, and is told as it was made', t => {
  const world = new ShipmentWorld()
  world.tell(createShipment({ deliverySpeed: 'sameDay' }))
  world.runningSinceMs = startMs + 43_199_000
  t.same(world.fire(), [])
  t.equal(world.dueMs, 43_199_000 + answerMs)
  t.match(world.fire(), [{ type: 'ShipmentDelayed', promisedBy: startMs + 43_200_000 }])
  t.equal(world.dueMs, null)
  t.end()
})

test('a promise is missed once for each shipment, and not at all when it was delivered in time', t => {
  const world = new ShipmentWorld()
  world.tell(createShipment(), handOver(2, [1, 1]), delivery(1, 2))
  t.match(world.fire(), [{ type: 'ShipmentDelayed', shipmentNo: 1 }])
  t.same(world.fire(), [])
  t.end()
})

test('a shipment that nobody picks up by itself waits until it is handed over', t => {
  const world = sent({ pickupAfterMs: null })
  t.equal(world.dueMs, 5 * 86_400_000)
  world.tell(handOver(2, [1, 3], [2, 1]))
  world.settle()
  t.same(world.said, ['ShipmentCreated', ...journey])
  t.match([world.parcel(1).stage, world.parcel(2).stage], ['cancelled', 'delivered'])
  t.end()
})

test('news by hand is taken in beside the journey, which goes on from there', t => {
  const world = sent()
  world.fire()
  world.tell(tracking('outForDelivery', 1_100))
  world.settle()
  t.same(world.said, ['ShipmentCreated', 'ShipmentPickedUp', 'ShipmentOutForDelivery', 'ShipmentDelivered'])
  t.end()
})

test('a day of the embedded carrier has to have a length', t => {
  t.throws(() => embeddedCarrier('USPS', { dayMs: 0, pickupAfterMs: null }), RangeError)
  t.end()
})
