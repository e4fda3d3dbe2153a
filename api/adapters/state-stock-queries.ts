import { type StateQueryOptions } from '../../streams/state/query.ts'
import { stockPartitionOf } from '../../topology/inventory/routing.ts'
import { inventoryName, processedStore, stockStore } from '../../topology/inventory/stores.ts'
import { type StockQueries } from '../ports.ts'
import { createStateRows } from './state-rows.ts'

/** Reads stock where inventory keeps it. */
export function createStateStockQueries (options: StateQueryOptions): StockQueries {
  const rows = createStateRows(options, inventoryName, stockPartitionOf)
  return {
    read: async sku => await rows.read(sku, stockStore, sku),
    commandHash: async (sku, commandId) => (await rows.read(sku, processedStore, commandId))?.bodyHash
  }
}
