import { commandId } from '../envelope.ts'

/** Digits of a time in the number system of 36: enough until the year 5188. */
const digits = 9
const largest = 36 ** digits - 1

/**
 * The id of a message, which receivers see as `webhook-id`: when the event became true, and a hash of what it is made of. The same over every try and
 * every repeat; ids in their order are messages from the oldest to the newest.
 */
export function messageIdOf (atMs: number, ...parts: readonly string[]): string {
  return `msg_${stamp(atMs)}${commandId('webhook', ...parts).slice(0, 24)}`
}

const shape = new RegExp(`^msg_[0-9a-z]{${digits}}[0-9a-f]{24}$`)

/** True for what can be the id of a message. */
export function isMessageId (text: string): boolean {
  return shape.test(text)
}

/** Key of the row of a message: those of a subscription lie together, the newest first. */
export function deliveryKey (webhookId: string, messageId: string): string {
  const at = Number.parseInt(messageId.slice(4, 4 + digits), 36)
  return `${webhookId}/${stamp(largest - at)}${messageId.slice(4 + digits)}`
}

/** The range of rows of a subscription whose events became true from `fromMs` on and before `untilMs`. */
export function deliveriesBetween (webhookId: string, fromMs: number, untilMs: number): { readonly from: string, readonly to: string } {
  const bound = (atMs: number): string => `${webhookId}/${stamp(largest - Math.min(largest, Math.max(0, atMs)))}`
  return { from: bound(untilMs - 1), to: fromMs <= 0 ? `${webhookId}/~` : bound(fromMs - 1) }
}

/** Key of the row of a message that waits for its turn: the oldest first. */
export function turnKey (webhookId: string, messageId: string): string {
  return `${webhookId}/${messageId}`
}

function stamp (value: number): string {
  return value.toString(36).padStart(digits, '0')
}
