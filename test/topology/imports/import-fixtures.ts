import { type CommandMeta, type CreditNoteMatched, type CreditNoteUnmatched, type EventMeta, type ImportedInvoice, type ImportedLine, type InvoiceKind } from '#schemas'
import { importedOrderId } from '../../../topology/imports/import-ids.ts'

export const runId = 'run-1'
export const customerId = '17850'
export const invoicedAt = Date.UTC(2010, 11, 1, 8, 26)

export const commandMeta: CommandMeta = {
  commandId: 'invoice-command', bodyHash: null, issuedAt: 0, correlationId: 'correlation', principal: 'importer', tenant: 'default'
}
export const eventMeta: EventMeta = {
  eventId: 'settled', occurredAt: 0, correlationId: 'order', causationId: 'cause', aggregateVersion: 0, tenant: 'default'
}

/** `[sku, quantity]`, with the price in 1/10,000 of a pound when it matters, and whether it is about goods in stock. */
export type Goods = readonly [sku: string, quantity: number, unitPrice?: bigint, stocked?: boolean]

export function linesOf (goods: readonly Goods[]): readonly ImportedLine[] {
  return goods.map(([sku, quantity, unitPrice = 25_500n, stocked = true], index) =>
    ({ lineNo: index + 1, sku, sourceCode: sku.toLowerCase(), stocked, quantity, unitPrice }))
}

/** An invoice of the customer of the fixtures; its number follows from its kind and its place in the file. */
export function invoice (kind: InvoiceKind, sequence: number, goods: readonly Goods[], change: Partial<ImportedInvoice> = {}): ImportedInvoice {
  const invoiceNo = `${{ creditNote: 'C', adjustment: 'A' }[kind as string] ?? ''}${536_000 + sequence}`
  return {
    type: 'ImportedInvoice',
    meta: commandMeta,
    runId,
    sequence,
    invoiceNo,
    kind,
    invoicedAt,
    customerId,
    country: 'United Kingdom',
    currency: 'GBP',
    shippingAddress: { keyId: 'key-1', ciphertext: Buffer.from('sealed') },
    lines: linesOf(goods),
    ...change
  }
}

/** Key of the record that carries the invoice. */
export function keyOf ({ customerId, invoiceNo }: Pick<ImportedInvoice, 'customerId' | 'invoiceNo'>): string {
  return customerId ?? invoiceNo
}

/** Order id of the sale that is number `sequence` of the file. */
export function orderOf (sequence: number): string {
  return importedOrderId(runId, `${536_000 + sequence}`)
}

/** True for what is said about a line of a credit note. */
export function isCredit (value: { readonly type: string }): value is CreditNoteMatched | CreditNoteUnmatched {
  return value.type === 'CreditNoteMatched' || value.type === 'CreditNoteUnmatched'
}
