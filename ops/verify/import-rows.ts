import { type ClickHouseClient } from '../../sinks/index.ts'
import { namedQuery, runQuery } from '../../sinks/clickhouse/named-query.ts'
import { type InputFigures } from './run.ts'

const importedRows = namedQuery<{ readonly runId: string }>()({
  title: 'Invoices of an imported run and their lines; an invoice that was sent twice counts once',
  sql: `SELECT count() AS invoices, sum(lines) AS rows FROM (
      SELECT any(JSONLength(payload, 'lines')) AS lines FROM raw_events
      WHERE event_type = 'ImportedInvoice' AND JSONExtractString(payload, 'runId') = {runId:String} GROUP BY JSONExtractInt(payload, 'sequence')
    )`,
  row: json => ({ invoices: Number(json['invoices']), rows: Number(json['rows']) })
})

/** Rows and invoices of an import, as they were sent. */
export async function importedInput (client: ClickHouseClient, runId: string): Promise<InputFigures> {
  const [figures = { rows: 0, invoices: 0 }] = await runQuery(client, importedRows, { runId })
  return figures
}

const creditLines = namedQuery<{ readonly referencePrefix: string }>()({
  title: 'Credited lines of a run by how they were decided last, and their value in 1/10,000 of the unit',
  sql: `SELECT type, count() AS lines, toString(toInt128(sum(value) * 10000)) AS amount FROM (
      SELECT argMax(event_type, JSONExtractInt(payload, 'revision')) AS type, any(amount) AS value FROM raw_events
      WHERE event_type IN ('CreditNoteMatched', 'CreditNoteUnmatched') AND startsWith(JSONExtractString(payload, 'reference'), {referencePrefix:String})
      GROUP BY JSONExtractString(payload, 'reference'), JSONExtractInt(payload, 'lineNo')
    ) GROUP BY type`,
  row: json => ({ type: String(json['type']), lines: Number(json['lines']), amount: BigInt(String(json['amount'])) })
})

/** Lines of credit notes as they were decided, and what they come to, above 0. Amounts in 1/10,000 of the unit. */
export interface CreditTotals { readonly matched: number, readonly unmatched: number, readonly amount: bigint }

export async function creditTotals (client: ClickHouseClient, referencePrefix: string): Promise<CreditTotals> {
  const rows = await runQuery(client, creditLines, { referencePrefix })
  const linesOf = (type: string): number => rows.find(row => row.type === type)?.lines ?? 0
  return {
    matched: linesOf('CreditNoteMatched'), unmatched: linesOf('CreditNoteUnmatched'), amount: rows.reduce((sum, { amount }) => sum + amount, 0n)
  }
}

const adjustedLines = namedQuery<{ readonly referencePrefix: string }>()({
  title: 'Ledger entries of the adjustments of a run; what is written off counts below 0, in 1/10,000 of the unit',
  sql: `SELECT count() AS lines, toString(toInt128(sum(value) * 10000)) AS amount FROM (
      SELECT any(if(JSONExtractString(payload, 'debitAccount') = 'receivables', amount, -amount)) AS value FROM raw_events
      WHERE event_type = 'LedgerPosted' AND JSONExtractString(payload, 'kind') = 'adjusted' AND startsWith(JSONExtractString(payload, 'reference'), {referencePrefix:String})
      GROUP BY JSONExtractString(payload, 'entryId')
    )`,
  row: json => ({ lines: Number(json['lines']), amount: BigInt(String(json['amount'])) })
})

/** Adjustments of the books by lines, and what they come to, in 1/10,000 of the unit. */
export interface AdjustmentTotals { readonly lines: number, readonly amount: bigint }

export async function adjustmentTotals (client: ClickHouseClient, referencePrefix: string): Promise<AdjustmentTotals> {
  const [totals = { lines: 0, amount: 0n }] = await runQuery(client, adjustedLines, { referencePrefix })
  return totals
}
