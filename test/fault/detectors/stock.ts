import { type LogRecord, type StockFacts } from '../evidence/evidence.ts'
import { type Detector, Inquiry } from './verdict.ts'

type Level = Pick<StockFacts, 'onHand' | 'reserved' | 'deducted'>

/**
 * I3: stock, per SKU: opening + delivered - written off = on hand + sold; nothing is below zero, no more is reserved than there is; what
 * the events add up to at every step is what they say, and at the end what the owner has; at rest nothing is reserved.
 */
export const stock: Detector = ({ records, stocks }) => {
  const inquiry = new Inquiry()
  const events = Map.groupBy(records.filter(({ topic }) => topic === 'commerce.inventory.events'), ({ key }) => key)
  const owned = new Map(stocks.map(row => [row.sku, row]))
  for (const row of stocks) {
    inquiry.equal(row.sku, 'opening + in - out - deducted = on hand', row.opening + row.in - row.out - row.deducted, row.onHand)
    inquiry.equal(row.sku, 'reserved at rest', 0, row.reserved)
    for (const [name, value] of Object.entries(row)) if (typeof value === 'number' && value < 0) inquiry.find(row.sku, `${name} is ${value}`)
  }
  for (const [sku, history] of events) {
    const level = follow(inquiry, sku, history)
    const row = owned.get(sku)
    if (row === undefined) inquiry.find(sku, 'has events and no stock')
    else for (const name of ['onHand', 'reserved', 'deducted'] as const) inquiry.equal(sku, `${name} by the events = by the owner`, level[name], row[name])
  }
  for (const { sku } of stocks) if (!events.has(sku)) inquiry.find(sku, 'has stock and no events')
  return inquiry.verdict()
}

function follow (inquiry: Inquiry, sku: string, history: readonly LogRecord[]): Level {
  let level: Level = { onHand: 0, reserved: 0, deducted: 0 }
  for (const { type, facts, offset } of history) {
    const next = moved(level, type, facts)
    if (next === undefined) continue
    level = next
    for (const name of ['onHand', 'reserved'] as const) {
      if (facts[name] !== undefined) inquiry.equal(sku, `${name} after ${type} at ${offset}`, level[name], Number(facts[name]))
    }
    if (level.onHand < 0 || level.reserved < 0 || level.deducted < 0 || level.reserved > level.onHand) {
      inquiry.find(sku, `${level.reserved} reserved of ${level.onHand} on hand, ${level.deducted} sold, after ${type} at ${offset}`)
    }
  }
  return level
}

function moved ({ onHand, reserved, deducted }: Level, type: string, facts: LogRecord['facts']): Level | undefined {
  const pieces = Number(facts['quantity'] ?? facts['delta'] ?? 0)
  switch (type) {
    case 'SkuRegistered': return { onHand: Number(facts['openingStock'] ?? 0), reserved: 0, deducted: 0 }
    case 'StockReserved': return { onHand, reserved: reserved + pieces, deducted }
    case 'StockDeducted': return { onHand: onHand - pieces, reserved: reserved - pieces, deducted: deducted + pieces }
    case 'StockReleased': return facts['restored'] === true
      ? { onHand: onHand + pieces, reserved, deducted: deducted - pieces }
      : { onHand, reserved: reserved - pieces, deducted }
    case 'StockAdjusted': return { onHand: onHand + pieces, reserved, deducted }
    default: return undefined
  }
}
