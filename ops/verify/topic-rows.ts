import { type OutcomeEvent } from '../../topology/audit/laws.ts'
import { type ClickHouseClient } from '../../sinks/index.ts'
import { namedQuery, runQuery } from '../../sinks/clickhouse/named-query.ts'

const rowsSince = namedQuery<{ readonly from: ReadonlyMap<string, number> }>()({
  title: 'Rows and distinct offsets by topic, from an offset of each topic-partition on',
  sql: `SELECT _topic, toString(count()) AS rows, toString(uniqExact(_partition, _offset)) AS distinct FROM raw_events
    WHERE mapContains({from:Map(String, UInt64)}, concat(_topic, '-', toString(_partition)))
      AND _offset >= {from:Map(String, UInt64)}[concat(_topic, '-', toString(_partition))]
    GROUP BY _topic ORDER BY _topic`,
  row: json => ({ topic: String(json['_topic']), rows: BigInt(String(json['rows'])), distinct: BigInt(String(json['distinct'])) })
})

/** Rows that ClickHouse holds by topic, from the given offsets (by `partitionKey`) on; a row twice shows as one too many. */
export async function rowsByTopic (
  client: ClickHouseClient, from: ReadonlyMap<string, bigint>
): Promise<ReadonlyMap<string, { readonly rows: bigint, readonly distinct: bigint }>> {
  const rows = await runQuery(client, rowsSince, { from: new Map([...from].map(([key, offset]) => [key, Number(offset)])) })
  return new Map(rows.map(({ topic, rows, distinct }) => [topic, { rows, distinct }]))
}

const piecesDeducted = namedQuery<object>()({
  title: 'Pieces deducted minus put back, by SKU, as the stock events tell',
  sql: `SELECT entity_key AS sku, toString(sumIf(JSONExtractInt(payload, 'quantity'), event_type = 'StockDeducted')
      - sumIf(JSONExtractInt(payload, 'quantity'), event_type = 'StockReleased' AND JSONExtractBool(payload, 'restored'))) AS pieces
    FROM raw_events WHERE event_type IN ('StockDeducted', 'StockReleased') GROUP BY entity_key`,
  row: json => [String(json['sku']), Number(json['pieces'])] as const
})

/** Pieces that the stock events say were sold for good, by SKU. */
export async function deductedPieces (client: ClickHouseClient): Promise<ReadonlyMap<string, number>> {
  return new Map(await runQuery(client, piecesDeducted, {}))
}

const endings = namedQuery<{ readonly referencePrefix: string }>()({
  title: 'Every event that gave an order of a run its outcome',
  sql: `SELECT order_id, event_type FROM raw_events WHERE event_type IN ('OrderCancelled', 'OrderFailed', 'OrderTimedOut', 'OrderDelivered')
    AND order_id IN (SELECT order_id FROM raw_events WHERE event_type = 'OrderCreated' AND startsWith(JSONExtractString(payload, 'clientReference'), {referencePrefix:String}))`,
  row: json => ({ orderId: String(json['order_id']), type: String(json['event_type']) as OutcomeEvent['type'] })
})

/** Every event that gave an order of the run its outcome, repeats included. */
export async function outcomeEvents (client: ClickHouseClient, referencePrefix: string): Promise<readonly OutcomeEvent[]> {
  return await runQuery(client, endings, { referencePrefix })
}
