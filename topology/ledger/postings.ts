import { type LedgerEntryKind, type LedgerMovement, type LedgerPosted } from '#schemas'
import { type Body } from '../commands/body.ts'
import { type AccountName } from './accounts.ts'

interface Posting {
  readonly kind: Exclude<LedgerEntryKind, 'unknown'>
  readonly debit: AccountName
  readonly credit: AccountName
}

/** What moves where: every posting that the ledger knows, by what it stands for. */
export const postings = {
  /** A provider holds money. */
  authorised: { kind: 'authorised', debit: 'holds', credit: 'holds-contra' },
  /** Held money is set free. */
  voided: { kind: 'voided', debit: 'holds-contra', credit: 'holds' },
  /** The hold ends, because its money is taken. */
  released: { kind: 'released', debit: 'holds-contra', credit: 'holds' },
  /** Money is taken. */
  captured: { kind: 'captured', debit: 'cash', credit: 'revenue' },
  /** What the provider charges for that. */
  fee: { kind: 'fee', debit: 'fees', credit: 'cash' },
  /** Money is given back. */
  refunded: { kind: 'refunded', debit: 'returns', credit: 'cash' },
  /** A line of a credit note is decided: the customer is owed its amount. */
  credited: { kind: 'credited', debit: 'returns', credit: 'customer-credit' },
  /** What the customer is owed is paid, out of the money of an order. */
  creditPaid: { kind: 'refunded', debit: 'customer-credit', credit: 'cash' },
  /** That order was undone, and the payment with it: the customer is owed the credit again. */
  reopened: { kind: 'reopened', debit: 'returns', credit: 'customer-credit' },
  /** Customers owe more by a correction. */
  adjustedUp: { kind: 'adjusted', debit: 'receivables', credit: 'adjustments' },
  /** Customers owe less by a correction. */
  adjustedDown: { kind: 'adjusted', debit: 'adjustments', credit: 'receivables' }
} as const satisfies Readonly<Record<string, Posting>>

/** The name of a posting. */
export type PostingName = keyof typeof postings

/** What is to be booked of one event, each once; what moves nothing is left out. */
export type Moves = ReadonlyArray<readonly [posting: PostingName, amount: bigint]>

/** What an entry is about. */
export type EntryHead = Pick<LedgerPosted, 'entryId' | 'orderId' | 'customerId' | 'reference' | 'currency' | 'bookedAt'>

/**
 * The entry of an event; undefined when nothing moves.
 *
 * @throws {RangeError} for an amount below zero: a defect, since what goes back has a posting of its own.
 */
export function entryOf ({ entryId, orderId, customerId, reference, currency, bookedAt }: EntryHead, moves: Moves): Body<LedgerPosted> | undefined {
  const [first, ...further] = moves.filter(([, amount]) => amount !== 0n).map(([posting, amount]) => movementOf(posting, amount))
  if (first === undefined) return undefined
  return { type: 'LedgerPosted', entryId, orderId, reference, ...first, currency, bookedAt, further, customerId }
}

function movementOf (posting: PostingName, amount: bigint): LedgerMovement {
  if (amount < 0n) throw new RangeError(`${posting} of ${amount}: the ledger moves no amount below zero`)
  const { kind, debit, credit } = postings[posting]
  return { kind, debitAccount: debit, creditAccount: credit, amount }
}
