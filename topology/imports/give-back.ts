import { type CreditTake, type ImportCredit, type ImportPurchase, type ImportPurchasesState } from '#schemas'
import { type CreditView } from './decide-credit.ts'
import { importedOrderId } from './import-ids.ts'

/** What follows from a decision for the money and the goods of a credit line. */
export interface GiveBack {
  readonly credit: ImportCredit
  /** Pieces whose money is to be asked back now, by the line of an order that they were bought in. */
  readonly pieces: readonly CreditTake[]
  /** True when the goods of the line go back into stock now. */
  readonly comesBack: boolean
}

/** The row afterwards, which remembers what is given back. */
export interface GivenBack {
  readonly row: ImportPurchasesState
  readonly gifts: readonly GiveBack[]
}

/**
 * Works out what the decisions just made give back. Pure. However often a line is decided anew, no more pieces of it are paid than it
 * has, and none of an order twice; but what was paid out of an order that was withdrawn later went back with all its money, and does
 * not count for the line. What is not paid stays the customer's credit. Goods come back once, when their line is matched first.
 */
export function giveBack (row: ImportPurchasesState, decided: readonly ImportCredit[], { runId, withdrawn }: CreditView): GivenBack {
  const gifts: GiveBack[] = []
  const purchaseOf = ({ orderId, lineNo }: CreditTake): ImportPurchase | undefined =>
    row.purchases.find(purchase => purchase.lineNo === lineNo && importedOrderId(runId, purchase.invoiceNo) === orderId)
  const isKept = (part: CreditTake): boolean => !withdrawn.has(purchaseOf(part)?.sequence ?? -1)
  let credits = row.credits
  for (const credit of decided) {
    if (credit.takes.length === 0) continue
    const kept = credit.given.filter(isKept)
    let due = credit.quantity - piecesOf(kept)
    const pieces: CreditTake[] = []
    for (const take of due > 0 ? credit.takes : []) {
      const unpaid = (purchaseOf(take)?.quantity ?? 0) - piecesAt(take, credits.flatMap(({ given }) => given))
      const quantity = Math.min(take.quantity - piecesAt(take, kept), unpaid, due)
      if (quantity <= 0) continue
      due -= quantity
      pieces.push({ ...take, quantity })
    }
    if (pieces.length === 0 && credit.cameBack) continue
    const after = { ...credit, given: [...credit.given, ...pieces], cameBack: true }
    credits = credits.map(each => each === credit ? after : each)
    gifts.push({ credit: after, pieces, comesBack: !credit.cameBack })
  }
  return gifts.length === 0 ? { row, gifts } : { row: { ...row, credits }, gifts }
}

/** Currency of a credit of the row that was paid out of the order; undefined = none was. */
export function currencyPaid (row: ImportPurchasesState, orderId: string): string | undefined {
  return row.credits.find(({ given }) => given.some(part => part.orderId === orderId))?.currency
}

function piecesOf (parts: readonly CreditTake[]): number {
  return parts.reduce((sum, { quantity }) => sum + quantity, 0)
}

/** Pieces of the same line of the same order. */
function piecesAt ({ orderId, lineNo }: CreditTake, parts: readonly CreditTake[]): number {
  return piecesOf(parts.filter(part => part.lineNo === lineNo && part.orderId === orderId))
}
