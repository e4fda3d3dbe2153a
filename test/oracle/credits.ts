import { type Amount } from './amount.ts'
import { type Invoice } from './invoices.ts'

/** A line of a credit note, and what it was set against. */
export interface CreditLine {
  readonly invoiceNo: string
  readonly lineNo: number
  readonly customerId: string | null
  readonly sku: string
  readonly isStocked: boolean
  /** Pieces given back, above 0. */
  readonly quantity: number
  /** What the note gives back for them, above 0. */
  readonly amount: Amount
  /** Pieces taken from earlier purchase lines; empty = the line is not matched. */
  readonly taken: ReadonlyArray<{ readonly invoiceNo: string, readonly lineNo: number, readonly quantity: number }>
}

interface Purchase { readonly invoiceNo: string, readonly lineNo: number, left: number }

/**
 * Sets credit lines against purchases, in the order of the file. A line is matched when what is left over all earlier sale lines of
 * its customer and SKU, free ones included, is at least its quantity; then it is taken from the newest line first. Guests never match.
 */
export function matchCredits (invoices: readonly Invoice[]): CreditLine[] {
  const purchases = new Map<string, Purchase[]>()
  const credits: CreditLine[] = []
  for (const { invoiceNo, kind, customerId, lines } of invoices) {
    if (kind === 'sale' && customerId !== null) {
      for (const { lineNo, sku, quantity } of lines) {
        const bought = purchases.get(`${customerId}/${sku}`) ?? []
        bought.push({ invoiceNo, lineNo, left: quantity })
        purchases.set(`${customerId}/${sku}`, bought)
      }
    }
    if (kind !== 'creditNote') continue
    for (const { lineNo, sku, isStocked, quantity, total } of lines) {
      const bought = customerId === null ? [] : purchases.get(`${customerId}/${sku}`) ?? []
      credits.push({ invoiceNo, lineNo, customerId, sku, isStocked, quantity: -quantity, amount: -total, taken: take(bought, -quantity) })
    }
  }
  return credits
}

function take (bought: readonly Purchase[], wanted: number): CreditLine['taken'] {
  if (bought.reduce((sum, { left }) => sum + left, 0) < wanted) return []
  const taken = []
  let open = wanted
  for (const purchase of bought.toReversed()) {
    const quantity = Math.min(purchase.left, open)
    if (quantity === 0) continue
    purchase.left -= quantity
    open -= quantity
    taken.push({ invoiceNo: purchase.invoiceNo, lineNo: purchase.lineNo, quantity })
  }
  return taken
}
