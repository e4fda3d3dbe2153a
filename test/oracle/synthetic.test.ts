import { test } from 'tap'
import { creditTotals, figuresOf } from './figures.ts'
import { parseCsv } from './csv.ts'
import { oddities, syntheticYear } from './synthetic.ts'

const small = { invoices: Object.keys(oddities).length * 3 }

test('a made-up file has every kind of invoice and every oddity when it has three invoices for each of them', t => {
  for (let seed = 0; seed < 20; seed++) {
    const csv = syntheticYear({ ...small, seed: String(seed) })
    const [, ...rows] = [...parseCsv(csv)]
    const byInvoice = [...Map.groupBy(rows, ([invoiceNo]) => invoiceNo).values()]
    const { invoices, guests, orders, credits, adjustments, customers, months } = figuresOf(csv)
    const has = (what: string, isThere: boolean): void => { t.ok(isThere, `seed ${seed}: ${what}`) }
    has('all kinds', Object.values(invoices).every(count => count > 0))
    has('guests', guests.orders > 0)
    has('free lines', orders.freeLines > 1)
    has('an order of charges alone', orders.withoutStock > 0)
    has('adjustments', adjustments.size > 1)
    has('more than a year', months.size > 12)
    has('matched and unmatched credits', creditTotals(credits, true).lines > 2 && creditTotals(credits, false).lines > 4)
    has('a credit over two purchases', credits.some(({ taken }) => new Set(taken.map(({ invoiceNo }) => invoiceNo)).size > 1))
    has('a credit of a guest', credits.some(({ customerId }) => customerId === null))
    has('duplicate rows', new Set(rows.map(row => row.join())).size < rows.length)
    has('lower-case codes', rows.some(([, code = '']) => code !== code.toUpperCase()))
    has('two times in an invoice', byInvoice.some(list => new Set(list.map(row => row[4])).size > 1))
    has('an invoice that comes back', rows.some(([no], at) => no !== rows[at - 1]?.[0] && rows.slice(0, at).some(([earlier]) => earlier === no)))
    has('a repeated SKU of another price', byInvoice.some(list => new Set(list.map(row => row[1])).size < new Set(list.map(row => `${row[1]}/${row[5]}`)).size))
    has('a customer of two countries', [...Map.groupBy(rows, row => row[6])].some(([id, list]) => id !== '' && new Set(list.map(row => row[7])).size > 1))
    has('three decimals', rows.some(([, , , , , price = '']) => /\.\d{3}$/.test(price)))
    has('many lines', byInvoice.some(list => list.length >= 60))
    has('customers', customers.size > 5)
    has('times that never go back', rows.every((row, at) => at === 0 || (row[4] ?? '') >= (rows[at - 1]?.[4] ?? '')))
  }
  t.end()
})

test('a made-up file is the same for the same seed, and another one for another', t => {
  const csv = syntheticYear({ invoices: 200, seed: '7' })
  t.equal(syntheticYear({ invoices: 200, seed: '7' }), csv)
  t.not(syntheticYear({ invoices: 200, seed: '8' }), csv)
  t.end()
})
