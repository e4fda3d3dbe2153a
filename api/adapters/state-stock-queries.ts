import { type StateQueryOptions } from '../../streams/state/query.ts'
import { holdAttempt } from '../../topology/inventory/hold.ts'
import { isByHand, reservationKey } from '../../topology/inventory/reservation.ts'
import { stockPartitionOf } from '../../topology/inventory/routing.ts'
import { inventoryName, processedStore, reservationStore, stockStore } from '../../topology/inventory/stores.ts'
import { type StockQueries } from '../ports.ts'
import { createStateRows } from './state-rows.ts'

/** Reads stock where inventory keeps it. */
export function createStateStockQueries (options: StateQueryOptions): StockQueries {
  const rows = createStateRows(options, inventoryName, stockPartitionOf)
  return {
    read: async sku => await rows.read(sku, stockStore, sku),
    readAfter: async (sku, wait) => await rows.readAfter(wait, sku, stockStore, sku),
    commandHash: async (sku, commandId) => (await rows.read(sku, processedStore, commandId))?.bodyHash,
    hold: async (sku, reservationId, wait) => {
      const key = reservationKey({ orderId: reservationId, attempt: holdAttempt, partition: stockPartitionOf(sku) })
      const found = await rows.readAfter(wait, sku, reservationStore, key)
      if (found === 'behind') return found
      const isHold = found.row !== undefined && isByHand(found.row) && found.row.lines[0]?.sku === sku
      return { row: isHold ? found.row : undefined }
    },
    rejection: async (sku, commandId, wait) => {
      const found = await rows.readAfter(wait, sku, processedStore, commandId)
      if (found === 'behind') return found
      const { code = null, field = null, message } = found.row ?? {}
      return { row: code === null ? undefined : { code, field, message: message ?? '' } }
    }
  }
}
