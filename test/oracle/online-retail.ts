import { createHash } from 'node:crypto'
import { formatAmount } from './amount.ts'
import { type Figures, creditTotals } from './figures.ts'

/** SHA-256 of the unpacked text of the real file: UCI Online Retail (Chen 2015, CC BY 4.0) as CSV, with ISO times. */
const digest = 'c35975c40d0e1e105090fbb11188a409393055f873841bd012915475fc84e69f'

/** Figures of that file that are known from elsewhere: counted with other tools, by other people. */
const known: ReadonlyArray<readonly [name: string, figure: string | number, of: (figures: Figures) => string | number]> = [
  ['rows', 541_909, ({ rows }) => rows],
  ['invoices of digits', 22_061, ({ invoices: { sale, stockIn, writeOff } }) => sale + stockIn + writeOff],
  ['invoices of free goods alone', 766, ({ invoices }) => invoices.stockIn],
  ['write-offs', 1_336, ({ invoices }) => invoices.writeOff],
  ['credit notes', 3_836, ({ invoices }) => invoices.creditNote],
  ['adjustments', 3, ({ invoices }) => invoices.adjustment],
  ['net of all rows', '9747747.9340', ({ net }) => formatAmount(net)],
  ['orders', 19_959, ({ orders }) => orders.orders],
  ['priced lines', 530_103, ({ orders }) => orders.lines],
  ['gross', '10655622.4840', ({ orders }) => formatAmount(orders.gross)],
  ['orders without goods in stock', 177, ({ orders }) => orders.withoutStock],
  ['orders of guests', 1_427, ({ guests }) => guests.orders],
  ['customers', 4_372, ({ customers }) => customers.size],
  ['customers with sales', 4_338, ({ customers }) => [...customers.values()].filter(({ orders }) => orders > 0).length],
  ['countries', 38, ({ countries }) => countries.size],
  ['months', 13, ({ months }) => months.size],
  ['gross of customer 14646', '280206.0200', ({ customers }) => formatAmount(customers.get('14646')?.gross ?? 0n)],
  ['gross of SKU 22423', '174484.7400', ({ skus }) => formatAmount(skus.get('22423')?.gross ?? 0n)],
  ['priced lines of SKU 85123A', 2_332, ({ skus }) => skus.get('85123A')?.lines ?? 0],
  ['credit lines matched', 7_518, ({ credits }) => creditTotals(credits, true).lines],
  ['credit lines not matched', 1_770, ({ credits }) => creditTotals(credits, false).lines],
  ['credits', '896812.4900', ({ credits }) => formatAmount(creditTotals(credits, true).amount + creditTotals(credits, false).amount)]
]

/** How many figures of this text are known from elsewhere, and where the oracle comes to others. None are known of any other text. */
export function compareWithKnown (csv: string, figures: Figures): { readonly known: number, readonly differences: readonly string[] } {
  if (createHash('sha256').update(csv).digest('hex') !== digest) return { known: 0, differences: [] }
  const differences = known.filter(([, figure, of]) => of(figures) !== figure)
  return { known: known.length, differences: differences.map(([name, figure, of]) => `${name}: ${of(figures)} instead of ${figure}`) }
}
