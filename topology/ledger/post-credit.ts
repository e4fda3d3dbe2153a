import { type CreditNoteMatched, type CreditNoteUnmatched, type CreditedOrderWithdrawn, type LedgerBook } from '#schemas'
import { creditEntryId, reopeningEntryId } from './entry-ids.ts'
import { type Posted, emptyBook } from './post-payment.ts'
import { entryOf } from './postings.ts'

/** A decided line of a credit note. */
export type DecidedCredit = CreditNoteMatched | CreditNoteUnmatched

/**
 * Books a decided line of a credit note: its customer is owed its amount, matched or not. Pure. Only the first decision is booked:
 * a later one changes which purchases the line belongs to, and neither its amount nor whose it is.
 */
export function postCredit (book: LedgerBook, credit: DecidedCredit): Posted {
  const { type, reference, lineNo, revision, customerId, amount, currency, creditedAt: bookedAt } = credit
  if (revision !== 1 || book.version > 0) return { book, entry: undefined }
  const orderId = type === 'CreditNoteMatched' ? credit.takes[0]?.orderId ?? null : null
  const entry = entryOf({ entryId: creditEntryId(reference, lineNo), orderId, customerId, reference, currency, bookedAt }, [['credited', amount]])
  return entry === undefined ? { book, entry } : { book: { ...emptyBook, version: revision }, entry }
}

/**
 * Books that an order which credits were paid out of was undone: all its money went back, those payments among it, and its customer is
 * owed the credits again. Pure. A payment of a credit that is told afterwards gives back the money of the order, nothing else.
 */
export function postWithdrawal (book: LedgerBook, { orderId, customerId, currency, meta: { occurredAt: bookedAt } }: CreditedOrderWithdrawn): Posted {
  if (book.isWithdrawn) return { book, entry: undefined }
  const head = { entryId: reopeningEntryId(orderId), orderId, customerId, reference: `order ${orderId} withdrawn`, currency, bookedAt }
  return { book: { ...book, paidCredits: 0n, isWithdrawn: true }, entry: entryOf(head, [['reopened', book.paidCredits]]) }
}
