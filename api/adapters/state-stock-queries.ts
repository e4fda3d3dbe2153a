import { StreamsError } from '../../streams/errors.ts'
import { type StoreDef } from '../../streams/processor.ts'
import { createStateQuery } from '../../streams/state/query.ts'
import { stockPartitionOf } from '../../topology/inventory/routing.ts'
import { inventoryName, processedStore, stockStore } from '../../topology/inventory/stores.ts'
import { type StockQueries } from '../ports.ts'
import { type StateQueriesOptions } from './state-order-queries.ts'

/** Reads stock where inventory keeps it. A task whose state is missing or being restored is not read: STR_STATE_UNAVAILABLE. */
export function createStateStockQueries (options: StateQueriesOptions): StockQueries {
  const query = createStateQuery(options)
  const read = async <V>(sku: string, store: StoreDef<V>, key: string): Promise<V | undefined> => {
    const partition = stockPartitionOf(sku)
    const answer = await query.get(inventoryName, partition, [[store, key]])
    if (answer.status !== 'ready') throw new StreamsError('STR_STATE_UNAVAILABLE', { node: inventoryName, partition, reason: answer.status })
    return answer.values[0]
  }
  return {
    read: async sku => await read(sku, stockStore, sku),
    commandHash: async (sku, commandId) => (await read(sku, processedStore, commandId))?.bodyHash
  }
}
