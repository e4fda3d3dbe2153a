import { type CountedOrder, type HeldPayment, type OrderConfirmed, type OrderCreated, type OrderFact, type PaymentFact } from '#schemas'
import { type Body } from '../commands/body.ts'
import { type CountedOrderEvent, countedStatus, statusDeltas } from './counted-status.ts'

/** What is known of an order afterwards, and the facts that are told; nothing was counted when the row is the same object. */
export interface Counted {
  readonly row: CountedOrder
  readonly facts: ReadonlyArray<Body<OrderFact> | Body<PaymentFact>>
}

/** The row of an order of which nothing has come yet. */
export const uncounted: CountedOrder = Object.freeze({
  type: 'CountedOrder',
  version: 0,
  paymentVersion: 0,
  status: null,
  placedAt: 0,
  currency: '',
  channel: 'api',
  country: null,
  customerId: null,
  isSold: false,
  method: null,
  refundedUnsold: 0n,
  held: [],
  isPurchaseCounted: false
})

/**
 * Counts one more event of an order. Pure. An event that came before is known by its version, and counts nothing. With the first event
 * of an order come the facts of its payments that were told before it.
 *
 * @throws {RangeError} when the first event of the order is missing: the log of orders never tells that.
 */
export function countOrder (before: CountedOrder, event: CountedOrderEvent): Counted {
  const { version } = before
  if (event.meta.aggregateVersion <= version) return { row: before, facts: [] }
  if (before.status === null && event.type !== 'OrderCreated') throw new RangeError(`${event.type} is the first event of order ${event.orderId} that was seen`)
  const known = event.type === 'OrderCreated' ? { ...before, ...dimensionsOf(event), held: [] } : before
  const sale = event.type === 'OrderConfirmed' && !before.isSold ? saleOf(event, before) : noSale
  const row: CountedOrder = {
    ...known,
    version: event.meta.aggregateVersion,
    status: countedStatus[event.type],
    ...event.type === 'OrderConfirmed' ? { isSold: true, refundedUnsold: 0n } : {}
  }
  const fact: Body<OrderFact> = {
    type: 'OrderFact', ...orderOf(event.orderId, row), at: event.meta.occurredAt, status: countedStatus[event.type], ...statusDeltas(before.status, countedStatus[event.type]), ...sale
  }
  const held = event.type === 'OrderCreated' ? before.held.map(payment => paymentFact(event.orderId, row, payment, 0n)) : []
  return { row, facts: [fact, ...held] }
}

/** A payment fact of an order that is known. `refunds`: what of the money that went back belongs to the revenue. */
export function paymentFact (orderId: string, row: CountedOrder, payment: HeldPayment, refunds: bigint): Body<PaymentFact> {
  return { type: 'PaymentFact', ...orderOf(orderId, row), ...payment, refunds }
}

type Dimensions = Pick<CountedOrder, 'placedAt' | 'currency' | 'channel' | 'country' | 'customerId'>
type Sale = Pick<OrderFact, 'sales' | 'lines' | 'units' | 'gross' | 'refunds'>

const noSale: Sale = { sales: 0, lines: 0, units: 0, gross: 0n, refunds: 0n }

function dimensionsOf ({ placedAt, currency, channel, country, customerId }: OrderCreated): Dimensions {
  return { placedAt, currency, channel, country, customerId }
}

function orderOf (orderId: string, { placedAt, currency, channel, country, customerId }: CountedOrder): Dimensions & { readonly orderId: string } {
  return { orderId, placedAt, currency, channel, country, customerId }
}

/** What went back before the order counted as sold is part of its revenue now, and of what was given back of it. */
function saleOf ({ lines, total }: OrderConfirmed, { refundedUnsold }: CountedOrder): Sale {
  return { sales: 1, lines: lines.length, units: lines.reduce((sum, { quantity }) => sum + quantity, 0), gross: total, refunds: refundedUnsold }
}
