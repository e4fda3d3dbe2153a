import { test } from 'tap'
import { type CancelShipment, type CreateShipment, type ShipmentState } from '#schemas'
import { type Body } from '../../../topology/commands/body.ts'
import { decideShipment, shipmentSteps } from '../../../topology/shipping/shipment.ts'

const orderId = '0b8e3c1a-5d0e-4c0e-9c54-0a6f0f7f8a01'
const shipmentId = 'b2c0a0a4-0f9e-4d53-8a35-5e1f7d1c0001'
const create: Body<CreateShipment> = {
  type: 'CreateShipment',
  orderId,
  customerId: null,
  shippingAddress: { keyId: 'key', ciphertext: Buffer.from('sealed') },
  deliverySpeed: 'standard',
  orderTotal: 2_000_000n,
  currency: 'GBP',
  weightGrams: 2_500,
  volumeCm3: 0,
  shipmentNo: 1,
  handedOver: false,
  lines: [{ lineNo: 1, sku: 'A', quantity: 1 }]
}
const cancel: Body<CancelShipment> = { type: 'CancelShipment', orderId, reason: 'changed my mind' }

function after (...commands: ReadonlyArray<Body<CreateShipment | CancelShipment>>) {
  let state: ShipmentState | undefined
  let events: ReturnType<typeof decideShipment>['events'] = []
  for (const command of commands) ({ state, events } = decideShipment(state, command, shipmentId))
  return { state, events }
}

test('CreateShipment creates a shipment with carrier, cost and tracking number when there is none', t => {
  t.same(after(create).events, [{
    type: 'ShipmentCreated',
    orderId,
    shipmentId,
    carrier: 'USPS',
    service: 'Priority',
    trackingNumber: 'UMB2C0A0A40F9E4D53',
    cost: 104_900n,
    currency: 'GBP',
    shipmentNo: 1,
    lines: create.lines,
    promisedBy: null
  }])
  t.end()
})

test('CreateShipment is a counted no-op when the shipment exists', t => {
  const { state, events } = after(create, create)
  t.match([state, events], [{ status: 'created', repeats: 1 }, []])
  t.end()
})

test('CancelShipment stops the shipment and says so when it exists', t => {
  const { state, events } = after(create, cancel)
  t.match(state, { status: 'cancelled', shipmentId })
  t.match(events, [{ type: 'ShipmentCancelled', orderId, shipmentId, reason: 'changed my mind', nothingToCancel: false }])
  t.end()
})

test('CancelShipment leaves a fence when it comes first: the late creation finds it', t => {
  const { state, events } = after(cancel)
  t.match(state, { status: 'fenced', shipmentId: null })
  t.match(events, [{ type: 'ShipmentCancelled', orderId, shipmentId: null, reason: 'changed my mind', nothingToCancel: true }])
  t.match(after(cancel, create), { state: { status: 'fenced', repeats: 1 } })
  t.end()
})

test('CreateShipment is told that the shipment is cancelled when it finds a fence: its order does not wait for ever', t => {
  t.match(after(cancel, create).events, [{ type: 'ShipmentCancelled', orderId, shipmentId: null, nothingToCancel: true }])
  t.match(after(create, cancel, create).events, [], 'a repeat after both is known to the order')
  t.end()
})

test('CancelShipment is answered again when it is repeated: cancelled once', t => {
  t.match(after(create, cancel, cancel), { state: { status: 'cancelled' }, events: [{ shipmentId, nothingToCancel: true }] })
  t.match(after(cancel, cancel), { state: { status: 'fenced' }, events: [{ shipmentId: null, nothingToCancel: true }] })
  t.end()
})

test('CreateShipment never revives a shipment when it was cancelled', t => {
  t.match(after(create, cancel, create), { state: { status: 'cancelled' }, events: [] })
  t.end()
})

test('every cancellation is answered and no creation follows one when the table is enumerated', t => {
  for (const [place, row] of Object.entries(shipmentSteps)) {
    t.not(row.CancelShipment, 'repeat', place)
    if (place !== 'none') t.equal(row.CreateShipment, place === 'fenced' ? 'refuse' : 'repeat', place)
  }
  t.end()
})
