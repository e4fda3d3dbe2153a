import { namedQuery, runQuery } from '../../sinks/clickhouse/named-query.ts'
import { type ShipmentLists } from '../ports.ts'
import { type AnalyticsClient } from './clickhouse-order-history.ts'

interface Page { readonly after: string, readonly limit: number }

const orderIdOf = (json: Readonly<Record<string, unknown>>): string => String(json['order_id'])

const pending = namedQuery<Page>()({
  title: 'Orders of which a shipment waits to be picked up, by id, from one on',
  sql: `SELECT order_id FROM raw_events
    WHERE event_type IN ('ShipmentCreated', 'ShipmentPickedUp', 'ShipmentCancelled') AND order_id > {after:String}
    GROUP BY order_id
    HAVING countIf(event_type = 'ShipmentCreated' AND JSONExtractInt(payload, 'shipmentNo') = 1) > 0
      AND countIf(event_type = 'ShipmentPickedUp' AND JSONExtractInt(payload, 'shipmentNo') = 1) = 0
      AND countIf(event_type = 'ShipmentCancelled' AND NOT JSONExtractBool(payload, 'nothingToCancel')) = 0
    ORDER BY order_id LIMIT {limit:UInt32}`,
  row: orderIdOf
})

const delayed = namedQuery<Page>()({
  title: 'Orders of which a shipment is late and has not ended, by id, from one on',
  sql: `SELECT order_id FROM raw_events
    WHERE event_type IN ('ShipmentDelayed', 'ShipmentDelivered', 'ShipmentReturned') AND order_id > {after:String}
    GROUP BY order_id
    HAVING length(arrayFilter(id -> NOT has(groupUniqArrayIf(JSONExtractString(payload, 'shipmentId'), event_type != 'ShipmentDelayed'), id),
      groupUniqArrayIf(JSONExtractString(payload, 'shipmentId'), event_type = 'ShipmentDelayed'))) > 0
    ORDER BY order_id LIMIT {limit:UInt32}`,
  row: orderIdOf
})

/** Finds orders by what became of their shipments, in analytics: about a second behind the shipments themselves. Rejects with the client's error. */
export function createClickHouseShipmentLists (client: AnalyticsClient): ShipmentLists {
  return {
    pending: async (after, limit) => await runQuery(client, pending, { after, limit }),
    delayed: async (after, limit) => await runQuery(client, delayed, { after, limit })
  }
}
