import { type AdjustStock, type RegisterSku, type Restock, type StockState } from '#schemas'
import { type Rejection } from '../commands/processed-command.ts'
import { type InventoryEventBody, available, crossedReorderLevel, evolveStock, maxPieces, supplied } from './stock.ts'

type Content<Command> = Omit<Command, 'meta'>
/** A command about the stock of one SKU, as the decision sees it. */
export type StockCommand = Content<RegisterSku> | Content<AdjustStock> | Content<Restock>

/** Either events, with the row after them, or the rule that was broken. No events and no rejection: a repeat. */
export interface StockDecision {
  readonly events: readonly InventoryEventBody[]
  readonly stock: StockState | undefined
  readonly rejection?: Rejection
}

/** Decides on a stock command. Pure; `stock` undefined = the SKU is not known. */
export function decideStock (stock: StockState | undefined, command: StockCommand): StockDecision {
  if (command.type === 'RegisterSku') return decideRegistration(stock, command)
  if (stock === undefined) return reject(stock, 'unknown-sku', 'sku', 'the SKU is not registered')
  if (command.type === 'Restock') {
    if (!isCount(command.quantity) || command.quantity === 0) return reject(stock, 'invalid-quantity', 'quantity', 'a delivery has at least one piece')
    return changeOnHand(stock, command.quantity, 'restock')
  }
  if (command.expectedVersion !== null && command.expectedVersion !== stock.version) {
    return reject(stock, 'version-mismatch', 'expectedVersion', `the stock is at version ${stock.version}`)
  }
  if (!isCount(Math.abs(command.delta))) return reject(stock, 'invalid-quantity', 'delta', 'the change is out of range')
  if (command.delta === 0) return { events: [], stock }
  return changeOnHand(stock, command.delta, command.reason)
}

function decideRegistration (stock: StockState | undefined, command: Content<RegisterSku>): StockDecision {
  const { sku, openingStock, reorderLevel } = command
  if (stock !== undefined) {
    if (stock.opening === openingStock && stock.reorderLevel === reorderLevel) return { events: [], stock }
    return reject(stock, 'sku-known', 'sku', 'the SKU is registered with another opening stock or reorder level')
  }
  if (sku === '') return reject(stock, 'invalid-sku', 'sku', 'the SKU is empty')
  if (!isCount(openingStock)) return reject(stock, 'invalid-quantity', 'openingStock', 'the opening stock is below zero')
  if (!isCount(reorderLevel)) return reject(stock, 'invalid-quantity', 'reorderLevel', 'the reorder level is below zero')
  return accept(stock, { type: 'SkuRegistered', sku, openingStock, reorderLevel })
}

function changeOnHand (stock: StockState, delta: number, reason: string): StockDecision {
  if (available(stock) + delta < 0) return reject(stock, 'short-stock', 'delta', `only ${available(stock)} pieces are free`)
  if (supplied(stock) + delta > maxPieces) return reject(stock, 'invalid-quantity', 'delta', `a SKU holds at most ${maxPieces} pieces`)
  return accept(stock, { type: 'StockAdjusted', sku: stock.sku, delta, reason, onHand: stock.onHand + delta, reserved: stock.reserved })
}

function accept (before: StockState | undefined, event: InventoryEventBody): StockDecision {
  const stock = evolveStock(before, event) as StockState
  const low = crossedReorderLevel(before, stock) ? [lowStock(stock)] : []
  return { events: [event, ...low], stock }
}

/** The notice that free stock has come down to the reorder level. */
export function lowStock (stock: StockState): InventoryEventBody {
  return { type: 'LowStockDetected', sku: stock.sku, available: available(stock), reorderLevel: stock.reorderLevel }
}

function reject (stock: StockState | undefined, code: string, field: string, message: string): StockDecision {
  return { events: [], stock, rejection: { code, field, message } }
}

function isCount (value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= maxPieces
}
