import { gzipSync } from 'node:zlib'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { tempFolder } from '../support/temp-folder.ts'
import { formatAmount, parseAmount } from './amount.ts'
import { parseCsv, readText } from './csv.ts'
import { creditTotals, figuresOf } from './figures.ts'
import { readInvoices } from './invoices.ts'

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'
const file = (...rows: readonly string[]): string => `${[header, ...rows].join('\n')}\n`

/** Worked out by hand, row by row, from the rules in the comment of each block. */
const year = file(
  // A sale: two priced lines (one repeated as it is), a free one, postage. 6 × 2.55 twice + 18.00 = 48.60
  '1001,85123a,LIGHT,6,2010-12-31 23:59:00,2.55,17850.0,United Kingdom',
  '1001,85123a,LIGHT,6,2011-01-01 00:00:00,2.55,17850.0,United Kingdom',
  '1001,85123A,LIGHT,2,2011-01-01 00:00:00,0.0,17850.0,United Kingdom',
  // The credit note of somebody else stands in between: never bought, so not matched. −1 × 1.25
  'C1002,85123A,LIGHT,-1,2011-01-01 00:00:00,1.25,12346.0,France',
  '1001,POST,POSTAGE,1,2011-01-01 00:00:00,18.0,17850.0,United Kingdom',
  // A guest, three decimals. 3 × 0.125 = 0.375
  '1003,10002,"BAG, ""RED""",3,2011-01-02 10:00:00,0.125,,EIRE',
  // Charges alone: an order without stock. 40.00
  '1004,M,Manual,1,2011-01-03 10:00:00,40.0,12346.0,France',
  // Stock that comes in, stock that is written off.
  '1005,10002,BAG,50,2011-01-03 11:00:00,0.0,,United Kingdom',
  '1006,10002,damaged,-7,2011-01-03 12:00:00,0.0,,United Kingdom',
  // Another sale of the same SKU to the first customer. 5 × 3.00 = 15.00
  '1007,85123A,LIGHT,5,2011-01-04 10:00:00,3.0,17850.0,United Kingdom',
  // 19 pieces were bought. 8 come back: 5 of the newest invoice, then of the newest line before it: 2 free ones, 1 of the repeated row.
  'C1008,85123A,LIGHT,-8,2011-02-01 10:00:00,3.0,17850.0,United Kingdom',
  // 11 are left: 12 are too many, 11 are not. Postage takes part. A guest never matches.
  'C1009,85123A,LIGHT,-12,2011-02-02 10:00:00,2.55,17850.0,United Kingdom',
  'C1009,85123A,LIGHT,-11,2011-02-02 10:00:00,2.55,17850.0,United Kingdom',
  'C1009,POST,POSTAGE,-1,2011-02-02 10:00:00,18.0,17850.0,United Kingdom',
  'C1010,10002,BAG,-1,2011-02-02 10:00:00,0.125,,EIRE',
  'A1011,B,Adjust bad debt,1,2011-02-03 10:00:00,-11062.06,,United Kingdom'
)

test('the oracle comes to the figures worked out by hand when every kind of invoice is in the file', t => {
  const figures = figuresOf(year)
  t.equal(figures.rows, 16)
  t.same(figures.invoices, { sale: 4, stockIn: 1, writeOff: 1, creditNote: 4, adjustment: 1 })
  // 48.60 + 0.375 + 40 + 15 − (1.25 + 24 + 30.60 + 28.05 + 18 + 0.125) − 11062.06
  t.equal(formatAmount(figures.net), '-11060.1100')
  t.same(figures.orders, { orders: 4, lines: 6, freeLines: 1, withoutStock: 1, gross: 1_039_750n })
  t.same(Object.fromEntries(figures.months), {
    '2010-12': { orders: 1, lines: 3, gross: 486_000n },
    '2011-01': { orders: 3, lines: 3, gross: 553_750n },
    '2011-02': { orders: 0, lines: 0, gross: 0n }
  }, 'the first time of an invoice counts')
  t.same(Object.fromEntries(figures.countries), {
    'United Kingdom': { orders: 2, lines: 4, gross: 636_000n }, France: { orders: 1, lines: 1, gross: 400_000n }, EIRE: { orders: 1, lines: 1, gross: 3750n }
  })
  t.same(Object.fromEntries(figures.customers), { 17850: { orders: 2, lines: 4, gross: 636_000n }, 12346: { orders: 1, lines: 1, gross: 400_000n } })
  t.same(figures.guests, { orders: 1, lines: 1, gross: 3750n })
  t.same(Object.fromEntries(figures.skus), {
    '85123A': { lines: 3, freeLines: 1, pieces: 19, gross: 456_000n },
    POST: { lines: 1, freeLines: 0, pieces: 1, gross: 180_000n },
    10002: { lines: 1, freeLines: 0, pieces: 3, gross: 3750n },
    M: { lines: 1, freeLines: 0, pieces: 1, gross: 400_000n }
  })
  t.same(Object.fromEntries(figures.adjustments), { A1011: -110_620_600n })
  t.same(Object.fromEntries(figures.stock), {
    '85123A': { opening: 19, sold: 19, in: 19, out: 0, onHand: 19 },
    10002: { opening: 10, sold: 3, in: 50, out: 7, onHand: 50 }
  })
  t.end()
})

test('credit lines take from the newest purchase line first when what is left of all of them is enough', t => {
  const { credits } = figuresOf(year)
  t.same(credits.map(({ invoiceNo, lineNo, quantity, amount, taken }) =>
    [invoiceNo, lineNo, quantity, amount, taken.map(part => `${part.quantity} of ${part.invoiceNo}/${part.lineNo}`)]), [
    ['C1002', 1, 1, 12_500n, []],
    ['C1008', 1, 8, 240_000n, ['5 of 1007/1', '2 of 1001/3', '1 of 1001/2']],
    ['C1009', 1, 12, 306_000n, []],
    ['C1009', 2, 11, 280_500n, ['5 of 1001/2', '6 of 1001/1']],
    ['C1009', 3, 1, 180_000n, ['1 of 1001/4']],
    ['C1010', 1, 1, 1250n, []]
  ])
  t.same(creditTotals(credits, true), { lines: 3, amount: 700_500n })
  t.same(creditTotals(credits, false), { lines: 3, amount: 319_750n })
  t.end()
})

test('matched credits are paid in the order of the file, as far as their orders have money left, and the rest stays owed', t => {
  // 15.00 of 1007, which is all of it; 9.00, 28.05 and of the postage 11.55 of 1001, which is all of its 48.60. 102.025 were credited.
  const { refunds } = figuresOf(year)
  t.same(refunds, { paid: 636_000n, owed: 384_250n })
  t.same(figuresOf(year, { cancelled: new Set(['1001']) }).refunds, { paid: 0n, owed: 1_020_250n }, 'nothing is paid for what belongs to no purchase')
  t.end()
})

test('opening stock is a share of the pieces sold, rounded down, and all that is written off, when a share is asked for', t => {
  const { stock } = figuresOf(year, { stockShare: 0.9 })
  t.match(Object.fromEntries(stock), { '85123A': { opening: 17, onHand: -2 + 19 }, 10002: { opening: 2 + 7, onHand: 49 } })
  t.end()
})

test('a cancelled order sells nothing and leaves nothing to give back, but was placed, when the run says that it was cancelled', t => {
  const { orders, delivered, stock, credits } = figuresOf(year, { stockShare: 0.9, cancelled: new Set(['1001']) })
  t.same(orders, figuresOf(year).orders)
  t.same(delivered, { orders: 3, lines: 3, gross: 553_750n })
  t.same(stock.get('85123A'), { opening: 17, sold: 5, in: 0, out: 0, onHand: 12 })
  t.same(credits.map(({ taken }) => taken.length > 0), [false, false, false, false, false, false], 'five pieces are left of nineteen: too few for each note')
  t.end()
})

test('a write-off leaves the stock as it is when the run says that it was refused', t => {
  const { stock } = figuresOf(year, { stockShare: 0.9, refused: new Set(['1006/1']) })
  t.same(stock.get('10002'), { opening: 2 + 7, sold: 3, in: 50, out: 0, onHand: 56 })
  t.end()
})

test('a purchase that comes later in the file is not credited when the note comes first', t => {
  const rows = ['C2,10002,BAG,-1,2011-01-01 10:00:00,1.0,12346.0,France', '1,10002,BAG,1,2011-01-01 10:00:00,1.0,12346.0,France']
  t.same(creditTotals(figuresOf(file(...rows)).credits, true).lines, 0)
  t.same(creditTotals(figuresOf(file(...rows.toReversed())).credits, true).lines, 1)
  t.end()
})

test('reading refuses a row when no rule of the import says what it is', t => {
  const refuses = (row: string, problem: RegExp): void => { t.throws(() => readInvoices(file(row)), problem, row) }
  refuses('X1,10002,BAG,1,2011-01-01 10:00:00,1.0,,France', /no rule says what invoice X1 is/)
  refuses('C1,10002,BAG,1,2011-01-01 10:00:00,1.0,,France', /no rule says what invoice C1 is/)
  refuses('1,10002,BAG,1,2011-01-01 10:00:00,-1.0,,France', /no rule says what invoice 1 is/)
  refuses('1,10002,BAG,0,2011-01-01 10:00:00,1.0,,France', /'0' is not a quantity/)
  refuses('1,10002,BAG,1,2011-01-01 10:00:00,1.00001,,France', /not an amount/)
  t.throws(() => readInvoices('InvoiceNo,Country\n'), /no column StockCode, Quantity, InvoiceDate, UnitPrice, CustomerID/)
  t.end()
})

test('text is read with its commas, quotes and line ends when fields are quoted, and unpacked when it is packed', t => {
  t.same([...parseCsv('a,"b ""x"", y",c\r\n\n"two\nlines",,\r\nlast')], [['a', 'b "x", y', 'c'], ['two\nlines', '', ''], ['last']])
  t.throws(() => [...parseCsv('a\n"b')], /record 2: a quote is never closed/)
  const folder = tempFolder(t)
  const read = (name: string, bytes: Buffer): string => {
    writeFileSync(join(folder, name), bytes)
    return readText(join(folder, name))
  }
  t.equal(read('plain.csv', Buffer.from('\uFEFFå,b\n')), 'å,b\n')
  t.equal(read('packed.csv.gz', gzipSync('å,b\n')), 'å,b\n')
  t.end()
})

test('amounts are whole numbers of 1/10,000 when they are read and written', (t: Test) => {
  for (const [text, amount] of [['2.55', 25_500n], ['0.001', 10n], ['-11062.06', -110_620_600n], ['7', 70_000n], ['0.0', 0n]] as const) t.equal(parseAmount(text), amount)
  for (const text of ['', '1.', '.5', '1e3', '1.00001', '--1', ' 1']) t.throws(() => parseAmount(text), /not an amount/)
  t.same([25_500n, 10n, -5n, 0n].map(formatAmount), ['2.5500', '0.0010', '-0.0005', '0.0000'])
  t.end()
})
