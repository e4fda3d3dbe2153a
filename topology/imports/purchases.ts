import { type CreditTake, type ImportPurchase, type ImportPurchasesState, type PlaceOrderLine, type UnmatchedReason } from '#schemas'
import { importedOrderId } from './import-ids.ts'

/** What one customer bought of one SKU, and what credits take back from it. Pure. */

/** A customer's purchases of a SKU that has never been bought. */
export const noPurchases: ImportPurchasesState = { type: 'ImportPurchasesState', purchases: [], credits: [] }

/** Key of the row: `account` is the key of the customer's account, and a length keeps customer and SKU apart whatever is in them. */
export function purchasesKey (account: string, sku: string): string {
  return `${account.length}/${account}/${sku}`
}

/** The row after one more sale. `lines`: those of the sale that are about this SKU; they are newer than all in the row. */
export function addPurchases (
  row: ImportPurchasesState, { sequence, invoiceNo, lines }: { readonly sequence: number, readonly invoiceNo: string, readonly lines: readonly Bought[] }
): ImportPurchasesState {
  return { ...row, purchases: [...row.purchases, ...lines.map(({ lineNo, quantity }) => ({ sequence, invoiceNo, lineNo, quantity, left: quantity }))] }
}

type Bought = Pick<PlaceOrderLine, 'lineNo' | 'quantity'>

/** Which purchases a credit may take from. */
export interface Counting {
  readonly runId: string
  /** Sequence of the credit note: only what was invoiced before it counts. */
  readonly before: number
  /** Sequences of sales whose orders do not count: they ended without being confirmed, or were cancelled. */
  readonly withdrawn: ReadonlySet<number>
}

/** What a credit takes, newest purchase first, and the purchases then; `reason` says why it takes nothing. */
export interface TakeBack {
  readonly takes: readonly CreditTake[]
  readonly reason: UnmatchedReason | null
  readonly purchases: readonly ImportPurchase[]
}

/** Takes back that many pieces, at least 1, newest first, from all purchases that count; all of them or none. */
export function takeBack (purchases: readonly ImportPurchase[], quantity: number, { runId, before, withdrawn }: Counting): TakeBack {
  const rest = [...purchases]
  const takes: CreditTake[] = []
  let missing = quantity
  let bought = false
  for (let index = rest.length - 1; index >= 0 && missing > 0; index--) {
    const purchase = rest[index] as ImportPurchase
    if (purchase.sequence >= before || withdrawn.has(purchase.sequence)) continue
    bought = true
    const taken = Math.min(purchase.left, missing)
    if (taken === 0) continue
    missing -= taken
    rest[index] = { ...purchase, left: purchase.left - taken }
    takes.push({ orderId: importedOrderId(runId, purchase.invoiceNo), lineNo: purchase.lineNo, quantity: taken })
  }
  if (missing > 0) return { takes: [], reason: bought ? 'notEnoughLeft' : 'neverBought', purchases }
  return { takes, reason: null, purchases: rest }
}
