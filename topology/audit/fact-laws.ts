import { Findings, type LawReport } from './law.ts'

/** What is counted of one order. Amounts in 1/10,000 of the unit. */
export interface OrderFigures {
  readonly orders: number
  readonly sales: number
  readonly fulfilled: number
  /** Cancelled, failed or timed out. */
  readonly ended: number
  readonly gross: bigint
  readonly captured: bigint
  readonly refunded: bigint
  /** What of the refunds counts against the gross. */
  readonly refunds: bigint
}

/** The same order as its events tell it, and as the sums of its facts do. */
export interface CountedFigures { readonly orderId: string, readonly events: OrderFigures, readonly facts: OrderFigures }

const figures = ['orders', 'sales', 'fulfilled', 'ended', 'gross', 'captured', 'refunded', 'refunds'] as const

/** The law of the figures, per order: the sums of its facts are what its events tell, and nothing is counted that no event tells. */
export function checkFacts (orders: Iterable<CountedFigures>): LawReport {
  const findings = new Findings('facts')
  let checked = 0
  for (const { orderId, events, facts } of orders) {
    checked++
    for (const figure of figures) findings.equal(orderId, `${figure} in the facts`, events[figure], facts[figure])
  }
  return { checked, violations: findings.violations }
}
