import { test } from 'tap'
import { sinkTargetSuite } from '../conformance/sink-target.ts'
import { insertRecords } from '../support/insert-records.ts'
import { ownDatabase } from '../support/own-database.ts'
import { orderBooks, runLedger } from '../../ops/verify/ledger-rows.ts'
import { createClickHouseTarget, migrate, queries, runQuery, type SinkError } from '../../sinks/index.ts'
import { StreamsError } from '../../streams/errors.ts'
import { type TypedValue } from '../../streams/serde/serde.ts'
import { type ClickHouseClient, type ClickHouseSettings } from '@clickhouse/client'
import { PARTITION_KEY } from '../../sinks/clickhouse/tables.ts'
import { readMigrations } from '../../sinks/clickhouse/migrate.ts'
import { event, jsonDecoder } from '../sinks/clickhouse/json-events.ts'

/** Reads nothing but the text that marks a bad record. */
const lenient = {
  decode: (_topic: string, bytes: Buffer): TypedValue => {
    if (bytes.includes('unreadable')) throw new StreamsError('STR_RECORD_UNREADABLE')
    return { type: 'Some', text: bytes.toString() } as TypedValue
  }
}

test('ClickHouse target keeps what every sink target promises', async t => {
  const client = (await ownDatabase(t))?.client
  if (client === undefined) return
  await migrate(client)
  await sinkTargetSuite(t, async () => ({ target: createClickHouseTarget({ client, decoder: lenient }), topic: 'suite', border: 1_000_000n }))
})

test('ClickHouse target refuses a table that does not keep the protocol', async t => {
  const client = (await ownDatabase(t))?.client
  if (client === undefined) return
  const columns = '(_topic String, _partition UInt16, _offset UInt64)'
  const partition = `PARTITION BY ${PARTITION_KEY}`
  const tables = {
    no_window: `${columns} ENGINE = MergeTree ${partition} ORDER BY _offset`,
    small_window: `${columns} ENGINE = MergeTree ${partition} ORDER BY _offset SETTINGS non_replicated_deduplication_window = 100`,
    other_partition: `${columns} ENGINE = MergeTree PARTITION BY _topic ORDER BY _offset SETTINGS non_replicated_deduplication_window = 100000`,
    no_tree: `${columns} ENGINE = Memory`,
    with_view: `${columns} ENGINE = MergeTree ${partition} ORDER BY _offset SETTINGS non_replicated_deduplication_window = 100000`,
    fit: `${columns} ENGINE = MergeTree ${partition} ORDER BY _offset SETTINGS non_replicated_deduplication_window = 100000`
  }
  for (const [name, definition] of Object.entries(tables)) await client.command({ query: `CREATE TABLE ${name} ${definition}` })
  await client.command({ query: 'CREATE MATERIALIZED VIEW below ENGINE = MergeTree ORDER BY tuple() AS SELECT count() AS c FROM with_view' })
  for (const name of ['missing', 'no_window', 'small_window', 'other_partition', 'no_tree', 'with_view']) {
    await t.rejects(createClickHouseTarget({ client, decoder: lenient, table: name }).check(), { code: 'STR_SINK_UNFIT' }, name)
  }
  await t.resolves(createClickHouseTarget({ client, decoder: lenient, table: 'fit' }).check())
})

test('rows of a table of the first layout are all there in the new one when two processes migrate at once', async t => {
  const client = (await ownDatabase(t))?.client
  if (client === undefined) return
  for (const { statements } of (await readMigrations()).slice(0, 14)) for (const query of statements) await client.command({ query })
  const payload = '{"placedAt":1700000000000,"lines":[{"lineNo":1,"sku":"a","quantity":2,"unitPrice":"1.5000","lineTotal":"3.0000"}]}'
  await client.command({
    query: `INSERT INTO raw_events (_topic, _partition, _offset, order_id, event_type, payload) SETTINGS insert_deduplication_token = 'before', max_partitions_per_insert_block = 0
      SELECT 'topic ' || toString(number % 3), number % 8, intDiv(number, 24) * 900000, toString(number), 'OrderConfirmed', '${payload}' FROM numbers(480)`
  })
  const look = async (): Promise<unknown> => (await rowsOf(client, 'SELECT count() AS rows, sum(_offset) AS offsets, sum(cityHash64(_topic, order_id)) AS hash, sum(sale.lines[1].lineTotal) AS sold FROM raw_events'))[0]
  const before = await look()
  await Promise.all([migrate(client), migrate(client)])
  t.same(await look(), before)
  t.match(before, { rows: 480, sold: 1440 })
  t.same(await rowsOf(client, "SELECT name, partition_key FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'raw_events')"), [{ name: 'raw_events', partition_key: PARTITION_KEY }])
  await insertRecords(createClickHouseTarget({ client, decoder: jsonDecoder }), [event('topic 0', 20_000_000n, { type: 'Later' })])
  t.match(await look(), { rows: 481 }, 'nobody is kept out any more')
})

test('migrations leave the database alone when they run twice, and notice one that was edited', async t => {
  const client = (await ownDatabase(t))?.client
  if (client === undefined) return
  const lines: string[] = []
  const report = (line: { readonly name: string, readonly action: string }): void => { lines.push(`${line.name} ${line.action}`) }
  await migrate(client, report)
  await migrate(client, report)
  const names = ['raw_events', 'order_views', 'stock_levels_of_every_sku', 'waiting_orders_and_low_stock', 'ledger', 'fulfilment_and_returns', 'behaviour_and_experiments', 'analytics', 'analytics_of_events',
    'orders_by_their_own_events', 'products_and_funnel', 'typed_columns', 'notification_deliveries', 'lighter_inserts', 'one_part_a_plan']
  t.same(lines, [...names.map(name => `${name} applied`), ...names.map(name => `${name} present`)])
  await Promise.all([migrate(client), migrate(client)])
  await client.command({ query: "ALTER TABLE schema_migrations UPDATE checksum = 'other' WHERE version = 1 SETTINGS mutations_sync = 2" })
  await t.rejects(migrate(client), { code: 'SNK_MIGRATION_CHANGED' } satisfies Partial<SinkError>)
})

test('figures are the same of rows that were there before their typed columns, and no insert can fill those in another way', async t => {
  const client = (await ownDatabase(t))?.client
  if (client === undefined) return
  const migrations = await readMigrations()
  const older = migrations.filter(({ version }) => version < 12)
  for (const { statements } of older) for (const query of statements) await client.command({ query })
  const lines = [1, 2, 3].map(lineNo => ({ lineNo, sku: lineNo === 3 ? 'A' : `A${lineNo === 1 ? '' : 'B'}`, quantity: lineNo, unitPrice: 25_000n, lineTotal: 25_000n * BigInt(lineNo) }))
  const about = { orderId: 'a', currency: 'GBP', placedAt: 1_700_000_000_000 }
  await put(client, 'commerce.orders.events', [
    { type: 'OrderConfirmed', ...about, total: 150_000n, lines },
    { type: 'OrderReturned', ...about, lines: [{ lineNo: 2, quantity: 1 }] }
  ])
  const fact = { ...about, at: about.placedAt, channel: 'api', country: 'GB', customerId: 'c1' }
  await put(client, 'commerce.analytics.facts', [
    { type: 'OrderFact', ...fact, status: 'confirmed', orders: 1, confirmed: 1, sales: 1, lines: 3, units: 6, gross: 150_000n, refunds: 0n },
    { type: 'PaymentFact', ...fact, paymentId: 'p', method: 'card', failure: null, succeeded: 1, captured: 150_000n, refunded: 25_000n, refunds: 25_000n },
    { type: 'ProductFact', at: fact.at, behaviour: 'purchased', times: 1, products: [{ sku: 'A', lines: 2, pieces: 4 }, { sku: 'AB', lines: 1, pieces: 2 }] }
  ])
  await put(client, 'commerce.behaviour.events', [
    { type: 'ProductViewed', sessionId: 's', at: 1 }, { type: 'ProductAddedToCart', sessionId: 's', at: 2 }, { type: 'CheckoutStarted', sessionId: 's', at: 3, orderId: 'a' },
    { type: 'ProductPurchased', ...about, lines }
  ])
  const views = ['sales_by_day', 'orders_by_day', 'payment_failures', 'sold_lines', 'returned_lines', 'product_sales', 'product_days', 'funnel_sessions']
  const figures = async (): Promise<unknown[]> => await Promise.all(views.map(async view => await rowsOf(client, `SELECT * FROM ${view} ORDER BY ALL`)))
  const before = await figures()
  t.ok(before.every(rows => Array.isArray(rows) && rows.length > 0), 'each view has something to tell')
  await migrate(client)
  t.same(await figures(), before)
  t.same(await rowsOf(client, 'SELECT sku, toUInt32(orders) AS n, toString(gross) AS sold, toString(refunds) AS back FROM product_sales ORDER BY sku'), [
    { sku: 'A', n: 1, sold: '10', back: '0' }, { sku: 'AB', n: 1, sold: '5', back: '2.5' }
  ])
  await client.command({ query: 'OPTIMIZE TABLE raw_events FINAL' })
  t.same(await figures(), before, 'once they are written as well')
  await t.rejects(client.command({ query: "INSERT INTO raw_events (_topic, sale) SETTINGS insert_deduplication_token = 'forged' SELECT 'x', sale FROM raw_events" }), /MATERIALIZED/)
})

test('the view of notification deliveries tells what reached whom and how long it took', async t => {
  const client = (await ownDatabase(t))?.client
  if (client === undefined) return
  await migrate(client)
  const startMs = 1_700_000_000_000
  const at = (seconds: number): { readonly meta: { readonly occurredAt: number } } => ({ meta: { occurredAt: startMs + seconds * 1000 } })
  const ask = (notificationId: string, notBefore: number | null = null): object => ({ type: 'NotificationRequested', ...at(0), notificationId, template: 'order-shipped', notBefore })
  const tell = (type: string, seconds: number, notificationId: string, channel: string, more: object = {}): object =>
    ({ type: `Notification${type}`, ...at(seconds), notificationId, channel, template: 'order-shipped', providerId: null, ...more })
  await put(client, 'commerce.notifications.requests', [ask('fast'), ask('late', startMs + 60_000), ask('bounces'), ask('fails'), ask('in-doubt'), ask('unwanted')])
  await put(client, 'commerce.notifications.events', [
    tell('Delivered', 1, 'fast', 'inApp'), tell('Sent', 2, 'fast', 'email', { providerId: 'p1' }), tell('Delivered', 4, 'fast', 'email', { providerId: 'p1' }),
    tell('Sent', 62, 'late', 'email'),
    tell('Sent', 3, 'bounces', 'email'), tell('Delivered', 5, 'bounces', 'email'), tell('Failed', 9, 'bounces', 'email', { code: 'mailbox-full' }),
    tell('Failed', 7, 'fails', 'email', { code: 'expired' }),
    tell('Failed', 8, 'in-doubt', 'email', { code: 'in-doubt', inDoubt: true }), tell('Delivered', 9, 'in-doubt', 'email'),
    tell('Cancelled', 1, 'unwanted', 'email', { reason: 'unwanted' }),
    tell('Failed', 2, 'bounced-at-once', 'sms', { code: 'bounced', providerId: 'p2' })
  ])
  t.same(await rowsOf(client, "SELECT concat(notification_id, ' ', channel, ' ', outcome, ' ', code) AS told FROM notification_deliveries ORDER BY told"), [
    'bounced-at-once sms bounced bounced', 'bounces email bounced mailbox-full', 'fails email failed expired', 'fast email delivered ', 'fast inApp delivered ', 'in-doubt email delivered ',
    'late email sent ', 'unwanted email cancelled unwanted'
  ].map(told => ({ told })))
  const days = `SELECT toString(day) AS d, channel, notifications, sent, delivered, bounced, failed, cancelled, send_p50_ms AS send, deliver_p95_ms AS deliver
    FROM notification_deliveries_by_day ORDER BY channel`
  t.same(await rowsOf(client, days, { output_format_json_quote_64bit_integers: 0 }), [
    { d: '2023-11-14', channel: 'email', notifications: 6, sent: 1, delivered: 2, bounced: 1, failed: 1, cancelled: 1, send: 2000, deliver: 9000 },
    { d: '2023-11-14', channel: 'inApp', notifications: 1, sent: 0, delivered: 1, bounced: 0, failed: 0, cancelled: 0, send: null, deliver: 1000 },
    { d: '2023-11-14', channel: 'sms', notifications: 1, sent: 0, delivered: 0, bounced: 1, failed: 0, cancelled: 0, send: null, deliver: null }
  ])
})

test('named queries and views give exact figures from raw rows', async t => {
  const client = (await ownDatabase(t))?.client
  if (client === undefined) return
  await migrate(client)
  const target = createClickHouseTarget({ client, decoder: jsonDecoder })
  const price = 33_333_333_333_333n
  const created = (orderId: string, clientReference: string, lines: number): object => {
    const placed = Array.from({ length: lines }, (_, index) => ({ lineNo: index + 1, sku: `s'${index}`, quantity: 1, unitPrice: price, lineTotal: price }))
    const rest = { currency: 'GBP', total: price * BigInt(lines), placedAt: 1_700_000_000_000, channel: 'api', clientReference }
    return { type: 'OrderCreated', orderId, lines: placed, ...rest }
  }
  const confirmed = (orderId: string, lines: number): object => ({
    type: 'OrderConfirmed', orderId, currency: 'GBP', total: price * BigInt(lines), lines: Array.from({ length: lines }, () => ({})), placedAt: 1_700_000_000_000
  })
  const records = [
    created('a', 'run-1', 3),
    created('b', 'run-1', 2),
    created('c', 'run-2', 9),
    confirmed('a', 3),
    { type: 'OrderCancelled', orderId: 'b', cause: 'shortStock', currency: 'GBP', refunded: 0n },
    confirmed('c', 9),
    { type: 'PaymentAuthorized', orderId: 'a', amount: price, currency: 'GBP' },
    { type: 'PaymentSucceeded', orderId: 'a', amount: price, currency: 'GBP' }
  ].map((value, index) => event('orders.events', BigInt(index), value))
  await insertRecords(target, records)
  const run = { referencePrefix: 'run-1' }
  t.same(await runQuery(client, queries.runRevenue, run), [{
    currency: 'GBP', placedOrders: 2, placedLines: 5, placedGross: price * 5n, confirmedOrders: 1, confirmedLines: 3, confirmedGross: price * 3n
  }])
  t.same(await runQuery(client, queries.ordersRevenue, { orderIds: ['a', 'c', ...Array.from({ length: 3000 }, (_, index) => `other order ${index}`)] }), [{
    currency: 'GBP', confirmedOrders: 2, confirmedLines: 12, confirmedGross: price * 12n
  }])
  t.same(await runQuery(client, queries.runOrders, run), [{ state: 'Cancelled', orders: 1, everConfirmed: 0 }, { state: 'Confirmed', orders: 1, everConfirmed: 1 }])
  t.same(await runQuery(client, queries.runMoney, run), [{ currency: 'GBP', authorised: price, captured: price, voided: 0n, refunded: 0n }])
  const three = { p50: 3, p95: 3, p99: 3 }
  t.same(await runQuery(client, queries.runLatency, run), [{ orders: 1, sincePlacedMs: three, sinceCreatedMs: three }])
  const counts = { topic: 'orders.events', partition: 0, rows: 8, distinct: 8, lastOffset: 7n, undecodable: 0 }
  t.same(await runQuery(client, queries.topicCounts, { topicPrefix: 'orders.' }), [counts])
  t.same((await runQuery(client, queries.orderEvents, { orderId: 'a', limit: 10 })).map(row => row.type), ['OrderCreated', 'OrderConfirmed', 'PaymentAuthorized', 'PaymentSucceeded'])
  const day = { day: '2023-11-14', currency: 'GBP', orders: 2, lines: 12, gross: price * 12n }
  t.same(await runQuery(client, queries.revenueByDay, { from: '2023-11-14', to: '2023-11-14' }), [day])
  const answer = await client.query({
    query: "SELECT order_id, line_no, sku, toString(line_total) AS total, ever_confirmed FROM order_lines WHERE order_id = 'a' ORDER BY line_no LIMIT 1",
    format: 'JSONEachRow'
  })
  const lines = await answer.json()
  t.same(lines, [{ order_id: 'a', line_no: 1, sku: "s'0", total: '3333333333.3333', ever_confirmed: 1 }])
})

/** Puts records into the table, as the sink of one topic does. */
async function put (client: ClickHouseClient, topic: string, values: readonly object[]): Promise<void> {
  const target = createClickHouseTarget({ client, decoder: jsonDecoder })
  const records = values.map((value, index) => event(topic, BigInt(index), value))
  await insertRecords(target, records)
}

async function rowsOf (client: ClickHouseClient, query: string, settings: ClickHouseSettings = {}): Promise<unknown[]> {
  return await (await client.query({ query, format: 'JSONEachRow', clickhouse_settings: settings })).json()
}

test('the views of the ledger balance, whatever movements an entry has', async t => {
  const client = (await ownDatabase(t))?.client
  if (client === undefined) return
  await migrate(client)
  const large = 33_333_333_333_333n
  type Move = readonly [kind: string, debit: string, credit: string, amount: bigint]
  const entry = (entryId: string, orderId: string | null, moves: readonly Move[], more: object = {}): object => {
    const [first, ...further] = moves.map(([kind, debitAccount, creditAccount, amount]) => ({ kind, debitAccount, creditAccount, amount }))
    return { type: 'LedgerPosted', entryId, orderId, reference: `of ${entryId}`, ...first, currency: 'GBP', bookedAt: 1_291_191_960_000, further, customerId: null, ...more }
  }
  await put(client, 'orders.events', [{ type: 'OrderCreated', orderId: 'a', customerId: 'c1', clientReference: 'run-1', currency: 'GBP', total: large, lines: [] }])
  await put(client, 'ledger.entries', [
    entry('e1', 'a', [['authorised', 'holds', 'holds-contra', large]]),
    entry('e2', 'a', [['captured', 'cash', 'revenue', large], ['released', 'holds-contra', 'holds', large], ['fee', 'fees', 'cash', 7n]]),
    entry('e3', 'a', [['credited', 'returns', 'customer-credit', 30_000n]], { customerId: 'c1', reference: 'run-1/C1' }),
    entry('e4', 'a', [['refunded', 'customer-credit', 'cash', 20_000n]]),
    entry('e5', null, [['credited', 'returns', 'customer-credit', 5n]], { reference: 'run-1/C2' }),
    // As entries were before they had further movements.
    { type: 'LedgerPosted', entryId: 'e6', orderId: null, reference: 'run-1/A1', kind: 'adjusted', debitAccount: 'receivables', creditAccount: 'adjustments', amount: 3n, currency: 'EUR', bookedAt: 0 }
  ])
  t.same(await rowsOf(client, 'SELECT account, currency, toString(balance) AS left FROM trial_balance WHERE balance != 0 ORDER BY currency, account'), [
    { account: 'adjustments', currency: 'EUR', left: '-0.0003' },
    { account: 'receivables', currency: 'EUR', left: '0.0003' },
    { account: 'cash', currency: 'GBP', left: '3333333331.3326' },
    { account: 'customer-credit', currency: 'GBP', left: '-1.0005' },
    { account: 'fees', currency: 'GBP', left: '0.0007' },
    { account: 'returns', currency: 'GBP', left: '3.0005' },
    { account: 'revenue', currency: 'GBP', left: '-3333333333.3333' }
  ])
  t.same(await rowsOf(client, 'SELECT currency, toString(sum(balance)) AS together FROM trial_balance GROUP BY currency ORDER BY currency'), [{ currency: 'EUR', together: '0' }, { currency: 'GBP', together: '0' }])
  t.same(await rowsOf(client, 'SELECT customer_id, toString(credited) AS credited, toString(paid) AS paid, toString(owed) AS owed FROM customer_credits ORDER BY customer_id'), [
    { customer_id: '', credited: '0.0005', paid: '0', owed: '0.0005' }, { customer_id: 'c1', credited: '3', paid: '2', owed: '1' }
  ])
  t.same(await orderBooks(client, 'run-1'), [{
    orderId: 'a', authorised: large, released: large, captured: large, voided: 0n, refunded: 20_000n, debits: 3n * large + 50_007n, credits: 3n * large + 50_007n, holds: 0n
  }])
  const { entries, distinct, balances } = await runLedger(client, 'run-1')
  t.same([entries, distinct, balances.length], [6, 6, 9])
  t.same(await runLedger(client, 'run-2'), { entries: 0, distinct: 0, balances: [] })
})

test('the views of orders, shipments, returns and credits tell where each is', async t => {
  const client = (await ownDatabase(t))?.client
  if (client === undefined) return
  await migrate(client)
  const story = (orderId: string, ...types: readonly string[]): object[] => types.map(type => ({ type: `Order${type}`, orderId }))
  const delivered = ['Created', 'Confirmed', 'Shipped', 'Delivered'] as const
  await put(client, 'orders.events', [
    ...story('a', ...delivered),
    ...story('b', ...delivered, 'ReturnRequested'),
    ...story('c', ...delivered, 'ReturnRequested', 'ReturnDeclined'),
    ...story('d', ...delivered, 'ReturnRequested', 'PartiallyReturned', 'ReturnRequested', 'ReturnDeclined'),
    ...story('e', ...delivered, 'ReturnRequested', 'Returned'),
    ...story('f', 'Created', 'Confirmed', 'PartiallyShipped', 'LinesCancelled'),
    ...story('g', 'Created', 'InventoryReserved', 'RiskReviewRequested')
  ])
  t.same(await rowsOf(client, "SELECT concat(order_id, ' ', state) AS told FROM orders ORDER BY order_id"), [
    'a Delivered', 'b ReturnRequested', 'c Delivered', 'd PartiallyReturned', 'e Returned', 'f PartiallyShipped', 'g OnRiskReview'
  ].map(told => ({ told })))
  const parcel = { orderId: 'a', shipmentId: 's1', shipmentNo: 1 }
  await put(client, 'shipping.events', [
    { type: 'ShipmentCreated', ...parcel, carrier: 'UPS', service: 'Ground', trackingNumber: 't1', cost: 49_900n, currency: 'GBP' },
    { type: 'ShipmentPickedUp', ...parcel },
    { type: 'ShipmentDelayed', ...parcel },
    { type: 'ShipmentDeliveryFailed', ...parcel, attempt: 1 },
    { type: 'ShipmentDelivered', ...parcel },
    { type: 'ShipmentTrackingUpdated', ...parcel, note: 'late' },
    { type: 'ShipmentRefused', orderId: 'a', shipmentNo: 2 }
  ])
  const shipments = 'SELECT shipment_id, order_id, carrier, tracking_number, toString(cost) AS cost, stage, toUInt32(failed_attempts) AS failed, delayed FROM shipments'
  t.same(await rowsOf(client, shipments), [
    { shipment_id: 's1', order_id: 'a', carrier: 'UPS', tracking_number: 't1', cost: '4.99', stage: 'delivered', failed: 1, delayed: 1 }
  ])
  const back = { orderId: 'a', returnId: 'r1', currency: 'GBP' }
  const credit = { reference: 'run-1/C1', lineNo: 1, sku: 'A', quantity: 2, amount: 10_000n, currency: 'GBP', customerId: 'c1' }
  await put(client, 'returns.events', [
    { type: 'ReturnRequested', ...back, customerId: 'c1', amount: 30_000n },
    { type: 'ReturnReceived', ...back, amount: 20_000n },
    { type: 'RefundIssued', ...back, amount: 20_000n },
    { type: 'CreditNoteMatched', revision: 1, ...credit },
    { type: 'CreditNoteUnmatched', revision: 2, reason: 'notEnoughLeft', ...credit }
  ])
  t.same(await rowsOf(client, 'SELECT return_id, customer_id, status, toString(amount) AS amount, toString(refunded) AS refunded, currency FROM returns'), [
    { return_id: 'r1', customer_id: 'c1', status: 'refunded', amount: '2', refunded: '2', currency: 'GBP' }
  ])
  t.same(await rowsOf(client, 'SELECT line_no, matched, unmatched_reason, toString(amount) AS amount FROM credit_lines'), [
    { line_no: 1, matched: 0, unmatched_reason: 'notEnoughLeft', amount: '1' }
  ])
})

test('ClickHouse target takes every record, however odd, and gives it back unchanged', async t => {
  const client = (await ownDatabase(t))?.client
  if (client === undefined) return
  await migrate(client)
  const target = createClickHouseTarget({ client, decoder: jsonDecoder })
  const odd = 'tab\t line\n return\r nul\0 back\\slash \\N quote" \' € 😀 \u007f'
  const values: object[] = [
    { type: odd, orderId: odd, currency: odd, meta: { eventId: odd, occurredAt: 1e300 }, total: 10n ** 30n },
    { type: 'Zero', meta: { occurredAt: 0 }, amount: 0n },
    { type: 'Least', amount: -999_999_999_999_999_999n, currency: 'GBP' },
    { type: 'Late', meta: { occurredAt: 10_413_791_999_999 }, nested: [[[{ odd }]]] },
    { type: 'Large', text: 'x'.repeat(1_000_000) },
    { type: '' }
  ]
  const records = values.map((value, index) => event('odd', BigInt(index), value, odd))
  const range = await insertRecords(target, records, "it's")
  t.same(await target.count(range), { rows: 6, distinct: 6 })
  const answer = await client.query({
    query: 'SELECT event_type, entity_key, order_id, toString(amount) AS amount, payload FROM raw_events ORDER BY _offset', format: 'JSONEachRow'
  })
  const [first, , least, late, large] = await answer.json<{ readonly amount: string, readonly payload: string }>()
  t.match(first, { event_type: odd, entity_key: odd, order_id: odd, amount: '0' })
  t.match(JSON.parse(first?.payload ?? ''), { type: odd, total: '100000000000000000000000000.0000' })
  t.equal(least?.amount, '-99999999999999.9999')
  t.same((JSON.parse(late?.payload ?? '') as { readonly nested: unknown }).nested, [[[{ odd }]]])
  t.equal((JSON.parse(large?.payload ?? '') as { readonly text: string }).text.length, 1_000_000)
})
