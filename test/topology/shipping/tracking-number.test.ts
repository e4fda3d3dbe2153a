import fc from 'fast-check'
import { test } from 'tap'
import { maxShipments, referenceOf, shipmentIdOf, shipmentOfReference, shipmentOfTracking, trackingNumberOf } from '../../../topology/shipping/tracking-number.ts'
import { orderId } from './shipping-fixtures.ts'

const shipment = fc.record({ orderId: fc.uuid(), shipmentNo: fc.integer({ min: 1, max: maxShipments }) })

test('a tracking number and a reference name their shipment, for every order and number', t => {
  fc.assert(fc.property(shipment, fc.constantFrom('FX', 'UP', 'UM', 'US'), (ref, prefix) => {
    t.same(shipmentOfTracking(trackingNumberOf(prefix, ref)), ref)
    t.same(shipmentOfReference(referenceOf(ref)), ref)
  }), { numRuns: 200 })
  t.end()
})

test('a tracking number is short enough for a label and begins with its carrier', t => {
  const number = trackingNumberOf('FX', { orderId, shipmentNo: 2 })
  t.match(number, /^FX[0-9A-Z]{27}$/)
  t.not(number, trackingNumberOf('FX', { orderId, shipmentNo: 3 }))
  t.end()
})

test('what is no tracking number or reference of ours names nothing', t => {
  for (const text of ['', 'FX', `fx${'0'.repeat(27)}`, `FX${'Z'.repeat(27)}`, `FX${'0'.repeat(28)}`, '1Z999AA10123456784']) t.equal(shipmentOfTracking(text), undefined, text)
  for (const text of ['', orderId, `${orderId}/0`, `${orderId}/x`, `${orderId.toUpperCase()}/1`, `${orderId}/1/1`, `-${orderId.slice(1)}/1`]) t.equal(shipmentOfReference(text), undefined, text)
  t.end()
})

test('the id of a shipment depends on its order and number alone', t => {
  t.equal(shipmentIdOf({ orderId, shipmentNo: 1 }), shipmentIdOf({ orderId, shipmentNo: 1 }))
  t.not(shipmentIdOf({ orderId, shipmentNo: 1 }), shipmentIdOf({ orderId, shipmentNo: 2 }))
  t.not(shipmentIdOf({ orderId, shipmentNo: 1 }), orderId)
  t.end()
})
