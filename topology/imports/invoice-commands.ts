import { type AdjustStock, type CommandMeta, type ImportedInvoice, type PlaceOrder } from '#schemas'
import { bodyHash, defaultTenant } from '../envelope.ts'
import { importReference, importedCommandId, importedOrderId } from './import-ids.ts'

/** Who sends a command that an invoice leads to. `issuedAt`: epoch ms. */
export type Issued = Pick<CommandMeta, 'issuedAt' | 'correlationId' | 'principal'>

/** The order that a sale becomes: its lines and prices as they are, repeats and free lines included. */
export function placeOrderOf (invoice: ImportedInvoice, issued: Issued): PlaceOrder {
  const { runId, invoiceNo, invoicedAt, customerId, currency, shippingAddress, country, lines } = invoice
  const body = {
    orderId: importedOrderId(runId, invoiceNo),
    placedAt: invoicedAt,
    channel: 'import',
    customerId,
    guestEmail: null,
    currency,
    lines: lines.map(({ lineNo, sku, quantity, unitPrice }) => ({ lineNo, sku, quantity, quotedUnitPrice: unitPrice })),
    shippingAddress,
    deliverySpeed: 'standard',
    payment: { method: 'invoice', token: 'tok_ok' },
    onShortage: 'reject',
    onDecline: 'cancel',
    clientReference: importReference(runId, invoiceNo),
    country
  } as const
  return { type: 'PlaceOrder', meta: metaOf(invoice, 'order', body, issued), ...body }
}

const stockReasons = { stockIn: 'stock in', writeOff: 'write-off' } as const

/** The stock movements of an invoice, one for each line that is about goods in stock; the sign is that of its quantity. */
export function adjustStockOf (invoice: ImportedInvoice & { readonly kind: keyof typeof stockReasons }, issued: Issued): readonly AdjustStock[] {
  const reason = `imported ${stockReasons[invoice.kind]} ${invoice.invoiceNo}`
  return invoice.lines.filter(line => line.stocked).map(({ lineNo, sku, quantity }) => {
    const body = { sku, delta: quantity, reason, expectedVersion: null }
    return { type: 'AdjustStock', meta: metaOf(invoice, `stock/${lineNo}`, body, issued), ...body }
  })
}

function metaOf ({ runId, invoiceNo }: ImportedInvoice, what: string, body: object, issued: Issued): CommandMeta {
  return { commandId: importedCommandId(runId, invoiceNo, what), bodyHash: bodyHash(body), ...issued, tenant: defaultTenant }
}
