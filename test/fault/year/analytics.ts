import { demoProduct } from '../../../ops/play/catalog.ts'
import { type ClickHouseClient, runQuery } from '../../../sinks/index.ts'
import { type JsonRow, namedQuery } from '../../../sinks/clickhouse/named-query.ts'
import { importReferencePrefix, importedCommandId } from '../../../topology/imports/import-ids.ts'
import { type CreditLine } from '../../oracle/credits.ts'
import { type Sales, type SkuSales } from '../../oracle/figures.ts'
import { type Stock } from '../../oracle/stock.ts'

/** What ClickHouse says about an import, in the oracle's words. Amounts in 1/10,000 of the unit. */
export interface Analytics {
  /** Orders by state, from the view of orders. */
  readonly states: Readonly<Record<string, number>>
  /** Invoice numbers of the orders that were cancelled. */
  readonly cancelled: ReadonlySet<string>
  /** Write-offs that stock was too short for, as invoice and line. */
  readonly refused: ReadonlySet<string>
  /** Commands that were rejected for other reasons, with their codes. */
  readonly otherRejections: readonly string[]
  readonly months: ReadonlyMap<string, Sales>
  readonly countries: ReadonlyMap<string, Sales>
  /** Guests under the empty name. */
  readonly customers: ReadonlyMap<string, Sales>
  readonly skus: ReadonlyMap<string, SkuSales>
  /** Value of the orders ever confirmed, from the view of revenue by day. */
  readonly confirmedGross: bigint
  /** The decision that holds about each line, by note and line. */
  readonly credits: readonly CreditDecision[]
  readonly adjustments: ReadonlyMap<string, bigint>
  /** What is left on each account of the ledger, debits less credits, from the trial balance. */
  readonly accounts: ReadonlyMap<string, bigint>
  readonly stock: ReadonlyMap<string, Stock & LeastStock>
  readonly views: ViewedSales
}

export interface CreditDecision extends Omit<CreditLine, 'isStocked'> {
  /** Events about the line: more than one when an order that it took from was cancelled later. */
  readonly events: number
}

/** Sales as the views for analysts add facts up: orders ever confirmed. */
export interface ViewedSales {
  readonly months: ReadonlyMap<string, Viewed>
  readonly countries: ReadonlyMap<string, Viewed>
  /** Without guests. */
  readonly customers: ReadonlyMap<string, Viewed>
  /** Charges included. */
  readonly skus: ReadonlyMap<string, { readonly lines: number, readonly pieces: number, readonly gross: bigint }>
  /** Pieces bought of each SKU, by the facts of products. */
  readonly bought: ReadonlyMap<string, number>
}

/** Orders and their value. */
export interface Viewed { readonly orders: number, readonly gross: bigint }

/** The least that the events of a SKU ever say: on hand, and on hand without what is reserved. */
export interface LeastStock { readonly leastOnHand: number, readonly leastFree: number }

interface OfImport { readonly prefix: string }

const text = (json: JsonRow, name: string): string => String(json[name] ?? '')
const count = (json: JsonRow, name: string): number => Number(json[name])
const amount = (json: JsonRow, name: string): bigint => BigInt(text(json, name))
/** Exact: sums of decimals, as whole numbers. */
const e4 = (sum: string): string => `toString(toInt128(${sum} * 10000))`

const created = "event_type = 'OrderCreated' AND startsWith(JSONExtractString(payload, 'clientReference'), {prefix:String})"
const invoiceNo = 'substring(client_reference, length({prefix:String}) + 1)'

/** Sales by an expression over the rows of OrderCreated. */
function salesBy (what: string, key: string) {
  return namedQuery<OfImport>()({
    title: `Orders, priced lines and value by ${what}`,
    sql: `SELECT ${key} AS name, count() AS orders, ${e4('sum(amount)')} AS gross,
        sum(arrayCount(line -> toDecimal64(JSONExtractString(line, 'unitPrice'), 4) > 0, JSONExtractArrayRaw(payload, 'lines'))) AS lines
      FROM raw_events WHERE ${created} GROUP BY name`,
    row: json => [text(json, 'name'), { orders: count(json, 'orders'), lines: count(json, 'lines'), gross: amount(json, 'gross') }] as const
  })
}

const sales = {
  months: salesBy('month', "formatDateTime(fromUnixTimestamp64Milli(JSONExtractInt(payload, 'placedAt'), 'UTC'), '%Y-%m')"),
  countries: salesBy('country', "JSONExtractString(payload, 'country')"),
  customers: salesBy('customer', "JSONExtractString(payload, 'customerId')")
}

const orders = namedQuery<OfImport>()({
  title: 'Number, state and id of every order',
  sql: `SELECT order_id, state, ${invoiceNo} AS invoice_no FROM orders WHERE startsWith(client_reference, {prefix:String})`,
  row: json => ({ orderId: text(json, 'order_id'), state: text(json, 'state'), invoiceNo: text(json, 'invoice_no') })
})

const confirmedGross = namedQuery<object>()({
  title: 'Value of all orders ever confirmed', sql: `SELECT ${e4('sum(gross)')} AS gross FROM revenue_by_day`, row: json => amount(json, 'gross')
})

const skus = namedQuery<OfImport>()({
  title: 'Lines, pieces and value by SKU',
  sql: `SELECT sku, countIf(unit_price > 0) AS lines, countIf(unit_price = 0) AS free, sum(quantity) AS pieces, ${e4('sum(line_total)')} AS gross
    FROM order_lines WHERE order_id IN (SELECT order_id FROM raw_events WHERE ${created}) GROUP BY sku`,
  row: json => [text(json, 'sku'), { lines: count(json, 'lines'), freeLines: count(json, 'free'), pieces: count(json, 'pieces'), gross: amount(json, 'gross') }] as const
})

const credits = namedQuery<OfImport>()({
  title: 'The decision that holds about each credit line',
  sql: `SELECT JSONExtractString(payload, 'creditNoteNo') AS note, JSONExtractInt(payload, 'lineNo') AS line, count() AS events,
      argMax(payload, JSONExtractInt(payload, 'revision')) AS decision
    FROM raw_events WHERE event_type IN ('CreditNoteMatched', 'CreditNoteUnmatched') AND startsWith(JSONExtractString(payload, 'reference'), {prefix:String})
    GROUP BY note, line`,
  row: json => ({ events: count(json, 'events'), decision: JSON.parse(text(json, 'decision')) as CreditPayload })
})

interface CreditPayload {
  readonly creditNoteNo: string
  readonly lineNo: number
  readonly customerId: string | null
  readonly sku: string
  readonly quantity: number
  readonly amount: string
  readonly takes?: ReadonlyArray<{ readonly orderId: string, readonly lineNo: number, readonly quantity: number }>
}

const adjustments = namedQuery<OfImport>()({
  title: 'Corrections of the books by invoice; above zero = customers owe more',
  sql: `SELECT substring(JSONExtractString(payload, 'reference'), length({prefix:String}) + 1) AS name,
      ${e4("sum(if(JSONExtractString(payload, 'debitAccount') = 'receivables', amount, -amount))")} AS sum
    FROM raw_events WHERE event_type = 'LedgerPosted' AND JSONExtractString(payload, 'kind') = 'adjusted' AND startsWith(JSONExtractString(payload, 'reference'), {prefix:String}) GROUP BY name`,
  row: json => [text(json, 'name'), amount(json, 'sum')] as const
})

const accounts = namedQuery<object>()({
  title: 'Accounts of the ledger on which something is left',
  sql: `SELECT account, ${e4('(balance)')} AS left FROM trial_balance WHERE trial_balance.balance != 0`,
  row: json => [text(json, 'account'), amount(json, 'left')] as const
})

const rejections = namedQuery<object>()({
  title: 'Commands that were rejected',
  sql: `SELECT JSONExtractString(payload, 'command') AS command, JSONExtractString(payload, 'code') AS code, JSONExtractString(payload, 'commandId') AS command_id
    FROM raw_events WHERE event_type = 'CommandRejected'`,
  row: json => ({ command: text(json, 'command'), code: text(json, 'code'), commandId: text(json, 'command_id') })
})

const writeOffs = namedQuery<{ readonly runId: string }>()({
  title: 'Lines of write-offs as they were imported',
  sql: `SELECT JSONExtractString(payload, 'invoiceNo') AS invoice_no, JSONExtractInt(line, 'lineNo') AS line_no
    FROM raw_events ARRAY JOIN JSONExtractArrayRaw(payload, 'lines') AS line
    WHERE event_type = 'ImportedInvoice' AND JSONExtractString(payload, 'runId') = {runId:String} AND JSONExtractString(payload, 'kind') = 'writeOff'`,
  row: json => ({ invoiceNo: text(json, 'invoice_no'), lineNo: count(json, 'line_no') })
})

const number = (field: string): string => `JSONExtractInt(payload, '${field}')`
const stock = namedQuery<{ readonly but: string }>()({
  title: 'Stock by SKU as its events tell it, but for one SKU',
  sql: `SELECT entity_key AS sku, sumIf(${number('openingStock')}, event_type = 'SkuRegistered') AS opening,
      sumIf(${number('quantity')}, event_type = 'StockDeducted') - sumIf(${number('quantity')}, event_type = 'StockReleased' AND JSONExtractBool(payload, 'restored')) AS sold,
      sumIf(${number('delta')}, event_type = 'StockAdjusted' AND ${number('delta')} > 0) AS received,
      -sumIf(${number('delta')}, event_type = 'StockAdjusted' AND ${number('delta')} < 0) AS out, any(level.on_hand) AS on_hand,
      minIf(${number('onHand')}, event_type != 'SkuRegistered') AS least_on_hand,
      minIf(${number('onHand')} - ${number('reserved')}, event_type != 'SkuRegistered') AS least_free
    FROM raw_events LEFT JOIN stock_levels AS level ON level.sku = entity_key
    WHERE event_type IN ('SkuRegistered', 'StockReserved', 'StockDeducted', 'StockReleased', 'StockAdjusted') AND entity_key != {but:String} GROUP BY entity_key`,
  row: json => [text(json, 'sku'), {
    opening: count(json, 'opening'),
    sold: count(json, 'sold'),
    in: count(json, 'received'),
    out: count(json, 'out'),
    onHand: count(json, 'on_hand'),
    leastOnHand: count(json, 'least_on_hand'),
    leastFree: count(json, 'least_free')
  }] as const
})

const viewed = (title: string, select: string) => namedQuery<object>()({
  title, sql: select, row: json => [text(json, 'name'), { orders: count(json, 'order_count'), gross: amount(json, 'gross_e4') }] as const
})
const views = {
  months: viewed('Sales by month', `SELECT formatDateTime(starts, '%Y-%m') AS name, sales AS order_count, ${e4('(gross)')} AS gross_e4 FROM sales_by_period WHERE period = 'month'`),
  countries: viewed('Sales by country', `SELECT country AS name, sum(sales) AS order_count, ${e4('sum(gross)')} AS gross_e4 FROM sales_by_day GROUP BY name`),
  customers: viewed('Sales by customer', `SELECT customer_id AS name, orders AS order_count, ${e4('(gross)')} AS gross_e4 FROM customers`),
  skus: namedQuery<object>()({
    title: 'Sales by SKU',
    sql: `SELECT sku, sum(lines) AS line_count, sum(units) AS pieces, ${e4('sum(gross)')} AS gross_e4 FROM product_sales GROUP BY sku`,
    row: json => [text(json, 'sku'), { lines: count(json, 'line_count'), pieces: count(json, 'pieces'), gross: amount(json, 'gross_e4') }] as const
  }),
  bought: namedQuery<object>()({
    title: 'Pieces bought by SKU',
    sql: 'SELECT sku, sum(purchased_pieces) AS pieces FROM product_days GROUP BY sku HAVING pieces > 0',
    row: json => [text(json, 'sku'), count(json, 'pieces')] as const
  })
}

async function readViews (client: ClickHouseClient): Promise<ViewedSales> {
  return {
    months: new Map(await runQuery(client, views.months, {})),
    countries: new Map(await runQuery(client, views.countries, {})),
    customers: new Map(await runQuery(client, views.customers, {})),
    skus: new Map(await runQuery(client, views.skus, {})),
    bought: new Map(await runQuery(client, views.bought, {}))
  }
}

/** Asks ClickHouse about the import of that run; nothing else may have been played into its data folder. */
export async function readAnalytics (client: ClickHouseClient, runId: string): Promise<Analytics> {
  const of = { prefix: importReferencePrefix(runId) }
  const list = await runQuery(client, orders, of)
  const invoiceNos = new Map(list.map(({ orderId, invoiceNo }) => [orderId, invoiceNo]))
  const decisions = await runQuery(client, credits, of)
  const rejected = await runQuery(client, rejections, {})
  const lines = new Map((await runQuery(client, writeOffs, { runId })).map(({ invoiceNo, lineNo }) => [importedCommandId(runId, invoiceNo, `stock/${lineNo}`), `${invoiceNo}/${lineNo}`]))
  const isShort = ({ command, code, commandId }: typeof rejected[number]): boolean => command === 'AdjustStock' && code === 'short-stock' && lines.has(commandId)
  return {
    states: Object.fromEntries([...Map.groupBy(list, ({ state }) => state)].map(([state, some]) => [state, some.length])),
    cancelled: new Set(list.filter(({ state }) => state === 'Cancelled').map(({ invoiceNo }) => invoiceNo)),
    refused: new Set(rejected.filter(isShort).map(({ commandId }) => lines.get(commandId) ?? '')),
    otherRejections: rejected.filter(each => !isShort(each)).map(({ command, code }) => `${command}: ${code}`),
    months: new Map(await runQuery(client, sales.months, of)),
    countries: new Map(await runQuery(client, sales.countries, of)),
    customers: new Map(await runQuery(client, sales.customers, of)),
    skus: new Map(await runQuery(client, skus, of)),
    confirmedGross: (await runQuery(client, confirmedGross, {}))[0] ?? 0n,
    credits: decisions.map(({ events, decision }) => decisionOf(decision, events, invoiceNos)),
    adjustments: new Map(await runQuery(client, adjustments, of)),
    accounts: new Map(await runQuery(client, accounts, {})),
    stock: new Map(await runQuery(client, stock, { but: demoProduct.sku })),
    views: await readViews(client)
  }
}

function decisionOf (payload: CreditPayload, events: number, invoiceNos: ReadonlyMap<string, string>): CreditDecision {
  const { creditNoteNo, lineNo, customerId, sku, quantity, amount, takes = [] } = payload
  return {
    invoiceNo: creditNoteNo,
    lineNo,
    customerId,
    sku,
    quantity,
    amount: BigInt(amount.replace('.', '')),
    taken: takes.map(take => ({ invoiceNo: invoiceNos.get(take.orderId) ?? take.orderId, lineNo: take.lineNo, quantity: take.quantity })),
    events
  }
}
