import { type RetryPayment } from '#schemas'
import { type Body } from '../commands/body.ts'
import { giveBack } from './compensate.ts'
import { customerActionMs, startClock, stopClock } from './deadlines.ts'
import { type OrderDraft } from './draft.ts'
import { askPayment } from './forward.ts'
import { keepReserved } from './keep-reserved.ts'

/** Payments of one order at most: whoever tries more cards than that is not a customer who mistyped. */
export const maxPaymentAttempts = 5

/** True when a declined payment is not the end: the order lets its customer pay again, and he has not tried too often. */
export function mayPayAgain (draft: OrderDraft): boolean {
  return draft.saga.onDecline === 'retry' && draft.saga.paymentAttempt < maxPaymentAttempts
}

/** The authorisation was declined: nothing is held, the customer is asked at once. A declined capture gives the held money up before that. */
export function declined (draft: OrderDraft, step: 'authorise' | 'capture'): void {
  if (step === 'authorise') return askToPay(draft)
  draft.remember({ phase: 'voiding', resends: 0, stepDueMs: null })
  giveBack(draft, 'the payment was declined')
}

/** Asks the customer to pay again. What is reserved stays so for as long as he may take, and for a saga after that. */
export function askToPay (draft: OrderDraft): void {
  const { orderId } = draft.saga
  draft.happen({ type: 'OrderActionRequired', orderId, reason: 'paymentDeclined', deadline: draft.nowMs + customerActionMs, shortages: [] })
  const waitDueMs = draft.wallMs + customerActionMs
  draft.remember({ phase: 'repaying', stepDueMs: null, waitDueMs, ...stopClock(draft.saga, draft.wallMs) })
  keepReserved(draft, waitDueMs)
}

/** The customer pays again, perhaps with something else: a new attempt at the payment, for the same reservation. */
export function retryPayment (draft: OrderDraft, { payment }: Body<RetryPayment>): void {
  const { paymentAttempt, paymentChoice } = draft.saga
  draft.remember({
    paymentAttempt: paymentAttempt + 1, paymentChoice: payment ?? paymentChoice, waitDueMs: null, resends: 0, ...startClock(draft.saga, draft.wallMs)
  })
  askPayment(draft)
}
