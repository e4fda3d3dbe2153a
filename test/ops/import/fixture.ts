import { gzipSync } from 'node:zlib'
import { columnNames } from '../../../ops/import/columns.ts'

/** Fields of a row, in the order of `columnNames`; what is left out is that of the row before it in a file. */
export type Fields = Partial<Readonly<Record<typeof columnNames[number], string>>>

const first: Required<Fields> = {
  InvoiceNo: '536365', StockCode: '85123A', Description: 'WHITE LANTERN', Quantity: '6', InvoiceDate: '2010-12-01 08:26:00', UnitPrice: '2.55', CustomerID: '17850.0', Country: 'United Kingdom'
}

/** A CSV file of these rows, with a header. */
export function csvOf (rows: readonly Fields[]): string {
  let last = first
  const lines = rows.map(row => {
    last = { ...last, ...row }
    return columnNames.map(name => quoted(last[name])).join(',')
  })
  return [columnNames.join(','), ...lines].map(line => `${line}\n`).join('')
}

export function gzipped (text: string): Buffer {
  return gzipSync(text)
}

function quoted (field: string): string {
  return /[",\n\r]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field
}
