import { type StockState } from '#schemas'
import { type Body } from '../commands/body.ts'
import { type InventoryEvent } from '../topics.ts'

/** An inventory event without its metadata. */
export type InventoryEventBody = Body<InventoryEvent>

/** How pieces move. `restore` is the way back of `deduct`. */
export type StockMovement = 'reserve' | 'release' | 'deduct' | 'restore' | 'receive' | 'writeOff'

/** Largest count of pieces a SKU may ever have had: counts travel as Avro int. */
export const maxPieces = 2_147_483_647

type Counter = 'onHand' | 'reserved' | 'deducted' | 'in' | 'out'

/** What each movement does to each counter, per piece: the whole arithmetic of stock. */
const movements: Readonly<Record<StockMovement, Readonly<Partial<Record<Counter, 1 | -1>>>>> = {
  reserve: { reserved: 1 },
  release: { reserved: -1 },
  deduct: { onHand: -1, reserved: -1, deducted: 1 },
  restore: { onHand: 1, deducted: -1 },
  receive: { onHand: 1, in: 1 },
  writeOff: { onHand: -1, out: 1 }
}

/** Stock of a SKU that has just been opened. */
export function openStock (sku: string, opening: number, reorderLevel: number): StockState {
  return { type: 'StockState', sku, opening, in: 0, out: 0, deducted: 0, onHand: opening, reserved: 0, waiting: 0, reorderLevel, version: 1 }
}

/** Pieces on hand that nobody holds. */
export function available (stock: StockState): number {
  return stock.onHand - stock.reserved
}

/** Pieces that a new order can have: those who wait come first, and none of what they wait for is given away before their eyes. */
export function unclaimed (stock: StockState): number {
  return Math.max(0, available(stock) - stock.waiting)
}

/** The stock once so many pieces more, or less, are waited for. No piece moves, so the version stays. */
export function claimStock (stock: StockState, pieces: number): StockState {
  if (stock.waiting + pieces < 0) throw new RangeError(`less than nothing would wait for ${stock.sku}`)
  return { ...stock, waiting: stock.waiting + pieces }
}

/** All pieces that could ever lie on the shelf: what is bounded by `maxPieces`. */
export function supplied (stock: StockState): number {
  return stock.opening + stock.in - stock.out
}

/**
 * The stock after a movement. Decisions check before they move, so a broken law here is a defect, never a business case.
 *
 * @throws {RangeError} when a counter would go below zero, or more would be reserved than is on hand: the record is dead-lettered.
 */
export function moveStock (stock: StockState, movement: StockMovement, pieces: number): StockState {
  const step = movements[movement]
  const moved: StockState = {
    ...stock,
    onHand: stock.onHand + pieces * (step.onHand ?? 0),
    reserved: stock.reserved + pieces * (step.reserved ?? 0),
    deducted: stock.deducted + pieces * (step.deducted ?? 0),
    in: stock.in + pieces * (step.in ?? 0),
    out: stock.out + pieces * (step.out ?? 0),
    version: stock.version + 1
  }
  if (moved.onHand < 0 || moved.reserved < 0 || moved.deducted < 0 || moved.reserved > moved.onHand) {
    throw new RangeError(`${movement} of ${pieces} would break the stock law of ${stock.sku}`)
  }
  return moved
}

/** True when this change took the free stock down to the reorder level: said once, at the crossing. */
export function crossedReorderLevel (before: StockState | undefined, after: StockState): boolean {
  return available(after) <= after.reorderLevel && (before === undefined || available(before) > before.reorderLevel)
}

/** The stock of a SKU after one of its events: folding inventory.events gives the rows of the store. */
export function evolveStock (stock: StockState | undefined, event: InventoryEventBody): StockState | undefined {
  if (event.type === 'SkuRegistered') return openStock(event.sku, event.openingStock, event.reorderLevel)
  if (stock === undefined) return undefined
  switch (event.type) {
    case 'StockReserved': return moveStock(stock, 'reserve', event.quantity)
    case 'StockDeducted': return moveStock(stock, 'deduct', event.quantity)
    case 'StockReleased': return moveStock(stock, event.restored ? 'restore' : 'release', event.quantity)
    case 'BackOrderQueued': return claimStock(stock, event.quantity)
    case 'BackOrderFilled':
    case 'BackOrderWithdrawn': return claimStock(stock, -event.quantity)
    case 'StockAdjusted': return moveStock(stock, event.delta < 0 ? 'writeOff' : 'receive', Math.abs(event.delta))
    default: return stock
  }
}
