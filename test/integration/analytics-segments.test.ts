import { test } from 'tap'
import { createClickHouseAnalytics } from '../../api/adapters/clickhouse-analytics.ts'
import { migrate } from '../../sinks/index.ts'
import { ownDatabase } from '../support/own-database.ts'

const dayMs = 86_400_000

/** Sales of one customer: what each was worth, and how many days ago the last of them was placed. */
interface Buyer {
  readonly customerId: string
  readonly worth: readonly string[]
  readonly idleDays: number
  readonly segment: string
  /** Given back of the first sale. */
  readonly refunds?: string
}

/** A customer on either side of every border, and where two rules hold the one that is tested first. */
const buyers: readonly Buyer[] = [
  { customerId: 'vip', worth: ['10000.0000'], idleDays: 400, segment: 'VIP' },
  { customerId: 'vip-in-two', worth: ['4000.0000', '6000.0000'], idleDays: 1, segment: 'VIP' },
  { customerId: 'nearly-vip', worth: ['9999.9999'], idleDays: 400, segment: 'High Value' },
  { customerId: 'vip-before-a-refund', worth: ['10000.0000'], refunds: '0.0001', idleDays: 1, segment: 'High Value' },
  { customerId: 'high', worth: ['5000.0000'], idleDays: 1, segment: 'High Value' },
  { customerId: 'nearly-high', worth: ['4999.9999'], idleDays: 1, segment: 'New' },
  { customerId: 'loyal', worth: ['1.0000', '1.0000', '1.0000', '1.0000', '1.0000'], idleDays: 400, segment: 'Loyal' },
  { customerId: 'nearly-loyal', worth: ['1.0000', '1.0000', '1.0000', '1.0000'], idleDays: 1, segment: 'Regular' },
  { customerId: 'churned', worth: ['1.0000', '1.0000'], idleDays: 181, segment: 'Churned' },
  { customerId: 'nearly-churned', worth: ['1.0000', '1.0000'], idleDays: 180, segment: 'At Risk' },
  { customerId: 'at-risk', worth: ['1.0000'], idleDays: 91, segment: 'At Risk' },
  { customerId: 'nearly-at-risk', worth: ['1.0000', '1.0000'], idleDays: 90, segment: 'Regular' },
  { customerId: 'new', worth: ['1.0000'], idleDays: 90, segment: 'New' }
]

test('facts on the real engine', async t => {
  const client = (await ownDatabase(t))?.client
  if (client === undefined) return
  await migrate(client)
  let offset = 0
  const sell = async (customerId: string, placedAt: number, gross: string, refunds = '0.0000'): Promise<void> => {
    const none = { orders: 0, fulfilled: 0, cancelled: 0, failed: 0, timedOut: 0 }
    const about = { placedAt, at: placedAt, channel: 'api', country: 'GB', customerId, status: 'confirmed' }
    const fact = { ...about, ...none, pending: -1, confirmed: 1, sales: 1, lines: 1, units: 1, gross, refunds }
    const place = { _topic: 'commerce.analytics.facts', _partition: 0, _offset: offset }
    const values = [{ ...place, event_type: 'OrderFact', order_id: `o-${offset}`, currency: 'GBP', payload: JSON.stringify(fact) }]
    await client.insert({ table: 'raw_events', values, format: 'JSONEachRow', clickhouse_settings: { insert_deduplication_token: `fact-${offset++}` } })
  }

  await t.test('a customer is in the first segment that holds, on either side of every border', async t => {
    const now = Date.now()
    for (const { customerId, worth, idleDays, refunds } of buyers) {
      for (const [index, gross] of worth.entries()) await sell(customerId, now - (idleDays + 0.5 + index) * dayMs, gross, index === 0 ? refunds : undefined)
    }
    const { ask } = createClickHouseAnalytics(client)
    for (const { customerId, segment, worth } of buyers) t.match(await ask('lifetimeValue', { customerId }), [{ segment, orders: worth.length }], customerId)
  })

  await t.test('customers are kept by the month of their first order, whatever they bought in between', async t => {
    for (const [customerId, month] of [['ann', 0], ['ann', 0], ['ann', 2], ['bob', 0], ['cy', 1], ['cy', 2], ['cy', 13]] as const) await sell(customerId, Date.UTC(2020, month, 15), '1.0000')
    const query = `SELECT toString(cohort), toInt32(months_later), toInt32(customers), toInt32(orders), toInt32(cohort_size), retention
      FROM cohort_retention WHERE cohort < '2021-01-01' ORDER BY cohort, months_later`
    const answer = await client.query({ query, format: 'JSONCompactEachRow' })
    t.same(await answer.json(), [
      ['2020-01-01', 0, 2, 3, 2, 1], ['2020-01-01', 2, 1, 1, 2, 0.5], ['2020-02-01', 0, 1, 1, 1, 1], ['2020-02-01', 1, 1, 1, 1, 1], ['2020-02-01', 12, 1, 1, 1, 1]
    ])
  })
})
