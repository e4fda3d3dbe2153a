import { type RiskFigures, type RiskReason, type RiskVerdict } from '#schemas'

/** All that the rules look at. */
export interface Judged {
  readonly figures: RiskFigures
  /** The customer has a credit limit, perhaps in another currency. */
  readonly hasLimit: boolean
  /** The platform takes no orders. */
  readonly maintenance: boolean
}

export interface RiskRule {
  readonly reason: RiskReason
  /** What it makes of the order when it applies. */
  readonly verdict: Exclude<RiskVerdict, 'approved'>
  readonly applies: (judged: Judged) => boolean
}

/**
 * Every rule. All that apply are named, the strictest verdict counts.
 *
 * - An order during maintenance is rejected, not held: holding would keep its stock from others for as long as nobody knows how long, and let
 *   it time out in the end. Its customer is told at once, and nothing has to be given back but the reservation.
 * - Amounts of two currencies are never added up: a customer with a limit in another currency than that of the order is looked at by a
 *   person, or he would buy without limit in the other one.
 */
export const riskRules: readonly RiskRule[] = [
  { reason: 'maintenance', verdict: 'rejected', applies: ({ maintenance }) => maintenance },
  { reason: 'creditLimit', verdict: 'rejected', applies: ({ figures: { creditLimit, exposure } }) => creditLimit !== null && exposure > creditLimit },
  { reason: 'creditCurrency', verdict: 'review', applies: ({ figures: { creditLimit }, hasLimit }) => hasLimit && creditLimit === null },
  { reason: 'activity', verdict: 'review', applies: ({ figures: { activity, activityLimit } }) => activityLimit > 0n && activity >= activityLimit }
]

/** What the rules say, with every reason. */
export function judge (judged: Judged): { readonly verdict: RiskVerdict, readonly reasons: readonly RiskReason[] } {
  const broken = riskRules.filter(rule => rule.applies(judged))
  const reasons = broken.map(rule => rule.reason)
  if (broken.some(rule => rule.verdict === 'rejected')) return { verdict: 'rejected', reasons }
  return { verdict: broken.length === 0 ? 'approved' : 'review', reasons }
}
