import { isMoney, multiplyMoney, parseMoney } from '../../topology/money.ts'
import { type ColumnName, type Columns } from './columns.ts'
import { parseInvoiceDate } from './invoice-date.ts'
import { type NumberForm, amountsProblem, formOf, isStocked } from './invoice-kind.ts'

/** A row of the file that keeps every rule. */
export interface ImportRow {
  /** Line of the file in which it begins, counted from 1. */
  readonly line: number
  readonly invoiceNo: string
  readonly form: NumberForm
  /** The code in upper case. */
  readonly sku: string
  /** The code as the file has it. */
  readonly sourceCode: string
  readonly stocked: boolean
  /** Empty = none. */
  readonly description: string
  readonly quantity: number
  readonly invoicedAtMs: number
  /** In 1/10,000 of the currency unit. */
  readonly unitPrice: bigint
  /** Null = a guest. */
  readonly customerId: string | null
  readonly country: string
}

/** Why a row cannot be imported. */
export interface RowFault {
  readonly line: number
  /** Name of the column, as the file has it. */
  readonly column: string
  readonly problem: string
}

const maxInt = 2_147_483_647
/** A code: 1 to 64 characters, no control characters, nothing that could not be decoded. */
const codePattern = /^[^\p{C}\ufffd]{1,64}$/u
const quantityPattern = /^-?\d{1,10}$/
const customerPattern = /^(\d{1,15})(?:\.0+)?$/
const longestShown = 40

/** Checks a row of the file, and reads it. Pure. */
export function readRow (fields: readonly string[], columns: Columns, line: number): ImportRow | RowFault {
  const { names, at } = columns
  if (fields.length !== names.length) {
    const column = names[Math.min(fields.length, names.length) - 1] ?? ''
    return { line, column, problem: `the row has ${fields.length} fields, the header ${names.length}` }
  }
  const text = (name: ColumnName): string => (fields[at[name]] as string).trim()
  const fault = (name: ColumnName, problem: string): RowFault => ({ line, column: names[at[name]] as string, problem })
  const wrong = (name: ColumnName, takes: string): RowFault => fault(name, `${quoted(text(name))} is not ${takes}`)

  const invoiceNo = text('InvoiceNo').toUpperCase()
  const form = formOf(invoiceNo)
  if (form === undefined) return wrong('InvoiceNo', 'an invoice number: digits, or C or A and digits')
  const sourceCode = text('StockCode')
  if (!codePattern.test(sourceCode)) return wrong('StockCode', 'a code of 1 to 64 characters')
  const quantity = quantityPattern.test(text('Quantity')) ? Number(text('Quantity')) : NaN
  if (!(Math.abs(quantity) <= maxInt)) return wrong('Quantity', 'a whole number of pieces')
  const invoicedAtMs = parseInvoiceDate(text('InvoiceDate'))
  if (invoicedAtMs === undefined) return wrong('InvoiceDate', 'a date such as 2010-12-01 08:26 or 12/1/2010 8:26')
  const unitPrice = parseMoney(text('UnitPrice'))
  if (unitPrice === undefined) return wrong('UnitPrice', 'an amount such as 2.55, with at most four decimals')
  if (!isMoney(multiplyMoney(unitPrice, quantity))) return fault('UnitPrice', 'quantity × price is too large')
  const customer = customerPattern.exec(text('CustomerID'))
  if (customer === null && text('CustomerID') !== '') return wrong('CustomerID', 'a number, or empty for a guest')
  const broken = amountsProblem(form, { quantity, unitPrice })
  if (broken !== undefined) return fault(broken.column, broken.problem)
  const sku = sourceCode.toUpperCase()
  return {
    line,
    invoiceNo,
    form,
    sku,
    sourceCode,
    stocked: isStocked(sku),
    description: text('Description'),
    quantity,
    invoicedAtMs,
    unitPrice,
    customerId: customer?.[1] ?? null,
    country: text('Country')
  }
}

/** True for what cannot be imported. */
export function isFault (row: ImportRow | RowFault): row is RowFault {
  return 'problem' in row
}

function quoted (text: string): string {
  const plain = text.replace(/\p{C}/gu, '\ufffd')
  return `'${plain.length > longestShown ? `${plain.slice(0, longestShown)}…` : plain}'`
}
