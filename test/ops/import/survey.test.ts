import { randomBytes } from 'node:crypto'
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { type Test, test } from 'tap'
import { type OpsErrorCode } from '../../../ops/errors.ts'
import { columnNames } from '../../../ops/import/columns.ts'
import { type Invoice } from '../../../ops/import/invoice-window.ts'
import { readAgain } from '../../../ops/import/read-again.ts'
import { type Survey, openingStock, surveyFile } from '../../../ops/import/survey.ts'
import { csvOf, gzipped } from './fixture.ts'

const { signal } = new AbortController()

async function survey (path: string, skipBad = false): Promise<Survey> {
  return await surveyFile({ path, skipBad, signal, onProgress: () => {} })
}

function write (t: Test, content: string | Buffer, name = 'rows.csv'): string {
  const path = join(t.testdir(), name)
  writeFileSync(path, content)
  return path
}

async function again (found: Survey): Promise<Invoice[]> {
  return (await Array.fromAsync(readAgain(found, signal))).flat()
}

const everyKind = csvOf([
  { InvoiceNo: '536365', StockCode: '85123a', Quantity: '6', UnitPrice: '2.55' },
  { StockCode: '85123A', Description: 'LATER NAME', Quantity: '2', UnitPrice: '2.95' },
  { StockCode: '22752', Description: 'FREE GIFT', Quantity: '3', UnitPrice: '0.0' },
  { StockCode: 'POST', Description: 'POSTAGE', Quantity: '1', UnitPrice: '18.00' },
  { InvoiceNo: '536366', StockCode: '22752', Description: 'came in', Quantity: '50', UnitPrice: '0', CustomerID: '' },
  { InvoiceNo: '536367', StockCode: '85123A', Description: 'damaged', Quantity: '-4', CustomerID: '' },
  { InvoiceNo: 'C536368', StockCode: '85123A', Description: 'WHITE LANTERN', Quantity: '-2', UnitPrice: '2.55', CustomerID: '17850' },
  { InvoiceNo: 'C536368', StockCode: 'D', Description: 'Discount', Quantity: '-1', UnitPrice: '27.50' },
  { InvoiceNo: 'A563185', StockCode: 'B', Description: 'Adjust bad debt', Quantity: '1', UnitPrice: '11062.06', CustomerID: '' },
  { InvoiceNo: 'A563186', UnitPrice: '-11062.07' },
  { InvoiceNo: '536369', StockCode: '21730', Description: '', Quantity: '10', UnitPrice: '4.25' }
])

test('a survey adds up every kind of invoice, and what must be in stock', async t => {
  const found = await survey(write(t, everyKind))
  t.match(found, {
    rows: 11,
    invoices: { sale: 2, stockIn: 1, writeOff: 1, creditNote: 1, adjustment: 2, unknown: 0 },
    sales: { lines: 4, amount: 817_000n },
    credits: { lines: 2, amount: 326_000n },
    adjustments: { lines: 2, amount: -100n },
    leftOut: { examples: [] }
  })
  const products = [...found.products].map(([sku, { name, stocked, unitPrice, sold, writtenOff }]) => [sku, [name, stocked, unitPrice, sold, writtenOff]])
  t.same(Object.fromEntries(products), {
    '85123A': ['WHITE LANTERN', true, 25_500n, 8, 4],
    22752: ['FREE GIFT', true, undefined, 3, 0],
    POST: ['POSTAGE', false, 180_000n, 1, 0],
    21730: ['21730', true, 42_500n, 10, 0]
  })
})

test('opening stock is what is sold and written off; a share takes from the sold part only', async t => {
  const product = { name: 'x', stocked: true, unitPrice: 1n, sold: 15, writtenOff: 4 }
  t.equal(openingStock(product, 1), 19)
  t.equal(openingStock(product, 0.9), 17, 'floor(0.9 × 15) + 4')
  t.equal(openingStock(product, 0), 4)
})

test('a file is the same import plain, gzipped, with a byte order mark, other line ends and other columns', async t => {
  const plain = await survey(write(t, everyKind))
  const lines = everyKind.trimEnd().split('\n').map(line => line.split(','))
  const turned = lines.map(fields => [...fields.toReversed(), 'more'].join(',')).join('\r\n')
  for (const [name, content] of [['a.csv', gzipped(everyKind)], ['b.csv.gz', gzipped(`\ufeff${everyKind}`)], ['c.csv', `\ufeff${turned}`]] as const) {
    const found = await survey(write(t, content, name))
    for (const part of ['rows', 'invoices', 'sales', 'credits', 'products'] as const) t.same(found[part], plain[part])
  }
})

test('a file that is not in UTF-8 is read as long as its codes are', async t => {
  const latin = Buffer.from(csvOf([{ Description: 'CAFÉ' }, { Description: 'TEA' }]), 'latin1')
  t.equal((await survey(write(t, latin))).rows, 2)
  const path = write(t, Buffer.from(csvOf([{ StockCode: '85123É' }]), 'latin1'))
  await t.rejects(survey(path), { code: 'OPS_IMPORT_ROW_BAD', message: /line 2, column StockCode/ })
})

const header = `${columnNames.join(',')}\n`
const packed = gzipped(csvOf(Array.from({ length: 500 }, (_, index) => ({ InvoiceNo: `${index + 1}` }))))
const damaged = Buffer.from(packed)
damaged.fill(0x55, Math.floor(packed.length / 2), Math.floor(packed.length / 2) + 40)
const changedEnd = Buffer.from(packed)
changedEnd[changedEnd.length - 6]! ^= 0xff

const unusable: ReadonlyArray<readonly [string, string | Buffer, OpsErrorCode, RegExp]> = [
  ['it is empty', '', 'OPS_IMPORT_NOTHING', /it is empty/],
  ['it holds an empty gzip file', gzipped(''), 'OPS_IMPORT_NOTHING', /it is empty/],
  ['it holds a byte order mark alone', '\ufeff', 'OPS_IMPORT_NOTHING', /it is empty/],
  ['it has a header alone', header, 'OPS_IMPORT_NOTHING', /no row follows its header/],
  ['it has blank lines alone', '\n\n\n', 'OPS_IMPORT_NOTHING', /no row/],
  ['its end is cut off', packed.subarray(0, packed.length - 20), 'OPS_IMPORT_GZIP_BROKEN', /its end is missing/],
  ['only the first bytes of a gzip file are there', packed.subarray(0, 3), 'OPS_IMPORT_GZIP_BROKEN', /its end is missing/],
  ['its bytes are damaged', damaged, 'OPS_IMPORT_GZIP_BROKEN', /its bytes are damaged/],
  ['its checksum is wrong', changedEnd, 'OPS_IMPORT_GZIP_BROKEN', /its bytes are damaged \(incorrect data check\)/],
  ['it is an Excel workbook', Buffer.concat([Buffer.from('PK\u0003\u0004'), randomBytes(500)]), 'OPS_IMPORT_NOT_CSV', /a ZIP archive or an Excel workbook/],
  ['it is in UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(header, 'utf16le')]), 'OPS_IMPORT_NOT_CSV', /UTF-16/],
  ['it is binary', Buffer.concat([Buffer.from([0, 1, 2, 3]), randomBytes(5000)]), 'OPS_IMPORT_NOT_CSV', /bytes that no text has/],
  ['it is a gzip file of a binary', gzipped('\u0000\u0001\u0002'), 'OPS_IMPORT_NOT_CSV', /bytes that no text has/],
  ['it is another text', 'Dear Sir or Madam\nplease find enclosed\n', 'OPS_IMPORT_COLUMNS_WRONG', /line 1 has no column InvoiceNo, .*; it has Dear Sir or Madam/],
  ['its columns are separated by semicolons', csvOf([{}]).replaceAll(',', ';'), 'OPS_IMPORT_COLUMNS_WRONG', /line 1 has no column/],
  ['a column is missing', csvOf([{}]).replace('UnitPrice', 'Price'), 'OPS_IMPORT_COLUMNS_WRONG', /line 1 has no column UnitPrice; it has InvoiceNo,.*Price/],
  ['its header is broken', `"InvoiceNo"x,\n${csvOf([{}])}`, 'OPS_IMPORT_COLUMNS_WRONG', /line 1 is no header: something follows the closing quote/],
  ['every row is bad and left out', csvOf([{ Quantity: 'x' }, {}]), 'OPS_IMPORT_NOTHING', /all its 2 rows are bad, the first of them in line 2: 'x' is not a whole number/]
]
for (const [what, content, code, message] of unusable) {
  test(`a file cannot be imported, bad rows left out or not, when ${what}`, async t => {
    const path = write(t, content)
    await t.rejects(survey(path, true), { code, message })
    if (!what.startsWith('every row')) await t.rejects(survey(path), { code, message })
    await t.rejects(survey(path, true), { message: new RegExp(path.replaceAll('.', '\\.')) }, 'the file is named')
  })
}

test('a file cannot be imported when it is not there, or is none', async t => {
  const folder = t.testdir()
  mkdirSync(join(folder, 'sub.csv'))
  await t.rejects(survey(join(folder, 'none.csv')), { code: 'OPS_IMPORT_FILE_UNREADABLE', message: /none\.csv cannot be read: there is no such file/ })
  await t.rejects(survey(join(folder, 'sub.csv')), { code: 'OPS_IMPORT_FILE_UNREADABLE', message: /it is a folder/ })
  await t.rejects(survey('/dev/null'), { code: 'OPS_IMPORT_FILE_UNREADABLE', message: /a pipe or a device/ })
})

const someBad = csvOf([
  { InvoiceNo: '1' },
  { Quantity: 'six' },
  { Quantity: '7' },
  { InvoiceNo: '2', CustomerID: '5' },
  { InvoiceNo: '1', CustomerID: '5' },
  { InvoiceNo: '1', CustomerID: '17850', Quantity: '-7' }
]).replace('7,2010', '"7"x,2010').concat('536365,only three,fields\n')

test('the first bad row ends a survey, named by file, line and column', async t => {
  const path = write(t, someBad)
  await t.rejects(survey(path), { code: 'OPS_IMPORT_ROW_BAD', message: `the file ${path} cannot be imported: line 3, column Quantity: 'six' is not a whole number of pieces (every row is checked before anything is sent; nothing has been). Correct the row and start again, or leave out every bad row with --skip-bad.` })
})

test('bad rows are left out one by one and listed when they are to be skipped, and the second reading leaves out the same', async t => {
  const found = await survey(write(t, someBad), true)
  t.match(found.leftOut.examples, [
    { line: 3, column: 'Quantity' },
    { line: 4, column: 'Quantity', problem: /closing quote/ },
    { line: 6, column: 'CustomerID' },
    { line: 7, column: 'Quantity', problem: /signs differ/ },
    { line: 8, column: 'Description', problem: /3 fields/ }
  ])
  t.same([...found.leftOut.lines], [3, 4, 6, 7, 8])
  t.equal(found.rows, 2)
  t.same((await again(found)).map(({ invoiceNo, rows }) => [invoiceNo, rows.length]), [['1', 1], ['2', 1]])
})

test('of many bad rows the first 20 are kept, and all are counted', async t => {
  const found = await survey(write(t, csvOf([{}, ...Array.from({ length: 30 }, () => ({ Quantity: 'x' }))])), true)
  t.equal(found.leftOut.lines.size, 30)
  t.equal(found.leftOut.examples.length, 20)
})

test('an invoice that comes back too late is left out in both readings', async t => {
  const rows = [...Array.from({ length: 60 }, (_, index) => ({ InvoiceNo: `${index + 1}` })), { InvoiceNo: '1' }]
  const path = write(t, csvOf(rows))
  await t.rejects(survey(path), { code: 'OPS_IMPORT_ROW_BAD', message: /line 62, column InvoiceNo: 1 comes back after line 2/ })
  const found = await survey(path, true)
  t.same((await again(found)).map(({ invoiceNo }) => invoiceNo), Array.from({ length: 60 }, (_, index) => `${index + 1}`))
})

test('more pieces of a SKU than a stock can hold are found before anything is sent', async t => {
  const path = write(t, csvOf([{ Quantity: '2000000000' }, { Quantity: '147483647' }, { Quantity: '1' }]))
  await t.rejects(survey(path), { code: 'OPS_IMPORT_ROW_BAD', message: /line 4, column Quantity: 2147483648 pieces of 85123A/ })
})

test('the second reading says so when the file has changed meanwhile', async t => {
  const path = write(t, everyKind)
  const found = await survey(path)
  t.equal((await again(found)).length, 7, 'an unchanged file is read')
  const changed = { code: 'OPS_IMPORT_FILE_CHANGED', message: new RegExp(path) }
  writeFileSync(path, everyKind.replace('18.00', '19.00'))
  utimesSync(path, new Date(), new Date(found.file.modifiedMs + 5000))
  await t.rejects(again(found), changed, 'its time tells')
  utimesSync(path, new Date(), new Date(found.file.modifiedMs))
  await t.rejects(again({ ...found, file: { ...found.file, modifiedMs: (await survey(path)).file.modifiedMs } }), changed, 'its content tells')
  writeFileSync(path, everyKind.replace('18.00', 'x'))
  await t.rejects(again(found), changed, 'its size tells')
})

test('a survey ends when it is asked to', async t => {
  const stop = new AbortController()
  stop.abort(new Error('asked to end'))
  await t.rejects(surveyFile({ path: write(t, everyKind), skipBad: false, signal: stop.signal, onProgress: () => {} }), { message: 'asked to end' })
})

test('a file comes out as it was written, whatever its rows, names and packing', async t => {
  const description = fc.string({ unit: fc.constantFrom('A', 'é', '"', ',', '\n', ' ', '12'), maxLength: 8 })
  const line = fc.record({
    StockCode: fc.constantFrom('85123A', '22752', 'POST', 'gift_0001'),
    Description: description,
    Quantity: fc.integer({ min: 1, max: 5000 }).map(String),
    UnitPrice: fc.integer({ min: 0, max: 99_999_999 }).map(amount => (amount / 10_000).toFixed(4))
  })
  const invoice = fc.record({ customer: fc.option(fc.integer({ min: 1, max: 9 })), lines: fc.array(line, { minLength: 1, maxLength: 4 }) })
  const invoices = fc.array(invoice, { minLength: 1, maxLength: 12 })
  await fc.assert(fc.asyncProperty(invoices, fc.boolean(), async (invoices, isPacked) => {
    const rows = invoices.flatMap(({ customer, lines }, index) => lines.map(each => ({ ...each, InvoiceNo: `${index + 1}`, CustomerID: customer === null ? '' : `${customer}.0` })))
    const text = csvOf(rows)
    const found = await survey(write(t, isPacked ? gzipped(text) : text))
    const read = await again(found)
    t.same(read.map(({ invoiceNo, rows: [{ customerId }] }) => [invoiceNo, customerId]),
      invoices.map(({ customer }, index) => [`${index + 1}`, customer === null ? null : `${customer}`]))
    t.same(read.flatMap(invoice => invoice.rows.map(({ sku, quantity, unitPrice }) => [sku, quantity, unitPrice])),
      rows.map(({ StockCode, Quantity, UnitPrice }) => [StockCode.toUpperCase(), Number(Quantity), BigInt(UnitPrice.replace('.', ''))]))
    t.equal(found.rows, rows.length)
  }), { numRuns: 40 })
})
