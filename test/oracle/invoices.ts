import { type Amount, parseAmount } from './amount.ts'
import { parseCsv } from './csv.ts'

export type Kind = 'sale' | 'stockIn' | 'writeOff' | 'creditNote' | 'adjustment'

export interface Line {
  /** Counted from 1 in the order of the file. */
  readonly lineNo: number
  /** Code in upper case. */
  readonly sku: string
  readonly isStocked: boolean
  /** As the file has it: negative for what comes back or is written off. */
  readonly quantity: number
  readonly unitPrice: Amount
  /** Quantity times price. */
  readonly total: Amount
}

export interface Invoice {
  readonly invoiceNo: string
  readonly kind: Kind
  /** Of its first row, taken as UTC; epoch ms. */
  readonly atMs: number
  /** Null for a guest. */
  readonly customerId: string | null
  readonly country: string
  readonly lines: readonly Line[]
}

const columns = ['InvoiceNo', 'StockCode', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID', 'Country'] as const

/**
 * Invoices of a file with the columns of UCI Online Retail, in the order of their first rows. Rows of one number are one invoice,
 * wherever they stand.
 *
 * @throws {Error} for a row that the rules of the import say nothing about.
 */
export function readInvoices (csv: string): Invoice[] {
  const records = parseCsv(csv)
  const places = placesOf(records.next().value ?? [])
  const rows = new Map<string, Array<Readonly<Record<typeof columns[number], string>>>>()
  for (const fields of records) {
    const row = Object.fromEntries(columns.map((name, at) => [name, fields[places[at] ?? -1] ?? ''])) as Record<typeof columns[number], string>
    const known = rows.get(row.InvoiceNo)
    if (known === undefined) rows.set(row.InvoiceNo, [row])
    else known.push(row)
  }
  return [...rows].map(([invoiceNo, list]) => {
    const lines = list.map((row, at) => lineOf(row, at + 1))
    const [first] = list
    return {
      invoiceNo,
      kind: kindOf(invoiceNo, lines),
      atMs: Date.parse(`${first?.InvoiceDate.replace(' ', 'T')}Z`),
      customerId: first?.CustomerID === '' ? null : String(first?.CustomerID.replace(/\.0$/, '')),
      country: first?.Country ?? '',
      lines
    }
  })
}

function placesOf (header: readonly string[]): readonly number[] {
  const places = columns.map(name => header.indexOf(name))
  const missing = columns.filter((_, at) => places[at] === -1)
  if (missing.length > 0) throw new Error(`the file has no column ${missing.join(', ')}`)
  return places
}

function lineOf ({ StockCode: code, Quantity: pieces, UnitPrice: price }: Readonly<Record<typeof columns[number], string>>, lineNo: number): Line {
  const sku = code.toUpperCase()
  const quantity = Number(pieces)
  if (!Number.isSafeInteger(quantity) || quantity === 0) throw new Error(`'${pieces}' is not a quantity`)
  const unitPrice = parseAmount(price)
  return { lineNo, sku, isStocked: /^(\d{5}|DCGS|GIFT_|PADS$)/.test(sku), quantity, unitPrice, total: BigInt(quantity) * unitPrice }
}

function kindOf (invoiceNo: string, lines: readonly Line[]): Kind {
  const is = (fits: (line: Line) => boolean): boolean => lines.every(fits)
  if (/^C/.test(invoiceNo) && is(({ quantity }) => quantity < 0)) return 'creditNote'
  if (/^A/.test(invoiceNo)) return 'adjustment'
  if (/^\d+$/.test(invoiceNo)) {
    if (is(({ quantity }) => quantity < 0)) return 'writeOff'
    if (is(({ quantity, unitPrice }) => quantity > 0 && unitPrice >= 0n)) return is(({ unitPrice }) => unitPrice === 0n) ? 'stockIn' : 'sale'
  }
  throw new Error(`no rule says what invoice ${invoiceNo} is`)
}
