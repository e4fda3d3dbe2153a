import { test } from 'tap'
import { figuresOf } from '../../oracle/figures.ts'
import { syntheticYear } from '../../oracle/synthetic.ts'
import { type Analytics } from './analytics.ts'
import { compareAnalytics } from './compare-analytics.ts'

const figures = figuresOf(syntheticYear({ seed: '7', invoices: 90 }))

const adjusted = [...figures.adjustments.values()].reduce((sum, amount) => sum + amount, 0n)

const viewed = (sales: typeof figures.months) =>
  new Map([...sales].filter(([, { orders }]) => orders > 0).map(([name, { orders, gross }]) => [name, { orders, gross }]))

/** What a ClickHouse that agrees with the oracle says. */
const agreeing: Analytics = {
  states: { Delivered: figures.orders.orders },
  cancelled: new Set(),
  refused: new Set(),
  otherRejections: [],
  months: figures.months,
  countries: figures.countries,
  customers: new Map([...[...figures.customers].filter(([, { orders }]) => orders > 0), ['', figures.guests]]),
  skus: figures.skus,
  confirmedGross: figures.orders.gross,
  credits: figures.credits.map(({ isStocked: _, ...credit }) => ({ ...credit, events: 1 })),
  adjustments: figures.adjustments,
  accounts: new Map([
    ['cash', figures.orders.gross - figures.refunds.paid],
    ['revenue', -figures.orders.gross],
    ['returns', figures.refunds.paid + figures.refunds.owed],
    ['customer-credit', -figures.refunds.owed],
    ['receivables', adjusted],
    ['adjustments', -adjusted]
  ]),
  stock: new Map([...figures.stock].map(([sku, stock]) => [sku, { ...stock, leastOnHand: 0, leastFree: 0 }])),
  views: {
    months: viewed(figures.months),
    countries: viewed(figures.countries),
    customers: viewed(figures.customers),
    skus: new Map([...figures.skus].map(([sku, { lines, freeLines, pieces, gross }]) => [sku, { lines: lines + freeLines, pieces, gross }])),
    bought: new Map([...figures.skus].map(([sku, { pieces }]) => [sku, pieces]))
  }
}

test('ClickHouse and the oracle agree when every figure is the same', t => {
  t.same(compareAnalytics(figures, agreeing), [])
  t.end()
})

test('every difference between ClickHouse and the oracle is told when there is one', t => {
  const [month = '', ...otherMonths] = [...figures.months.keys()]
  const sales = figures.months.get(month)
  const matched = agreeing.credits.findIndex(({ taken }) => taken.length > 0)
  const [sku = '', stock] = [...agreeing.stock][0] ?? []
  const wrong = (what: Partial<Analytics>, ...lines: readonly RegExp[]): void => {
    const found = compareAnalytics(figures, { ...agreeing, ...what })
    t.equal(found.length, lines.length, found.join('; '))
    for (const [at, line] of lines.entries()) t.match(found[at], line)
  }
  if (sales === undefined || stock === undefined) return t.fail('the made-up file is too small')
  wrong({ months: new Map([...figures.months, [month, { ...sales, gross: sales.gross + 1n }]]) }, new RegExp(`^month ${month}: .*"gross":"${sales.gross + 1n}".* instead of`))
  wrong({ months: new Map([...figures.months].filter(([name]) => name !== otherMonths[0])) }, /^month .*: none instead of/)
  wrong({ views: { ...agreeing.views, months: new Map([...agreeing.views.months, [month, { orders: sales.orders, gross: sales.gross - 1n }]]) } }, /^sales_by_period, month .* instead of/)
  wrong({ views: { ...agreeing.views, bought: new Map([...agreeing.views.bought, [sku, -1]]) } }, /^product_days, SKU .*: -1 instead of/)
  wrong({ countries: new Map([...figures.countries, ['Atlantis', sales]]) }, /^country Atlantis: .* instead of none$/)
  wrong({ customers: new Map([...agreeing.customers].filter(([name]) => name !== '')) }, /^customer \(guests\): none instead of/)
  wrong({ skus: new Map() }, /^SKU/, /^SKU/, /^SKU/, new RegExp(`^SKU: ${figures.skus.size - 3} more differ`))
  wrong({ credits: agreeing.credits.with(matched, { ...agreeing.credits[matched]!, taken: [] }) }, /^credit line C.*"taken":\[\]/)
  wrong({ credits: agreeing.credits.map((credit, at) => at === 0 ? { ...credit, events: 2 } : credit) }, /^credit line C.* was decided 2 times$/)
  wrong({ adjustments: new Map() }, /^adjustment A/, /^adjustment A/)
  wrong({ stock: new Map([...agreeing.stock, [sku, { ...stock, sold: stock.sold + 1 }]]) }, /^stock of /)
  wrong({ stock: new Map([...agreeing.stock, [sku, { ...stock, leastFree: -2 }]]) }, /fell to 0 on hand, -2 free$/)
  wrong({ otherRejections: ['PlaceOrder: ORDER_SKU_UNKNOWN'] }, /^rejected: PlaceOrder: ORDER_SKU_UNKNOWN$/)
  wrong({ confirmedGross: 0n }, /^revenue by day adds up to 0 instead of/)
  wrong({ accounts: new Map([...agreeing.accounts, ['cash', 1n]]) }, /^account cash: "1" instead of/)
  wrong({ accounts: new Map([...agreeing.accounts, ['holds', 1n]]) }, /^account holds: "1" instead of none/)
  wrong({ states: { Delivered: figures.orders.orders - 1, Pending: 1 } }, /^orders by state Delivered/, /^orders by state Pending: 1 instead of none/)
  t.end()
})
