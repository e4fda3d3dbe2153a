import { type NotificationReceipt, type ReceiptOutcome } from '#schemas'
import { type Body } from '../commands/body.ts'
import { type Unheard, isCallbackId, objectOf, textOf, unreadable } from '../callbacks/read-body.ts'
import { commandId, defaultTenant } from '../envelope.ts'
import { type OutsideChannel, outsideChannels } from './channel.ts'

/** A receipt whose reader is not looked up yet. */
export type Receipt = Omit<Body<NotificationReceipt>, 'userId'>

/** What the body of a provider's receipt says. */
export type ReceiptReading = { readonly kind: 'heard', readonly receipt: Receipt } | Unheard

const outcomes: Readonly<Record<string, ReceiptOutcome>> = { delivered: 'delivered', undelivered: 'undelivered', refused: 'refused' }
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Reads the JSON of a receipt or bounce whose signature was checked: `{ id, channel, outcome, notificationId or messageId, code? }`. The id of a letter
 * begins with that of its notification, so no index of foreign ids is needed. Pure.
 */
export function readReceipt (body: unknown): ReceiptReading {
  const { id: receiptId, channel, outcome, notificationId, messageId, code } = objectOf(body)
  if (!isCallbackId(receiptId)) return unreadable('/id', 'is not the id of a receipt')
  if (!isOutside(channel)) return unreadable('/channel', 'is not email, sms or push')
  const became = typeof outcome === 'string' && Object.hasOwn(outcomes, outcome) ? outcomes[outcome] : undefined
  if (became === undefined) return { kind: 'ignored', reason: 'unknown-outcome' }
  const letter = textOf(messageId)
  const about = typeof notificationId === 'string' ? notificationId : letter.replace(/^</, '').split('@')[0] ?? ''
  if (!uuid.test(about)) return { kind: 'ignored', reason: 'foreign-message' }
  return {
    kind: 'heard',
    receipt: {
      type: 'NotificationReceipt', notificationId: about, channel, receiptId, outcome: became, code: textOf(code) || null, providerId: letter || null
    }
  }
}

/** The record of a receipt. Its command id is that of the receipt, and so is its hash: one that comes again in other words is a repeat. */
export function receiptRecord (receipt: Receipt, userId: string, nowMs: number): NotificationReceipt {
  const id = commandId(defaultTenant, receipt.channel, 'notification receipt', receipt.receiptId)
  return { ...receipt, userId, meta: { commandId: id, bodyHash: id, issuedAt: nowMs, correlationId: '', principal: null, tenant: defaultTenant } }
}

function isOutside (channel: unknown): channel is OutsideChannel {
  return (outsideChannels as readonly unknown[]).includes(channel)
}
