import { test } from 'tap'
import { columnNames, readHeader } from '../../../ops/import/columns.ts'
import { type ImportRow, type RowFault, readRow } from '../../../ops/import/import-row.ts'
import { parseInvoiceDate } from '../../../ops/import/invoice-date.ts'
import { amountsProblem, formOf, isStocked, kindOf } from '../../../ops/import/invoice-kind.ts'

const header = readHeader(columnNames)
if (typeof header === 'string') throw new Error(header)

const valid = {
  InvoiceNo: '536365', StockCode: '85123A', Description: 'WHITE LANTERN', Quantity: '6', InvoiceDate: '2010-12-01 08:26:00', UnitPrice: '2.55', CustomerID: '17850.0', Country: 'United Kingdom'
}

function read (change: Partial<typeof valid>): ImportRow | RowFault {
  return readRow(Object.values({ ...valid, ...change }), header as Exclude<typeof header, string>, 7)
}

test('a row is read exactly when it keeps every rule', async t => {
  t.same(read({}), {
    line: 7,
    invoiceNo: '536365',
    form: 'plain',
    sku: '85123A',
    sourceCode: '85123A',
    stocked: true,
    description: 'WHITE LANTERN',
    quantity: 6,
    invoicedAtMs: Date.UTC(2010, 11, 1, 8, 26),
    unitPrice: 25_500n,
    customerId: '17850',
    country: 'United Kingdom'
  })
})

const accepted: ReadonlyArray<readonly [string, Partial<typeof valid>, Partial<ImportRow>]> = [
  ['codes are trimmed, and upper case for the SKU', { StockCode: ' 85123a ', InvoiceNo: ' c536379', Quantity: '-1' }, { sku: '85123A', sourceCode: '85123a', invoiceNo: 'C536379', form: 'credit' }],
  ['a customer number with a fraction of 0 is the number', { CustomerID: '12346.00' }, { customerId: '12346' }],
  ['a customer number as it is', { CustomerID: '12346' }, { customerId: '12346' }],
  ['no customer is a guest', { CustomerID: ' ' }, { customerId: null }],
  ['four decimals are exact', { UnitPrice: '0.0001', Quantity: '3' }, { unitPrice: 1n }],
  ['a price without decimals', { UnitPrice: '13541' }, { unitPrice: 135_410_000n }],
  ['a free row', { UnitPrice: '0.0' }, { unitPrice: 0n }],
  ['a description that is missing', { Description: '' }, { description: '' }],
  ['a description with bytes that were no UTF-8', { Description: 'CAF\ufffd' }, { description: 'CAF\ufffd' }],
  ['a price below 0 in an adjustment', { InvoiceNo: 'A563186', UnitPrice: '-11062.06', Quantity: '1' }, { form: 'adjustment', unitPrice: -110_620_600n }],
  ['a code with spaces', { StockCode: 'BANK CHARGES' }, { sku: 'BANK CHARGES', stocked: false }]
]
for (const [what, change, expected] of accepted) {
  test(`a row is accepted: ${what}`, async t => {
    t.match(read(change), expected)
  })
}

const refused: ReadonlyArray<readonly [Partial<typeof valid>, string, RegExp]> = [
  [{ InvoiceNo: '' }, 'InvoiceNo', /'' is not an invoice number/],
  [{ InvoiceNo: 'X536365' }, 'InvoiceNo', /'X536365' is not an invoice number: digits, or C or A and digits/],
  [{ InvoiceNo: '536 365' }, 'InvoiceNo', /not an invoice number/],
  [{ InvoiceNo: '5'.repeat(16) }, 'InvoiceNo', /not an invoice number/],
  [{ InvoiceNo: '53\ufffd365' }, 'InvoiceNo', /not an invoice number/],
  [{ StockCode: '' }, 'StockCode', /not a code/],
  [{ StockCode: '85\ufffd23A' }, 'StockCode', /not a code/],
  [{ StockCode: 'a\u0000b' }, 'StockCode', /'a\ufffdb' is not a code/],
  [{ StockCode: 'x'.repeat(65) }, 'StockCode', /'x{40}…' is not a code of 1 to 64 characters/],
  [{ Quantity: '' }, 'Quantity', /'' is not a whole number/],
  [{ Quantity: '1.5' }, 'Quantity', /'1.5' is not a whole number/],
  [{ Quantity: '0x10' }, 'Quantity', /not a whole number/],
  [{ Quantity: '3000000000' }, 'Quantity', /not a whole number/],
  [{ Quantity: '0' }, 'Quantity', /the quantity is 0/],
  [{ InvoiceDate: '' }, 'InvoiceDate', /'' is not a date such as/],
  [{ InvoiceDate: '2010-02-30 08:26' }, 'InvoiceDate', /not a date/],
  [{ InvoiceDate: '13/1/2010 8:26' }, 'InvoiceDate', /not a date/],
  [{ UnitPrice: '' }, 'UnitPrice', /not an amount/],
  [{ UnitPrice: '2,55' }, 'UnitPrice', /'2,55' is not an amount such as 2.55, with at most four decimals/],
  [{ UnitPrice: '2.55555' }, 'UnitPrice', /not an amount/],
  [{ UnitPrice: '1e3' }, 'UnitPrice', /not an amount/],
  [{ UnitPrice: 'NaN' }, 'UnitPrice', /not an amount/],
  [{ UnitPrice: '-2.55' }, 'UnitPrice', /a price below 0 is only known in adjustments/],
  [{ UnitPrice: '99999999999999.9999', Quantity: '2' }, 'UnitPrice', /quantity × price is too large/],
  [{ CustomerID: 'nan' }, 'CustomerID', /'nan' is not a number, or empty for a guest/],
  [{ CustomerID: '17850.5' }, 'CustomerID', /not a number/],
  [{ InvoiceNo: 'C1', Quantity: '1' }, 'Quantity', /a credit note \(C…\) has quantities below 0 only/],
  [{ InvoiceNo: 'C1', Quantity: '-1', UnitPrice: '-1' }, 'UnitPrice', /a price below 0/],
  [{ InvoiceNo: 'A1', Quantity: '0' }, 'Quantity', /the quantity is 0/]
]
for (const [change, column, problem] of refused) {
  test(`a row is refused by line and column when it has ${JSON.stringify(change)}`, async t => {
    t.match(read(change), { line: 7, column, problem })
  })
}

test('a row is refused when it has too few or too many fields', async t => {
  const fields = Object.values(valid)
  t.match(readRow(fields.slice(0, 3), header, 2), { line: 2, column: 'Description', problem: 'the row has 3 fields, the header 8' })
  t.match(readRow([...fields, 'more'], header, 2), { line: 2, column: 'Country', problem: 'the row has 9 fields, the header 8' })
})

test('columns are found by their names, in any order, however their names are spaced', async t => {
  const found = readHeader(['extra', 'country', ' Customer ID ', 'unit_price', 'INVOICEDATE', 'Quantity', 'Description', 'StockCode', 'InvoiceNo'])
  t.match(found, { at: { InvoiceNo: 8, StockCode: 7, Description: 6, Quantity: 5, InvoiceDate: 4, UnitPrice: 3, CustomerID: 2, Country: 1 } })
  t.equal(readHeader(['InvoiceNo', 'Price']), 'has no column StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country; it has InvoiceNo, Price')
  t.equal(readHeader([...columnNames, 'quantity']), 'has more than one column Quantity')
  t.match(readHeader(['x'.repeat(1000)]), /it has x{200}…$/)
})

const dates: ReadonlyArray<readonly [string, number | undefined]> = [
  ['2010-12-01 08:26:00', Date.UTC(2010, 11, 1, 8, 26)],
  ['2010-12-01 08:26:59', Date.UTC(2010, 11, 1, 8, 26, 59)],
  ['2010-12-01 08:26', Date.UTC(2010, 11, 1, 8, 26)],
  ['2010-12-01T08:26', Date.UTC(2010, 11, 1, 8, 26)],
  ['12/1/2010 8:26', Date.UTC(2010, 11, 1, 8, 26)],
  ['12/31/2011 17:05', Date.UTC(2011, 11, 31, 17, 5)],
  ['2/29/2012 0:00', Date.UTC(2012, 1, 29)],
  ['2/29/2011 0:00', undefined],
  ['2011-04-31 10:00', undefined],
  ['2011-00-10 10:00', undefined],
  ['2011-01-10 24:00', undefined],
  ['2011-01-10 10:60', undefined],
  ['1/1/0099 10:00', undefined],
  ['2011-01-10', undefined],
  ['01.12.2010 08:26', undefined],
  ['yesterday', undefined]
]
for (const [text, expected] of dates) {
  test(`a date is ${expected === undefined ? 'refused' : 'read as UTC'} when it is ${text}`, async t => {
    t.equal(parseInvoiceDate(text), expected)
  })
}

test('a code is in stock or a charge by its form', async t => {
  for (const code of ['85123A', '22423', 'DCGS0003', 'DCGSSBOY', 'GIFT_0001_20', 'PADS', '15056BL']) t.ok(isStocked(code), code)
  for (const code of ['POST', 'DOT', 'C2', 'D', 'M', 'S', 'B', 'BANK CHARGES', 'AMAZONFEE', 'CRUK', 'PADSX', 'GIFT', '2242', 'X22423']) t.notOk(isStocked(code), code)
})

test('the number of an invoice says its form', async t => {
  t.same(['536365', 'C536379', 'A563185'].map(formOf), ['plain', 'credit', 'adjustment'])
  for (const number of ['', 'C', '53636X', 'B1', 'CC1', '1C']) t.equal(formOf(number), undefined)
})

test('the kind of an invoice follows from its form, signs and prices', async t => {
  const rows = (...pairs: Array<readonly [number, bigint]>) => pairs.map(([quantity, unitPrice]) => ({ quantity, unitPrice }))
  t.equal(kindOf('plain', rows([6, 0n], [1, 5n])), 'sale', 'free lines of a sale stay in it')
  t.equal(kindOf('plain', rows([6, 0n], [1, 0n])), 'stockIn')
  t.equal(kindOf('plain', rows([-6, 0n])), 'writeOff')
  t.equal(kindOf('plain', rows([-6, 5n])), 'writeOff', 'what goods were worth does not matter')
  t.equal(kindOf('credit', rows([-6, 5n])), 'creditNote')
  t.equal(kindOf('adjustment', rows([1, -5n])), 'adjustment')
  t.equal(amountsProblem('adjustment', { quantity: -1, unitPrice: -5n }), undefined)
})
