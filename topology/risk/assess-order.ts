import { type AssessOrder, type AssessedOrder, type ReleaseExposure, type RiskAccount, type RiskFigures } from '#schemas'
import { StreamsError } from '../../streams/errors.ts'
import { type Body } from '../commands/body.ts'
import { type FlagReading } from '../flags/flags.ts'
import { type RiskDecision } from '../topics.ts'
import { amountIn, blankAccount, withExposure } from './account.ts'
import { activityIn, addActivity, minuteOf } from './activity.ts'
import { isGated } from './gated-channels.ts'
import { judge } from './rules.ts'

export interface AssessmentEnvironment {
  /** Context time, epoch ms. */
  readonly nowMs: number
  /** From here on an order is reviewed, in 1/10,000 of its currency's unit; 0 = never. */
  readonly activityLimit: bigint
  readonly maintenance: FlagReading
}

/** What follows from a question. */
export interface Assessment {
  /** The customer's account afterwards; undefined = it stays as it is. A guest has none. */
  readonly account?: RiskAccount
  readonly assessed: AssessedOrder
  readonly decision: Body<RiskDecision>
}

/** Whose account a command is about: the customer, or the order of a guest. Also the record key. */
export function accountOf ({ customerId, orderId }: { readonly customerId: string | null, readonly orderId: string }): string {
  return customerId ?? orderId
}

/**
 * Decides on an order. Pure. `before`: what was decided about it already: the same question is answered alike and counts once.
 *
 * Every order counts as activity, whatever is decided: who is refused and tries again is what the rule looks for. Only what is turned away for
 * maintenance does not, because nobody has looked at it. An imported order is judged by the time at which it was placed, and apart from the
 * others: an import replays history. What is owed grows by every order that goes on or may go on.
 *
 * @throws {StreamsError} STR_RECORD_REFUSED for the same order with another content.
 */
export function assessOrder (
  account: RiskAccount | undefined, before: AssessedOrder | undefined, command: Body<AssessOrder>, env: AssessmentEnvironment
): Assessment {
  if (before !== undefined) {
    const isSame = before.total === command.total && before.currency === command.currency && before.customerId === command.customerId
    if (!isSame) throw new StreamsError('STR_RECORD_REFUSED', { why: 'the order was assessed before with another content' })
    const assessed = { ...before, repeats: before.repeats + 1 }
    return { assessed, decision: decisionOf(assessed) }
  }
  const { orderId, customerId, channel, total, currency } = command
  const recordedOnly = !isGated[channel]
  const known = account ?? blankAccount(accountOf(command))
  const { maintenance, activityLimit } = env
  const [window, atMs] = channel === 'import' ? ['importedActivity', command.placedAt] as const : ['activity', env.nowMs] as const
  const minute = minuteOf(atMs)
  const figures: RiskFigures = {
    activity: activityIn(known[window], minute, currency) + total,
    activityLimit,
    exposure: (amountIn(known.exposures, currency) ?? 0n) + total,
    creditLimit: amountIn(known.limits, currency) ?? null,
    maintenanceVersion: maintenance.version
  }
  const { verdict, reasons } = judge({ figures, hasLimit: known.limits.length > 0, maintenance: maintenance.enabled })
  const goesOn = recordedOnly || verdict !== 'rejected'
  const exposed = goesOn && customerId !== null
  const assessed: AssessedOrder = {
    type: 'AssessedOrder', orderId, accountId: known.accountId, customerId, recordedOnly, verdict, reasons, total, currency, figures, exposed, repeats: 0
  }
  const decision = decisionOf(assessed)
  if (customerId === null) return { assessed, decision }
  const counts = recordedOnly || !maintenance.enabled
  const active = counts ? { ...known, [window]: addActivity(known[window], minute, currency, total) } : known
  return { account: exposed ? withExposure(active, currency, total) : active, assessed, decision }
}

/** What follows when an order is not owed any more: paid, or over. A repeat, or an order that was never owed, changes nothing. */
export function releaseExposure (
  account: RiskAccount | undefined, before: AssessedOrder | undefined, { orderId }: Pick<ReleaseExposure, 'orderId'>
): { readonly account?: RiskAccount, readonly assessed?: AssessedOrder } {
  if (before === undefined) return {}
  if (before.orderId !== orderId || !before.exposed) return { assessed: { ...before, repeats: before.repeats + 1 } }
  const known = account ?? blankAccount(before.accountId)
  return { account: withExposure(known, before.currency, -before.total), assessed: { ...before, exposed: false } }
}

function decisionOf ({ orderId, customerId, recordedOnly, verdict, reasons, total, currency, figures }: AssessedOrder): Body<RiskDecision> {
  const told = { orderId, customerId, recordedOnly, total, currency, figures }
  switch (verdict) {
    case 'approved': return { type: 'RiskApproved', ...told }
    case 'review': return { type: 'RiskReviewRequired', ...told, reasons }
    case 'rejected': return { type: 'RiskRejected', ...told, reasons }
  }
}
