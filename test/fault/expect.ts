import { formatMoney } from '../../topology/money.ts'
import { createWorkload } from '../../ops/play/generator.ts'
import { createRunId } from '../../ops/play/run-id.ts'

/** What decides the orders of a run. */
export interface Played { readonly orders: number, readonly seed: string }

/** The figures that must come out of a run whatever happens on the way: see `figuresOf`. */
export type Figures = Readonly<Record<string, unknown>>

/**
 * Works out from the generated orders alone what a run must come to: how each order ends, what all lines cost, and what the payment
 * gateway took and gave back. Nothing of the platform is asked.
 */
export function expectedFigures ({ orders, seed }: Played): Figures {
  const runId = createRunId({ source: 'generator', seed, options: { orders, stockShare: 1 } })
  const workload = createWorkload({ runId, seed, orders, stockShare: 1 })
  const prices = new Map(workload.products.map(product => [product.sku, product.prices]))
  const revenue = new Map<string, bigint>()
  const taken = new Map<string, bigint>()
  const givenBack = new Map<string, bigint>()
  const fates = { fulfilled: 0, cancelled: 0, declined: 0, short: 0 }
  let lines = 0
  for (const order of workload.orders()) {
    const total = order.lines.reduce((sum, { sku, quantity }) => sum + (prices.get(sku)?.[order.currency] ?? 0n) * BigInt(quantity), 0n)
    add(revenue, order.currency, total)
    if (order.fate === 'fulfilled' || order.fate === 'cancelled') add(taken, order.currency, total)
    if (order.fate === 'cancelled') add(givenBack, order.currency, total)
    fates[order.fate]++
    lines += order.lines.length
  }
  return {
    'orders.placed': orders,
    'orders.confirmed': fates.fulfilled + fates.cancelled,
    'orders.delivered': fates.fulfilled,
    'orders.cancelled': fates.cancelled + fates.declined + fates.short,
    'orders.failed': 0,
    'orders.timedOut': 0,
    'orders.rejected': 0,
    'orders.open': 0,
    'orders.onTheWay': 0,
    lines,
    credits: { matched: 0, unmatched: 0, amount: '0.0000' },
    deadLetters: 0,
    ...named('revenue', revenue, formatMoney),
    ...named('gateway', taken, (amount, currency) =>
      ({ authorised: `${amount}`, captured: `${amount}`, voided: '0', refunded: `${givenBack.get(currency) ?? 0n}` }))
  }
}

function add (sums: Map<string, bigint>, currency: string, amount: bigint): void {
  sums.set(currency, (sums.get(currency) ?? 0n) + amount)
}

function named (name: string, sums: ReadonlyMap<string, bigint>, of: (amount: bigint, currency: string) => unknown): Figures {
  return Object.fromEntries([...sums].map(([currency, amount]) => [`${name}.${currency}`, of(amount, currency)]))
}
