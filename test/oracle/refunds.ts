import { type Amount } from './amount.ts'
import { type CreditLine } from './credits.ts'
import { type Invoice } from './invoices.ts'

/** What is paid back for credits, and what customers are still owed. */
export interface Refunds {
  readonly paid: Amount
  readonly owed: Amount
}

/**
 * Pays matched credit lines, in the order of the file, out of the orders that they are set against: each piece at the price of the
 * note, and never more than is left of the money of its order. What is not paid, and lines that are not matched, stay owed.
 */
export function refundsOf (invoices: readonly Invoice[], credits: readonly CreditLine[]): Refunds {
  const left = new Map(invoices.filter(({ kind }) => kind === 'sale').map(({ invoiceNo, lines }) => [invoiceNo, lines.reduce((sum, { total }) => sum + total, 0n)]))
  let paid = 0n
  for (const { quantity, amount, taken } of credits) {
    for (const take of taken) {
      const wanted = amount / BigInt(quantity) * BigInt(take.quantity)
      const there = left.get(take.invoiceNo) ?? 0n
      const part = wanted < there ? wanted : there
      left.set(take.invoiceNo, there - part)
      paid += part
    }
  }
  return { paid, owed: credits.reduce((sum, { amount }) => sum + amount, 0n) - paid }
}
