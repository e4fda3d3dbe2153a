import { namedQuery, runQuery } from '../../sinks/clickhouse/named-query.ts'
import { type StockLevel, type StockLevels } from '../ports.ts'
import { type AnalyticsClient } from './clickhouse-order-history.ts'

const lowStock = namedQuery<{ readonly after: string, readonly limit: number }>()({
  title: 'SKUs whose free stock is at or below their reorder level, by name, from one on',
  sql: `SELECT sku, on_hand, reserved, reorder_level FROM stock_levels
    WHERE on_hand - reserved <= reorder_level AND sku > {after:String} ORDER BY sku LIMIT {limit:UInt32}`,
  row: (json): StockLevel => ({
    sku: String(json['sku']), onHand: Number(json['on_hand']), reserved: Number(json['reserved']), reorderLevel: Number(json['reorder_level'])
  })
})

/** Lists stock from analytics, about a second behind the stock itself. Rejects with the client's error. */
export function createClickHouseStockLevels (client: AnalyticsClient): StockLevels {
  return { low: async (after, limit) => await runQuery(client, lowStock, { after, limit }) }
}
