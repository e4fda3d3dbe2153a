import { type OrderState } from '#schemas'
import { type OrderDraft } from './draft.ts'
import { type Fact, isReply, isShippingEvent } from './facts.ts'
import { UnexpectedRecord } from './phases.ts'

/**
 * Whether an answer is about an attempt that the order has left behind. The reservation and the payment count their attempts apart: who pays
 * again keeps what is reserved. The attempts of a carrier are neither.
 *
 * @throws {UnexpectedRecord} for an attempt that the order has not made.
 */
export function isOlder (saga: OrderState, fact: Fact): boolean {
  if (isShippingEvent(fact) || !('attempt' in fact)) return false
  const attempt = isReply(fact) ? saga.attempt : saga.paymentAttempt
  if (fact.attempt > attempt) throw new UnexpectedRecord(`${fact.type} is about attempt ${fact.attempt}, the order is at attempt ${attempt}`)
  return fact.attempt < attempt
}

/** A late answer of an older attempt is never applied: what it holds is given back, everything else is only counted. */
export function answerOlder (draft: OrderDraft, fact: Fact): void {
  const { orderId } = draft.saga
  const reason = 'the answer came after the attempt was over'
  switch (fact.type) {
    case 'LinesReserved':
    case 'LinesBackOrdered': draft.send({ type: 'ReleaseReservation', orderId, attempt: fact.attempt, partition: fact.partition, reason }); break
    case 'LinesConfirmed': draft.send({ type: 'UnconfirmReservation', orderId, attempt: fact.attempt, partition: fact.partition, reason }); break
    case 'PaymentAuthorized':
    case 'PaymentSucceeded': draft.send({ type: 'VoidPayment', orderId, attempt: fact.attempt, reason }); break
    default: break
  }
  draft.countRepeat()
}
