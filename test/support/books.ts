import { type StockState } from '#schemas'
import { type FetchedRecord } from '#streams'
import { stateRows } from '../../ops/verify/state-rows.ts'
import { inventoryName, stockPartitions, stockStore } from '../../topology/index.ts'
import { call } from './http.ts'
import { type TestPlatform } from './platform.ts'

/** Money of one order as the gateway's own ledger has it, in 1/10,000 of the currency unit. Undefined: it never heard of the order. */
export async function moneyAtGateway (platform: TestPlatform, orderId: string): Promise<Readonly<Record<string, string>> | undefined> {
  const { body } = await call(`${platform.gatewayUrl}/v1/ledger?orderId=${orderId}`)
  const { totals } = body as { readonly totals: Readonly<Record<string, Readonly<Record<string, string>>>> }
  return Object.values(totals)[0]
}

/** Stock of a SKU as the task that owns it has it. */
export async function stockOf (platform: TestPlatform, sku: string): Promise<StockState | undefined> {
  return (await stateRows(platform.state, inventoryName, stockPartitions, stockStore, key => key === sku)).get(sku)
}

/**
 * Waits until analytics holds as many rows for these records as there are records, and returns how often it holds each of them:
 * `topic-partition-offset` → rows. A row twice, or one that no record stands for, shows as such.
 */
export async function rowsOf (platform: TestPlatform, orderId: string, records: readonly FetchedRecord[]): Promise<ReadonlyMap<string, number>> {
  for (;;) {
    const answer = await platform.clickhouse.query({
      query: `SELECT concat(_topic, '-', toString(_partition), '-', toString(_offset)) AS at, toUInt32(count()) AS rows
        FROM raw_events WHERE order_id = {orderId:String} GROUP BY at`,
      query_params: { orderId },
      format: 'JSONEachRow'
    })
    const rows = new Map((await answer.json<{ readonly at: string, readonly rows: number }>()).map(({ at, rows }) => [at, rows]))
    if (rows.size >= records.length) return rows
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}
