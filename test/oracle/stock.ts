import { type CreditLine } from './credits.ts'
import { type Invoice, type Kind } from './invoices.ts'

/** Pieces of one SKU over the whole file. */
export interface Stock {
  /** Before the first invoice: for every sale and every write-off. */
  readonly opening: number
  /** By orders that were not cancelled. */
  readonly sold: number
  /** Stock that came in on invoices of free lines alone, and what was given back by lines that belong to a purchase. */
  readonly in: number
  /** Written off, as far as it was not refused. */
  readonly out: number
  /** At the end. */
  readonly onHand: number
}

const books: Partial<Readonly<Record<Kind, 'ordered' | 'in' | 'out'>>> = { sale: 'ordered', stockIn: 'in', writeOff: 'out' }

export interface StockOptions {
  /** Part of the pieces ordered that is there at the start, rounded down by SKU; all of the pieces written off are. */
  readonly share: number
  /** Numbers of sales that are not delivered. */
  readonly cancelled: ReadonlySet<string>
  /** Write-offs that are not carried out, as invoice and line: `536589/1`. */
  readonly refused: ReadonlySet<string>
  /** Lines of credit notes, matched with these orders cancelled. */
  readonly credits: readonly CreditLine[]
}

/** Stock by SKU. */
export function stockOf (invoices: readonly Invoice[], { share, cancelled, refused, credits }: StockOptions): Map<string, Stock> {
  const pieces = new Map<string, { ordered: number, sold: number, in: number, out: number, refused: number }>()
  const none = { ordered: 0, sold: 0, in: 0, out: 0, refused: 0 }
  for (const { invoiceNo, kind, lines } of invoices) {
    const book = books[kind]
    if (book === undefined) continue
    for (const { lineNo, sku, isStocked, quantity } of lines) {
      if (!isStocked) continue
      const of = pieces.get(sku) ?? { ...none }
      of[book] += Math.abs(quantity)
      if (book === 'ordered' && !cancelled.has(invoiceNo)) of.sold += quantity
      if (book === 'out' && refused.has(`${invoiceNo}/${lineNo}`)) of.refused -= quantity
      pieces.set(sku, of)
    }
  }
  for (const { sku, isStocked, quantity, taken } of credits) {
    if (!isStocked || taken.length === 0) continue
    const of = pieces.get(sku) ?? { ...none }
    of.in += quantity
    pieces.set(sku, of)
  }
  return new Map([...pieces].map(([sku, { ordered, sold, in: received, out: writtenOff, refused }]) => {
    const opening = Math.floor(ordered * share) + writtenOff
    const out = writtenOff - refused
    return [sku, { opening, sold, in: received, out, onHand: opening + received - sold - out }]
  }))
}
