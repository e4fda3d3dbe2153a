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
    actionReason: null,
    deadline: null,
    shortages: [],
    parcels: [],
    progress: [],
    deliveredAt: null,
    returns: [],
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
    volumeCm3: 0,
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
    repeats: 0,
    paymentAttempt: 1,
    onShortage: 'amend',
    onDecline: 'retry',
    shortages: [],
    waitDueMs: null,
    sagaLeftMs: null,
    waitsSince: null,
    commandHashes: {},
    stop: null,
    shipments: 0,
    handOvers: [],
    refunds: []
  }
}

/** The payload of an order's first event as analytics has it, with personal data and a payment token inside. */
export const createdPayload = {
  type: 'OrderCreated',
  meta: { eventId: 'e-1' },
  customerId: 'customer-1',
  total: '15.3000',
  lines: [{ lineNo: 1, sku: '85123A', unitPrice: '2.5500' }],
  shippingAddress: { keyId: 'customer/customer-1', ciphertext: 'c2VjcmV0' },
  guestEmail: null,
  payment: { method: 'card', token: 'tok_ok' },
  bodyHash: 'h'
}
