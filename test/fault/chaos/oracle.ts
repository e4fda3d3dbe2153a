import { type Evidence } from '../evidence/evidence.ts'
import { createWorkload } from '../../../ops/play/generator.ts'
import { createRunId } from '../../../ops/play/run-id.ts'
import { formatMoney } from '../../../topology/money.ts'
import { Inquiry, type Verdict } from '../detectors/verdict.ts'
import { expectedFigures } from '../expect.ts'

/** `givenUp`: played orders that failed for technical reasons or ran out of time, as they may when something was away for too long. */
export interface OracleVerdict extends Verdict { readonly givenUp: number }

/** How an order ends by its fate: whether it is ever confirmed, and whether it is cancelled. */
const ends = {
  fulfilled: { OrderConfirmed: true, OrderCancelled: false },
  cancelled: { OrderConfirmed: true, OrderCancelled: true },
  declined: { OrderConfirmed: false, OrderCancelled: true },
  short: { OrderConfirmed: false, OrderCancelled: true }
} as const

/**
 * The oracle of orders: whatever happened, each played order must have come to what its seed says, by the events alone, and all of them to
 * their value to the 1/10,000. Where there were faults an order may have been given up instead (the provider was away for three tries, a step
 * or the saga took too long): then it was never confirmed.
 */
export function askOracle (
  { records, faults }: Pick<Evidence, 'records' | 'faults'>, plays: ReadonlyArray<{ readonly seed: string, readonly orders: number }>
): OracleVerdict {
  const inquiry = new Inquiry()
  const events = records.filter(({ topic }) => topic === 'commerce.orders.events')
  const typesOf = new Map([...Map.groupBy(events, ({ key }) => key)].map(([key, list]) => [key, new Set(list.map(({ type }) => type))]))
  const created = new Map(events.filter(({ type }) => type === 'OrderCreated').map(({ key, facts }) => [key, facts]))
  let givenUp = 0
  for (const play of plays) {
    const runId = createRunId({ source: 'generator', seed: play.seed, options: { orders: play.orders, stockShare: 1 } })
    const values = new Map<string, bigint>()
    for (const { orderId, fate } of createWorkload({ runId, ...play, stockShare: 1 }).orders()) {
      const name = `seed ${play.seed}: ${orderId}`
      const types = typesOf.get(orderId)
      const facts = created.get(orderId)
      inquiry.equal(name, 'placed', true, facts !== undefined)
      if (facts !== undefined) values.set(String(facts['currency']), (values.get(String(facts['currency'])) ?? 0n) + BigInt(String(facts['total'])))
      const isGivenUp = types?.has('OrderFailed') === true || types?.has('OrderTimedOut') === true
      if (isGivenUp && faults.length > 0) givenUp++
      const expected = isGivenUp && faults.length > 0 ? { OrderConfirmed: false, OrderCancelled: false } : ends[fate]
      for (const [type, is] of Object.entries(expected)) inquiry.equal(name, type, is, types?.has(type) === true)
    }
    const figures = expectedFigures(play)
    for (const [currency, total] of values) {
      inquiry.equal(`seed ${play.seed}`, `value in ${currency}`, String(figures[`revenue.${currency}`] ?? 'nothing'), formatMoney(total))
    }
  }
  return { ...inquiry.verdict(), givenUp }
}
