import { test } from 'tap'
import { decideShipment, shipmentSteps } from '../../../topology/shipping/shipment.ts'
import { carriersByName } from '../../../topology/shipping/carrier.ts'
import { ShipmentWorld, cancelShipment, createShipment, dayMs, embedded, handOver, idOf, lines, orderId, startMs, tracking } from './shipping-fixtures.ts'

const realDay = 86_400_000

test('CreateShipment creates a shipment with carrier, cost and tracking number when there is none', t => {
  const world = new ShipmentWorld()
  t.same(world.tell(createShipment()), [{
    type: 'ShipmentCreated',
    orderId,
    shipmentId: idOf(1),
    shipmentNo: 1,
    lines,
    carrier: 'USPS',
    service: 'Priority',
    trackingNumber: 'UM0OMMAHRZBS98AQV7HOQK4DGQP01',
    cost: 104_900n,
    currency: 'GBP',
    promisedBy: startMs + 5 * realDay
  }])
  t.match(world.state, { status: 'created', cost: 104_900n, shipments: [{ stage: 'created', lines }] })
  t.end()
})

test('CreateShipment is a counted no-op when the shipment exists', t => {
  const world = new ShipmentWorld()
  t.same(world.tell(createShipment(), createShipment()), [])
  t.match(world.state, { status: 'created', repeats: 1, shipments: { length: 1 } })
  t.end()
})

test('CreateShipment charges for the room that light things take', t => {
  t.match(new ShipmentWorld().tell(createShipment({ volumeCm3: 20_000 })), [{ cost: 119_900n }])
  t.end()
})

test('CreateShipment promises by the speed, in days of the carrier from its pick-up, when the carrier says when that is', t => {
  const promise = (deliverySpeed: 'express' | 'sameDay', handedOver: boolean) =>
    new ShipmentWorld(embedded()).tell(createShipment({ deliverySpeed, handedOver }))[0]
  t.match(promise('express', false), { promisedBy: startMs + 3 * dayMs })
  t.match(promise('express', true), { promisedBy: startMs + 2 * dayMs })
  t.match(promise('sameDay', false), { promisedBy: startMs + 1.5 * dayMs })
  t.end()
})

test('CancelShipment stops the shipment and says what was in it when it has not left', t => {
  const world = new ShipmentWorld()
  t.same(world.tell(createShipment(), cancelShipment), [{
    type: 'ShipmentCancelled', orderId, shipmentId: idOf(1), shipmentNo: 1, reason: 'changed my mind', nothingToCancel: false, lines, shipped: false
  }])
  t.match(world.state, { status: 'cancelled', timerDueMs: null, shipments: [{ stage: 'cancelled' }] })
  t.end()
})

test('CancelShipment leaves a fence when it comes first: the late creation finds it', t => {
  const world = new ShipmentWorld()
  t.same(world.tell(cancelShipment), [{
    type: 'ShipmentCancelled', orderId, shipmentId: null, shipmentNo: 0, reason: 'changed my mind', nothingToCancel: true, lines: [], shipped: false
  }])
  t.match(world.state, { status: 'fenced', shipments: [] })
  t.match(world.tell(createShipment()), [{ type: 'ShipmentCancelled', shipmentId: null, nothingToCancel: true, lines: [] }], 'its order does not wait for ever')
  t.match(world.state, { status: 'fenced', repeats: 1, shipments: [] })
  t.match(world.tell(handOver(2, [1, 1])), [{ type: 'ShipmentRefused', shipmentNo: 2 }])
  t.end()
})

test('CancelShipment is answered again when it is repeated, and only the first answer says what was stopped', t => {
  const world = new ShipmentWorld()
  world.tell(createShipment(), cancelShipment)
  t.match(world.tell(cancelShipment), [{ shipmentId: null, nothingToCancel: true, lines: [], shipped: false }])
  const fenced = new ShipmentWorld()
  t.match(fenced.tell(cancelShipment, cancelShipment), [{ shipmentId: null, nothingToCancel: true, lines: [] }])
  t.end()
})

test('CreateShipment never revives a shipment when it was cancelled', t => {
  const world = new ShipmentWorld()
  t.same(world.tell(createShipment(), cancelShipment, createShipment()), [])
  t.match(world.state, { status: 'cancelled', shipments: { length: 1 } })
  t.match(world.tell(handOver(2, [1, 1])), [{ type: 'ShipmentRefused', shipmentNo: 2, reason: /cancelled/ }])
  t.end()
})

test('CancelShipment stops nothing and says that it has left when the carrier was faster', t => {
  const world = new ShipmentWorld()
  t.match(world.tell(createShipment(), tracking('pickedUp', 1), cancelShipment), [{ type: 'ShipmentCancelled', nothingToCancel: true, lines: [], shipped: true }])
  t.match(world.parcel(), { stage: 'pickedUp' })
  t.end()
})

test('a pick-up that comes after the cancellation is refused by name', t => {
  const world = new ShipmentWorld()
  t.same(world.tell(createShipment(), cancelShipment, tracking('pickedUp', 1)), [])
  t.match(world.rejections, [{ code: 'stage-forbids', field: '/stage', message: 'a shipment that is cancelled is not pickedUp afterwards' }])
  t.end()
})

test('a part that is handed over is picked up at once, under the promise of the order and at no further cost', t => {
  const world = new ShipmentWorld()
  world.tell(createShipment())
  t.match(world.tell(handOver(2, [1, 2])), [
    { type: 'ShipmentCreated', shipmentNo: 2, shipmentId: idOf(2), lines: [{ lineNo: 1, sku: 'A', quantity: 2 }], cost: 0n, promisedBy: startMs + 5 * realDay },
    { type: 'ShipmentPickedUp', shipmentNo: 2, lines: [{ lineNo: 1, sku: 'A', quantity: 2 }], at: startMs }
  ])
  t.match(world.parcel(1), { stage: 'created', lines: [{ lineNo: 1, quantity: 1 }, { lineNo: 2, quantity: 1 }] })
  t.equal(world.state?.cost, 104_900n)
  t.end()
})

test('a shipment whose pieces all went with others is cancelled without a word', t => {
  const world = new ShipmentWorld()
  world.tell(createShipment(), handOver(2, [1, 3]))
  t.same(world.tell(handOver(3, [2, 1])).map(({ type }) => type), ['ShipmentCreated', 'ShipmentPickedUp'])
  t.match(world.parcel(1), { stage: 'cancelled', lines: [] })
  t.match(world.tell(cancelShipment), [{ type: 'ShipmentCancelled', nothingToCancel: true, lines: [], shipped: true }])
  t.end()
})

for (const [what, command] of [
  ['a piece too many', handOver(2, [1, 4])],
  ['a line that is not there', handOver(2, [9, 1])],
  ['nothing', handOver(2)],
  ['no piece', handOver(2, [1, 0])],
  ['a negative number of pieces', handOver(2, [1, -1], [2, 1])],
  ['one line twice, and so too much of it', handOver(2, [1, 2], [1, 2])],
  ['a number below 1', handOver(0, [1, 1])],
  ['a number beyond the last', handOver(101, [1, 1])]
] as const) {
  test(`a shipment of ${what} is refused, and nothing changes`, t => {
    const world = new ShipmentWorld()
    world.tell(createShipment())
    const before = world.state
    t.match(world.tell(command), [{ type: 'ShipmentRefused', shipmentNo: command.shipmentNo }])
    t.same(world.state, { ...before, repeats: 1 })
    t.end()
  })
}

test('a part is refused when its pieces have left already', t => {
  const world = new ShipmentWorld()
  world.tell(createShipment(), tracking('pickedUp', 1))
  t.match(world.tell(handOver(2, [1, 1])), [{ type: 'ShipmentRefused', shipmentId: idOf(2), shipmentNo: 2, reason: /have left/ }])
  t.end()
})

test('a cancellation in the middle stops what is left, and what has left goes on', t => {
  const world = new ShipmentWorld()
  t.match(world.tell(createShipment(), handOver(2, [1, 2]), cancelShipment), [{
    type: 'ShipmentCancelled', shipmentNo: 1, nothingToCancel: false, lines: [{ lineNo: 1, sku: 'A', quantity: 1 }, { lineNo: 2, sku: 'B', quantity: 1 }], shipped: true
  }])
  t.match(world.tell(tracking('inTransit', 1, { shipmentId: idOf(2) })), [{ type: 'ShipmentInTransit', shipmentNo: 2 }])
  t.end()
})

test('a part that comes before there is a shipment is refused, and neither keeps the first one from coming nor outlives a cancellation', t => {
  const world = new ShipmentWorld()
  t.match(world.tell(handOver(2, [1, 1])), [{ type: 'ShipmentRefused', shipmentNo: 2 }])
  t.equal(world.state, undefined)
  t.match(world.tell(createShipment()), [{ type: 'ShipmentCreated', shipmentNo: 1 }])
  const cancelled = new ShipmentWorld()
  cancelled.tell(handOver(2, [1, 1]), cancelShipment)
  t.match(cancelled.tell(createShipment()), [{ type: 'ShipmentCancelled', nothingToCancel: true }])
  t.end()
})

test('the first shipment may be handed over as it is made', t => {
  t.same(new ShipmentWorld().tell(createShipment({ handedOver: true })).map(({ type }) => type), ['ShipmentCreated', 'ShipmentPickedUp'])
  t.end()
})

test('a repeated part is the same shipment', t => {
  const world = new ShipmentWorld()
  t.same(world.tell(createShipment(), handOver(2, [1, 2]), handOver(2, [1, 2])), [])
  t.match(world.state, { repeats: 1, shipments: { length: 2 } })
  t.end()
})

test('news of a shipment that nobody knows is refused, and leaves no row', t => {
  const decision = decideShipment(undefined, tracking('pickedUp', 1), { nowMs: startMs, carrierOf: carriersByName([]), correlationId: 'c' })
  t.match(decision, { state: undefined, events: [], rejection: { code: 'unknown-shipment', field: '/shipmentId' } })
  t.end()
})

test('every cancellation is answered and no creation follows one when the table is enumerated', t => {
  for (const [place, row] of Object.entries(shipmentSteps)) {
    t.ok(['stop', 'fence', 'answer-again'].includes(row.CancelShipment), place)
    t.equal(row.CreateShipment, place === 'none' ? 'create' : place === 'created' ? 'take' : 'refuse', place)
  }
  t.end()
})
