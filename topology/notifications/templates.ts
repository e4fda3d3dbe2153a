import { type NotificationKind } from '#schemas'

/** What a template is about and what it is filled with. Its words are files of the channels: sinks/notifications/templates. */
export interface TemplateDef {
  readonly kind: NotificationKind
  /** Names of the values that a request must bring. */
  readonly variables: readonly string[]
  /** Names of the values that come sealed. @default none */
  readonly sealed?: readonly string[]
  /** Does not wait for the morning, nor for a digest. @default false */
  readonly isUrgent?: boolean
}

const order = ['orderId', 'currency', 'total', 'lines'] as const
const parcel = [...order, 'carrier', 'trackingNumber'] as const
const choice = [...order, 'short', 'deadline', 'reason'] as const
const account = { kind: 'account', isUrgent: true } as const

/** Every template by name. A request for another one fails. */
export const templates: Readonly<Record<string, TemplateDef>> = {
  'order-created': { kind: 'order', variables: order },
  'payment-completed': { kind: 'order', variables: order },
  'payment-failed': { kind: 'order', variables: [...order, 'reason'] },
  'action-required': { kind: 'order', variables: choice, isUrgent: true },
  'order-backordered': { kind: 'order', variables: choice },
  'order-partially-shipped': { kind: 'order', variables: parcel },
  'order-shipped': { kind: 'order', variables: parcel },
  'order-lines-cancelled': { kind: 'order', variables: [...order, 'reason', 'amount'] },
  'order-delivered': { kind: 'order', variables: order },
  'refund-issued': { kind: 'order', variables: [...order, 'returnId', 'amount'] },
  'order-cancelled': { kind: 'order', variables: [...order, 'reason', 'refunded'] },
  'verify-email': { ...account, variables: ['expiresAt'], sealed: ['token'] },
  'password-reset': { ...account, variables: ['expiresAt'], sealed: ['token'] },
  'account-exists': { ...account, variables: [] },
  'password-changed': { ...account, variables: ['cause'] },
  'account-locked': { ...account, variables: ['scope', 'until'] },
  'session-reused': { ...account, variables: [] },
  'low-stock': { kind: 'stock', variables: ['sku', 'available', 'reorderLevel'] },
  'webhook-disabled': { kind: 'account', variables: ['webhookId', 'reason'] },
  message: { kind: 'message', variables: [], sealed: ['subject', 'body'] },
  digest: { kind: 'message', variables: ['count', 'lines'] }
}

/** The template of a digest: made of others, never asked for. */
export const digestTemplate = 'digest'

/** What a template lacks to be filled, or undefined when nothing. Sealed values cannot be seen here. */
export function missingVariable (template: TemplateDef, variables: Readonly<Record<string, string>>): string | undefined {
  return template.variables.find(name => variables[name] === undefined)
}
