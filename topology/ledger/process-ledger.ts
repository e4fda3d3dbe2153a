import { type CreditedOrderWithdrawn } from '#schemas'
import { type ProcessorContext, type ProcessorDef, type ReadSet, defineProcessor, defineStore } from '../../streams/processor.ts'
import { stateSerde } from '../codec.ts'
import { type Cause, causeOf, eventMeta } from '../envelope.ts'
import { topics } from '../topics.ts'
import { creditEntryId } from './entry-ids.ts'
import { type DecidedCredit, postCredit, postWithdrawal } from './post-credit.ts'
import { type BookedPayment, type FeeRules, type Posted, bookedPayments, emptyBook, postPayment } from './post-payment.ts'

/** Name of the sub-topology: in task ids, the changelog and the hash slots of the state. */
export const ledgerName = 'ledger'

/** What is booked of an order, by its id; of a credit line, by the id of its entry. A row of about ten bytes, kept as long as the entries. */
export const bookStore = defineStore('books', stateSerde(ledgerName, 'LedgerBook'))

/**
 * How long the ledger lets events gather before it books them, ms. Nobody waits for an entry, and a ledger that commits as often as
 * payments do would take as much of the broker as they do.
 */
export const ledgerLingerMs = 250

/** Books without fees. */
export const noFees: FeeRules = { feeBasisPoints: 0 }

type LedgerInput = BookedPayment | DecidedCredit | CreditedOrderWithdrawn

/** The ledger: books what payments and credits tell, each once. See README.md. */
export function createLedgerProcessor (rules: FeeRules = noFees): ProcessorDef {
  return defineProcessor<LedgerInput>({
    name: ledgerName,
    inputs: [topics.payments.events, topics.returns.events],
    outputs: [topics.ledger.entries],
    stores: [bookStore],
    reads: (event): ReadSet => [[bookStore, bookKey(event)]],
    handlers: {
      ...Object.fromEntries(bookedPayments.map(type => [type, (context: ProcessorContext, event: BookedPayment) => {
        book(context, event, posted => postPayment(posted, event, rules))
      }])),
      CreditNoteMatched: credit,
      CreditNoteUnmatched: credit,
      CreditedOrderWithdrawn: (context, event) => { book(context, event, posted => postWithdrawal(posted, event)) }
    },
    parking: 'key',
    lingerMs: ledgerLingerMs
  })
}

function credit (context: ProcessorContext, event: DecidedCredit): void {
  book(context, event, posted => postCredit(posted, event))
}

function book (context: ProcessorContext, event: LedgerInput, post: (book: Posted['book']) => Posted): void {
  const books = context.store(bookStore)
  const key = bookKey(event)
  const before = books.get(key) ?? emptyBook
  const { book: after, entry } = post(before)
  if (after !== before) books.put(key, after)
  if (entry === undefined) return
  const cause: Cause = causeOf(event.meta)
  context.emit(topics.ledger.entries, { key: entry.orderId ?? entry.entryId, value: { ...entry, meta: eventMeta(context, cause) } })
}

/** What the event is booked under: its order, or the entry of its credit line. */
function bookKey (event: LedgerInput): string {
  return 'lineNo' in event ? creditEntryId(event.reference, event.lineNo) : event.orderId
}
