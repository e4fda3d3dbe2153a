import { type ImportedInvoice } from '#schemas'
import { type OutgoingRecord } from '#streams'
import { defaultTenant, uuidOfCommand } from '../../topology/envelope.ts'
import { importedCommandId } from '../../topology/imports/import-ids.ts'
import { noPersonal } from '../../topology/personal.ts'
import { topics } from '../../topology/topics.ts'
import { toRecord } from '../play/commands.ts'
import { type Invoice } from './invoice-window.ts'

/** Currency of every amount of the set. */
export const importCurrency = 'GBP'

/** Key of an invoice: its customer, or its number when it is a guest's. */
export function keyOf ({ invoiceNo, rows: [{ customerId }] }: Invoice): string {
  return customerId ?? invoiceNo
}

/**
 * An invoice as it is sent: the file knows nobody by name, so nothing personal is kept and no key is made. Ids are derived from run and number: sent
 * again, it is the same invoice. `issuedAt`: epoch ms.
 */
export function invoiceRecord (invoice: Invoice, runId: string, issuedAt: number): OutgoingRecord {
  const { sequence, invoiceNo, kind, rows } = invoice
  const [{ customerId, country, invoicedAtMs }] = rows
  const commandId = importedCommandId(runId, invoiceNo, 'invoice')
  const value: ImportedInvoice = {
    type: 'ImportedInvoice',
    meta: { commandId, bodyHash: null, issuedAt, correlationId: uuidOfCommand(commandId), principal: 'import', tenant: defaultTenant },
    runId,
    sequence,
    invoiceNo,
    kind,
    invoicedAt: invoicedAtMs,
    customerId,
    country,
    currency: importCurrency,
    shippingAddress: noPersonal,
    lines: rows.map(({ sku, sourceCode, stocked, quantity, unitPrice }, index) => ({ lineNo: index + 1, sku, sourceCode, stocked, quantity, unitPrice }))
  }
  return toRecord(topics.imports.invoices, keyOf(invoice), value)
}
