import {
  type Channel, type LowStockDetected, type NotificationChannel, type NotificationRequested, type OrderState, type OrderView, type PaymentFailed
} from '#schemas'
import { type Body } from '../commands/body.ts'
import { commandId, uuidOfCommand } from '../envelope.ts'
import { formatMoney } from '../money.ts'
import { type ReturnEvent } from '../returns/evolve-return.ts'
import { type OrderEvent } from '../topics.ts'

/** What a reader may be told about. */
export type Occasion = Body<OrderEvent | PaymentFailed> | ReturnEvent

/** What the reader is told, and how he is reached. */
export interface Notice { readonly template: string, readonly channels: readonly NotificationChannel[] }

/** Occasion → template and channels. An occasion that is not listed tells nobody. */
export const notices: Readonly<Partial<Record<Occasion['type'], Notice>>> = {
  OrderCreated: { template: 'order-created', channels: ['email'] },
  OrderPaymentCompleted: { template: 'payment-completed', channels: ['email'] },
  PaymentFailed: { template: 'payment-failed', channels: ['email'] },
  OrderActionRequired: { template: 'action-required', channels: ['email'] },
  OrderBackOrdered: { template: 'order-backordered', channels: ['email'] },
  OrderPartiallyShipped: { template: 'order-partially-shipped', channels: ['email'] },
  OrderShipped: { template: 'order-shipped', channels: ['email'] },
  OrderLinesCancelled: { template: 'order-lines-cancelled', channels: ['email'] },
  OrderDelivered: { template: 'order-delivered', channels: ['email'] },
  RefundIssued: { template: 'refund-issued', channels: ['email'] },
  OrderCancelled: { template: 'order-cancelled', channels: ['email'] },
  OrderFailed: { template: 'order-cancelled', channels: ['email'] },
  OrderTimedOut: { template: 'order-cancelled', channels: ['email'] }
}

/** Whose orders are told of. Imported ones are old: nobody is written to about them. */
export const toldChannels: Readonly<Record<Channel, boolean>> = { storefront: true, api: true, backoffice: true, import: false }

/** A request that goes as the template and the reader say. */
export const asUsual = Object.freeze({ urgent: false, notBefore: null, locale: null, bodyHash: null })

/** Who looks after the stock: a team with an inbox, see docs/notifications.md. */
export const stockReader = 'team/warehouse'

/**
 * The notifications that an occasion calls for. Pure: the id is derived from order, template and channel, and for what may happen to an order
 * more than once from what tells it apart as well, so a repeat is the same notification. Nothing is said of a payment or refund of nothing, nor
 * of an order that is called shipped because its rest was cancelled.
 */
export function notificationsFor (
  occasion: Occasion, order: { readonly view: OrderView, readonly saga: OrderState }
): ReadonlyArray<Body<NotificationRequested>> {
  const notice = notices[occasion.type]
  if (notice === undefined || isNothing(occasion) || !toldChannels[order.view.channel]) return []
  const { orderId, customerId } = order.view
  const time = timeOf(occasion, order.view)
  return notice.channels.map(channel => ({
    type: 'NotificationRequested',
    notificationId: uuidOfCommand(commandId('notification', orderId, notice.template, channel, ...time)),
    userId: customerId ?? orderId,
    channel,
    template: notice.template,
    orderId,
    variables: variablesOf(occasion, order.view),
    recipient: order.saga.guestEmail,
    sealed: null,
    ...asUsual
  }))
}

/** The notice that free stock came down to the reorder level. Pure; `version`: that of the stock, which tells one crossing from the next. */
export function lowStockNotice ({ sku, available, reorderLevel }: Body<LowStockDetected>, version: number): Body<NotificationRequested> {
  return {
    type: 'NotificationRequested',
    notificationId: uuidOfCommand(commandId('notification', 'low-stock', sku, String(version))),
    userId: stockReader,
    channel: 'inApp',
    template: 'low-stock',
    orderId: null,
    variables: { sku, available: String(available), reorderLevel: String(reorderLevel) },
    recipient: null,
    sealed: null,
    ...asUsual
  }
}

function isNothing (occasion: Occasion): boolean {
  if (occasion.type === 'OrderShipped') return occasion.lines.length === 0
  return 'amount' in occasion && occasion.amount === 0n && occasion.type !== 'OrderLinesCancelled'
}

/** Occasions that an order may meet again: a second one is news. */
const repeatable: ReadonlySet<Occasion['type']> = new Set([
  'PaymentFailed', 'OrderActionRequired', 'OrderBackOrdered', 'OrderPartiallyShipped', 'OrderLinesCancelled'
])

/** What tells the occasions of one kind apart. */
function timeOf (occasion: Occasion, { version }: OrderView): readonly string[] {
  if (occasion.type === 'RefundIssued') return [occasion.returnId]
  return repeatable.has(occasion.type) ? [String(version)] : []
}

function variablesOf (occasion: Occasion, view: OrderView): Readonly<Record<string, string>> {
  const { orderId, currency, total, lines } = view
  const always = { orderId, currency, total: formatMoney(total), lines: String(lines.length) }
  switch (occasion.type) {
    case 'PaymentFailed': return { ...always, reason: occasion.message }
    case 'OrderActionRequired':
    case 'OrderBackOrdered': {
      const short = occasion.shortages.slice(0, 10).map(({ sku }) => sku).join(', ')
      return { ...always, short, deadline: new Date(occasion.deadline).toISOString(), reason: view.reason ?? '' }
    }
    case 'OrderPartiallyShipped':
    case 'OrderShipped': return { ...always, carrier: occasion.carrier ?? '', trackingNumber: occasion.trackingNumber ?? '' }
    case 'OrderLinesCancelled': return { ...always, reason: occasion.reason, amount: formatMoney(occasion.amount) }
    case 'RefundIssued': return { ...always, returnId: occasion.returnId, amount: formatMoney(occasion.amount) }
    case 'OrderCancelled':
    case 'OrderFailed':
    case 'OrderTimedOut': return { ...always, reason: occasion.reason, refunded: formatMoney(occasion.refunded) }
    default: return always
  }
}
