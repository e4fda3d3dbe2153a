import { type Fact } from '../../../topology/orders/facts.ts'

export const orderId = '0b8e3c1a-5d0e-4c0e-9c54-0a6f0f7f8a01'
export const startMs = Date.UTC(2026, 0, 5, 12)

/** Lines and how many pieces of each. */
export type Pieces = ReadonlyArray<readonly [lineNo: number, quantity: number]>

const head = { orderId, attempt: 1 } as const
const assessed = {
  orderId,
  customerId: 'customer-1',
  recordedOnly: false,
  total: 200_000n,
  currency: 'GBP',
  figures: { activity: 200_000n, activityLimit: 20_000_000n, exposure: 200_000n, creditLimit: null, maintenanceVersion: null }
} as const
const money = { paymentId: 'pay-1', amount: 200_000n, currency: 'GBP' } as const

/** Answers of the other processors, for the order of the fixtures; `total` of one line is 20.0000. */
export const reply = {
  reserved: (partition = 0): Fact => ({ type: 'LinesReserved', ...head, partition }),
  short: (partition = 0): Fact => ({
    type: 'LinesRejected', ...head, partition, code: 'short-stock', shortages: [{ sku: 'P0-mug', requested: 2, available: 1 }]
  }),
  refused: (partition = 0): Fact => ({ type: 'LinesRejected', ...head, partition, code: 'fenced', shortages: [] }),
  confirmed: (partition = 0): Fact => ({ type: 'LinesConfirmed', ...head, partition }),
  notConfirmed: (partition = 0): Fact => ({ type: 'LinesConfirmRejected', ...head, partition, code: 'expired' }),
  released: (partition = 0): Fact => ({ type: 'LinesReleased', ...head, partition }),
  unconfirmed: (partition = 0): Fact => ({ type: 'LinesUnconfirmed', ...head, partition }),
  expired: (partition = 0): Fact => ({ type: 'LinesExpired', ...head, partition }),
  authorised: (amount: bigint = money.amount): Fact => ({ type: 'PaymentAuthorized', ...head, ...money, amount, providerReference: 'ref' }),
  captured: (amount: bigint = money.amount): Fact => ({ type: 'PaymentSucceeded', ...head, ...money, amount }),
  paymentFailed: (step: 'authorise' | 'capture' = 'authorise', kind: 'declined' | 'technical' | 'fenced' = 'declined'): Fact => ({
    type: 'PaymentFailed', ...head, paymentId: 'pay-1', step, kind, code: kind, message: `payment ${kind}`
  }),
  deferred: (step: 'authorise' | 'capture' = 'authorise'): Fact => ({ type: 'PaymentDeferred', ...head, step, message: 'the breaker is open' }),
  voided: (nothingToVoid = false, amount: bigint = money.amount): Fact => ({
    type: 'PaymentVoided', ...head, ...money, amount: nothingToVoid ? 0n : amount, nothingToVoid
  }),
  refunded: (amount: bigint = money.amount, totalRefunded = amount): Fact => ({
    type: 'PaymentRefunded', orderId, paymentId: 'pay-1', effectId: 'refund', amount, totalRefunded, currency: 'GBP'
  }),
  partlyRefunded: (amount: bigint, totalRefunded = amount): Fact => ({
    type: 'PaymentPartiallyRefunded', orderId, paymentId: 'pay-1', effectId: 'support', amount, totalRefunded, currency: 'GBP'
  }),
  refundFailed: (): Fact => ({ type: 'RefundFailed', orderId, paymentId: 'pay-1', effectId: 'refund', message: 'no answer', tries: 1 }),
  riskApproved: (): Fact => ({ type: 'RiskApproved', ...assessed }),
  riskReview: (): Fact => ({ type: 'RiskReviewRequired', ...assessed, reasons: ['activity'] }),
  riskRejected: (): Fact => ({ type: 'RiskRejected', ...assessed, reasons: ['creditLimit'] }),
  partRefunded: (effectId: string, amount: bigint, totalRefunded = amount): Fact => ({
    type: 'PaymentPartiallyRefunded', orderId, paymentId: 'pay-1', effectId, amount, totalRefunded, currency: 'GBP'
  }),
  shipped: (pieces: Pieces = [[1, 2]], shipmentNo = 1): Fact => ({
    type: 'ShipmentCreated',
    orderId,
    ...parcel(shipmentNo),
    carrier: 'USPS',
    service: 'Standard',
    trackingNumber: `US${shipmentNo}`,
    cost: 49_900n,
    currency: 'GBP',
    lines: parcelLines(pieces),
    promisedBy: null
  }),
  pickedUp: (pieces: Pieces = [[1, 2]], shipmentNo = 1): Fact => ({ type: 'ShipmentPickedUp', orderId, ...parcel(shipmentNo), lines: parcelLines(pieces), at: startMs }),
  inTransit: (shipmentNo = 1): Fact => ({ type: 'ShipmentInTransit', orderId, ...parcel(shipmentNo), at: startMs }),
  outForDelivery: (shipmentNo = 1): Fact => ({ type: 'ShipmentOutForDelivery', orderId, ...parcel(shipmentNo), at: startMs }),
  notDelivered: (attempt = 1, final = false, shipmentNo = 1): Fact => ({
    type: 'ShipmentDeliveryFailed', orderId, ...parcel(shipmentNo), attempt, reason: 'nobody at home', final, at: startMs
  }),
  delivered: (pieces: Pieces = [[1, 2]], shipmentNo = 1, at = startMs): Fact => ({
    type: 'ShipmentDelivered', orderId, ...parcel(shipmentNo), lines: parcelLines(pieces), at
  }),
  cameBack: (pieces: Pieces = [[1, 2]], shipmentNo = 1): Fact => ({
    type: 'ShipmentReturned', orderId, ...parcel(shipmentNo), lines: parcelLines(pieces), reason: 'nobody took it', at: startMs
  }),
  tracked: (location: string | null = 'Leeds', shipmentNo = 1): Fact => ({
    type: 'ShipmentTrackingUpdated', orderId, ...parcel(shipmentNo), stage: 'inTransit', location, note: null, at: startMs
  }),
  delayed: (shipmentNo = 1): Fact => ({ type: 'ShipmentDelayed', orderId, ...parcel(shipmentNo), promisedBy: startMs }),
  notShipped: (shipmentNo = 2): Fact => ({ type: 'ShipmentRefused', orderId, ...parcel(shipmentNo), reason: 'the pieces have left' }),
  /** Everything was stopped; or these pieces, when something had left. */
  shipmentCancelled: (pieces?: Pieces): Fact => ({
    type: 'ShipmentCancelled',
    orderId,
    ...parcel(1),
    reason: 'cancelled',
    nothingToCancel: false,
    lines: parcelLines(pieces ?? [[1, 2]]),
    shipped: pieces !== undefined
  })
}

function parcel (shipmentNo: number) {
  return { shipmentNo, shipmentId: `ship-${shipmentNo}` }
}

function parcelLines (pieces: Pieces) {
  return pieces.map(([lineNo, quantity]) => ({ lineNo, sku: ['P0-mug', 'P1-bag', 'P2-cup'][lineNo - 1] as string, quantity }))
}

/** The same answer, about another attempt. */
export function ofAttempt (attempt: number, fact: Fact): Fact {
  return { ...fact, attempt } as Fact
}
