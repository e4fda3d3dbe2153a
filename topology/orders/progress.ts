import { type LineProgress, type LineQuantity, type OrderLine, type OrderView } from '#schemas'
import { multiplyMoney, sumMoney } from '../money.ts'

/**
 * What became of the pieces of an order, line by line: a fold of its events. Law, per line: shipped + cancelled ≤ ordered,
 * delivered ≤ shipped, returned ≤ delivered. A line without stock ships with the order it belongs to: it is delivered with it.
 */
type Progress = readonly LineProgress[]
type Pieces = readonly LineQuantity[]

/** Pieces that have left the warehouse. */
export function withShipped (progress: Progress, pieces: Pieces): Progress {
  return change(progress, pieces, (line, quantity) => ({ ...line, shipped: line.shipped + quantity }))
}

/** Pieces that will not be delivered; `cameBack`: they had left. */
export function withCancelled (progress: Progress, pieces: Pieces, cameBack: boolean): Progress {
  return change(progress, pieces, (line, quantity) => ({
    ...line, cancelled: line.cancelled + quantity, shipped: line.shipped - (cameBack ? quantity : 0)
  }))
}

/** Pieces that the customer has. */
export function withDelivered (progress: Progress, pieces: Pieces): Progress {
  return change(progress, pieces, (line, quantity) => ({ ...line, shipped: quantity, delivered: quantity }))
}

/** Pieces that the customer gave back. */
export function withReturned (progress: Progress, pieces: Pieces): Progress {
  return change(progress, pieces, (line, quantity) => ({ ...line, returned: line.returned + quantity }))
}

/** Stocked pieces that have neither left nor been cancelled, by line. */
export function leftToShip ({ lines, progress }: Pick<OrderView, 'lines' | 'progress'>): Pieces {
  const known = byLine(progress)
  return lines.filter(line => line.stocked).flatMap(({ lineNo, quantity }) => {
    const { shipped, cancelled } = known.get(lineNo) ?? untouched(lineNo)
    return piecesOf(lineNo, quantity - shipped - cancelled)
  })
}

/** Pieces that are delivered with the order: what left and did not come back, and every line without stock. */
export function deliverable ({ lines, progress }: Pick<OrderView, 'lines' | 'progress'>): Pieces {
  const known = byLine(progress)
  return lines.flatMap(({ lineNo, quantity, stocked }) => piecesOf(lineNo, stocked ? known.get(lineNo)?.shipped ?? 0 : quantity))
}

/** Delivered pieces that were not given back, by line. */
export function kept (progress: Progress): Pieces {
  return progress.flatMap(({ lineNo, delivered, returned }) => piecesOf(lineNo, delivered - returned))
}

/** What is left of the pieces when others are taken away; never less than none of a line. */
export function without (pieces: Pieces, others: Pieces): Pieces {
  const taken = new Map<number, number>()
  for (const { lineNo, quantity } of others) taken.set(lineNo, (taken.get(lineNo) ?? 0) + quantity)
  return pieces.flatMap(({ lineNo, quantity }) => piecesOf(lineNo, quantity - (taken.get(lineNo) ?? 0)))
}

/** What pieces of the order cost, at its prices. Unit: 1/10,000 of its currency. */
export function priceOfPieces (lines: readonly OrderLine[], pieces: Pieces): bigint {
  const known = byLine(lines)
  return sumMoney(pieces.map(({ lineNo, quantity }) => multiplyMoney(known.get(lineNo)?.unitPrice ?? 0n, quantity)))
}

function piecesOf (lineNo: number, quantity: number): Pieces {
  return quantity > 0 ? [{ lineNo, quantity }] : []
}

function byLine<Line extends { readonly lineNo: number }> (lines: readonly Line[]): Map<number, Line> {
  return new Map(lines.map(line => [line.lineNo, line]))
}

function untouched (lineNo: number): LineProgress {
  return { lineNo, shipped: 0, cancelled: 0, delivered: 0, returned: 0 }
}

function change (progress: Progress, pieces: Pieces, by: (line: LineProgress, quantity: number) => LineProgress): Progress {
  const changed = byLine(progress)
  for (const { lineNo, quantity } of pieces) changed.set(lineNo, by(changed.get(lineNo) ?? untouched(lineNo), quantity))
  return [...changed.values()].sort((a, b) => a.lineNo - b.lineNo)
}
