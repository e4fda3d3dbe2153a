import {
  type CheckoutStarted, type ExperimentExposed, type OrderConfirmed, type ProductAddedToCart, type ProductPurchased, type ProductViewed,
  type RecordCheckoutStarted, type RecordExposure, type RecordProductAddedToCart, type RecordProductViewed
} from '#schemas'
import { type Body } from '../commands/body.ts'
import { commandId } from '../envelope.ts'
import { type BehaviourCommand } from '../topics.ts'

/** What a visitor does: told by the client. */
export type VisitCommand = RecordProductViewed | RecordProductAddedToCart | RecordCheckoutStarted
export type VisitEvent = ProductViewed | ProductAddedToCart | CheckoutStarted

/** Who a command is about: the session, or the subject that was exposed. Also the record key. */
export function keyOf (command: BehaviourCommand): string {
  return command.type === 'RecordExposure' ? command.subject : command.sessionId
}

/**
 * Under what a command counts once: its id within its session, or the exposure. Sessions and exposures cannot be taken for each other. What
 * the platform itself writes has none: it has no duplicates.
 */
export function identityOf (command: BehaviourCommand | OrderConfirmed): string | undefined {
  if (command.type === 'OrderConfirmed') return undefined
  return command.type === 'RecordExposure' ? `exposure/${command.exposureId}` : `session/${command.sessionId}/${command.eventId}`
}

/** The command id of what a session tells: the same for a repeat. */
export function visitCommandId (sessionId: string, eventId: string): string {
  return commandId('behaviour', sessionId, eventId)
}

/** The event that a command asks for. */
export function visitOf (command: VisitCommand): Body<VisitEvent> {
  const { sessionId, eventId: clientEventId, at } = command
  const about = { sessionId, clientEventId, at }
  switch (command.type) {
    case 'RecordProductViewed': return { type: 'ProductViewed', ...about, sku: command.sku }
    case 'RecordProductAddedToCart': return { type: 'ProductAddedToCart', ...about, sku: command.sku, quantity: command.quantity }
    case 'RecordCheckoutStarted': return { type: 'CheckoutStarted', ...about, orderId: command.orderId }
  }
}

export function exposureOf ({ type: _type, meta: _meta, ...exposure }: RecordExposure): Body<ExperimentExposed> {
  return { type: 'ExperimentExposed', ...exposure }
}

/** What an order has sold, at the time at which it was placed: imported orders count where they belong. */
export function purchaseOf ({ orderId, customerId, lines, total, currency, placedAt }: OrderConfirmed): Body<ProductPurchased> {
  return {
    type: 'ProductPurchased',
    orderId,
    customerId,
    lines: lines.map(({ sku, quantity, lineTotal }) => ({ sku, quantity, lineTotal })),
    total,
    currency,
    at: placedAt
  }
}
