import { type Evidence } from '../evidence/evidence.ts'
import { expectedFigures } from '../expect.ts'
import { createRunId } from '../../../ops/play/run-id.ts'
import { formatMoney } from '../../../topology/money.ts'
import { Inquiry, type Verdict } from '../detectors/verdict.ts'

/**
 * The oracle of orders: whatever happened, the played orders must have come to what their seed says, by the events alone: how many were
 * placed, confirmed and cancelled, none timed out or failed, and their value to the 1/10,000.
 */
export function askOracle ({ records }: Pick<Evidence, 'records'>, plays: ReadonlyArray<{ readonly seed: string, readonly orders: number }>): Verdict {
  const inquiry = new Inquiry()
  const events = records.filter(({ topic }) => topic === 'commerce.orders.events')
  for (const play of plays) {
    const prefix = `run-${createRunId({ source: 'generator', seed: play.seed, options: { orders: play.orders, stockShare: 1 } })}`
    const created = events.filter(({ type, facts }) => type === 'OrderCreated' && String(facts['clientReference'] ?? '').startsWith(prefix))
    const mine = new Set(created.map(({ key }) => key))
    const count = (type: string): number => new Set(events.filter(event => event.type === type && mine.has(event.key)).map(({ key }) => key)).size
    const expected = expectedFigures(play)
    const found: Readonly<Record<string, number>> = {
      'orders.placed': mine.size,
      'orders.confirmed': count('OrderConfirmed'),
      'orders.cancelled': count('OrderCancelled'),
      'orders.failed': count('OrderFailed'),
      'orders.timedOut': count('OrderTimedOut')
    }
    for (const [name, value] of Object.entries(found)) inquiry.equal(`seed ${play.seed}`, name, Number(expected[name]), value)
    for (const [currency, orders] of Map.groupBy(created, ({ facts }) => String(facts['currency']))) {
      const total = orders.reduce((sum, { facts }) => sum + BigInt(String(facts['total'])), 0n)
      inquiry.equal(`seed ${play.seed}`, `value in ${currency}`, String(expected[`revenue.${currency}`] ?? 'nothing'), formatMoney(total))
    }
  }
  return inquiry.verdict()
}
