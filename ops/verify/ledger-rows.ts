import { type ClickHouseClient } from '../../sinks/index.ts'
import { type JsonRow, namedQuery, runQuery } from '../../sinks/clickhouse/named-query.ts'
import { E4 } from '../../sinks/clickhouse/row-readers.ts'
import { type AccountBalance, type EntryCount, type OrderBooks } from '../../topology/audit/ledger-laws.ts'

interface OfRun { readonly referencePrefix: string }

const orders = "(SELECT order_id FROM raw_events WHERE event_type = 'OrderCreated' AND startsWith(JSONExtractString(payload, 'clientReference'), {referencePrefix:String}))"
/** Entries of a run: of its orders, and of what was imported with them. */
const ofRun = `(order_id IN ${orders} OR startsWith(reference, {referencePrefix:String}))`
/** An amount that must be there: a row without it is not read as 0. */
const money = (json: JsonRow, name: string): bigint => BigInt(String(json[name]))
const kinds = ['authorised', 'released', 'captured', 'voided', 'refunded'] as const

const orderBooksOf = namedQuery<OfRun>()({
  title: 'What the ledger says of each order of a run, in 1/10,000 of the unit',
  sql: `SELECT order_id, ${kinds.map(kind => `${E4(`sumIf(debit, kind = '${kind}')`)} AS ${kind}`).join(', ')},
      ${E4('sum(debit)')} AS debits, ${E4('sum(credit)')} AS credits, ${E4("sumIf(debit, account = 'holds') - sumIf(credit, account = 'holds')")} AS holds
    FROM ledger_lines WHERE order_id IN ${orders} GROUP BY order_id`,
  row: (json): OrderBooks => ({
    orderId: String(json['order_id']),
    authorised: money(json, 'authorised'),
    released: money(json, 'released'),
    captured: money(json, 'captured'),
    voided: money(json, 'voided'),
    refunded: money(json, 'refunded'),
    debits: money(json, 'debits'),
    credits: money(json, 'credits'),
    holds: money(json, 'holds')
  })
})

/** What the ledger says of each order of the run. */
export async function orderBooks (client: ClickHouseClient, referencePrefix: string): Promise<readonly OrderBooks[]> {
  return await runQuery(client, orderBooksOf, { referencePrefix })
}

const balancesOfRun = namedQuery<OfRun>()({
  title: 'What the entries of a run come to on each account, in 1/10,000 of the unit',
  sql: `SELECT account, currency, ${E4('sum(debit)')} AS debits, ${E4('sum(credit)')} AS credits FROM ledger_lines WHERE ${ofRun} GROUP BY account, currency ORDER BY currency, account`,
  row: (json): AccountBalance => ({ account: String(json['account']), currency: String(json['currency']), debits: money(json, 'debits'), credits: money(json, 'credits') })
})

const entriesOfRun = namedQuery<OfRun>()({
  title: 'Entries of a run, and their different ids',
  sql: `SELECT count() AS entries, uniqExact(entry_id) AS distinct FROM (
      SELECT JSONExtractString(payload, 'entryId') AS entry_id, JSONExtractString(payload, 'reference') AS reference, order_id
      FROM raw_events WHERE event_type = 'LedgerPosted'
    ) WHERE ${ofRun}`,
  row: (json): EntryCount => ({ entries: Number(json['entries']), distinct: Number(json['distinct']) })
})

/** The books of a run: what is on each account, and how many entries lead to that. */
export interface RunLedger extends EntryCount { readonly balances: readonly AccountBalance[] }

export async function runLedger (client: ClickHouseClient, referencePrefix: string): Promise<RunLedger> {
  const [count = { entries: 0, distinct: 0 }] = await runQuery(client, entriesOfRun, { referencePrefix })
  return { ...count, balances: await runQuery(client, balancesOfRun, { referencePrefix }) }
}
