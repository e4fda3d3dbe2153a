import { defineStore } from '../../streams/processor.ts'
import { stateSerde } from '../codec.ts'

/** Name of the sub-topology: in task ids, the changelog and the hash slots of the state. */
export const importsName = 'imports'

/** A row per customer, or per guest invoice, and run. */
export const accountStore = defineStore('accounts', stateSerde(importsName, 'ImportAccountState'))
/** A row per invoice, by the id of the order that a sale becomes. */
export const invoiceStore = defineStore('invoices', stateSerde(importsName, 'ImportInvoiceState'))
/** A row per customer and SKU. */
export const purchaseStore = defineStore('purchases', stateSerde(importsName, 'ImportPurchasesState'))
/** A row per credit note that waits. */
export const creditNoteStore = defineStore('creditNotes', stateSerde(importsName, 'ImportCreditNoteState'))
