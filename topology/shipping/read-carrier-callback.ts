import { type ConfirmDelivery, type RecordDeliveryAttempt, type RecordTracking, type ShipmentStage } from '#schemas'
import { type Unheard, isCallbackId, objectOf, textOf, unreadable } from '../callbacks/read-body.ts'
import { commandId, defaultTenant } from '../envelope.ts'
import { type NewsCommand } from './tell-news.ts'
import { shipmentIdOf, shipmentOfReference, shipmentOfTracking } from './tracking-number.ts'

/** What the body of a carrier's callback says. */
export type CarrierReading =
  | { readonly kind: 'heard', readonly callbackId: string, readonly news: NewsCommand }
  | Unheard

const stages: Readonly<Record<string, ShipmentStage>> = {
  'shipment.picked_up': 'pickedUp',
  'shipment.in_transit': 'inTransit',
  'shipment.out_for_delivery': 'outForDelivery',
  'shipment.delivery_failed': 'attemptFailed',
  'shipment.delivered': 'delivered',
  'shipment.returned': 'returned'
}

/**
 * Reads the JSON of a carrier's callback whose signature was checked: `{ id, type, at, reference or trackingNumber, location?, note? }`. The
 * reference is the one that the shipment was booked with, so no index of foreign numbers is needed. Pure.
 */
export function readCarrierCallback (body: unknown): CarrierReading {
  const { id: callbackId, type, at, reference, trackingNumber, location, note } = objectOf(body)
  if (!isCallbackId(callbackId)) return unreadable('/id', 'is not the id of a callback')
  const stage = typeof type === 'string' && Object.hasOwn(stages, type) ? stages[type] : undefined
  if (stage === undefined) return { kind: 'ignored', reason: 'unknown-type' }
  const shipment = typeof reference === 'string' ? shipmentOfReference(reference) : typeof trackingNumber === 'string' ? shipmentOfTracking(trackingNumber) : undefined
  if (shipment === undefined) return { kind: 'ignored', reason: 'foreign-shipment' }
  const atMs = typeof at === 'string' ? Date.parse(at) : Number.NaN
  if (!(atMs >= 0)) return unreadable('/at', 'is not a time in ISO 8601')
  const about = { orderId: shipment.orderId, shipmentId: shipmentIdOf(shipment), at: atMs }
  const [where, said] = [textOf(location), textOf(note)].map(text => text === '' ? null : text) as [string | null, string | null]
  return { kind: 'heard', callbackId, news: newsCommand(stage, about, where, said) }
}

function newsCommand (stage: ShipmentStage, about: Pick<NewsCommand, 'orderId' | 'shipmentId' | 'at'>, location: string | null, note: string | null): NewsCommand {
  switch (stage) {
    case 'attemptFailed': return { type: 'RecordDeliveryAttempt', ...about, reason: note ?? 'not told' }
    case 'delivered': return { type: 'ConfirmDelivery', ...about, receivedBy: null }
    default: return { type: 'RecordTracking', ...about, stage, location, note }
  }
}

/** The record of a callback. Its command id is that of the callback, and so is its hash: one that comes again in other words is a repeat. */
export function carrierRecord (
  { callbackId, news }: Extract<CarrierReading, { kind: 'heard' }>, nowMs: number
): RecordTracking | RecordDeliveryAttempt | ConfirmDelivery {
  const id = commandId(defaultTenant, 'carriers', 'carrier callback', callbackId)
  return { ...news, meta: { commandId: id, bodyHash: id, issuedAt: nowMs, correlationId: '', principal: null, tenant: defaultTenant } }
}
