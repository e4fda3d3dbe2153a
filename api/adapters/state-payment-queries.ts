import { type StateQueryOptions } from '../../streams/state/query.ts'
import { paymentsName } from '../../topology/payments/gateway-effect.ts'
import { paymentIndex, paymentStore } from '../../topology/payments/process-payments.ts'
import { type PaymentQueries } from '../ports.ts'
import { createStateRows } from './state-rows.ts'

/** Reads payments where the payments processor keeps them, by order. A payment id does not tell its order, and so not its task. */
export function createStatePaymentQueries (options: StateQueryOptions): PaymentQueries {
  const rows = createStateRows(options, paymentsName)
  return {
    read: async (orderId, wait) => {
      const answer = await rows.readAfter(wait, orderId, paymentStore, orderId)
      // Not processed in time: what there is now is answered, and says by itself what it lacks.
      return answer === 'behind' ? await rows.read(orderId, paymentStore, orderId) : answer.row
    },
    orderOf: async paymentId => (await rows.find(paymentIndex, paymentId))?.orderId
  }
}
