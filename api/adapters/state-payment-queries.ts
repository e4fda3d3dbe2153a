import { StreamsError } from '../../streams/errors.ts'
import { partitionOf } from '../../streams/kafka/murmur2.ts'
import { createStateQuery } from '../../streams/state/query.ts'
import { paymentsName } from '../../topology/payments/gateway-effect.ts'
import { paymentIndex, paymentStore } from '../../topology/payments/process-payments.ts'
import { partitions } from '../../topology/topics.ts'
import { type PaymentQueries } from '../ports.ts'
import { type StateQueriesOptions } from './state-order-queries.ts'

/**
 * Reads payments where the payments processor keeps them, by order. A payment id does not tell its order, and so not its task: all of
 * them are asked for it at once.
 */
export function createStatePaymentQueries (options: StateQueriesOptions): PaymentQueries {
  const query = createStateQuery(options)

  return {
    read: async (orderId, wait) => {
      const partition = partitionOf(orderId, partitions)
      const wanted = [[paymentStore, orderId]] as const
      const answer = wait === undefined ? await query.get(paymentsName, partition, wanted) : await query.get(paymentsName, partition, wanted, wait)
      // Not processed in time: what there is now is answered, and says by itself what it lacks.
      const now = answer.status === 'behind' ? await query.get(paymentsName, partition, wanted) : answer
      if (now.status !== 'ready') throw unavailable(partition, now.status)
      return now.values[0]
    },
    orderOf: async paymentId => {
      const answers = await Promise.all(Array.from({ length: partitions }, async (_, partition) =>
        await query.get(paymentsName, partition, [[paymentIndex, paymentId]])))
      for (const answer of answers) if (answer.status === 'ready' && answer.values[0] !== undefined) return answer.values[0].orderId
      const missing = answers.findIndex(({ status }) => status !== 'ready')
      if (missing >= 0) throw unavailable(missing, answers[missing]?.status ?? 'missing')
      return undefined
    }
  }
}

function unavailable (partition: number, reason: string): StreamsError {
  return new StreamsError('STR_STATE_UNAVAILABLE', { node: paymentsName, partition, reason })
}
