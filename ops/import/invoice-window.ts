import { type InvoiceKind } from '#schemas'
import { isMoney, multiplyMoney } from '../../topology/money.ts'
import { maxLines } from '../../topology/orders/price-order.ts'
import { type ImportRow, type RowFault } from './import-row.ts'
import { kindOf } from './invoice-kind.ts'

/** An invoice, whole, with its rows in the order of the file. */
export interface Invoice {
  /** Place in the file among all invoices, by first rows, counted from 1. */
  readonly sequence: number
  readonly invoiceNo: string
  readonly kind: InvoiceKind
  readonly rows: readonly [ImportRow, ...ImportRow[]]
}

/** Invoices whose rows may still come at a time. */
export const windowInvoices = 50

interface Draft {
  readonly rows: [ImportRow, ...ImportRow[]]
  total: bigint
}

/**
 * Puts rows together into invoices. The rows of an invoice may be mixed with those of the invoices around it: it leaves, whole, when
 * 50 others have begun after it, so that invoices leave in the order of their first rows. Pure state, no I/O.
 */
export class InvoiceWindow {
  readonly #open = new Map<string, Draft>()
  /** Last line of the invoices that have left. */
  readonly #left: Map<string, number> | undefined
  #sequence = 0

  /**
   * `remember`: find rows of invoices that have left, which takes about 100 bytes an invoice of the file. Without it such a row begins
   * an invoice of the same number: only for rows that were checked before.
   */
  constructor ({ remember }: { readonly remember: boolean }) {
    this.#left = remember ? new Map() : undefined
  }

  /** Takes the next row. Returns the invoice that leaves, if one does, or why the row cannot be part of its invoice: then it is not. */
  add (row: ImportRow): Invoice | RowFault | undefined {
    const { line, invoiceNo } = row
    const left = this.#left?.get(invoiceNo)
    if (left !== undefined) {
      return { line, column: 'InvoiceNo', problem: `${invoiceNo} comes back after line ${left}, with ${windowInvoices} other invoices or more between` }
    }
    const draft = this.#open.get(invoiceNo)
    if (draft === undefined) {
      this.#open.set(invoiceNo, { rows: [row], total: multiplyMoney(row.unitPrice, row.quantity) })
      return this.#open.size > windowInvoices ? this.#leave() : undefined
    }
    const total = draft.total + multiplyMoney(row.unitPrice, row.quantity)
    const fault = faultIn(draft.rows, row, total)
    if (fault !== undefined) return { line, ...fault }
    draft.rows.push(row)
    draft.total = total
    return undefined
  }

  /** The invoices that are left when the file has ended. */
  end (): Invoice[] {
    return Array.from({ length: this.#open.size }, () => this.#leave())
  }

  #leave (): Invoice {
    const [invoiceNo, { rows }] = this.#open.entries().next().value as [string, Draft]
    this.#open.delete(invoiceNo)
    this.#left?.set(invoiceNo, (rows.at(-1) as ImportRow).line)
    return { sequence: ++this.#sequence, invoiceNo, kind: kindOf(rows[0].form, rows), rows }
  }
}

/** Why a row does not belong to the invoice whose first row is given; undefined = it does. */
function faultIn (rows: Draft['rows'], row: ImportRow, total: bigint): Omit<RowFault, 'line'> | undefined {
  const [first] = rows
  if (first.customerId !== row.customerId) {
    return { column: 'CustomerID', problem: `invoice ${row.invoiceNo} is of ${customer(first)} in line ${first.line}, and of ${customer(row)} here` }
  }
  if (first.form === 'plain' && (first.quantity > 0) !== (row.quantity > 0)) {
    return { column: 'Quantity', problem: `invoice ${row.invoiceNo} has a quantity of ${first.quantity} in line ${first.line}, and of ${row.quantity} here: the signs differ` }
  }
  if (rows.length >= maxLines) return { column: 'InvoiceNo', problem: `invoice ${row.invoiceNo} has more than ${maxLines} rows` }
  return isMoney(total) ? undefined : { column: 'UnitPrice', problem: `the total of invoice ${row.invoiceNo} is too large` }
}

function customer ({ customerId }: ImportRow): string {
  return customerId === null ? 'a guest' : `customer ${customerId}`
}
