import { type Availability, type StockState } from '#schemas'
import { available, unclaimed } from './stock.ts'

/** How much of a SKU a new order can have, roughly: what those who wait for it claim is not there for others. */
export function availabilityOf (stock: StockState): Availability {
  if (unclaimed(stock) === 0) return 'out'
  return available(stock) <= stock.reorderLevel ? 'low' : 'inStock'
}
