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
  return async (orderIds, wait) => {
    const unsettled: string[] = []
    for (const [partition, ids] of Map.groupBy(orderIds, orderId => partitionOf(orderId, partitions))) {
      let answer = await query.get(ordersName, partition, ids.map(orderId => [viewStore, orderId] as const))
      while (answer.status !== 'ready') {
        await wait()
        answer = await query.get(ordersName, partition, ids.map(orderId => [viewStore, orderId] as const))
      }
      const { values } = answer
      unsettled.push(...ids.filter((_, index) => {
        const view = values[index]
        return view === undefined || (view.outcome === null && !view.everConfirmed)
      }))
    }
    return unsettled
  }
}
