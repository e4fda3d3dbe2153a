import { namedQuery, runQuery } from '../../sinks/clickhouse/named-query.ts'
import { type HeldStock, type StockLevel, type StockLevels } from '../ports.ts'
import { type AnalyticsClient } from './clickhouse-order-history.ts'

interface Page { readonly after: string, readonly limit: number }

/** Empty = of every SKU, of every order, from the first on. */
interface HeldPage { readonly sku: string, readonly orderId: string, readonly afterOrder: string, readonly afterSku: string, readonly limit: number }

const levelOf = (json: Readonly<Record<string, unknown>>): StockLevel => ({
  sku: String(json['sku']), onHand: Number(json['on_hand']), reserved: Number(json['reserved']), reorderLevel: Number(json['reorder_level'])
})

const everySku = namedQuery<Page>()({
  title: 'SKUs with their stock, by name, from one on',
  sql: 'SELECT sku, on_hand, reserved, reorder_level FROM stock_levels WHERE sku > {after:String} ORDER BY sku LIMIT {limit:UInt32}',
  row: levelOf
})

const lowStock = namedQuery<Page>()({
  title: 'SKUs whose free stock is at or below their reorder level, by name, from one on',
  sql: `SELECT sku, on_hand, reserved, reorder_level FROM stock_levels
    WHERE on_hand - reserved <= reorder_level AND sku > {after:String} ORDER BY sku LIMIT {limit:UInt32}`,
  row: levelOf
})

const heldStock = namedQuery<HeldPage>()({
  title: 'What orders hold of the stock and have not taken off it, by order and SKU, from one on',
  sql: `SELECT order_id, entity_key AS sku,
      sum(JSONExtractInt(payload, 'quantity') *
        if(event_type = 'StockReserved', 1, if(event_type = 'StockDeducted' OR NOT JSONExtractBool(payload, 'restored'), -1, 0))) AS held,
      toUnixTimestamp64Milli(maxIf(occurred_at, event_type = 'StockReserved')) AS since
    FROM raw_events
    WHERE event_type IN ('StockReserved', 'StockDeducted', 'StockReleased')
      AND ({sku:String} = '' OR entity_key = {sku:String}) AND ({orderId:String} = '' OR order_id = {orderId:String})
      AND (order_id > {afterOrder:String} OR (order_id = {afterOrder:String} AND entity_key > {afterSku:String}))
    GROUP BY order_id, sku HAVING held > 0
    ORDER BY order_id, sku LIMIT {limit:UInt32}`,
  row: (json): HeldStock => ({
    orderId: String(json['order_id']), sku: String(json['sku']), quantity: Number(json['held']), sinceMs: Number(json['since'])
  })
})

/** Lists stock from analytics, about a second behind the stock itself. Rejects with the client's error. */
export function createClickHouseStockLevels (client: AnalyticsClient): StockLevels {
  return {
    list: async (after, limit) => await runQuery(client, everySku, { after, limit }),
    low: async (after, limit) => await runQuery(client, lowStock, { after, limit }),
    held: async ({ sku = '', orderId = '', after, limit }) =>
      await runQuery(client, heldStock, { sku, orderId, afterOrder: after?.orderId ?? '', afterSku: after?.sku ?? '', limit })
  }
}
