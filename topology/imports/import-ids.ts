import { commandId, uuidOfCommand } from '../envelope.ts'

/**
 * Ids of everything that an imported invoice leads to, derived from the run and the invoice number: whoever sends the same invoice
 * of the same run again, names the same things.
 */

/** The order that a sale invoice becomes. UUID. */
export function importedOrderId (runId: string, invoiceNo: string): string {
  return uuidOfCommand(importedCommandId(runId, invoiceNo, 'order'))
}

/** A command that an invoice leads to, by what it is about, e.g. `order` or `stock/3` for its third line. 64 hex digits. */
export function importedCommandId (runId: string, invoiceNo: string, what: string): string {
  return commandId('import', runId, invoiceNo, what)
}

/** What the unmatched lines of a credit note are filed under, having no order. UUID. */
export function importedCreditId (runId: string, invoiceNo: string): string {
  return uuidOfCommand(importedCommandId(runId, invoiceNo, 'credit'))
}

/** The ledger entry that a line of an adjustment becomes. UUID. */
export function importedEntryId (runId: string, invoiceNo: string, lineNo: number): string {
  return uuidOfCommand(importedCommandId(runId, invoiceNo, `entry/${lineNo}`))
}

/** `clientReference` of the orders of a run: this prefix, a slash and the invoice number. */
export function importReference (runId: string, invoiceNo: string): string {
  return `${importReferencePrefix(runId)}${invoiceNo}`
}

/** What the `clientReference` of every order of a run starts with. */
export function importReferencePrefix (runId: string): string {
  return `import-${runId}/`
}
