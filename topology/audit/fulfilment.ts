import { type OrderView } from '#schemas'
import { type Findings } from './law.ts'

type Delivered = Pick<OrderView, 'orderId' | 'outcome' | 'state' | 'lines' | 'progress' | 'returns' | 'captured' | 'refunded'>

const fulfilled: ReadonlySet<OrderView['state']> = new Set(['Delivered', 'ReturnRequested', 'PartiallyReturned', 'Returned'])

/**
 * What becomes of the pieces of an order, line by line: shipped + cancelled ≤ ordered, delivered ≤ shipped, returned ≤ delivered, nothing
 * below zero. Fulfilled is what is delivered and what was returned after it. At a quiet moment the money follows: what was cancelled or
 * came back is given back, as far as money was there, and a return that is called refunded was.
 */
export function checkFulfilment (findings: Findings, order: Delivered): void {
  const { orderId, outcome, state, lines, progress, returns, captured, refunded } = order
  const ordered = new Map(lines.map(line => [line.lineNo, line]))
  let owed = 0n
  for (const { lineNo, shipped, cancelled, delivered, returned } of progress) {
    const line = ordered.get(lineNo)
    if (line === undefined || shipped + cancelled > line.quantity) findings.add(orderId, `line ${lineNo}: ${shipped} shipped and ${cancelled} cancelled of ${line?.quantity ?? 0}`)
    if (delivered > shipped) findings.add(orderId, `line ${lineNo}: ${delivered} delivered of ${shipped} shipped`)
    if (returned > delivered) findings.add(orderId, `line ${lineNo}: ${returned} given back of ${delivered} delivered`)
    if (Math.min(shipped, cancelled, delivered, returned) < 0) findings.add(orderId, `line ${lineNo}: fewer pieces than none`)
    owed += (line?.unitPrice ?? 0n) * BigInt(cancelled + returned)
  }
  if ((outcome === 'Fulfilled') !== fulfilled.has(state)) findings.add(orderId, `is ${state}, and its outcome is ${outcome ?? 'open'}`)
  if (outcome !== 'Fulfilled') return
  if (refunded < (owed < captured ? owed : captured)) findings.add(orderId, `${refunded} refunded, though ${owed} were cancelled or given back`)
  const paid = returns.reduce((sum, entry) => sum + entry.refunded, 0n)
  if (paid > refunded) findings.add(orderId, `${paid} refunded for returns, ${refunded} in all`)
}

/** Pieces of an order that were put back one by one, by SKU. */
export function putBackPieces ({ lines, progress }: Pick<OrderView, 'lines' | 'progress'>): ReadonlyMap<string, number> {
  const cancelled = new Map(progress.map(line => [line.lineNo, line.cancelled]))
  const pieces = new Map<string, number>()
  for (const { lineNo, sku, stocked } of lines) {
    const count = stocked ? cancelled.get(lineNo) ?? 0 : 0
    if (count > 0) pieces.set(sku, (pieces.get(sku) ?? 0) + count)
  }
  return pieces
}
