import { type OrderState } from '#schemas'
import { topics } from '../../topology/topics.ts'
import { commandMeta } from '../topology/orders/order-fixtures.ts'
import { type Variant, after, changeRows } from './variant.ts'

/** Known-bad builds of what an order does that is on risk review. */
export const reviewVariants: Readonly<Record<string, Variant>> = {
  'review-is-no-gate': {
    breaks: 'an order under review asks for its money before anybody has decided',
    process: 'orders',
    scenario: 'review',
    bound: 0,
    isOfOneLine: true,
    around: after(({ outputs }, type, before) => {
      const saga = Object.values(before.rows).find((row): row is OrderState => row.type === 'OrderState')
      if (type !== 'RiskReviewRequired' || saga?.phase !== 'assessing') return undefined
      const { orderId, paymentAttempt: attempt } = saga
      const value = { type: 'AuthorizePayment', meta: commandMeta, orderId, attempt, amount: 200_000n, currency: 'GBP', method: 'card', token: 'tok_ok' } as const
      return { outputs: [...outputs, { topic: topics.payments.commands.name, key: orderId, value, partition: undefined }] }
    })
  },
  'late-review-is-taken': {
    breaks: 'a decision that comes after the review is over is carried out',
    process: 'orders',
    scenario: 'review',
    bound: 0,
    isOfOneLine: true,
    around: real => (cell, stimulus) => {
      const isLate = stimulus.kind === 'record' && stimulus.value.type === 'ReviewDecision'
      return real(isLate ? changeRows<OrderState>(cell, 'OrderState', () => ({ phase: 'reviewing' })) : cell, stimulus)
    }
  }
}
