import { type InvoiceKind } from '#schemas'
import { multiplyMoney } from '../../topology/money.ts'
import { OpsError } from '../errors.ts'
import { type ImportRow, type RowFault } from './import-row.ts'
import { type Invoice } from './invoice-window.ts'
import { readInvoices } from './read-invoices.ts'
import { type SourceFile, inspectFile } from './source-file.ts'

/** What the file says about one SKU. */
export interface SurveyedProduct {
  /** The first description that it is sold under, else the first at all, else the SKU. */
  readonly name: string
  readonly stocked: boolean
  /** The first price above 0 that it is sold for, in 1/10,000 of the unit; undefined = it is never sold for money. */
  readonly unitPrice: bigint | undefined
  /** Pieces of all sales, free ones included. */
  readonly sold: number
  /** Pieces written off. */
  readonly writtenOff: number
}

/** Everything that the first reading finds out: what there is to send, and what must come of it. Amounts in 1/10,000 of the unit. */
export interface Survey {
  readonly file: SourceFile
  /** SHA-256 in hex of the bytes of the file. */
  readonly sha256: string
  readonly rows: number
  readonly invoices: Readonly<Record<InvoiceKind, number>>
  /** Priced lines of the sales, and what they come to. */
  readonly sales: { readonly lines: number, readonly amount: bigint }
  /** Lines of the credit notes, and what they come to, above 0. */
  readonly credits: { readonly lines: number, readonly amount: bigint }
  /** Lines of the adjustments, and what they come to; below 0 where more is written off. */
  readonly adjustments: { readonly lines: number, readonly amount: bigint }
  readonly products: ReadonlyMap<string, SurveyedProduct>
  readonly leftOut: LeftOut
}

/** Rows that cannot be imported and are left out. */
export interface LeftOut {
  readonly lines: ReadonlySet<number>
  /** The first of them. */
  readonly examples: readonly RowFault[]
}

/** Bad rows that are shown. */
const examples = 20

export interface SurveyProgress { readonly rows: number, readonly readBytes: number, readonly sizeBytes: number }

export interface SurveyOptions {
  readonly path: string
  /** Leave bad rows out, instead of ending at the first. */
  readonly skipBad: boolean
  readonly onProgress: (progress: SurveyProgress) => void
  readonly signal: AbortSignal
}

/**
 * Reads the whole file and checks every row of it, before anything is sent.
 *
 * @throws {OpsError} OPS_IMPORT_ROW_BAD for the first bad row, unless they are left out; OPS_IMPORT_NOTHING when no row is left; and
 * for the file as a whole: see readInvoices and inspectFile.
 */
export async function surveyFile ({ path, skipBad, onProgress, signal }: SurveyOptions): Promise<Survey> {
  const file = await inspectFile(path)
  const lines = new Set<number>()
  const shown: RowFault[] = []
  const onFault = (fault: RowFault): void => {
    if (!skipBad) throw new OpsError('OPS_IMPORT_ROW_BAD', { file: path, ...fault })
    lines.add(fault.line)
    if (shown.length < examples) shown.push(fault)
  }
  const reading = readInvoices({ file, onFault, remember: true, signal })
  const totals = new Totals(path)
  for await (const batch of reading.batches) {
    for (const invoice of batch) totals.add(invoice)
    onProgress({ rows: reading.rows, readBytes: reading.readBytes, sizeBytes: file.sizeBytes })
  }
  if (reading.rows === 0) {
    throw new OpsError('OPS_IMPORT_NOTHING', { file: path, problem: lines.size === 0 ? 'no row follows its header' : `all its ${lines.size} rows are bad, the first of them in line ${shown[0]?.line ?? 0}: ${shown[0]?.problem ?? ''}` })
  }
  const { invoices, sales, credits, adjustments, products } = totals
  return { file, sha256: reading.sha256(), rows: reading.rows, invoices, sales, credits, adjustments, products, leftOut: { lines, examples: shown } }
}

const maxInt = 2_147_483_647

/** Adds up invoices. */
class Totals {
  readonly invoices: Record<InvoiceKind, number> = { sale: 0, stockIn: 0, writeOff: 0, creditNote: 0, adjustment: 0, unknown: 0 }
  readonly sales = { lines: 0, amount: 0n }
  readonly credits = { lines: 0, amount: 0n }
  readonly adjustments = { lines: 0, amount: 0n }
  readonly products = new Map<string, ProductTotals>()
  readonly #path: string

  constructor (path: string) {
    this.#path = path
  }

  add ({ kind, rows }: Invoice): void {
    this.invoices[kind]++
    for (const row of rows) this.#perKind[kind](row, multiplyMoney(row.unitPrice, row.quantity))
  }

  readonly #perKind: Readonly<Record<InvoiceKind, (row: ImportRow, amount: bigint) => void>> = {
    sale: (row, amount) => {
      if (row.unitPrice > 0n) this.sales.lines++
      this.sales.amount += amount
      this.#move(row).sell(row)
    },
    stockIn: row => { this.#product(row) },
    writeOff: row => { this.#move(row).writtenOff -= row.quantity },
    creditNote: (_, amount) => {
      this.credits.lines++
      this.credits.amount -= amount
    },
    adjustment: (_, amount) => {
      this.adjustments.lines++
      this.adjustments.amount += amount
    },
    unknown: () => {}
  }

  /** The product of a row that takes from its stock, which must still hold all that is taken. */
  #move (row: ImportRow): ProductTotals {
    const product = this.#product(row)
    const taken = product.sold + product.writtenOff + Math.abs(row.quantity)
    if (taken <= maxInt) return product
    throw new OpsError('OPS_IMPORT_ROW_BAD', {
      file: this.#path, line: row.line, column: 'Quantity', problem: `${taken} pieces of ${row.sku} are sold or written off up to here, more than any stock holds`
    })
  }

  #product (row: ImportRow): ProductTotals {
    let product = this.products.get(row.sku)
    if (product === undefined) this.products.set(row.sku, product = new ProductTotals(row))
    return product
  }
}

class ProductTotals implements SurveyedProduct {
  readonly stocked: boolean
  name: string
  unitPrice: bigint | undefined
  sold = 0
  writtenOff = 0
  #isNamedBySale = false

  constructor ({ sku, stocked, description }: ImportRow) {
    this.stocked = stocked
    this.name = description === '' ? sku : description
  }

  sell ({ description, quantity, unitPrice }: ImportRow): void {
    this.sold += quantity
    if (unitPrice > 0n) this.unitPrice ??= unitPrice
    if (this.#isNamedBySale || description === '') return
    this.#isNamedBySale = true
    this.name = description
  }
}

/** Pieces in stock when the import begins: the share of what is sold, and all that is written off. */
export function openingStock ({ sold, writtenOff }: SurveyedProduct, stockShare: number): number {
  return Math.floor(sold * stockShare) + writtenOff
}
