import { type StateBackend } from '#streams'
import { type ClickHouseClient } from '../../sinks/index.ts'
import { namedQuery, runQuery } from '../../sinks/clickhouse/named-query.ts'
import { partitions, paymentStore, paymentsName } from '../../topology/index.ts'
import { encodedRows } from './state-rows.ts'

const ordersOnTheWay = namedQuery<{ readonly referencePrefix: string }>()({
  title: 'Orders of a run that are confirmed, and neither delivered nor ended in another way',
  sql: `SELECT countIf(confirmed AND NOT ended) AS orders FROM (
      SELECT order_id, countIf(event_type = 'OrderConfirmed') > 0 AS confirmed, countIf(event_type != 'OrderConfirmed') > 0 AS ended
      FROM raw_events WHERE event_type IN ('OrderConfirmed', 'OrderDelivered', 'OrderCancelled', 'OrderFailed', 'OrderTimedOut')
        AND order_id IN (SELECT order_id FROM raw_events WHERE event_type = 'OrderCreated' AND startsWith(JSONExtractString(payload, 'clientReference'), {referencePrefix:String}))
      GROUP BY order_id
    )`,
  row: json => Number(json['orders'])
})

/** Orders of the run that are still to be delivered, as far as ClickHouse knows its events. */
export async function onTheWay (client: ClickHouseClient, referencePrefix: string): Promise<number> {
  const [orders = 0] = await runQuery(client, ordersOnTheWay, { referencePrefix })
  return orders
}

/** Payments with a step at the gateway, or one that waits to be called again. @throws as `encodedRows` */
export async function paymentsUnderWay (state: StateBackend): Promise<number> {
  let underWay = 0
  for (let partition = 0; partition < partitions; partition++) {
    for (const [, bytes] of await encodedRows(state, { processor: paymentsName, partition, store: paymentStore })) {
      const { operation, waiting } = paymentStore.value.decode(bytes)
      if (operation !== null || waiting.length > 0) underWay++
    }
  }
  return underWay
}
