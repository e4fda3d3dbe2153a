import { type TypedValue } from '../../streams/serde/serde.ts'
import { type WebhookRoutes } from '#schemas'

/**
 * Where a row of a task belongs when its task becomes several: with the records whose key `of` says; `everywhere`: it is only ever asked for by its key,
 * so a copy in each of them is right, and those that nobody asks for are never seen; `split`: it tells of many keys, and each task keeps its own.
 */
export type RowHome =
  | { readonly kind: 'key', readonly of: (key: string) => string }
  | { readonly kind: 'value', readonly of: (value: never) => string | null }
  | { readonly kind: 'everywhere' }
  | { readonly kind: 'split', readonly keep: (value: never, partition: number, isHere: (key: string) => boolean) => TypedValue }

const itself: RowHome = { kind: 'key', of: key => key }
const everywhere: RowHome = { kind: 'everywhere' }
const beforeSlash = (key: string): string => key.slice(0, key.indexOf('/'))
const afterSlash = (key: string): string => key.slice(key.indexOf('/') + 1)
const byOwner: RowHome = { kind: 'value', of: ({ ownerId }: { readonly ownerId: string }) => ownerId }
const byOrder: RowHome = { kind: 'value', of: ({ orderId }: { readonly orderId: string }) => orderId }

/** The customer, or the invoice of a guest, in the key of an import's account: `run/customer/ID`, `run/guest/NUMBER`. */
const ofAccount = (account: string): string => afterSlash(afterSlash(account))

/** The account in the key of its purchases: `LENGTH/account/sku`. */
function accountOfPurchases (key: string): string {
  const start = key.indexOf('/') + 1
  return key.slice(start, start + Number(beforeSlash(key)))
}

/**
 * Every store whose tasks can become more, as `processor/store`. Each row proves its line: where it lies now has to be where the line says. Stores of the
 * stock are not among them: orders remember the partitions of their reservations, so its number of partitions stays.
 */
export const rowHomes: Readonly<Record<string, RowHome>> = {
  'orders/orders': itself,
  'orders/view': itself,
  'payments/payments': itself,
  'payments/payment-index': byOrder,
  'payments/inbox': everywhere,
  'shipping/shipments': itself,
  'shipping/shipment-index': byOrder,
  'shipping/processed': everywhere,
  'risk/accounts': itself,
  'risk/assessed': { kind: 'value', of: ({ accountId }: { readonly accountId: string }) => accountId },
  'risk/processed': everywhere,
  'catalog/products': itself,
  'catalog/availability': itself,
  'catalog/categories': itself,
  'catalog/processed': everywhere,
  'imports/accounts': { kind: 'key', of: ofAccount },
  // The key is a hash, and of a guest nothing else is kept.
  'imports/invoices': { kind: 'value', of: ({ customerId }: { readonly customerId: string | null }) => customerId },
  'imports/purchases': { kind: 'key', of: key => ofAccount(accountOfPurchases(key)) },
  'imports/creditNotes': { kind: 'key', of: key => ofAccount(key.slice(0, key.lastIndexOf('/'))) },
  // Of a credit line the key is the id of its entry, which says nothing of the order.
  'ledger/books': everywhere,
  'identity/email-claims': itself,
  'identity/users': itself,
  'identity/decided': everywhere,
  'privacy/erasures': { kind: 'value', of: ({ subject }: { readonly subject: string }) => subject },
  'behaviour/inbox': everywhere,
  'analytics/orders': itself,
  'analytics/skus': itself,
  'analytics/inbox': everywhere,
  'webhooks/webhooks': { kind: 'key', of: key => decodeURIComponent(beforeSlash(key)) },
  'webhooks/deliveries': byOwner,
  // Reached through their subscription, which is in one place.
  'webhooks/turns': everywhere,
  'webhooks/routes': {
    kind: 'split',
    keep: (row: WebhookRoutes, partition, isHere): WebhookRoutes => ({ ...row, partition, routes: row.routes.filter(({ ownerId }) => isHere(ownerId)) })
  },
  'notifications/profiles': itself,
  'notifications/histories': itself,
  'notifications/notifications': { kind: 'value', of: ({ userId }: { readonly userId: string }) => userId },
  'notifications/inbox': everywhere,
  'audit-stock/skus': itself,
  'audit-stock/log': everywhere,
  'audit-orders/orders': itself
}

/** Whose timer it is; null = it only forgets a row that may be everywhere, and so may the timer. */
export type TimerHome = (timer: { readonly key: string, readonly payload: string }) => string | null

/** The timers that handlers set, by processor. One that is not here sets none. */
export const timerHomes: Readonly<Record<string, TimerHome>> = {
  orders: ({ key }) => key,
  payments: ({ key }) => afterSlash(key),
  shipping: ({ key }) => key,
  risk: () => null,
  catalog: () => null,
  identity: ({ key }) => afterSlash(key),
  webhooks: ({ payload }) => (JSON.parse(payload) as { readonly ownerId: string }).ownerId,
  notifications: ({ payload }) => payload,
  'audit-orders': ({ key }) => key
}
