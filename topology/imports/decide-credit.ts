import { isDeepStrictEqual } from 'node:util'
import {
  type CreditNoteMatched, type CreditNoteUnmatched, type ImportCredit, type ImportCreditNoteState, type ImportPurchase, type ImportPurchasesState,
  type ImportedInvoice
} from '#schemas'
import { type Body } from '../commands/body.ts'
import { multiplyMoney } from '../money.ts'
import { importReference, importedCreditId } from './import-ids.ts'
import { type TakeBack, takeBack } from './purchases.ts'

/** What is said about a line of a credit note. */
export type CreditEvent = Body<CreditNoteMatched | CreditNoteUnmatched>

/** Whose credit it is, and which of the customer's orders do not count, by the sequence of their invoices. */
export interface CreditView {
  readonly runId: string
  readonly customerId: string
  readonly withdrawn: ReadonlySet<number>
}

/** A line of a credit note before it is decided. */
export type OpenCredit = Omit<ImportCredit, 'revision' | 'takes' | 'reason' | 'given' | 'cameBack'>

/** The row afterwards, and what was decided now: nothing when every decision stays what it was. */
export interface CreditDecision {
  readonly row: ImportPurchasesState
  readonly decided: readonly ImportCredit[]
}

/** The credit note of an invoice, with quantities above zero. */
export function creditNoteOf ({ sequence, invoiceNo, invoicedAt, currency, lines }: ImportedInvoice, correlationId: string): ImportCreditNoteState {
  return {
    type: 'ImportCreditNoteState',
    sequence,
    creditNoteNo: invoiceNo,
    creditedAt: invoicedAt,
    currency,
    correlationId,
    lines: lines.map(({ lineNo, sku, quantity, unitPrice, stocked }) => ({ lineNo, sku, quantity: -quantity, unitPrice, stocked }))
  }
}

/** The lines of a credit note as they are decided, each with its SKU. */
export function openCredits (note: ImportCreditNoteState): ReadonlyArray<{ readonly sku: string, readonly credit: OpenCredit }> {
  const { sequence, creditNoteNo, creditedAt, currency, correlationId } = note
  return note.lines.map(({ lineNo, sku, quantity, unitPrice, stocked }) =>
    ({ sku, credit: { sequence, creditNoteNo, lineNo, quantity, unitPrice, currency, creditedAt, correlationId, stocked } }))
}

/** Decides a line of a credit note after all earlier ones: `row` is what its customer bought and gave back of its SKU. */
export function decideCredit (row: ImportPurchasesState, credit: OpenCredit, view: CreditView): CreditDecision {
  const { takes, reason, purchases } = match(row.purchases, credit, view)
  const decided: ImportCredit = { ...credit, revision: 1, takes, reason, given: [], cameBack: false }
  return { row: { ...row, purchases, credits: [...row.credits, decided] }, decided: [decided] }
}

/** A guest's line: it takes nothing, whatever was bought. */
export function decideGuestCredit (credit: OpenCredit): ImportCredit {
  return { ...credit, revision: 1, takes: [], reason: 'guest', given: [], cameBack: false }
}

/**
 * Decides every line of the row anew, because an order no longer counts: as if that had been known from the start. A line whose
 * decision changes has one revision more; the others are left alone and are not in `decided`.
 */
export function decideAnew (row: ImportPurchasesState, view: CreditView): CreditDecision {
  const decided: ImportCredit[] = []
  let purchases: readonly ImportPurchase[] = row.purchases.map(purchase => ({ ...purchase, left: purchase.quantity }))
  const credits = row.credits.map(credit => {
    const answer = match(purchases, credit, view)
    const { takes, reason } = answer
    purchases = answer.purchases
    if (credit.reason === reason && isDeepStrictEqual(credit.takes, takes)) return credit
    const revised = { ...credit, revision: credit.revision + 1, takes, reason }
    decided.push(revised)
    return revised
  })
  return decided.length === 0 ? { row, decided } : { row: { ...row, purchases, credits }, decided }
}

function match (purchases: readonly ImportPurchase[], { quantity, sequence }: OpenCredit, { runId, withdrawn }: CreditView): TakeBack {
  return takeBack(purchases, quantity, { runId, before: sequence, withdrawn })
}

/** The event that tells a decision, its key (the newest order it takes from, else an id of its own) and what it is correlated by. */
export function creditEvent (
  sku: string, credit: ImportCredit, runId: string, customerId: string | null
): { readonly key: string, readonly correlationId: string, readonly event: CreditEvent } {
  const { creditNoteNo, lineNo, revision, quantity, unitPrice, currency, creditedAt, correlationId, takes, reason } = credit
  const amount = multiplyMoney(unitPrice, quantity)
  const said = { reference: importReference(runId, creditNoteNo), creditNoteNo, lineNo, revision, sku, quantity, unitPrice, amount, currency, creditedAt }
  const newest = takes[0]
  if (newest !== undefined && customerId !== null) {
    return { key: newest.orderId, correlationId, event: { type: 'CreditNoteMatched', ...said, customerId, takes } }
  }
  return { key: importedCreditId(runId, creditNoteNo), correlationId, event: { type: 'CreditNoteUnmatched', ...said, customerId, reason: reason ?? 'unknown' } }
}
