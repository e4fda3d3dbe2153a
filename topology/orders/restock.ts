import { type LineQuantity } from '#schemas'
import { commandId } from '../envelope.ts'
import { type OrderDraft } from './draft.ts'

/**
 * Puts pieces of the order back into the stock, line by line: pieces that did not leave, came back undelivered, or were returned. Lines
 * without stock, and those whose partition has given its pieces back by itself, are left out.
 *
 * `effectId`: what they come back from, once in the life of an order: the same pieces are put back once, however often it is said.
 */
export function putBack (draft: OrderDraft, pieces: readonly LineQuantity[], effectId: string): void {
  const { saga: { orderId, parts }, view: { lines }, partitionOf } = draft
  const held = new Set(parts.filter(({ progress }) => progress === 'confirmed').map(({ partition }) => partition))
  const skus = new Map(lines.filter(line => line.stocked && held.has(partitionOf(line.sku))).map(({ lineNo, sku }) => [lineNo, sku]))
  for (const { lineNo, quantity } of pieces) {
    const sku = skus.get(lineNo)
    if (sku !== undefined) draft.send({ type: 'Restock', sku, quantity, commandId: commandId('restock', orderId, effectId, String(lineNo)) })
  }
}
