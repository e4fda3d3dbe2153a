import { readFile } from 'node:fs/promises'
import { type Test, test } from 'tap'
import { createClickHouseAnalytics } from '../../api/adapters/clickhouse-analytics.ts'
import { type ClickHouseClient } from '../../sinks/index.ts'
import { ask } from '../../ops/sql/ask.ts'
import { documentedQueries } from '../../ops/codegen/analytics-doc.ts'
import { type Played, analyticsScene, isSold, played, refundsOf, totalOf, visitedAt, visits } from '../support/analytics-scene.ts'

const everything = { from: '1900-01-01', to: '2299-12-31' }
const sold = played.filter(isSold)
const sum = (orders: readonly Played[], of: (order: Played) => bigint): bigint => orders.reduce((total, order) => total + of(order), 0n)
const unitsOf = ({ lines }: Played): number => lines.reduce((pieces, [, quantity]) => pieces + quantity, 0)
const dayOf = ({ placedAt }: Played): string => new Date(placedAt).toISOString().slice(0, 10)
const of = (...fates: ReadonlyArray<Played['fate']>): readonly Played[] => played.filter(({ fate }) => fates.includes(fate))
const round6 = (share: number): number => Math.round(share * 1e6) / 1e6
const decimal = (e4: bigint): string => `${e4 / 10_000n}.${String(e4 % 10_000n).padStart(4, '0')}`

async function rowsOf (client: ClickHouseClient, query: string): Promise<readonly unknown[][]> {
  const answer = await client.query({ query, format: 'JSONCompactEachRow', clickhouse_settings: { output_format_json_quote_decimals: 1, output_format_json_quote_64bit_integers: 0, output_format_decimal_trailing_zeros: 1 } })
  return await answer.json<unknown[]>()
}

/** Sales by whatever a name is made of, worked out from the orders that were played: name, sales, gross, refunds. */
function salesBy (nameOf: (order: Played) => string): readonly unknown[][] {
  const figures = (orders: readonly Played[]): readonly unknown[] => [orders.length, decimal(sum(orders, totalOf)), decimal(sum(orders, refundsOf))]
  return [...Map.groupBy(sold, nameOf)].map(([name, orders]) => [name, ...figures(orders)]).toSorted()
}

test('analytics on the real engine', async t => {
  const scene = await analyticsScene(t)
  if (scene === undefined) return
  const { client } = scene
  const analytics = createClickHouseAnalytics(client)

  await t.test('orders are counted by day and by what became of them when they are placed, sold and ended', async t => {
    t.same(await analytics.ask('orders', everything), [{
      currency: 'GBP',
      orders: played.length,
      pending: of('waiting').length,
      confirmed: of('sold', 'refunded').length,
      fulfilled: 0,
      cancelled: of('called-off', 'declined', 'short').length,
      failed: 0,
      timedOut: 0,
      sales: sold.length
    }])
    const days = [...Map.groupBy(played, dayOf)].map(([day, orders]) => [day, orders.length, orders.filter(({ fate }) => fate === 'waiting').length]).toSorted()
    t.same(await rowsOf(client, 'SELECT toString(day) AS d, sum(orders), sum(pending) FROM orders_by_day GROUP BY d ORDER BY d'), days)
    t.same(await rowsOf(client, 'SELECT count() FROM orders_by_day WHERE orders != pending + confirmed + fulfilled + cancelled + failed + timed_out'), [[0]])
  })

  await t.test('revenue is exact by day, month, country and channel', async t => {
    const select = (name: string): string => `SELECT ${name} AS name, sum(sales), sum(gross), sum(refunds) FROM sales_by_day GROUP BY name ORDER BY name`
    t.same(await rowsOf(client, select('toString(day)')), salesBy(dayOf))
    t.same(await rowsOf(client, select('substring(toString(day), 1, 7)')), salesBy(order => dayOf(order).slice(0, 7)))
    t.same(await rowsOf(client, select('country')), salesBy(({ country }) => country))
    t.same(await rowsOf(client, select('channel')), salesBy(({ channel }) => channel))
  })

  await t.test('revenue by week, month and year adds up to revenue by day, within the days asked for', async t => {
    const [gross, refunds] = [sum(sold, totalOf), sum(sold, refundsOf)]
    for (const by of ['day', 'week', 'month', 'year'] as const) {
      const rows = await analytics.ask('revenue', { ...everything, by, currency: '', limit: 1000 })
      const all = (name: 'gross' | 'refunds' | 'net'): bigint => rows.reduce((sum, row) => sum + row[name], 0n)
      t.same([all('gross'), all('refunds'), all('net')], [gross, refunds, gross - refunds], by)
      t.equal(rows.reduce((pieces, row) => pieces + row.units, 0), sold.reduce((pieces, order) => pieces + unitsOf(order), 0))
      t.same(await rowsOf(client, `SELECT sum(gross) FROM sales_by_period WHERE period = '${by}'`), [[decimal(gross)]])
    }
    const december = sold.filter(order => dayOf(order).startsWith('2025-12'))
    const [row] = await analytics.ask('revenue', { from: '2025-12-01', to: '2025-12-31', by: 'year', currency: 'GBP', limit: 10 })
    t.match(row, { start: '2025-01-01', sales: december.length, gross: sum(december, totalOf) })
    t.same(await analytics.ask('revenue', { ...everything, by: 'day', currency: 'EUR', limit: 10 }), [])
  })

  await t.test('products are ranked by what was sold of them', async t => {
    const expected = new Map<string, { units: number, gross: bigint, orders: number }>()
    for (const [sku, quantity, price] of sold.flatMap(({ lines }) => lines)) {
      const before = expected.get(sku) ?? { units: 0, gross: 0n, orders: 0 }
      expected.set(sku, { units: before.units + quantity, gross: before.gross + BigInt(quantity) * price, orders: before.orders + 1 })
    }
    const ranked = [...expected].map(([sku, figures]) => ({ sku, currency: 'GBP', ...figures, returnedUnits: 0, refunds: 0n })).toSorted((a, b) => a.gross > b.gross ? -1 : 1)
    t.same(await analytics.ask('topProducts', { ...everything, currency: 'GBP', limit: 3 }), ranked.slice(0, 3))
  })

  await t.test('products are viewed, put into carts and bought by day, each once however often clients repeat themselves', async t => {
    const expected = new Map<string, number[]>()
    for (const order of sold) {
      for (const [sku, quantity] of order.lines) {
        const before = expected.get(`${dayOf(order)} ${sku}`) ?? [0, 0, 0]
        expected.set(`${dayOf(order)} ${sku}`, before.map((figure, at) => figure + ([1, 1, quantity][at] ?? 0)))
      }
    }
    t.same(await rowsOf(client, "SELECT concat(toString(day), ' ', sku) AS what, sum(purchases), sum(purchased_lines), sum(purchased_pieces) FROM product_days GROUP BY what HAVING sum(purchases) > 0 ORDER BY what"),
      [...expected].map(([what, figures]) => [what, ...figures]).toSorted())
    const views = visits.reduce((all, visit) => all + visit.views.length, 0)
    const carts = visits.reduce((all, visit) => all + visit.carts.length, 0)
    t.same(await rowsOf(client, 'SELECT sum(views), sum(cart_additions), sum(cart_pieces), uniqExact(sku) FROM product_days WHERE views > 0 OR cart_additions > 0'), [[views, carts, 2 * carts, 1]])
    t.same(await rowsOf(client, `SELECT views, cart_additions, round(cart_rate, 6), conversion FROM product_days WHERE day = toDate(${visitedAt / 1000}) AND sku = 'MUG-1'`), [[views, carts - 1, round6((carts - 1) / views), 0]])
  })

  await t.test('facts of products agree with the events that they are told of', async t => {
    t.same(await rowsOf(client, 'SELECT day, sku, sum(purchased_pieces) FROM product_days GROUP BY day, sku HAVING sum(purchased_pieces) > 0 ORDER BY day, sku'),
      await rowsOf(client, 'SELECT day, sku, sum(units) FROM product_sales GROUP BY day, sku ORDER BY day, sku'))
  })

  await t.test('a session comes as far as its steps in their order take it, and an order belongs to the first that named it', async t => {
    t.same(await rowsOf(client, 'SELECT session_id, reached FROM funnel_sessions ORDER BY session_id'), visits.map(({ sessionId, reached }) => [sessionId, reached]).toSorted())
    const atLeast = (step: number): number => visits.filter(({ reached }) => reached >= step).length
    const steps = { viewed: atLeast(1), addedToCart: atLeast(2), checkout: atLeast(3), ordered: atLeast(4) }
    t.same(await analytics.ask('funnel', everything), [steps])
    t.same(await rowsOf(client, 'SELECT step, sum(sessions) FROM funnel GROUP BY step_no, step ORDER BY step_no'), [
      ['viewed', steps.viewed], ['added to cart', steps.addedToCart], ['checkout', steps.checkout], ['ordered', steps.ordered]
    ])
    t.same(await analytics.ask('funnel', { from: '2001-01-01', to: '2001-01-02' }), [{ viewed: 0, addedToCart: 0, checkout: 0, ordered: 0 }])
  })

  await t.test('a customer is worth what was sold to him less what went back, and the newest order tells his segment', async t => {
    const mine = sold.filter(({ customerId }) => customerId === 'customer-1')
    const value = sum(mine, totalOf) - sum(mine, refundsOf)
    t.match(await analytics.ask('lifetimeValue', { customerId: 'customer-1' }), [{
      currency: 'GBP', orders: mine.length, lifetimeValue: value, firstOrderAtMs: mine[0]?.placedAt, lastOrderAtMs: mine.at(-1)?.placedAt, segment: 'Loyal'
    }])
    t.same(await analytics.ask('lifetimeValue', { customerId: "nobody' OR 1 = 1" }), [], 'a parameter is never part of the text')
  })

  await t.test('payments fail by method', async t => {
    const methods = [...Map.groupBy(of('sold', 'refunded', 'called-off', 'declined'), ({ method }) => method)].toSorted(([a], [b]) => a < b ? -1 : 1)
    t.same(await analytics.ask('paymentFailures', { from: '2000-01-01', to: '2100-01-01' }), methods.map(([method, orders]) => ({
      method, attempts: orders.length, declined: orders.filter(({ fate }) => fate === 'declined').length, failed: 0
    })))
  })

  await t.test('the deltas of the movements of a SKU add up to its level, and to what its facts say came in', async t => {
    t.same(await rowsOf(client, `SELECT moved.sku FROM (SELECT sku, sum(on_hand_delta) AS on_hand_sum, sum(reserved_delta) AS reserved_sum FROM stock_movements GROUP BY sku) AS moved
      INNER JOIN stock_levels ON stock_levels.sku = moved.sku WHERE on_hand_sum != on_hand OR reserved_sum != reserved`), [])
    t.same(await rowsOf(client, "SELECT sum(received), sum(on_hand_delta) FROM stock_facts WHERE sku = 'MUG-1'"), [[10_000, 10_100]])
  })

  await t.test('every sold order has a latency for each step that it made', async t => {
    const rows = await analytics.ask('sagaLatency', { from: '2000-01-01', to: '2100-01-01' })
    t.same(rows.find(({ step }) => step === 'accepted to confirmed')?.orders, sold.length)
    for (const { p50Ms, p95Ms, p99Ms, maxMs, step } of rows) t.ok(p50Ms >= 0 && p50Ms <= p95Ms && p95Ms <= p99Ms && p99Ms <= maxMs, step)
  })

  await t.test('what facts tell of an order is no event of it, wherever they lie in their log', async () => {
    const [order = []] = await rowsOf(client, 'SELECT order_id, state, events FROM orders ORDER BY order_id LIMIT 1')
    const orderId = String(order[0])
    const values = `('elsewhere', 0, 1000000000, 'OrderFact', '${orderId}')`
    await client.command({ query: `INSERT INTO raw_events (_topic, _partition, _offset, event_type, order_id) SETTINGS insert_deduplication_token = 'fact' VALUES ${values}` })
    t.same(await rowsOf(client, `SELECT order_id, state, events FROM orders WHERE order_id = '${orderId}'`), [order])
    await client.command({ query: "ALTER TABLE raw_events DELETE WHERE _topic = 'elsewhere' SETTINGS mutations_sync = 2" })
  })

  await t.test('facts and events agree', async t => {
    t.same(await rowsOf(client, 'SELECT sum(gross), sum(sales) FROM order_facts'), await rowsOf(client, "SELECT sum(amount), count() FROM raw_events WHERE event_type = 'OrderConfirmed'"))
    t.same(await rowsOf(client, 'SELECT sum(captured), sum(refunded) FROM payment_facts'), await rowsOf(client, 'SELECT sum(captured), sum(refunded) FROM payments'))
  })

  await t.test('the figures tell how far they have come', async t => {
    const rows = await analytics.ask('asOf', {})
    t.ok(rows.length > 1)
    t.same(await rowsOf(client, "SELECT _partition, toString(max(_offset)) FROM raw_events WHERE _topic = 'commerce.analytics.facts' GROUP BY _partition ORDER BY _partition"), rows.map(({ partition, offset }) => [partition, String(offset)]))
  })

  await t.test('a question that takes too long is given up within its time', async t => {
    await t.rejects(createClickHouseAnalytics(client, { timeoutMs: 1 }).ask('topProducts', { ...everything, currency: '', limit: 10 }))
  })

  await t.test('somebody who writes SQL is answered within his limit of rows, and can change nothing', async t => {
    const question = { limit: 3, timeoutS: 20 }
    t.same(await ask(client, { ...question, sql: 'SELECT number FROM numbers(10) ORDER BY number' }), { names: ['number'], rows: [[0], [1], [2]], isCut: true })
    t.match(await ask(client, { ...question, sql: "SELECT toDecimal64('12345678901234.5', 4) AS amount" }), { rows: [['12345678901234.5000']], isCut: false })
    await t.rejects(ask(client, { ...question, sql: 'SELECT nothing FROM nowhere' }), { code: 'OPS_SQL_REFUSED', message: /nowhere/ })
    for (const setting of ['readonly', 'limit', 'max_execution_time']) await t.rejects(ask(client, { ...question, sql: `SELECT 1 SETTINGS ${setting} = 0` }), { code: 'OPS_SQL_REFUSED', message: /readonly mode/ })
    await t.rejects(ask(client, { limit: 1, timeoutS: 1, sql: 'SELECT count() FROM numbers(1000000000000)' }), { code: 'OPS_SQL_REFUSED', message: /longer than 1 s/ })
  })

  await t.test('a view is exported as CSV, NDJSON and Parquet', async t => {
    const taken = async (format: 'csv' | 'ndjson' | 'parquet'): Promise<Buffer> => {
      const chunks: Buffer[] = []
      for await (const chunk of await analytics.export({ name: 'sales-by-day', format, ...everything, limit: 1000 })) chunks.push(Buffer.from(chunk as Buffer))
      return Buffer.concat(chunks)
    }
    const rows = (await rowsOf(client, 'SELECT count() FROM sales_by_day'))[0]?.[0]
    const csv = String(await taken('csv')).trim().split('\n')
    t.match(csv[0], /^"day","currency","channel","country","sales","lines","units","gross","refunds","net"$/)
    t.equal(csv.length, Number(rows) + 1)
    const lines = String(await taken('ndjson')).trim().split('\n').map(line => JSON.parse(line) as { readonly gross: string })
    t.equal(lines.reduce((all, { gross }) => all + BigInt(gross.replace('.', '')), 0n), sum(sold, totalOf), 'amounts are whole decimals as text')
    t.same([(await taken('parquet')).subarray(0, 4).toString(), (await taken('parquet')).subarray(-4).toString()], ['PAR1', 'PAR1'])
  })

  await t.test('the role of analysts on a server is written in statements that the engine understands', async t => {
    const text = (await readFile(new URL('../../sinks/clickhouse/access.sql', import.meta.url), 'utf8')).replace(/^--.*$/gm, '')
    const statements = text.split(';').map(statement => statement.trim()).filter(statement => statement !== '')
    t.equal(statements.length, 4)
    for (const statement of statements) {
      const answer = await client.query({ query: 'SELECT formatQuery({statement:String}) AS formatted', query_params: { statement }, format: 'JSONEachRow' })
      t.match(await answer.json(), [{ formatted: /commerce_analyst/ }])
    }
  })

  await t.test('every text column of every view can be asked for what is not empty', async t => {
    const columns = await rowsOf(client, `SELECT table, name FROM system.columns WHERE database = currentDatabase() AND type IN ('String', 'LowCardinality(String)')
      AND table IN (SELECT name FROM system.tables WHERE database = currentDatabase() AND engine = 'View') ORDER BY table, name`)
    t.ok(columns.length > 100)
    for (const [view, column] of columns) await t.resolves(rowsOf(client, `SELECT count() FROM ${view} WHERE ${column} != ''`), `${view}.${column}`)
  })

  await t.test('every query of docs/analytics.md runs, and finds something', async t => {
    const queries = await documentedQueries()
    t.ok(queries.length >= 20)
    for (const { title, sql } of queries) await t.test(title, async (t: Test) => { t.ok((await rowsOf(client, sql)).length > 0) })
  })
})
