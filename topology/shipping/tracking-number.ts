import { uuidOf } from '../../streams/runtime/identity.ts'

/** A shipment by the order that it is a part of, and its number there. */
export interface ShipmentRef {
  readonly orderId: string
  readonly shipmentNo: number
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const trackingPattern = /^[A-Z]{2}([0-9A-Z]{25})([0-9A-Z]{2})$/
const referencePattern = /^([0-9a-f-]{36})\/([1-9]\d{0,2})$/
const base = 36
const digits = 25

/** Shipments that an order may have: two digits of a tracking number, and what a row can hold. */
export const maxShipments = 100

/** True for an order id that a tracking number can carry: a UUID in lower case. */
export function isOrderId (text: string): boolean {
  return uuidPattern.test(text)
}

/** The id of a shipment: the same whatever comes before it in the log. */
export function shipmentIdOf ({ orderId, shipmentNo }: ShipmentRef): string {
  return uuidOf(`shipment ${orderId} ${shipmentNo}`)
}

/** The tracking number of a shipment: prefix, order and number, so that whoever names it names the order. `prefix`: two capital letters. */
export function trackingNumberOf (prefix: string, { orderId, shipmentNo }: ShipmentRef): string {
  const order = BigInt(`0x${orderId.replaceAll('-', '')}`).toString(base).padStart(digits, '0')
  return `${prefix}${order}${shipmentNo.toString(base).padStart(2, '0')}`.toUpperCase()
}

/** The shipment that a tracking number names; undefined for one that is none of ours. */
export function shipmentOfTracking (trackingNumber: string): ShipmentRef | undefined {
  const [, order, number] = trackingPattern.exec(trackingNumber) ?? []
  if (order === undefined || number === undefined) return undefined
  const value = [...order.toLowerCase()].reduce((sum, digit) => sum * BigInt(base) + BigInt(Number.parseInt(digit, base)), 0n)
  const hex = value.toString(16).padStart(32, '0')
  if (hex.length > 32) return undefined
  const orderId = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  return { orderId, shipmentNo: Number.parseInt(number, base) }
}

/** Our reference of a shipment, as a carrier is given it: order id, slash, number. */
export function referenceOf ({ orderId, shipmentNo }: ShipmentRef): string {
  return `${orderId}/${shipmentNo}`
}

/** The shipment that such a reference names; undefined for one that is none of ours. */
export function shipmentOfReference (reference: string): ShipmentRef | undefined {
  const [, orderId, number] = referencePattern.exec(reference) ?? []
  return orderId === undefined || !isOrderId(orderId) ? undefined : { orderId, shipmentNo: Number(number) }
}
