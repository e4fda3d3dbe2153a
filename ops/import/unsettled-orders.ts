import { type OrderView } from '#schemas'
import { type StateBackend, partitionOf } from '#streams'
import { createStateQuery } from '../../streams/state/query.ts'
import { applicationId, ordersName, partitions, viewStore } from '../../topology/index.ts'

/** Tells which of some orders are neither confirmed nor ended, those that do not exist yet among them. */
export type UnsettledOrders = (orderIds: readonly string[], wait: () => Promise<void>) => Promise<readonly string[]>

/**
 * Asks the state of the orders. While the state of a task is missing or being restored it calls `wait`, which may give up by throwing.
 * The state may be a moment behind the log: an order told as unsettled may be settled.
 */
export function createUnsettledOrders (backend: StateBackend): UnsettledOrders {
  const query = createStateQuery({ backend, applicationId })
  const ask = async (partition: number, orderIds: readonly string[], wait: () => Promise<void>): Promise<readonly string[]> => {
    for (;;) {
      const answer = await query.get(ordersName, partition, orderIds.map(orderId => [viewStore, orderId] as const))
      if (answer.status === 'ready') return orderIds.filter((_, index) => !isSettled(answer.values[index]))
      await wait()
    }
  }
  return async (orderIds, wait) => {
    const byPartition = Map.groupBy(orderIds, orderId => partitionOf(orderId, partitions))
    return (await Promise.all([...byPartition].map(async ([partition, ids]) => await ask(partition, ids, wait)))).flat()
  }
}

function isSettled (view: OrderView | undefined): boolean {
  return view !== undefined && (view.outcome !== null || view.everConfirmed)
}
