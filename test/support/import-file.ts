import { type Fields, csvOf } from '../ops/import/fixture.ts'
import { formatMoney } from '../../topology/money.ts'

/** A file of invoices, and what must come of it: worked out here from the rows alone, without asking anything of the import. */
export interface ImportFile {
  readonly text: string
  readonly expected: {
    readonly input: { readonly rows: number, readonly invoices: number }
    readonly orders: number
    readonly lines: number
    readonly revenue: string
    readonly credits: { readonly matched: number, readonly unmatched: number, readonly amount: string }
    readonly adjustments: { readonly lines: number, readonly amount: string }
  }
  /** Credited lines that take from more than one purchase. */
  readonly spanning: number
}

interface Line { readonly sku: string, readonly quantity: number, readonly priceE2: number }
interface Draft { readonly invoiceNo: string, readonly customer: string, readonly lines: readonly Line[] }

const goods = ['85123a', '22752', '21730', '84029G', 'DCGS0003', 'gift_0001_20', 'PADS', '71053']
const charges = ['POST', 'DOT', 'M']
const customers = ['17850', '13047', '12583', '13748']
const minuteMs = 60_000

/** Makes a file of about that many invoices with every kind in it; the same at every call. */
export function importFile (count = 150): ImportFile {
  const drafts = draftInvoices(count)
  return { text: csvOf(mixed(drafts)), ...expectedOf(drafts) }
}

/** Numbers that depend on nothing but their place. */
function dice (): (limit: number) => number {
  let state = 7
  return limit => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return (state >>> 8) % limit
  }
}

function draftInvoices (count: number): readonly Draft[] {
  const roll = dice()
  const pick = <T>(values: readonly T[]): T => values[roll(values.length)] as T
  const line = (change: Partial<Line> = {}): Line => ({ sku: pick(goods), quantity: 1 + roll(40), priceE2: 5 + roll(2000), ...change })
  const bought = new Map<string, readonly Line[]>()
  const drafts: Draft[] = []
  for (let index = 0; index < count; index++) {
    const number = `${536_365 + index}`
    const customer = roll(6) === 0 ? '' : pick(customers)
    const earlier = bought.get(customer) ?? []
    switch (index < 10 ? 0 : roll(12)) {
      case 6: drafts.push({ invoiceNo: number, customer: '', lines: [line({ priceE2: 0 })] }); break
      case 7: drafts.push({ invoiceNo: number, customer: '', lines: [line({ priceE2: 0, quantity: -1 - roll(9) })] }); break
      case 8: drafts.push({ invoiceNo: `A${number}`, customer: '', lines: [line({ sku: 'B', quantity: 1, priceE2: roll(2) === 0 ? -123_456 : 98_765 })] }); break
      // A part of one purchase, and a SKU that was never bought; of a guest, neither can be matched.
      case 9: drafts.push({ invoiceNo: `C${number}`, customer, lines: [{ ...(earlier.at(-1) ?? line()), quantity: -1 }, line({ sku: '99999', quantity: -1 })] }); break
      // All of two purchases together, and more than there ever were.
      case 10: drafts.push({ invoiceNo: `C${number}`, customer, lines: [line({ sku: earlier.at(-1)?.sku ?? pick(goods), quantity: -everything(earlier) })] }); break
      case 11: drafts.push({ invoiceNo: `C${number}`, customer, lines: [line({ sku: pick(goods), quantity: -5000 })] }); break
      default: {
        const lines = [...Array.from({ length: 1 + roll(9) }, () => line()), line({ sku: pick(charges), quantity: 1 })]
        if (roll(3) === 0) lines.push(line({ priceE2: 0 }))
        // The same row twice is two lines.
        if (roll(4) === 0) lines.push(lines[0] as Line)
        drafts.push({ invoiceNo: number, customer, lines })
        bought.set(customer, [...earlier, ...lines])
      }
    }
  }
  return drafts
}

/** Pieces of the newest SKU over its last two purchases: more than the last one alone. */
function everything (earlier: readonly Line[]): number {
  const sku = earlier.at(-1)?.sku.toUpperCase()
  return earlier.filter(line => line.sku.toUpperCase() === sku).slice(-2).reduce((sum, line) => sum + line.quantity, 0) || 3
}

/** The rows of the file: now and then the last row of an invoice comes after the first of the next one. */
function mixed (drafts: readonly Draft[]): readonly Fields[] {
  const rows = drafts.map(({ invoiceNo, customer, lines }, index) => lines.map(({ sku, quantity, priceE2 }): Fields => ({
    InvoiceNo: invoiceNo,
    StockCode: sku,
    Description: `THING, "${sku}"`,
    Quantity: `${quantity}`,
    InvoiceDate: new Date(Date.UTC(2010, 11, 1, 8) + index * minuteMs).toISOString().slice(0, 19).replace('T', ' '),
    UnitPrice: (priceE2 / 100).toFixed(2),
    CustomerID: customer === '' ? '' : `${customer}.0`,
    Country: index % 4 === 0 ? 'France' : 'United Kingdom'
  })))
  for (let index = 0; index + 1 < rows.length; index += 7) {
    const late = (rows[index] as Fields[]).length > 1 ? rows[index]?.pop() : undefined
    if (late !== undefined) rows[index + 1]?.splice(1, 0, late)
  }
  return rows.flat()
}

function expectedOf (drafts: readonly Draft[]): Pick<ImportFile, 'expected' | 'spanning'> {
  /** What is left of the purchases of a customer and SKU, oldest first. */
  const left = new Map<string, number[]>()
  const credits = { matched: 0, unmatched: 0, amountE2: 0 }
  const adjustments = { lines: 0, amountE2: 0 }
  let [orders, lines, revenueE2, rows, spanning] = [0, 0, 0, 0, 0]
  for (const draft of drafts) {
    rows += draft.lines.length
    const isSale = /^\d/.test(draft.invoiceNo) && draft.lines.some(line => line.quantity > 0 && line.priceE2 > 0)
    if (isSale) orders++
    for (const { sku, quantity, priceE2 } of draft.lines) {
      const key = `${draft.customer}/${sku.toUpperCase()}`
      if (isSale) {
        if (priceE2 > 0) lines++
        revenueE2 += quantity * priceE2
        if (draft.customer !== '') left.set(key, [...left.get(key) ?? [], quantity])
      } else if (draft.invoiceNo.startsWith('C')) {
        credits.amountE2 -= quantity * priceE2
        const takes = takeNewest(left.get(key) ?? [], -quantity)
        credits[takes > 0 ? 'matched' : 'unmatched']++
        if (takes > 1) spanning++
      } else if (draft.invoiceNo.startsWith('A')) {
        adjustments.lines++
        adjustments.amountE2 += quantity * priceE2
      }
    }
  }
  const money = (amountE2: number): string => formatMoney(BigInt(amountE2) * 100n)
  const expected = {
    input: { rows, invoices: drafts.length },
    orders,
    lines,
    revenue: money(revenueE2),
    credits: { matched: credits.matched, unmatched: credits.unmatched, amount: money(credits.amountE2) },
    adjustments: { lines: adjustments.lines, amount: money(adjustments.amountE2) }
  }
  return { expected, spanning }
}

/** Takes that many pieces from the newest purchases, if there are so many; returns from how many it took. */
function takeNewest (left: number[], pieces: number): number {
  if (left.reduce((sum, each) => sum + each, 0) < pieces) return 0
  let [missing, takes] = [pieces, 0]
  for (let at = left.length - 1; missing > 0; at--) {
    const taken = Math.min(left[at] as number, missing)
    left[at] = (left[at] as number) - taken
    missing -= taken
    if (taken > 0) takes++
  }
  return takes
}
