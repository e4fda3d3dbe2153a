import { type AuditClaim, type OrderAudit } from '#schemas'
import { formatMoney } from '../money.ts'
import { type Break, type Followed, unbroken } from './followed.ts'
import { breakMoney } from './order-audit.ts'

/**
 * The two sides of an order: what its own events claim about its money, and what the events of its payment tell.
 *
 * The topics have no order between each other, so the sides may differ for a while: whichever is read first is ahead. A difference
 * is judged by a timer, and a timer fires only when every input has been read up to the end that it had when the timer was due.
 * By then nothing that the claim rests on can be missing:
 *
 * - An order claims what it has read itself, in the very partition that is read here: what was paid after the capture was told,
 *   its end after everything that was taken for it was given back. However long a compensation takes, there is no claim before its
 *   answer; after the claim no money moves but refunds of an order that is paid.
 * - Money of an order that never began: its events and the command to authorise may have been written by one transaction, which
 *   becomes visible partition by partition. That takes milliseconds; it is given ten minutes.
 *
 * The wait starts anew when the order makes a new claim: the timer always stands for the newest. Neither a takeover nor a backlog
 * matters: the inputs are read first, however late the timer is.
 */
export const judgeAfterMs: Readonly<Record<AuditClaim, number>> = { none: 600_000, paid: 5_000, ended: 5_000 }

/** What to do with the timer of the order. */
export type Judgement = { readonly kind: 'keep' | 'cancel' } | { readonly kind: 'set', readonly afterMs: number }

/** Whether the two sides have to be judged, after one of them said something more. Returns the row with its timer noted. Pure. */
export function planJudgement (before: OrderAudit, after: OrderAudit): { readonly row: OrderAudit, readonly judgement: Judgement } {
  const differs = difference(after) !== undefined
  const isNewClaim = before.claim !== after.claim
  if (differs && (!after.isTimed || isNewClaim)) return { row: { ...after, isTimed: true }, judgement: { kind: 'set', afterMs: judgeAfterMs[after.claim] } }
  if (!differs && after.isTimed) return { row: { ...after, isTimed: false }, judgement: { kind: 'cancel' } }
  return { row: after, judgement: { kind: 'keep' } }
}

/** Judges the two sides when the timer of the order fires. Pure. */
export function judgeSides (row: OrderAudit): Followed<OrderAudit> {
  const judged = { ...row, isTimed: false }
  const found = difference(row)
  return found === undefined ? unbroken(judged) : breakMoney(judged, found.message, found.expected, found.actual)
}

/** How the sides differ; undefined = they agree, or the money is not followed any more. */
function difference (row: OrderAudit): Omit<Break, 'law'> | undefined {
  const { claim, claimed, version, open, captured, refunded, moneyBroken } = row
  if (moneyBroken) return undefined
  const actual = textOf(open, captured, refunded)
  switch (claim) {
    case 'none':
      if (version > 0 || (open === 0n && captured === 0n)) return undefined
      return { message: 'money moves for an order that never began', expected: textOf(0n, 0n, 0n), actual }
    case 'paid':
      if (open === 0n && captured === claimed) return undefined
      return { message: 'the order says that it is paid, the payment says something else', expected: textOf(0n, claimed, refunded), actual }
    case 'ended':
      if (open === 0n && captured === claimed && refunded === claimed) return undefined
      return { message: 'an ended order keeps no money, and gave back what it says', expected: textOf(0n, claimed, claimed), actual }
  }
}

function textOf (open: bigint, captured: bigint, refunded: bigint): string {
  return `${formatMoney(open)} open, ${formatMoney(captured)} captured, ${formatMoney(refunded)} refunded`
}
