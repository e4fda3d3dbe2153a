import { parseArgs } from 'node:util'
import { formatAmount } from './amount.ts'
import { readText } from './csv.ts'
import { creditTotals, figuresOf } from './figures.ts'
import { compareWithKnown } from './online-retail.ts'

/**
 * `node test/oracle/run.ts FILE.csv[.gz] [--stock-share X] [--brief]`: what must come out of an import of the file, as JSON; amounts
 * are decimal text. `--brief` leaves out what is listed by customer, SKU and credit line. Exit code 1 when figures of the file are
 * known from elsewhere and the oracle comes to others.
 */
const { values, positionals: [file] } = parseArgs({
  allowPositionals: true, options: { 'stock-share': { type: 'string', default: '1' }, brief: { type: 'boolean', default: false } }
})
if (file === undefined) {
  process.stderr.write('usage: node test/oracle/run.ts FILE.csv[.gz] [--stock-share X] [--brief]\n')
  process.exit(2)
}

const csv = readText(file)
const figures = figuresOf(csv, { stockShare: Number(values['stock-share']) })
const { customers, skus, credits, stock, ...rest } = figures
const counts = {
  ...rest,
  customerCount: customers.size,
  skuCount: skus.size,
  creditTotals: { matched: creditTotals(credits, true), unmatched: creditTotals(credits, false) }
}
const told = values.brief ? counts : { ...counts, customers, skus, credits, stock }
process.stdout.write(`${JSON.stringify(told, (_, value: unknown) =>
  typeof value === 'bigint' ? formatAmount(value) : value instanceof Map ? Object.fromEntries(value) : value, 2)}\n`)

const { known, differences } = compareWithKnown(csv, figures)
for (const difference of differences) process.stderr.write(`not as known: ${difference}\n`)
if (known > 0 && differences.length === 0) process.stderr.write(`all ${known} figures that are known of this file are reproduced\n`)
process.exitCode = differences.length === 0 ? 0 : 1
