import { type ImportAccountState, type ImportedInvoice, type ImportedOrderSettled } from '#schemas'
import { type ProcessorContext, type ReadSet, type RecordInfo, defineProcessor } from '../../streams/processor.ts'
import { type Cause, causeOf, eventMeta } from '../envelope.ts'
import { topics } from '../topics.ts'
import { accountKey, awaitOrders, customerKey, newAccount, openOrder, settleOrder, takeReady } from './account.ts'
import { InvalidImport, type ValidInvoice, checkInvoice } from './check-invoice.ts'
import { CreditDesk, refuseGuest } from './credit-desk.ts'
import { creditNoteOf } from './decide-credit.ts'
import { importedOrderId } from './import-ids.ts'
import { adjustStockOf, placeOrderOf } from './invoice-commands.ts'
import { entriesOf } from './post-adjustment.ts'
import { addPurchases, noPurchases, purchasesKey } from './purchases.ts'
import { accountStore, creditNoteStore, importsName, invoiceStore, purchaseStore } from './stores.ts'

type ImportsInput = ImportedInvoice | ImportedOrderSettled

/** Imports: turns the invoices of a file into orders, stock movements, credits and ledger entries. See README.md. */
export const importsProcessor = defineProcessor<ImportsInput>({
  name: importsName,
  inputs: [topics.imports.invoices, topics.imports.orderOutcomes],
  outputs: [topics.orders.commandsTrusted, topics.inventory.commands, topics.compensations.payment, topics.returns.events, topics.ledger.entries],
  stores: [accountStore, invoiceStore, purchaseStore, creditNoteStore],
  reads,
  handlers: { ImportedInvoice: handleInvoice, ImportedOrderSettled: handleSettled }
})

/** What an outcome needs besides is known only from its invoice: the account, the credit notes that waited and what they take from. */
function reads (record: ImportsInput): ReadSet {
  if (record.type === 'ImportedOrderSettled') return [[invoiceStore, record.orderId]]
  const { runId, invoiceNo, customerId, kind } = record
  const account = accountKey(record)
  const rows: Array<ReadSet[number]> = [[accountStore, account], [invoiceStore, importedOrderId(runId, invoiceNo)]]
  if (customerId === null || (kind !== 'sale' && kind !== 'creditNote')) return rows
  for (const sku of skusOf(record)) rows.push([purchaseStore, purchasesKey(account, sku)])
  return rows
}

function handleInvoice (context: ProcessorContext, imported: ImportedInvoice, record: RecordInfo): void {
  const invoice = checkInvoice(imported, record.key)
  const { runId, invoiceNo, customerId, sequence, kind } = invoice
  const accounts = context.store(accountStore)
  const account = accountKey(invoice)
  const before = accounts.get(account) ?? newAccount
  if (sequence <= before.lastSequence) return accounts.put(account, { ...before, repeats: before.repeats + 1 })
  const invoices = context.store(invoiceStore)
  const orderId = importedOrderId(runId, invoiceNo)
  const earlier = invoices.get(orderId)
  if (earlier !== undefined) throw new InvalidImport(`invoice ${invoiceNo}: it was imported before, as number ${earlier.sequence} of its file`)
  const skus = kind === 'sale' && customerId !== null ? skusOf(invoice) : []
  invoices.put(orderId, { type: 'ImportInvoiceState', runId, customerId, sequence, skus })
  accounts.put(account, carryOut(context, invoice, { ...before, lastSequence: sequence }))
}

/** Does what the invoice asks for; gives the account afterwards. */
function carryOut (context: ProcessorContext, invoice: ValidInvoice, account: ImportAccountState): ImportAccountState {
  const cause = causeOf(invoice.meta, context.source)
  const issued = { issuedAt: context.nowMs, correlationId: cause.correlationId, principal: invoice.meta.principal }
  const { kind } = invoice
  switch (kind) {
    case 'sale': {
      const order = placeOrderOf(invoice, issued)
      context.emit(topics.orders.commandsTrusted, { key: order.orderId, value: order })
      if (invoice.customerId === null) return account
      rememberPurchases(context, invoice)
      return openOrder(account, invoice.sequence)
    }
    case 'stockIn':
    case 'writeOff': {
      const moved = adjustStockOf({ ...invoice, kind }, issued)
      for (const command of moved) context.emit(topics.inventory.commands, { key: command.sku, value: command })
      return { ...account, linesWithoutStock: account.linesWithoutStock + invoice.lines.length - moved.length }
    }
    case 'creditNote': return takeCreditNote(context, invoice, account, cause)
    case 'adjustment':
      for (const entry of entriesOf(invoice)) {
        context.emit(topics.ledger.entries, { key: entry.orderId ?? entry.entryId, value: { ...entry, meta: eventMeta(context, cause) } })
      }
      return account
  }
}

function rememberPurchases (context: ProcessorContext, invoice: ValidInvoice): void {
  const { sequence, invoiceNo, lines } = invoice
  const account = accountKey(invoice)
  const rows = context.store(purchaseStore)
  for (const [sku, bought] of Map.groupBy(lines, line => line.sku)) {
    const key = purchasesKey(account, sku)
    rows.put(key, addPurchases(rows.get(key) ?? noPurchases, { sequence, invoiceNo, lines: bought }))
  }
}

/** Decides a credit note at once when no earlier order of its customer is open; else it waits. */
function takeCreditNote (context: ProcessorContext, invoice: ValidInvoice, account: ImportAccountState, cause: Cause): ImportAccountState {
  const { runId, customerId, sequence } = invoice
  const note = creditNoteOf(invoice, cause.correlationId)
  if (customerId === null) {
    refuseGuest(context, cause, note, runId)
    return account
  }
  const { account: after, ready } = takeReady(awaitOrders(account, sequence))
  const desk = new CreditDesk(context, cause, { runId, customerId, account: after })
  if (ready.length === 0) desk.keep(note)
  else desk.decide(note)
  desk.finish()
  return after
}

function handleSettled (context: ProcessorContext, settled: ImportedOrderSettled, record: RecordInfo): void {
  const { orderId, customerId, confirmed } = settled
  if (record.key !== customerId) throw new InvalidImport(`order ${orderId}: the key of the record is not its customer id`)
  const invoice = context.store(invoiceStore).get(orderId)
  // An order of this channel that somebody placed without an invoice: no credit note waits for it.
  if (invoice === undefined) return
  const { runId, sequence, skus } = invoice
  if (invoice.customerId !== customerId) throw new InvalidImport(`order ${orderId}: it was imported for another customer`)
  const accounts = context.store(accountStore)
  const key = customerKey(runId, customerId)
  const before = accounts.get(key) ?? newAccount
  const settlement = settleOrder(before, sequence, confirmed)
  if (settlement.kind === 'repeat') return
  const { account, ready } = takeReady(settlement.account)
  const desk = new CreditDesk(context, causeOf(settled.meta), { runId, customerId, account })
  if (settlement.kind === 'withdrawn') desk.decideAnew(skus, { orderId, sequence })
  for (const noteSequence of ready) desk.decideKept(noteSequence)
  desk.finish()
  accounts.put(key, account)
}

function skusOf ({ lines }: ImportedInvoice): readonly string[] {
  return [...new Set(lines.map(line => line.sku))]
}
