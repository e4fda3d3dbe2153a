import { type CountedSku, type StockAdjusted, type StockFact } from '#schemas'
import { type Body } from '../commands/body.ts'
import { type InventoryEvent } from '../topics.ts'

/** Inventory events that are counted here: what orders reserve and take is told by the inventory itself, piece by piece. */
export const countedStockEvents = ['SkuRegistered', 'StockAdjusted'] as const satisfies ReadonlyArray<InventoryEvent['type']>

/** An inventory event that is counted. */
export type CountedStockEvent = Extract<InventoryEvent, { readonly type: (typeof countedStockEvents)[number] }>

/** The row of a SKU of which nothing has come yet. */
export const uncountedSku: CountedSku = Object.freeze({ type: 'CountedSku', version: 0 })

/** Counts one more registration or correction of a SKU. Pure. An event that came before is known by its version: no fact. */
export function countStock (before: CountedSku, event: CountedStockEvent): { readonly row: CountedSku, readonly fact: Body<StockFact> | undefined } {
  const { sku, meta: { aggregateVersion: version, occurredAt: at } } = event
  if (version <= before.version) return { row: before, fact: undefined }
  return { row: { ...before, version }, fact: { type: 'StockFact', sku, at, ...event.type === 'SkuRegistered' ? opened(event.openingStock) : moved(event) } }
}

type Movement = Omit<Body<StockFact>, 'type' | 'sku' | 'at'>

function opened (onHand: number): Movement {
  return { movement: 'opened', reason: '', received: 0, writtenOff: 0, onHandDelta: onHand, onHand, reserved: 0 }
}

function moved ({ delta, reason, onHand, reserved }: StockAdjusted): Movement {
  const movement = delta < 0 ? 'writtenOff' : 'received'
  return { movement, reason, received: Math.max(delta, 0), writtenOff: Math.max(-delta, 0), onHandDelta: delta, onHand, reserved }
}
