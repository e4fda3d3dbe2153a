import { type InvoiceKind } from '#schemas'

/** What the number of an invoice says about it: digits alone, `C` or `A` before them. */
export type NumberForm = 'plain' | 'credit' | 'adjustment'

/** Quantity and unit price of a row; the price in 1/10,000 of the currency unit. */
export interface Amounts { readonly quantity: number, readonly unitPrice: bigint }

const forms: ReadonlyArray<readonly [RegExp, NumberForm]> = [[/^\d{1,15}$/, 'plain'], [/^C\d{1,15}$/, 'credit'], [/^A\d{1,15}$/, 'adjustment']]

/** The form of an invoice number in upper case; undefined = not one that is known. */
export function formOf (invoiceNo: string): NumberForm | undefined {
  return forms.find(([pattern]) => pattern.test(invoiceNo))?.[1]
}

const stockedCodes = /^(?:\d{5}|DCGS|GIFT_|PADS$)/

/** True for the code of goods in stock, in upper case; false for charges such as postage, discounts or fees. */
export function isStocked (sku: string): boolean {
  return stockedCodes.test(sku)
}

/** What the amounts of a row must be, by the form of its invoice number. A text says what is wrong. */
const rules: Readonly<Record<NumberForm, (amounts: Amounts) => { readonly column: 'Quantity' | 'UnitPrice', readonly problem: string } | undefined>> = {
  plain: ({ unitPrice }) => unitPrice < 0n ? { column: 'UnitPrice', problem: 'a price below 0 is only known in adjustments (A…)' } : undefined,
  credit: ({ quantity, unitPrice }) => {
    if (quantity > 0) return { column: 'Quantity', problem: 'a credit note (C…) has quantities below 0 only' }
    return unitPrice < 0n ? { column: 'UnitPrice', problem: 'a price below 0 is only known in adjustments (A…)' } : undefined
  },
  adjustment: () => undefined
}

/** Why a row cannot be part of an invoice of that form; undefined = it can. */
export function amountsProblem (form: NumberForm, amounts: Amounts): ReturnType<typeof rules[NumberForm]> {
  return amounts.quantity === 0 ? { column: 'Quantity', problem: 'the quantity is 0' } : rules[form](amounts)
}

/** What an invoice is, by the form of its number and its rows, which all have the same sign but in adjustments. */
export function kindOf (form: NumberForm, rows: readonly Amounts[]): InvoiceKind {
  if (form === 'credit') return 'creditNote'
  if (form === 'adjustment') return 'adjustment'
  if (rows.some(row => row.quantity < 0)) return 'writeOff'
  return rows.some(row => row.unitPrice > 0n) ? 'sale' : 'stockIn'
}
