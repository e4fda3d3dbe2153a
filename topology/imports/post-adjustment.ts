import { type ImportedInvoice, type LedgerPosted } from '#schemas'
import { type Body } from '../commands/body.ts'
import { postings } from '../ledger/postings.ts'
import { multiplyMoney } from '../money.ts'
import { importReference, importedEntryId } from './import-ids.ts'

/**
 * The ledger entries of an adjustment, one a line. An amount above zero is owed by customers from now on: receivables are debited.
 * One below zero is written off: receivables are credited. The amount itself has no sign.
 */
export function entriesOf ({ runId, invoiceNo, invoicedAt, customerId, currency, lines }: ImportedInvoice): ReadonlyArray<Body<LedgerPosted>> {
  return lines.map(({ lineNo, quantity, unitPrice }) => {
    const amount = multiplyMoney(unitPrice, quantity)
    const { kind, debit, credit } = postings[amount < 0n ? 'adjustedDown' : 'adjustedUp']
    return {
      type: 'LedgerPosted',
      entryId: importedEntryId(runId, invoiceNo, lineNo),
      orderId: null,
      reference: importReference(runId, invoiceNo),
      kind,
      debitAccount: debit,
      creditAccount: credit,
      amount: amount < 0n ? -amount : amount,
      currency,
      bookedAt: invoicedAt,
      further: [],
      customerId
    }
  })
}
