import { StreamsError } from '../../streams/errors.ts'
import { partitionOf } from '../../streams/kafka/murmur2.ts'
import { type StoreDef } from '../../streams/processor.ts'
import { createStateQuery } from '../../streams/state/query.ts'
import { newsStore, shipmentIndex, shipmentStore, shippingName } from '../../topology/shipping/process-shipping.ts'
import { partitions } from '../../topology/topics.ts'
import { type ShipmentQueries } from '../ports.ts'
import { type StateQueriesOptions } from './state-order-queries.ts'

/** Reads shipments where shipping keeps them, by order. A shipment id does not tell its order, and so not its task: all of them are asked at once. */
export function createStateShipmentQueries (options: StateQueriesOptions): ShipmentQueries {
  const query = createStateQuery(options)

  async function read<V> (orderId: string, store: StoreDef<V>, key: string): Promise<V | undefined> {
    const partition = partitionOf(orderId, partitions)
    const answer = await query.get(shippingName, partition, [[store, key]] as const)
    if (answer.status !== 'ready') throw unavailable(partition, answer.status)
    return answer.values[0]
  }

  return {
    read: async orderId => await read(orderId, shipmentStore, orderId),
    commandHash: async (orderId, commandId) => (await read(orderId, newsStore, commandId))?.bodyHash,
    orderOf: async shipmentId => {
      const answers = await Promise.all(Array.from({ length: partitions }, async (_, partition) =>
        await query.get(shippingName, partition, [[shipmentIndex, shipmentId]] as const)))
      for (const answer of answers) if (answer.status === 'ready' && answer.values[0] !== undefined) return answer.values[0].orderId
      const missing = answers.findIndex(({ status }) => status !== 'ready')
      if (missing >= 0) throw unavailable(missing, answers[missing]?.status ?? 'missing')
      return undefined
    }
  }
}

function unavailable (partition: number, reason: string): StreamsError {
  return new StreamsError('STR_STATE_UNAVAILABLE', { node: shippingName, partition, reason })
}
