import { type PaymentState } from '#schemas'
import { type PaymentFact, evolvePayment, noPayment } from '../../topology/payments/payment.ts'
import { newOperation } from '../../topology/payments/payment-draft.ts'

export const orderId = '0198c0de-0000-8000-8000-000000000001'
export const paymentId = '0198c0de-0000-8000-8000-00000000000a'
export const earlierId = '0198c0de-0000-8000-8000-00000000000b'

/** 500.0000 GBP, captured: what the processor's own facts lead to. */
export function capturedPayment (...more: readonly PaymentFact[]): PaymentState {
  const created = { type: 'PaymentCreated', orderId, amount: 5_000_000n, currency: 'GBP', method: 'card', token: 'tok_ok' } as const
  const facts: PaymentFact[] = [
    { ...created, attempt: 1, paymentId: earlierId },
    { type: 'PaymentFailed', orderId, attempt: 1, paymentId: earlierId, step: 'authorise', kind: 'declined', code: 'card-declined', message: 'no' },
    { ...created, attempt: 2, paymentId },
    { type: 'PaymentAuthorized', orderId, attempt: 2, paymentId, amount: 5_000_000n, currency: 'GBP', providerReference: 'auth_1' },
    { type: 'CallStarted', operation: newOperation('capture', 2, { amount: 5_000_000n }) },
    { type: 'PaymentSucceeded', orderId, attempt: 2, paymentId, amount: 5_000_000n, currency: 'GBP' },
    ...more
  ]
  return facts.reduce(evolvePayment, noPayment(orderId, 'c'))
}

/** The facts of a refund that was paid. */
export function paid (effectId: string, amount: bigint, totalRefunded: bigint): readonly PaymentFact[] {
  return [
    { type: 'CallStarted', operation: newOperation('refund', 2, { effectId, amount, reason: 'damaged' }) },
    { type: 'PaymentPartiallyRefunded', orderId, paymentId, effectId, amount, totalRefunded, currency: 'GBP' }
  ]
}
