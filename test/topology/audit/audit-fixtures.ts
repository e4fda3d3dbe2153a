import { type OrderEvent, type PaymentEvent } from '../../../topology/topics.ts'
import { type StockMove } from '../../../topology/audit/follow-stock.ts'
import { type MoneyMove } from '../../../topology/audit/follow-payment.ts'
import { eventMeta } from '../orders/order-fixtures.ts'

export const orderId = '0b8e3c1a-5d0e-4c0e-9c54-0a6f0f7f8a01'
export const price = 1_000n

/** Metadata of the event with that number. */
export function numbered (aggregateVersion: number) {
  return { ...eventMeta, aggregateVersion }
}

export const registered = (openingStock = 10): StockMove => ({ type: 'SkuRegistered', meta: numbered(1), sku: 'A', openingStock, reorderLevel: 2 })

type Told = Extract<StockMove, { readonly onHand: number }>

/** An event of SKU A: its number, what it moves, what it says is there afterwards. */
export function stockEvent (type: Told['type'], number: number, pieces: number, [onHand, reserved]: readonly [number, number], restored = false): StockMove {
  const meta = numbered(number)
  const level = { sku: 'A', onHand, reserved }
  if (type === 'StockAdjusted') return { type, meta, ...level, delta: pieces, reason: '' }
  const part = { meta, ...level, orderId, attempt: 1, quantity: pieces }
  return type === 'StockReleased' ? { type, ...part, restored } : { type, ...part }
}

const money = { orderId, attempt: 1, paymentId: 'p1', currency: 'GBP' }

export const authorised = (number: number, amount = price): MoneyMove => ({ type: 'PaymentAuthorized', meta: numbered(number), ...money, amount, providerReference: 'r' })
export const captured = (number: number, amount = price): MoneyMove => ({ type: 'PaymentSucceeded', meta: numbered(number), ...money, amount })
export const voided = (number: number, amount = price): MoneyMove =>
  ({ type: 'PaymentVoided', meta: numbered(number), ...money, amount, nothingToVoid: amount === 0n })
export const refunded = (number: number, amount: bigint, totalRefunded: bigint): MoneyMove => ({
  type: totalRefunded === price ? 'PaymentRefunded' : 'PaymentPartiallyRefunded', meta: numbered(number), orderId, paymentId: 'p1', effectId: `r${number}`, amount, totalRefunded, currency: 'GBP'
})
export const failed = (number: number): PaymentEvent =>
  ({ type: 'PaymentFailed', meta: numbered(number), orderId, attempt: 1, paymentId: 'p1', step: 'authorise', kind: 'declined', code: 'no', message: 'no' })

const placed = {
  placedAt: 0,
  channel: 'api',
  customerId: 'c',
  currency: 'GBP',
  shippingAddress: { keyId: 'k', ciphertext: Buffer.from('sealed') },
  guestEmail: null,
  deliverySpeed: 'standard',
  payment: { method: 'card', token: 'tok_ok' },
  onShortage: 'reject',
  onDecline: 'cancel',
  clientReference: null,
  bodyHash: '',
  quotedIgnored: false,
  country: null
} as const

export const created = (total = price): OrderEvent => ({ type: 'OrderCreated', meta: numbered(1), orderId, lines: [], total, ...placed })
export const reserved = (number: number): OrderEvent => ({ type: 'OrderInventoryReserved', meta: numbered(number), orderId, attempt: 1 })
export const completed = (number: number, amount = price): OrderEvent =>
  ({ type: 'OrderPaymentCompleted', meta: numbered(number), orderId, attempt: 1, paymentId: 'p1', amount, currency: 'GBP' })
export const compensating = (number: number): OrderEvent =>
  ({ type: 'OrderCompensationStarted', meta: numbered(number), orderId, cause: 'customer', message: '' })
export const cancelled = (number: number, refunded = 0n, total = price): OrderEvent =>
  ({ type: 'OrderCancelled', meta: numbered(number), orderId, cause: 'customer', reason: '', total, currency: 'GBP', refunded, placedAt: 0 })
export const timedOut = (number: number): OrderEvent => ({ type: 'OrderTimedOut', meta: numbered(number), orderId, cause: 'stepTimeout', reason: '', total: price, currency: 'GBP', refunded: 0n, placedAt: 0 })

const back = { orderId, returnId: orderId, amount: 1n, currency: 'GBP' } as const
export const delivered = (number: number, ...pieces: readonly number[]): OrderEvent => ({
  type: 'OrderDelivered', meta: numbered(number), orderId, lines: linesOf(pieces), deliveredAt: 0, total: price, currency: 'GBP', customerId: null, placedAt: 0
})
export const returnedPart = (number: number, pieces: number): OrderEvent => ({ type: 'OrderPartiallyReturned', meta: numbered(number), ...back, lines: linesOf([pieces]) })
export const returnedAll = (number: number, pieces: number): OrderEvent => ({ type: 'OrderReturned', meta: numbered(number), ...back, lines: linesOf([pieces]) })

function linesOf (pieces: readonly number[]) {
  return pieces.map((quantity, index) => ({ lineNo: index + 1, quantity }))
}
