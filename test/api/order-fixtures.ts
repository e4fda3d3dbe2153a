import { type OrderEvent } from '../../topology/topics.ts'
import { type OrderState, type OrderView } from '../../schemas/index.ts'

/** A valid body; spread over it to break it. */
export const orderBody = {
  currency: 'GBP',
  lines: [{ sku: '85123a', quantity: 6 }, { sku: '22423', quantity: 1 }],
  shippingAddress: { name: 'Ada Example', line1: '1 Sample Street', city: 'Sampleton', country: 'GB' },
  payment: { method: 'card', token: 'tok_ok' }
} as const

/** An order of customer-1 with one line. */
export function orderView (orderId: string, given: Partial<OrderView> = {}): OrderView {
  return {
    type: 'OrderView',
    orderId,
    state: 'Pending',
    outcome: null,
    outcomeCause: null,
    reason: null,
    channel: 'api',
    customerId: 'customer-1',
    currency: 'GBP',
    lines: [{ lineNo: 1, sku: '85123A', quantity: 6, unitPrice: 25_500n, lineTotal: 153_000n, priceSource: 'catalog', catalogVersion: 1, stocked: true }],
    total: 153_000n,
    authorised: 0n,
    captured: 0n,
    refunded: 0n,
    voided: 0n,
    attempt: 1,
    paymentId: null,
    shipmentId: null,
    trackingNumber: null,
    carrier: null,
    placedAt: 1_700_000_000_000,
    confirmedAt: null,
    updatedAt: 1_700_000_000_000,
    version: 1,
    everConfirmed: false,
    clientReference: null,
    ...given
  }
}

/** What the saga knows of an order placed with a body of that hash. */
export function orderState (orderId: string, bodyHash: string): OrderState {
  return {
    type: 'OrderState',
    orderId,
    phase: 'reserving',
    attempt: 1,
    bodyHash,
    correlationId: 'r',
    shippingAddress: null,
    guestEmail: null,
    deliverySpeed: 'standard',
    paymentChoice: null,
    weightGrams: 0,
    parts: [],
    payment: 'untouched',
    shipment: 'none',
    cause: null,
    reason: '',
    stepDueMs: null,
    sagaDueMs: null,
    timerDueMs: null,
    resends: 0,
    commandIds: [],
    repeats: 0
  }
}

/** The first event of an order, with personal data and a payment token inside. */
export function orderCreated (orderId: string): OrderEvent {
  const { lines, total, channel, customerId, currency, placedAt } = orderView(orderId)
  const personal = { keyId: 'customer/customer-1', ciphertext: Buffer.from('secret') }
  return {
    type: 'OrderCreated',
    meta: { eventId: 'e-1', occurredAt: 1_700_000_000_000, correlationId: 'r', causationId: 'c', aggregateVersion: 1, tenant: 'default' },
    orderId,
    placedAt,
    channel,
    customerId,
    currency,
    lines,
    total,
    shippingAddress: personal,
    guestEmail: null,
    deliverySpeed: 'standard',
    payment: { method: 'card', token: 'tok_ok' },
    onShortage: 'reject',
    onDecline: 'cancel',
    clientReference: null,
    bodyHash: 'h',
    quotedIgnored: false
  }
}
