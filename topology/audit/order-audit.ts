import { type OrderAudit } from '#schemas'
import { type Break, type Followed } from './followed.ts'

/** An order of which neither side has said anything yet. */
export const unseen: OrderAudit = Object.freeze({
  type: 'OrderAudit',
  version: 0,
  total: null,
  claim: 'none',
  claimed: 0n,
  paymentVersion: 0,
  open: 0n,
  captured: 0n,
  refunded: 0n,
  isTimed: false,
  moneyBroken: false,
  outcomeBroken: false,
  delivered: 0,
  returned: 0
})

/** The row once its money was found broken: reported now, unless it was before. From then on the money is not followed. */
export function breakMoney (row: OrderAudit, message: string, expected: string, actual: string): Followed<OrderAudit> {
  return report(row, 'moneyBroken', { law: 'money', message, expected, actual })
}

/** The row once its events were found broken: reported now, unless it was before. */
export function breakOutcome (row: OrderAudit, message: string, expected: string, actual: string): Followed<OrderAudit> {
  return report(row, 'outcomeBroken', { law: 'outcome', message, expected, actual })
}

function report (row: OrderAudit, flag: 'moneyBroken' | 'outcomeBroken', found: Break): Followed<OrderAudit> {
  return row[flag] ? { row, breaks: [] } : { row: { ...row, [flag]: true }, breaks: [found] }
}
