import { type Detector, Inquiry } from './verdict.ts'

const ends: ReadonlySet<string> = new Set(['OrderCancelled', 'OrderFailed', 'OrderTimedOut', 'OrderRejected'])

/**
 * I4: each effect happens once. At the provider, by its own journal: nothing is done twice under one key, nothing is captured twice, and no
 * more is authorised than we know of. Of an order that lives on: shipments, each parcel of it once; every notification under an id of its own.
 */
export const effectsOnce: Detector = ({ records, payments }) => {
  const inquiry = new Inquiry()
  const done = payments.filter(({ outcome }) => outcome === 'done')
  for (const [key, entries] of Map.groupBy(done, ({ key }) => key)) inquiry.equal(key, 'times it was done at the provider', 1, entries.length)
  for (const [key, entries] of Map.groupBy(done.filter(({ step }) => step === 'capture'), ({ authorisation }) => authorisation)) {
    inquiry.equal(key, 'times it was captured', 1, entries.length)
  }
  const authorised = Map.groupBy(records.filter(({ type, topic }) => type === 'PaymentAuthorized' && topic === 'commerce.payments.events'), ({ key }) => key)
  for (const [orderId, entries] of Map.groupBy(done.filter(({ step }) => step === 'authorise'), ({ orderId }) => orderId)) {
    inquiry.equal(orderId, 'authorisations at the provider = PaymentAuthorized', entries.length, authorised.get(orderId)?.length ?? 0)
  }
  const shipments = Map.groupBy(records.filter(({ type }) => type === 'ShipmentCreated'), ({ key }) => key)
  for (const [orderId, list] of shipments) {
    const parcels = new Set(list.map(({ facts }) => String(facts['shipmentNo'])))
    inquiry.equal(orderId, 'shipments = different parcels', parcels.size, list.length)
  }
  const orders = Map.groupBy(records.filter(({ topic, type }) => topic === 'commerce.orders.events' && type !== ''), ({ key }) => key)
  for (const [orderId, history] of orders) {
    const livesOn = history.some(({ type }) => type === 'OrderConfirmed') && !history.some(({ type }) => ends.has(type))
    if (livesOn && !shipments.has(orderId)) inquiry.find(orderId, 'is confirmed, and has no shipment')
  }
  const notifications = Map.groupBy(records.filter(({ type }) => type === 'NotificationRequested'), ({ facts }) => String(facts['notificationId']))
  for (const [id, list] of notifications) inquiry.equal(id, 'times a notification was asked for', 1, list.length)
  return inquiry.verdict()
}
