import { type LineQuantity } from '#schemas'
import { type Rejection, reject } from './price-order.ts'

/** The rule that pieces asked for break when only these are there; each line at most once. */
export function checkPieces (asked: readonly LineQuantity[], there: readonly LineQuantity[]): Rejection | undefined {
  const free = new Map(there.map(({ lineNo, quantity }) => [lineNo, quantity]))
  const seen = new Set<number>()
  for (const [index, { lineNo, quantity }] of asked.entries()) {
    const path = `/lines/${index}`
    const most = free.get(lineNo)
    if (seen.has(lineNo)) return reject('line-number-duplicate', `${path}/lineNo`, String(lineNo))
    seen.add(lineNo)
    if (!Number.isInteger(quantity) || quantity < 1) return reject('quantity-invalid', `${path}/quantity`)
    if (most === undefined) return reject('pieces-not-there', `${path}/lineNo`, `line ${lineNo}`)
    if (quantity > most) return reject('pieces-not-there', `${path}/quantity`, `${most} of line ${lineNo}`)
  }
  return undefined
}
