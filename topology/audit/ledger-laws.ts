import { type PaymentState } from '#schemas'
import { isAccount } from '../ledger/accounts.ts'
import { Findings, type LawReport } from './law.ts'

/**
 * The laws of the ledger, as pure functions over snapshots: what ClickHouse says of the entries, what the payments say of the money.
 * They know nothing of how an entry is made.
 */

/** What the ledger says of one order, over all its entries. Amounts in 1/10,000 of the unit. */
export interface OrderBooks {
  readonly orderId: string
  /** By kind of movement. */
  readonly authorised: bigint
  readonly released: bigint
  readonly captured: bigint
  readonly voided: bigint
  readonly refunded: bigint
  /** Both halves of all movements. */
  readonly debits: bigint
  readonly credits: bigint
  /** On the account of holds: debits less credits. */
  readonly holds: bigint
}

/** The part of a payment that is in the books. */
export type BookedMoney = Pick<PaymentState, 'orderId' | 'authorised' | 'captured' | 'voided' | 'refunded'>

const nothing: Omit<OrderBooks, 'orderId'> = { authorised: 0n, released: 0n, captured: 0n, voided: 0n, refunded: 0n, debits: 0n, credits: 0n, holds: 0n }

/**
 * The books, per order: what is debited is credited; what the ledger booked as authorised, captured, refunded and set free is what the
 * payment says, and what is on hold is what it leaves open. A capture sets free what it does not take. Both must be about the same orders.
 */
export function checkOrderBooks (books: Iterable<OrderBooks>, payments: Iterable<BookedMoney>): LawReport {
  const findings = new Findings('ledger')
  const byOrder = new Map([...books].map(book => [book.orderId, book]))
  const paid = new Set<string>()
  let checked = 0
  for (const { orderId, authorised, captured, voided, refunded } of payments) {
    checked++
    paid.add(orderId)
    const book = byOrder.get(orderId) ?? nothing
    findings.equal(orderId, 'authorised in the ledger', authorised, book.authorised)
    findings.equal(orderId, 'captured in the ledger', captured, book.captured)
    findings.equal(orderId, 'refunded in the ledger', refunded, book.refunded)
    findings.equal(orderId, 'set free in the ledger', voided, book.voided + book.released - book.captured)
    findings.equal(orderId, 'on hold in the ledger', authorised - captured - voided, book.holds)
  }
  for (const { orderId, debits, credits, authorised } of byOrder.values()) {
    findings.equal(orderId, 'debits = credits', debits, credits)
    if (!paid.has(orderId) && authorised !== 0n) findings.add(orderId, 'has money in the ledger, but no payment')
  }
  return { checked, violations: findings.violations }
}

/** What is on one account in one currency. Amounts in 1/10,000 of the unit. */
export interface AccountBalance {
  readonly account: string
  readonly currency: string
  readonly debits: bigint
  readonly credits: bigint
}

/** Entries in the ledger, and how many different ids they have. */
export interface EntryCount { readonly entries: number, readonly distinct: number }

/** The books as a whole: the balances of every currency add up to nothing, every account is one of the ledger, and no entry is there twice. */
export function checkTrialBalance (balances: readonly AccountBalance[], { entries, distinct }: EntryCount): LawReport {
  const findings = new Findings('ledger')
  const currencies = Map.groupBy(balances, ({ currency }) => currency)
  for (const [currency, accounts] of currencies) {
    findings.equal(currency, 'all accounts together', 0n, accounts.reduce((sum, { debits, credits }) => sum + debits - credits, 0n))
  }
  for (const { account, currency } of balances) if (!isAccount(account)) findings.add(currency, `${account} is no account of the ledger`)
  findings.equal('entries', 'different ids of entries', entries, distinct)
  return { checked: currencies.size, violations: findings.violations }
}
