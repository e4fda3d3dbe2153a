import fc from 'fast-check'
import { test } from 'tap'
import { type ImportRow } from '../../../ops/import/import-row.ts'
import { formOf } from '../../../ops/import/invoice-kind.ts'
import { type Invoice, InvoiceWindow, windowInvoices } from '../../../ops/import/invoice-window.ts'

function row (line: number, invoiceNo: string, change: Partial<ImportRow> = {}): ImportRow {
  return {
    line,
    invoiceNo,
    form: formOf(invoiceNo) ?? 'plain',
    sku: '85123A',
    sourceCode: '85123A',
    stocked: true,
    description: 'LANTERN',
    quantity: 1,
    invoicedAtMs: line,
    unitPrice: 10_000n,
    customerId: '17850',
    country: 'France',
    ...change
  }
}

/** Groups rows; whatever cannot be grouped is told beside the invoices. */
function group (rows: readonly ImportRow[], remember = true) {
  const window = new InvoiceWindow({ remember })
  const results = rows.map(each => window.add(each)).filter(result => result !== undefined)
  return {
    invoices: [...results.filter((result): result is Invoice => 'rows' in result), ...window.end()],
    faults: results.filter(result => 'problem' in result)
  }
}

test('rows become invoices in the order of their first rows when they are mixed', async t => {
  const { invoices, faults } = group([row(2, '1'), row(3, '2'), row(4, '1'), row(5, '3'), row(6, '2'), row(7, '1')])
  t.same(faults, [])
  t.same(invoices.map(({ sequence, invoiceNo, rows }) => [sequence, invoiceNo, rows.map(({ line }) => line)]), [[1, '1', [2, 4, 7]], [2, '2', [3, 6]], [3, '3', [5]]])
  t.equal(invoices[0]?.rows[0].invoicedAtMs, 2, 'the first time counts')
})

test('rows that are the same, and SKUs that come again, stay lines of their own', async t => {
  const { invoices } = group([row(2, '1'), row(2, '1'), row(2, '1', { quantity: 5 })])
  t.same(invoices.map(({ rows }) => rows.map(({ quantity }) => quantity)), [[1, 1, 5]])
})

test('an invoice leaves when 50 others have begun after it, and not before', async t => {
  const others = Array.from({ length: windowInvoices }, (_, index) => row(index + 3, `${index + 100}`))
  const fits = group([row(2, '1'), ...others.slice(1), row(99, '1')])
  t.same(fits.faults, [])
  t.equal(fits.invoices[0]?.rows.length, 2)
  const late = group([row(2, '1'), ...others, row(99, '1')])
  t.equal(late.invoices[0]?.rows.length, 1)
  t.match(late.faults, [{ line: 99, column: 'InvoiceNo', problem: '1 comes back after line 2, with 50 other invoices or more between' }])
  t.equal(late.invoices.length, windowInvoices + 1)
})

const refused: ReadonlyArray<readonly [string, ImportRow, ImportRow, RegExp]> = [
  ['it is of another customer', row(2, '1'), row(3, '1', { customerId: '12' }), /invoice 1 is of customer 17850 in line 2, and of customer 12 here/],
  ['it is of a guest', row(2, '1'), row(3, '1', { customerId: null }), /of customer 17850 in line 2, and of a guest here/],
  ['its sign is another', row(2, '1'), row(3, '1', { quantity: -4 }), /a quantity of 1 in line 2, and of -4 here: the signs differ/],
  ['its sign is another in a write-off', row(2, '1', { quantity: -4 }), row(3, '1'), /a quantity of -4 in line 2, and of 1 here/],
  ['the total is too large', row(2, '1', { unitPrice: 9n * 10n ** 17n }), row(3, '1', { unitPrice: 9n * 10n ** 17n }), /the total of invoice 1 is too large/]
]
for (const [what, first, second, problem] of refused) {
  test(`a row is no part of its invoice when ${what}`, async t => {
    const { invoices, faults } = group([first, second, row(4, first.invoiceNo, first)])
    t.match(faults, [{ line: 3, problem }])
    t.equal(invoices[0]?.rows.length, what.startsWith('the total') ? 1 : 2, 'later rows are')
  })
}

test('an adjustment may have both signs', async t => {
  t.same(group([row(2, 'A1'), row(3, 'A1', { quantity: -1 })]).faults, [])
})

test('an invoice has at most 10,000 rows', async t => {
  const { invoices, faults } = group(Array.from({ length: 10_001 }, (_, index) => row(index + 2, '1')))
  t.equal(invoices[0]?.rows.length, 10_000)
  t.match(faults, [{ line: 10_002, problem: /more than 10000 rows/ }])
})

test('invoices come out whole and in order, however their rows are mixed within the window', async t => {
  const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 120 })
  fc.assert(fc.property(sizes, fc.infiniteStream(fc.nat()), fc.boolean(), (sizes, choices, remember) => {
    const whole = sizes.map((size, index) => Array.from({ length: size }, () => `${index + 1}`))
    const mixed: ImportRow[] = []
    // Any mixture in which at most 50 invoices are begun and not ended is within the window.
    let next = 0
    const begun: string[][] = []
    const choose = (count: number): number => (choices.next().value as number) % count
    while (next < whole.length || begun.length > 0) {
      const mayBegin = next < whole.length && (begun.length === 0 || next - Number(begun[0]?.[0]) + 1 < windowInvoices)
      const at = choose(begun.length + (mayBegin ? 1 : 0))
      if (at === begun.length) begun.push([...whole[next++] as string[]])
      const rest = begun[at] as string[]
      mixed.push(row(mixed.length + 2, rest.pop() as string))
      if (rest.length === 0) begun.splice(at, 1)
    }
    const { invoices, faults } = group(mixed, remember)
    const lines = invoices.map(({ rows }) => rows.map(({ line }) => line))
    return faults.length === 0 &&
      invoices.every(({ sequence, invoiceNo, rows }) => invoiceNo === `${sequence}` && rows.length === sizes[sequence - 1]) &&
      invoices.length === sizes.length && lines.every(each => each.every((line, index) => index === 0 || line > (each[index - 1] as number)))
  }), { numRuns: 200 })
})
