/** The columns of the UCI Online Retail set, which an import reads. */
export const columnNames = ['InvoiceNo', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID', 'Country'] as const
export type ColumnName = typeof columnNames[number]

/** Where the columns of a file are. */
export interface Columns {
  /** Name of every column of the file, in its order. */
  readonly names: readonly string[]
  /** Place of each column that is read, counted from 0. */
  readonly at: Readonly<Record<ColumnName, number>>
}

/** Reads the first row of a file; columns beside the known ones are left alone. A text says what is wrong with it. */
export function readHeader (fields: readonly string[]): Columns | string {
  const names = fields.map(field => field.trim())
  const found = names.map(plain)
  const missing = columnNames.filter(name => !found.includes(plain(name)))
  if (missing.length > 0) return `has no column ${missing.join(', ')}; it has ${shown(names)}`
  const twice = columnNames.filter(name => found.indexOf(plain(name)) !== found.lastIndexOf(plain(name)))
  if (twice.length > 0) return `has more than one column ${twice.join(', ')}`
  return { names, at: Object.fromEntries(columnNames.map(name => [name, found.indexOf(plain(name))])) as Record<ColumnName, number> }
}

/** `Customer ID` and `customer_id` are `CustomerID`. */
function plain (name: string): string {
  return name.toLowerCase().replace(/[ _]/g, '')
}

function shown (names: readonly string[]): string {
  const text = names.join(', ')
  return text.length > 200 ? `${text.slice(0, 200)}…` : text === '' ? 'none' : text
}
