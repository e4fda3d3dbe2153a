import { type OrderAudit } from '#schemas'
import { formatMoney } from '../money.ts'
import { type PaymentEvent } from '../topics.ts'
import { type Followed, unbroken } from './followed.ts'
import { breakMoney } from './order-audit.ts'

/** An event that can move money. */
export type MoneyMove = Extract<PaymentEvent, {
  type: 'PaymentAuthorized' | 'PaymentSucceeded' | 'PaymentVoided' | 'PaymentPartiallyRefunded' | 'PaymentRefunded'
}>

/** Types of the payment events that the money law has to see. */
export const moneyMoves = [
  'PaymentAuthorized', 'PaymentSucceeded', 'PaymentVoided', 'PaymentPartiallyRefunded', 'PaymentRefunded'
] as const satisfies ReadonlyArray<MoneyMove['type']>

/**
 * Follows the money of an order by one more event of its payment: authorised = captured + voided + open and captured = net +
 * refunded, nothing is negative, the refunds add up to what they say in all, no event comes twice. Pure.
 *
 * A movement of nothing says nothing: it answers a repeat. An order captures all that it authorised, and a void gives up all that
 * is open: what is left over shows when the two sides are compared. Money that was found broken is not followed any more.
 */
export function followPayment (row: OrderAudit, event: MoneyMove): Followed<OrderAudit> {
  const { type, amount, meta: { aggregateVersion: paymentVersion } } = event
  if (amount === 0n || row.moneyBroken) return unbroken(row)
  if (amount < 0n) return breakMoney(row, `${type} moves less than nothing`, 'at least 0.0000', formatMoney(amount))
  if (paymentVersion <= row.paymentVersion) return breakMoney(row, `${type} came before`, `an event after ${row.paymentVersion}`, `event ${paymentVersion}`)
  const { open, captured, refunded } = row
  switch (event.type) {
    case 'PaymentAuthorized':
      if (open !== 0n) return breakMoney(row, 'money is authorised twice', '0.0000 open', `${formatMoney(open)} open`)
      return unbroken({ ...row, paymentVersion, open: amount })
    case 'PaymentSucceeded':
      if (amount > open) return breakMoney(row, 'more is captured than is open', `at most ${formatMoney(open)}`, formatMoney(amount))
      return unbroken({ ...row, paymentVersion, open: open - amount, captured: captured + amount })
    case 'PaymentVoided':
      if (amount !== open) return breakMoney(row, 'the void gives up something else than what is open', formatMoney(open), formatMoney(amount))
      return unbroken({ ...row, paymentVersion, open: 0n })
    case 'PaymentPartiallyRefunded':
    case 'PaymentRefunded': {
      const total = refunded + amount
      if (total !== event.totalRefunded) return breakMoney(row, 'the refunds do not add up', formatMoney(total), formatMoney(event.totalRefunded))
      if (total > captured) return breakMoney(row, 'more is refunded than was captured', `at most ${formatMoney(captured)}`, formatMoney(total))
      return unbroken({ ...row, paymentVersion, refunded: total })
    }
  }
}
