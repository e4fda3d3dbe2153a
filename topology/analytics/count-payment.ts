import { type CountedOrder, type HeldPayment, type PaymentFailed } from '#schemas'
import { type PaymentEvent } from '../topics.ts'
import { type Counted, paymentFact } from './count-order.ts'

/** Payment events that change a figure, or that later ones are told by. */
export const countedPaymentEvents = [
  'PaymentCreated', 'PaymentSucceeded', 'PaymentFailed', 'PaymentPartiallyRefunded', 'PaymentRefunded'
] as const satisfies ReadonlyArray<PaymentEvent['type']>

/** A payment event that is counted. */
export type CountedPaymentEvent = Extract<PaymentEvent, { readonly type: (typeof countedPaymentEvents)[number] }>

/**
 * Counts one more event of the payment of an order. Pure. An event that came before is known by its version, and counts nothing. What
 * comes before the first event of its order, which is told in another topic, is held until then: it counts for the day of the order.
 */
export function countPayment (before: CountedOrder, event: CountedPaymentEvent): Counted {
  const { orderId, meta: { aggregateVersion: paymentVersion } } = event
  if (paymentVersion <= before.paymentVersion) return { row: before, facts: [] }
  const heard = { ...before, paymentVersion, ...event.type === 'PaymentCreated' ? { method: event.method } : {} }
  const payment = paymentOf(event, before)
  if (payment === undefined) return { row: heard, facts: [] }
  const refunds = before.isSold ? payment.refunded : 0n
  const row = { ...heard, refundedUnsold: before.refundedUnsold + payment.refunded - refunds }
  if (before.status === null) return { row: { ...row, held: [...before.held, payment] }, facts: [] }
  return { row, facts: [paymentFact(orderId, row, payment, refunds)] }
}

const nothing = { succeeded: 0, declined: 0, failed: 0, captured: 0n, refunded: 0n, failure: null, failureCode: null } as const

/** What the event changes; undefined = no figure. A payment that was fenced before it began is no attempt. */
function paymentOf (event: CountedPaymentEvent, { method }: CountedOrder): HeldPayment | undefined {
  const { paymentId, meta: { occurredAt: at } } = event
  const about = { ...nothing, at, paymentId, method }
  switch (event.type) {
    case 'PaymentCreated': return undefined
    case 'PaymentSucceeded': return { ...about, succeeded: 1, captured: event.amount }
    case 'PaymentFailed': return event.kind === 'fenced' ? undefined : { ...about, ...failureOf(event) }
    case 'PaymentPartiallyRefunded':
    case 'PaymentRefunded': return event.amount === 0n ? undefined : { ...about, refunded: event.amount }
  }
}

function failureOf ({ kind, code }: PaymentFailed): Pick<HeldPayment, 'declined' | 'failed' | 'failure' | 'failureCode'> {
  return { declined: kind === 'declined' ? 1 : 0, failed: kind === 'declined' ? 0 : 1, failure: kind, failureCode: code }
}
