import {
  type EventMeta, type OrderCreated, type OrderFact, type PaymentFact, type PaymentMethod, type ProductAddedToCart, type ProductPurchased, type ProductViewed
} from '#schemas'
import { type Body } from '../../../topology/commands/body.ts'
import { type Counted, countOrder, uncounted } from '../../../topology/analytics/count-order.ts'
import { type CountedPaymentEvent, countPayment } from '../../../topology/analytics/count-payment.ts'
import { type CountedOrderEvent } from '../../../topology/analytics/counted-status.ts'

export const orderId = '00000000-0000-4000-8000-000000000001'
/** A millisecond before March, in UTC. */
export const placedAt = Date.UTC(2026, 2, 1) - 1

/** Metadata of the event of that version; it came as many seconds after the epoch. */
export function meta (aggregateVersion: number): EventMeta {
  const eventId = `00000000-0000-4000-8000-${String(aggregateVersion).padStart(12, '0')}`
  return { eventId, occurredAt: 1_000 * aggregateVersion, correlationId: 'correlation', causationId: 'cause', aggregateVersion, tenant: 'default' }
}

const rest = {
  shippingAddress: { keyId: 'k', ciphertext: Buffer.from('sealed') },
  guestEmail: null,
  deliverySpeed: 'standard',
  payment: { method: 'card', token: 'tok_ok' },
  onShortage: 'reject',
  onDecline: 'cancel',
  clientReference: null,
  bodyHash: '',
  quotedIgnored: false
} as const
const line = (lineNo: number, quantity: number, unitPrice: bigint) =>
  ({ lineNo, sku: `S${lineNo}`, quantity, unitPrice, lineTotal: unitPrice * BigInt(quantity), priceSource: 'catalog', catalogVersion: 1, stocked: true }) as const
const lines = [line(1, 2, 100n), line(2, 5, 40n)]
export const total = 400n
const money = { total, currency: 'GBP' }

export const created = (change: Partial<OrderCreated> = {}): CountedOrderEvent =>
  ({ type: 'OrderCreated', meta: meta(1), orderId, placedAt, channel: 'storefront', customerId: 'anna', country: 'GB', lines, ...money, ...rest, ...change })
export const confirmed = (version = 6): CountedOrderEvent =>
  ({ type: 'OrderConfirmed', meta: meta(version), orderId, lines, ...money, customerId: 'anna', placedAt })
export const delivered = (version = 8): CountedOrderEvent =>
  ({ type: 'OrderDelivered', meta: meta(version), orderId, lines: [], deliveredAt: 0, ...money, customerId: 'anna', placedAt })
export const ended = (type: 'OrderCancelled' | 'OrderFailed' | 'OrderTimedOut', version: number): CountedOrderEvent =>
  ({ type, meta: meta(version), orderId, cause: 'customer', reason: '', ...money, refunded: 0n, placedAt })

const payment = { orderId, attempt: 1, paymentId: 'pay-1' }
export const opened = (version = 1, method: PaymentMethod = 'paypal'): CountedPaymentEvent =>
  ({ type: 'PaymentCreated', meta: meta(version), ...payment, amount: total, currency: 'GBP', method })
export const captured = (version = 4, amount = total): CountedPaymentEvent => ({ type: 'PaymentSucceeded', meta: meta(version), ...payment, amount, currency: 'GBP' })
export const refused = (version = 3, kind: 'declined' | 'technical' | 'fenced' = 'declined'): CountedPaymentEvent =>
  ({ type: 'PaymentFailed', meta: meta(version), ...payment, step: 'authorise', kind, code: 'CARD_DECLINED', message: 'no' })
export const refunded = (version = 6, amount = 100n, type: 'PaymentPartiallyRefunded' | 'PaymentRefunded' = 'PaymentPartiallyRefunded'): CountedPaymentEvent =>
  ({ type, meta: meta(version), orderId, paymentId: 'pay-1', effectId: `r${version}`, amount, totalRefunded: amount, currency: 'GBP' })

const visit = (clientEventId: string) => ({ meta: meta(0), sessionId: 'session-1', clientEventId, sku: 'S1', at: placedAt })
export const viewed = (clientEventId: string): ProductViewed => ({ type: 'ProductViewed', ...visit(clientEventId) })
export const addedToCart = (clientEventId: string, quantity = 1): ProductAddedToCart => ({ type: 'ProductAddedToCart', ...visit(clientEventId), quantity })
export const purchased = (bought: ReadonlyArray<readonly [sku: string, quantity: number]> = [['S1', 2], ['S2', 5]]): ProductPurchased => ({
  type: 'ProductPurchased', meta: meta(0), orderId, customerId: 'anna', lines: bought.map(([sku, quantity]) => ({ sku, quantity, lineTotal: 1n })), ...money, at: placedAt
})

export type Fact = Body<OrderFact> | Body<PaymentFact>

/** Counts the events one after the other, and returns the row and all facts. */
export function count (events: ReadonlyArray<CountedOrderEvent | CountedPaymentEvent>, row = uncounted): Counted {
  const facts: Fact[] = []
  for (const event of events) {
    const counted = 'paymentId' in event ? countPayment(row, event) : countOrder(row, event)
    row = counted.row
    facts.push(...counted.facts)
  }
  return { row, facts }
}

/** The sums of every measure over facts; measures that come to nothing are not there. */
export function sums (facts: readonly object[]): Readonly<Record<string, number | bigint>> {
  const totals = new Map<string, number | bigint>()
  for (const fact of facts) {
    for (const [name, value] of Object.entries(fact)) {
      if (name === 'at' || name === 'placedAt') continue
      if (typeof value === 'number') totals.set(name, Number(totals.get(name) ?? 0) + value)
      else if (typeof value === 'bigint') totals.set(name, BigInt(totals.get(name) ?? 0) + value)
    }
  }
  return Object.fromEntries([...totals].filter(([, value]) => Number(value) !== 0).sort())
}
