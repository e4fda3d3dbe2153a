import { type Amount } from './amount.ts'
import { type CreditLine, matchCredits } from './credits.ts'
import { type Invoice, type Kind, readInvoices } from './invoices.ts'
import { type Refunds, refundsOf } from './refunds.ts'
import { type Stock, stockOf } from './stock.ts'

/** Sales of a month, a country, a customer. */
export interface Sales {
  orders: number
  /** Priced lines. */
  lines: number
  gross: Amount
}

/** Sales of a SKU, charges such as postage included. */
export interface SkuSales {
  /** Priced lines. */
  lines: number
  freeLines: number
  /** Of both. */
  pieces: number
  gross: Amount
}

/**
 * All that must come out of an import. Customers and countries of any invoice are listed, with sales or without; sales are orders
 * placed, whatever became of them.
 */
export interface Figures {
  readonly rows: number
  readonly invoices: Readonly<Record<Kind, number>>
  /** Sum of all rows. */
  readonly net: Amount
  readonly orders: Sales & {
    readonly freeLines: number
    /** Orders of charges alone. */
    readonly withoutStock: number
  }
  /** Orders that were not cancelled. */
  readonly delivered: Sales
  /** By `2010-12` in UTC. */
  readonly months: ReadonlyMap<string, Sales>
  readonly countries: ReadonlyMap<string, Sales>
  readonly customers: ReadonlyMap<string, Sales>
  readonly guests: Sales
  readonly skus: ReadonlyMap<string, SkuSales>
  readonly credits: readonly CreditLine[]
  readonly refunds: Refunds
  /** Corrections of the books by invoice number. */
  readonly adjustments: ReadonlyMap<string, Amount>
  readonly stock: ReadonlyMap<string, Stock>
}

export interface FiguresOptions {
  /** See `StockOptions.share`. @default 1 */
  readonly stockShare?: number
  /**
   * Numbers of the sales that were short of stock, which nothing but the run itself can tell when the share is below 1: nothing is
   * delivered on them, so nothing of them is given back. @default none
   */
  readonly cancelled?: ReadonlySet<string>
  /** Likewise write-offs, see `StockOptions.refused`. @default none */
  readonly refused?: ReadonlySet<string>
}

/** Works the figures out from the text of a file. */
export function figuresOf (csv: string, { stockShare = 1, cancelled = new Set(), refused = new Set() }: FiguresOptions = {}): Figures {
  const invoices = readInvoices(csv)
  const credits = matchCredits(invoices.filter(({ invoiceNo }) => !cancelled.has(invoiceNo)))
  const sales = invoices.filter(({ kind }) => kind === 'sale')
  const kinds: Record<Kind, number> = { sale: 0, stockIn: 0, writeOff: 0, creditNote: 0, adjustment: 0 }
  for (const { kind } of invoices) kinds[kind]++
  return {
    rows: invoices.reduce((sum, { lines }) => sum + lines.length, 0),
    invoices: kinds,
    net: invoices.reduce((sum, invoice) => sum + totalOf(invoice), 0n),
    orders: {
      ...salesOf(sales),
      freeLines: sales.reduce((sum, { lines }) => sum + lines.length - priced(lines), 0),
      withoutStock: sales.filter(({ lines }) => !lines.some(({ isStocked }) => isStocked)).length
    },
    delivered: salesOf(sales.filter(({ invoiceNo }) => !cancelled.has(invoiceNo))),
    months: salesBy(invoices, ({ atMs }) => new Date(atMs).toISOString().slice(0, 7)),
    countries: salesBy(invoices, ({ country }) => country),
    customers: salesBy(invoices, ({ customerId }) => customerId),
    guests: salesOf(sales.filter(({ customerId }) => customerId === null)),
    skus: skuSales(sales),
    credits,
    refunds: refundsOf(invoices, credits),
    adjustments: new Map(invoices.filter(({ kind }) => kind === 'adjustment').map(invoice => [invoice.invoiceNo, totalOf(invoice)])),
    stock: stockOf(invoices, { share: stockShare, cancelled, refused, credits })
  }
}

/** Credit lines by whether they were matched: how many, and what they give back. */
export function creditTotals (credits: readonly CreditLine[], isMatched: boolean): { readonly lines: number, readonly amount: Amount } {
  const wanted = credits.filter(({ taken }) => (taken.length > 0) === isMatched)
  return { lines: wanted.length, amount: wanted.reduce((sum, { amount }) => sum + amount, 0n) }
}

function salesBy (invoices: readonly Invoice[], keyOf: (invoice: Invoice) => string | null): Map<string, Sales> {
  const groups = Map.groupBy(invoices, keyOf)
  return new Map([...groups].flatMap(([key, list]) => key === null ? [] : [[key, salesOf(list.filter(({ kind }) => kind === 'sale'))] as const]))
}

function salesOf (sales: readonly Invoice[]): Sales {
  return {
    orders: sales.length,
    lines: sales.reduce((sum, { lines }) => sum + priced(lines), 0),
    gross: sales.reduce((sum, invoice) => sum + totalOf(invoice), 0n)
  }
}

function skuSales (sales: readonly Invoice[]): Map<string, SkuSales> {
  const skus = new Map<string, SkuSales>()
  for (const { sku, quantity, unitPrice, total } of sales.flatMap(({ lines }) => lines)) {
    const sold = skus.get(sku) ?? { lines: 0, freeLines: 0, pieces: 0, gross: 0n }
    if (unitPrice > 0n) sold.lines++
    else sold.freeLines++
    sold.pieces += quantity
    sold.gross += total
    skus.set(sku, sold)
  }
  return skus
}

function priced (lines: Invoice['lines']): number {
  return lines.filter(({ unitPrice }) => unitPrice > 0n).length
}

function totalOf ({ lines }: Invoice): Amount {
  return lines.reduce((sum, { total }) => sum + total, 0n)
}
