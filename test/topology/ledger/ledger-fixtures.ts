import { type CreditNoteMatched, type CreditNoteUnmatched, type CreditedOrderWithdrawn, type EventMeta, type LedgerPosted } from '#schemas'
import { type OrderBooks } from '../../../topology/audit/ledger-laws.ts'
import { type BookedPayment } from '../../../topology/ledger/post-payment.ts'

export const orderId = '00000000-0000-4000-8000-000000000001'
export const customerId = '17850'
export const reference = 'import-run-1/C536379'

/** Metadata of the event with that number, at that time. */
export function meta (aggregateVersion: number, occurredAt = 1_000): EventMeta {
  return { eventId: `event-${aggregateVersion}`, occurredAt, correlationId: 'correlation', causationId: 'cause', aggregateVersion, tenant: 'default' }
}

const payment = { orderId, attempt: 1, paymentId: 'pay-1', currency: 'GBP' }

export const authorised = (version: number, amount: bigint): BookedPayment =>
  ({ type: 'PaymentAuthorized', meta: meta(version), ...payment, amount, providerReference: 'auth_1' })
export const captured = (version: number, amount: bigint): BookedPayment => ({ type: 'PaymentSucceeded', meta: meta(version), ...payment, amount })
export const voided = (version: number, amount: bigint): BookedPayment =>
  ({ type: 'PaymentVoided', meta: meta(version), ...payment, amount, nothingToVoid: amount === 0n })
export const refunded = (version: number, amount: bigint, effectId = 'r1', type: 'PaymentPartiallyRefunded' | 'PaymentRefunded' = 'PaymentPartiallyRefunded'): BookedPayment =>
  ({ type, meta: meta(version), orderId, paymentId: 'pay-1', effectId, amount, totalRefunded: amount, currency: 'GBP' })

const line = { reference, creditNoteNo: 'C536379', lineNo: 1, revision: 1, sku: 'A', quantity: 2, unitPrice: 500n, amount: 1_000n, currency: 'GBP', creditedAt: 77 }

export const matched = (change: Partial<CreditNoteMatched> = {}): CreditNoteMatched =>
  ({ type: 'CreditNoteMatched', meta: meta(1), ...line, customerId, takes: [{ orderId, lineNo: 1, quantity: 2 }], ...change })
export const unmatched = (change: Partial<CreditNoteUnmatched> = {}): CreditNoteUnmatched =>
  ({ type: 'CreditNoteUnmatched', meta: meta(1), ...line, customerId, reason: 'neverBought', ...change })
export const withdrawn = (change: Partial<CreditedOrderWithdrawn> = {}): CreditedOrderWithdrawn =>
  ({ type: 'CreditedOrderWithdrawn', meta: meta(0, 5_000), orderId, customerId, currency: 'GBP', ...change })

type Entry = Omit<LedgerPosted, 'meta'>

/** The movements of an entry, the first and the further ones, as `kind debit/credit amount`. */
export function movesOf (entry: Entry | undefined): readonly string[] {
  if (entry === undefined) return []
  return [entry, ...entry.further].map(({ kind, debitAccount, creditAccount, amount }) => `${kind} ${debitAccount}/${creditAccount} ${amount}`)
}

/** What is on each account, debits less credits; accounts on which nothing is left are not there. */
export function balancesOf (entries: readonly Entry[]): Readonly<Record<string, bigint>> {
  const balances = new Map<string, bigint>()
  const move = (account: string, amount: bigint): void => { balances.set(account, (balances.get(account) ?? 0n) + amount) }
  for (const entry of entries) {
    for (const { debitAccount, creditAccount, amount } of [entry, ...entry.further]) {
      move(debitAccount, amount)
      move(creditAccount, -amount)
    }
  }
  return Object.fromEntries([...balances].filter(([, amount]) => amount !== 0n).sort())
}

/** What the entries say of each order, as ClickHouse sums them up. */
export function booksOf (entries: readonly Entry[]): ReadonlyMap<string, OrderBooks> {
  const byOrder = Map.groupBy(entries.filter(({ orderId }) => orderId !== null), ({ orderId }) => orderId as string)
  return new Map([...byOrder].map(([orderId, list]) => {
    const moves = list.flatMap(entry => [entry, ...entry.further])
    const sum = (amounts: ReadonlyArray<{ readonly amount: bigint }>): bigint => amounts.reduce((total, { amount }) => total + amount, 0n)
    const of = (kind: string): bigint => sum(moves.filter(move => move.kind === kind))
    return [orderId, {
      orderId,
      authorised: of('authorised'),
      released: of('released'),
      captured: of('captured'),
      voided: of('voided'),
      refunded: of('refunded'),
      debits: sum(moves),
      credits: sum(moves),
      holds: balancesOf(list)['holds'] ?? 0n
    }]
  }))
}
