import { commandId, uuidOfCommand } from '../envelope.ts'

/** Ids of ledger entries, derived from what they book: the same thing has the same id, whoever books it and however often. */

/** The entry of a payment event: an order has one payment, and its events are numbered. */
export function paymentEntryId (orderId: string, version: number): string {
  return entryId('payment', orderId, String(version))
}

/** The entry of a line of a credit note. `reference`: of the note. */
export function creditEntryId (reference: string, lineNo: number): string {
  return entryId('credit', reference, String(lineNo))
}

/** The entry that makes the credits open again that were paid out of an order. */
export function reopeningEntryId (orderId: string): string {
  return entryId('reopened', orderId)
}

function entryId (...parts: readonly string[]): string {
  return uuidOfCommand(commandId('ledger', ...parts))
}
