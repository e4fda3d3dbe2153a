import { type LedgerBook, type LedgerPosted } from '#schemas'
import { type Body } from '../commands/body.ts'
import { type PaymentEvent } from '../topics.ts'
import { paymentEntryId } from './entry-ids.ts'
import { type Moves, entryOf } from './postings.ts'

/** Payment events that may move money. */
export const bookedPayments = [
  'PaymentAuthorized', 'PaymentSucceeded', 'PaymentVoided', 'PaymentPartiallyRefunded', 'PaymentRefunded'
] as const satisfies ReadonlyArray<PaymentEvent['type']>

/** A payment event that may move money. */
export type BookedPayment = Extract<PaymentEvent, { readonly type: (typeof bookedPayments)[number] }>

/** What providers charge. */
export interface FeeRules {
  /** Share of a capture, in 1/100 of a percent, rounded half up; nothing of it comes back with a refund. */
  readonly feeBasisPoints: number
}

/** The book afterwards, and the entry that leads to it; no entry when nothing is booked, and then the book is the same object. */
export interface Posted {
  readonly book: LedgerBook
  readonly entry: Body<LedgerPosted> | undefined
}

/** What the effect id of every refund begins with that pays a credit. */
export const creditEffectPrefix = 'credit/'

/** The book of an order, or of a credit line, of which nothing is booked. */
export const emptyBook: LedgerBook = Object.freeze({ type: 'LedgerBook', version: 0, open: 0n, paidCredits: 0n, isWithdrawn: false })

/**
 * Books one more event of the payment of an order. Pure. An event that came before is known by its version, and books nothing.
 *
 * @throws {RangeError} when more is taken or set free than is held, or less than nothing moves: payments never tell that.
 */
export function postPayment (book: LedgerBook, event: BookedPayment, rules: FeeRules): Posted {
  const { orderId, paymentId, currency, meta: { aggregateVersion: version, occurredAt: bookedAt } } = event
  if (version <= book.version) return { book, entry: undefined }
  const { moves, after } = bookings[event.type](book, event as never, rules)
  const reference = 'effectId' in event ? `refund ${event.effectId}` : `payment ${paymentId}`
  const entry = entryOf({ entryId: paymentEntryId(orderId, version), orderId, customerId: null, reference, currency, bookedAt }, moves)
  return entry === undefined ? { book, entry } : { book: { ...book, ...after, version }, entry }
}

interface Booking { readonly moves: Moves, readonly after?: Partial<LedgerBook> }
type Book<Type extends BookedPayment['type']> = (book: LedgerBook, event: Extract<BookedPayment, { readonly type: Type }>, rules: FeeRules) => Booking

/** Payment event → what it moves, and what it leaves open. */
const bookings: { readonly [Type in BookedPayment['type']]: Book<Type> } = {
  PaymentAuthorized: ({ open }, { amount }) => ({ moves: [['authorised', amount]], after: { open: open + amount } }),
  // The hold ends as a whole: what is not taken of it is free.
  PaymentSucceeded: (book, event, { feeBasisPoints }) => {
    endHold(book, event)
    return { moves: [['captured', event.amount], ['released', book.open], ['fee', feeOf(event.amount, feeBasisPoints)]], after: { open: 0n } }
  },
  PaymentVoided: (book, event) => ({ moves: [['voided', event.amount]], after: { open: endHold(book, event) } }),
  PaymentPartiallyRefunded: giveBack,
  PaymentRefunded: giveBack
}

/** What stays held. */
function endHold ({ open }: LedgerBook, { type, orderId, amount }: BookedPayment): bigint {
  if (amount > open) throw new RangeError(`${type} ends a hold of ${amount}, but ${open} is held for order ${orderId}`)
  return open - amount
}

/** A refund pays a credit, or gives back a part of the revenue. Nothing is credited any more for an order that was undone. */
function giveBack ({ paidCredits, isWithdrawn }: LedgerBook, { effectId, amount }: Extract<BookedPayment, { readonly effectId: string }>): Booking {
  if (isWithdrawn || !effectId.startsWith(creditEffectPrefix)) return { moves: [['refunded', amount]] }
  return { moves: [['creditPaid', amount]], after: { paidCredits: paidCredits + amount } }
}

function feeOf (amount: bigint, basisPoints: number): bigint {
  return (amount * BigInt(basisPoints) + 5_000n) / 10_000n
}
