import { type CreditLine } from './credits.ts'
import { type Invoice, type Kind } from './invoices.ts'

/** Pieces of one SKU over the whole file, when every order is delivered. */
export interface Stock {
  /** Before the first invoice: enough for every sale and every write-off. */
  opening: number
  sold: number
  /** Stock that came in on invoices of free lines alone. */
  in: number
  /** Written off. */
  out: number
  /** Given back on credit lines that were matched. */
  returned: number
  /** At the end. */
  onHand: number
}

const books: Partial<Readonly<Record<Kind, 'sold' | 'in' | 'out'>>> = { sale: 'sold', stockIn: 'in', writeOff: 'out' }

/** Stock by SKU. `share` of the pieces sold, rounded down, is there at the start, and all of the pieces written off. */
export function stockOf (invoices: readonly Invoice[], credits: readonly CreditLine[], share: number): Map<string, Stock> {
  const stocks = new Map<string, Stock>()
  const of = (sku: string): Stock => {
    const stock = stocks.get(sku) ?? { opening: 0, sold: 0, in: 0, out: 0, returned: 0, onHand: 0 }
    stocks.set(sku, stock)
    return stock
  }
  for (const { kind, lines } of invoices) {
    const book = books[kind]
    if (book !== undefined) for (const { sku, isStocked, quantity } of lines) if (isStocked) of(sku)[book] += Math.abs(quantity)
  }
  for (const { sku, isStocked, quantity, taken } of credits) if (isStocked && taken.length > 0) of(sku).returned += quantity
  for (const stock of stocks.values()) {
    stock.opening = Math.floor(stock.sold * share) + stock.out
    stock.onHand = stock.opening + stock.in + stock.returned - stock.sold - stock.out
  }
  return stocks
}
