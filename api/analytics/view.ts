import { formatMoney } from '../../topology/money.ts'
import { type AsOfBody, type CustomerValueBody, type DaysQueryBody, type FailuresBody, type FunnelStepBody, type ProductBody, type RevenueBody } from '../schemas/analytics.ts'
import { type Analytics, type RowsOf } from './ports.ts'

type RowOf<Name extends Parameters<Analytics['ask']>[0]> = RowsOf<Name>[number]

const beginning = '1900-01-01'
const end = '2299-12-31'

/** The days that are asked for, with the ends that were left out. Pure. */
export function daysOf ({ from = beginning, to = end }: DaysQueryBody): { readonly from: string, readonly to: string } {
  return { from, to }
}

/** How far the figures have come. Pure. */
export function asOfBody (rows: RowsOf<'asOf'>): AsOfBody {
  const newest = rows.reduce((latest, { atMs }) => Math.max(latest, atMs), 0)
  return { time: rows.length === 0 ? null : new Date(newest).toISOString(), positions: rows.map(({ partition, offset }) => `${partition}-${offset}`) }
}

/** Shows the revenue of a period. Pure. */
export function revenueBody ({ gross, refunds, net, ...row }: RowOf<'revenue'>): RevenueBody {
  return { ...row, gross: formatMoney(gross), refunds: formatMoney(refunds), net: formatMoney(net) }
}

/** Shows the sales of a product. Pure. */
export function productBody ({ gross, refunds, ...row }: RowOf<'topProducts'>): ProductBody {
  return { ...row, gross: formatMoney(gross), refunds: formatMoney(refunds) }
}

/** Shows what a customer is worth. Pure. */
export function customerValueBody (found: RowOf<'lifetimeValue'>): CustomerValueBody {
  const { gross, refunds, lifetimeValue, firstOrderAtMs, lastOrderAtMs, segment, ...row } = found
  return {
    ...row,
    gross: formatMoney(gross),
    refunds: formatMoney(refunds),
    lifetimeValue: formatMoney(lifetimeValue),
    firstOrderAt: new Date(firstOrderAtMs).toISOString(),
    lastOrderAt: new Date(lastOrderAtMs).toISOString(),
    segment: segment as CustomerValueBody['segment']
  }
}

/** Shows how many payments failed. Pure. */
export function failuresBody (row: RowOf<'paymentFailures'>): FailuresBody {
  return { ...row, failureRate: row.attempts === 0 ? 0 : (row.declined + row.failed) / row.attempts }
}

const funnelSteps = ['viewed', 'addedToCart', 'checkout', 'ordered'] as const

/** Shows how far sessions came, first step first; a share of no sessions is 0. Pure. */
export function funnelBody ([found]: RowsOf<'funnel'>): FunnelStepBody[] {
  const sessionsAt = (index: number): number => found?.[funnelSteps[index] ?? 'viewed'] ?? 0
  const share = (part: number, whole: number): number => whole === 0 ? 0 : part / whole
  return funnelSteps.map((step, index) => {
    const sessions = sessionsAt(index)
    return { step, sessions, ofFirst: share(sessions, sessionsAt(0)), ofPrevious: share(sessions, sessionsAt(Math.max(0, index - 1))) }
  })
}
