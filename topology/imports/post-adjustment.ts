import { type ImportedInvoice, type LedgerPosted } from '#schemas'
import { type Body } from '../commands/body.ts'
import { multiplyMoney } from '../money.ts'
import { importReference, importedEntryId } from './import-ids.ts'

/** What customers owe. */
const receivables = 'receivables'
/** Corrections of the books that no goods stand for, bad debt among them. */
const adjustments = 'adjustments'

/**
 * The ledger entries of an adjustment, one a line. An amount above zero is owed by customers from now on: receivables are debited.
 * One below zero is written off: receivables are credited. The amount itself has no sign.
 */
export function entriesOf ({ runId, invoiceNo, invoicedAt, currency, lines }: ImportedInvoice): ReadonlyArray<Body<LedgerPosted>> {
  return lines.map(({ lineNo, quantity, unitPrice }) => {
    const amount = multiplyMoney(unitPrice, quantity)
    const [debitAccount, creditAccount] = amount < 0n ? [adjustments, receivables] : [receivables, adjustments]
    return {
      type: 'LedgerPosted',
      entryId: importedEntryId(runId, invoiceNo, lineNo),
      orderId: null,
      reference: importReference(runId, invoiceNo),
      kind: 'adjusted',
      debitAccount,
      creditAccount,
      amount: amount < 0n ? -amount : amount,
      currency,
      bookedAt: invoicedAt
    }
  })
}
